//! JSON Pointer (RFC 6901): the place of a node in a document. In: keys and indices. Out: `#/a/b~1c`. Knows no document.

use std::fmt;

/// A JSON Pointer, kept as text (`/paths/~1api~1lipsyncs~1/post`); empty for the root.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The root of the document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads a pointer as it stands in a document: `#/a/b`, `/a/b`, `#` or nothing. `None` when it is no local pointer.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('#').unwrap_or(text);
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The pointer of the member `key` below this one.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut text = self.0.clone();
        text.push('/');
        for character in key.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// The pointer of the element `index` below this one.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The pointer of the node above, `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// The pointer as RFC 6901 writes it, without the `#` of a URI fragment.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The unescaped segments, from the root down.
    pub fn segments(&self) -> Vec<String> {
        self.0
            .split('/')
            .skip(1)
            .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
            .collect()
    }

    /// The unescaped last segment; empty for the root.
    pub fn last(&self) -> String {
        self.segments().pop().unwrap_or_default()
    }

    /// Whether this is `other` or stands below it.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(&other.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_survive_the_round_trip() {
        let pointer = Pointer::root().key("paths").key("/a~b/{id}/").index(3);
        assert_eq!(pointer.to_string(), "#/paths/~1a~0b~1{id}~1/3");
        assert_eq!(pointer.segments(), ["paths", "/a~b/{id}/", "3"]);
        assert_eq!(Pointer::parse(&pointer.to_string()), Some(pointer));
    }

    #[test]
    fn a_longer_sibling_name_is_not_a_child() {
        let parent = Pointer::root().key("Lipsync");
        assert!(parent.key("id").is_within(&parent));
        assert!(!Pointer::root().key("LipsyncRetrive").is_within(&parent));
    }
}
