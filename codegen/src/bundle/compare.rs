//! Compares two definitions of one thing. In: two trees. Out: where they differ, and whether only in prose. Knows no files.

use crate::pointer::Pointer;
use serde_json::{Map, Value};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// The way down from the two definitions.
    pub(super) at: Pointer,
    pub(super) kind: Kind,
    /// The value on either side, in short; `None` where it is absent.
    pub(super) left: Option<String>,
    pub(super) right: Option<String>,
}

/// What a difference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Readers see it, callers do not.
    Prose,
    /// The API differs.
    Structure,
}

/// Keywords whose value is text for readers.
const PROSE: [&str; 8] = [
    "description",
    "title",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "x-source",
    "x-confidence",
];

/// Keywords whose value maps names to nodes; a name is no keyword, so a property called `title` is not prose.
const NAMES: [&str; 12] = [
    "properties",
    "patternProperties",
    "responses",
    "content",
    "encoding",
    "headers",
    "links",
    "callbacks",
    "variables",
    "mapping",
    "scopes",
    "parameters",
];

/// Keywords whose value is data, in which nothing is prose.
const DATA: [&str; 3] = ["default", "enum", "const"];

/// How the members of an object are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    Keywords,
    Names,
    Data,
}

/// All differences, in the order of the left tree. The order of members means nothing, that of elements does.
pub(super) fn differences(left: &Value, right: &Value) -> Vec<Difference> {
    let mut comparison = Comparison::default();
    if left != right {
        comparison.walk(left, right, Members::Keywords, &Pointer::root());
    }
    comparison.found
}

#[derive(Default)]
struct Comparison {
    found: Vec<Difference>,
}

impl Comparison {
    fn walk(&mut self, left: &Value, right: &Value, members: Members, at: &Pointer) {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => {
                self.walk_members(left, right, members, at)
            }
            (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
                // Elements have no names: what stands in a list of `parameters` has keywords.
                let below = if members == Members::Names {
                    Members::Keywords
                } else {
                    members
                };
                for (index, (left, right)) in left.iter().zip(right).enumerate() {
                    self.walk(left, right, below, &at.index(index));
                }
            }
            (left, right) if left == right => {}
            (left, right) => self.add(at.clone(), Kind::Structure, Some(left), Some(right)),
        }
    }

    fn walk_members(
        &mut self,
        left: &Map<String, Value>,
        right: &Map<String, Value>,
        members: Members,
        at: &Pointer,
    ) {
        let right_only = right.keys().filter(|key| !left.contains_key(*key));
        for key in left.keys().chain(right_only) {
            let at = at.key(key);
            let is_prose = members == Members::Keywords && PROSE.contains(&key.as_str());
            match (left.get(key), right.get(key)) {
                (left, right) if left == right => {}
                (left, right) if is_prose => self.add(at, Kind::Prose, left, right),
                (Some(left), Some(right)) => self.walk(left, right, below(members, key), &at),
                (left, right) => self.add(at, Kind::Structure, left, right),
            }
        }
    }

    fn add(&mut self, at: Pointer, kind: Kind, left: Option<&Value>, right: Option<&Value>) {
        self.found.push(Difference {
            at,
            kind,
            left: left.map(short),
            right: right.map(short),
        });
    }
}

fn below(members: Members, key: &str) -> Members {
    match members {
        Members::Data => Members::Data,
        Members::Names => Members::Keywords,
        Members::Keywords if NAMES.contains(&key) => Members::Names,
        Members::Keywords if DATA.contains(&key) => Members::Data,
        Members::Keywords => Members::Keywords,
    }
}

/// A value as JSON, cut to what fits a message.
fn short(value: &Value) -> String {
    const LENGTH: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(LENGTH) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}
