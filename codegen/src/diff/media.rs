//! Reads the name of a media type or of a range of them. In: a key of `content`. Out: its parts, in one spelling. Knows no node.

use std::collections::BTreeMap;

/// A media type, or a range such as `text/*`. Two that are written differently and name the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Media {
    kind: String,
    subtype: String,
    /// The parameters but for the charset: another one names another representation (RFC 9110, 8.3.1).
    parameters: BTreeMap<String, String>,
    charset: Option<String>,
}

impl Media {
    pub(super) fn read(text: &str) -> Self {
        let mut parts = parts(text).into_iter();
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
        let (kind, subtype) = (kind.trim().to_owned(), subtype.trim().to_owned());
        let mut parameters: BTreeMap<String, String> = parts
            .filter_map(|part| {
                let (name, value) = part.split_once('=')?;
                Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
            })
            .collect();
        // Every body in parts has its own boundary (RFC 2046, 5.1.1).
        if kind == "multipart" {
            parameters.remove("boundary");
        }
        // The names of charsets have no case, and JSON is written in UTF-8 and nothing else (RFC 8259, 8.1).
        let is_json = subtype == "json" || subtype.ends_with("+json");
        let charset = parameters
            .remove("charset")
            .map(|charset| charset.to_ascii_lowercase())
            .filter(|charset| !(is_json && charset == "utf-8"));
        Self {
            kind,
            subtype,
            parameters,
            charset,
        }
    }

    /// Whether the two differ in nothing but the charset.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        let key = |media: &Self| {
            (
                media.kind.clone(),
                media.subtype.clone(),
                media.parameters.clone(),
            )
        };
        key(self) == key(other)
    }

    /// Whether everything of this name is of the other too: a name without a parameter stands for all its values.
    pub(super) fn is_within(&self, range: &Self) -> bool {
        let kind = range.kind == "*" || range.kind == self.kind;
        let subtype = range.subtype == "*" || range.subtype == self.subtype;
        let parameters = range
            .parameters
            .iter()
            .all(|(name, value)| self.parameters.get(name) == Some(value));
        let charset = range.charset.is_none() || range.charset == self.charset;
        kind && subtype && parameters && charset
    }

    /// Whether this is a format built on the other, as `application/problem+json` is on `application/json`.
    pub(super) fn is_built_on(&self, other: &Self) -> bool {
        let suffix = self.subtype.rsplit_once('+').map(|(_, suffix)| suffix);
        self.kind == other.kind && suffix == Some(&other.subtype)
    }

    /// How much the name says: of several that fit, the standard takes the most special one.
    pub(super) fn precision(&self) -> (bool, bool, usize) {
        let parameters = self.parameters.len() + usize::from(self.charset.is_some());
        (self.kind != "*", self.subtype != "*", parameters)
    }
}

/// What stands between semicolons, but for those within quotes.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for character in text.chars() {
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = quoted && character == '\\' && !escaped;
        match (character, parts.last_mut()) {
            (';', _) if !quoted => parts.push(String::new()),
            (_, Some(part)) => part.push(character),
            (_, None) => {}
        }
    }
    parts
}

fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner else {
        return value.to_owned();
    };
    let mut escaped = false;
    let kept = inner.chars().filter(|character| {
        escaped = *character == '\\' && !escaped;
        !escaped
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::Media;

    #[test]
    fn spellings_of_one_name_are_equal() {
        for (one, other) in [
            ("application/json", "Application/JSON"),
            ("application/json", "application/json; charset=utf-8"),
            ("application/a+json", "application/a+json;charset=\"UTF-8\""),
            ("text/plain;charset=utf-8", "text/plain ; Charset=UTF-8"),
            ("a/b;c=d;e=f", "a/b; e=f; c=\"d\""),
            (r#"a/b;c="x;y""#, r#"a/b; c="x\;y""#),
            ("multipart/mixed;boundary=a", "multipart/mixed; boundary=b"),
        ] {
            assert_eq!(Media::read(one), Media::read(other), "{one} {other}");
        }
        for (one, other) in [
            ("text/plain", "text/plain;charset=utf-8"),
            ("application/json", "application/json;charset=latin1"),
            ("application/json;v=1", "application/json;v=2"),
            ("a/b;c=d", "a/b;c=D"),
            ("a/b;boundary=a", "a/b;boundary=b"),
            (r#"a/b;c="x;d=y""#, "a/b;c=x;d=y"),
        ] {
            assert_ne!(Media::read(one), Media::read(other), "{one} {other}");
        }
    }

    #[test]
    fn a_range_holds_what_it_says_no_more_about() {
        let is_within = |one: &str, other: &str| Media::read(one).is_within(&Media::read(other));
        for (one, other) in [
            ("a/b", "a/*"),
            ("a/b", "*/*"),
            ("a/*", "*/*"),
            ("a/b;v=1", "a/b"),
            ("a/b;v=1;w=2", "a/*;w=2"),
        ] {
            assert!(is_within(one, other), "{one} {other}");
            assert!(!is_within(other, one), "{other} {one}");
        }
        assert!(!is_within("a/b;v=1", "a/b;v=2"));
        assert!(!is_within("a/b", "c/*"));
        assert!(!is_within("a/b+c", "a/c"));
    }
}
