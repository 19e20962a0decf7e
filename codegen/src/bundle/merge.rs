//! Merges fragments. In: fragments in their order. Out: one document, or every contradiction with both places. Knows no
//! corrections.

use super::compare::{self, Difference, Kind};
use super::fragment::Fragment;
use crate::diagnostic::{Diagnostics, Position, Spec};
use crate::locate;
use crate::pointer::Pointer;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// The merged document, and what was decided on the way.
pub(super) struct Merged {
    pub(super) document: Value,
    pub(super) notes: Vec<String>,
}

/// One of the definitions of a thing that may stand in several fragments.
#[derive(Clone, Copy)]
struct Definition<'a> {
    fragment: &'a Fragment<'a>,
    value: &'a Value,
}

/// All definitions of each thing, in the order of first mention.
type Definitions<'a> = IndexMap<Pointer, Vec<Definition<'a>>>;

/// The members of the root whose own members are merged, each on its own, two levels down: a method of a path, a
/// component of a section. Everything else in the root must agree as a whole.
const MERGED: [&str; 2] = ["paths", "components"];

pub(super) fn merge(fragments: &[Fragment<'_>]) -> Result<Merged, Diagnostics> {
    let mut definitions = Definitions::new();
    for fragment in fragments {
        collect(fragment, &mut definitions);
    }
    let mut diagnostics = Diagnostics::default();
    let mut merged = Merged {
        document: Value::Object(Map::new()),
        notes: Vec::new(),
    };
    for (at, definitions) in &definitions {
        let Some(newest) = definitions
            .iter()
            .max_by_key(|definition| definition.fragment.age)
        else {
            continue;
        };
        let mut seen: Vec<&Value> = vec![newest.value];
        for other in definitions {
            // Many fragments hold the same older text; one message about it is enough.
            if !seen.contains(&other.value) {
                seen.push(other.value);
                match judge(at, newest, other) {
                    Ok(note) => merged.notes.push(note),
                    Err(found) => diagnostics.append(found),
                }
            }
        }
        insert(&mut merged.document, &at.segments(), newest.value);
    }
    diagnostics.or(merged)
}

fn collect<'a>(fragment: &'a Fragment<'a>, definitions: &mut Definitions<'a>) {
    let mut add = |at: Pointer, value: &'a Value| {
        definitions
            .entry(at)
            .or_default()
            .push(Definition { fragment, value });
    };
    for (key, value) in &fragment.members {
        let at = Pointer::root().key(key);
        let Some(groups) = value
            .as_object()
            .filter(|groups| MERGED.contains(&key.as_str()) && !groups.is_empty())
        else {
            add(at, value);
            continue;
        };
        for (group, value) in groups {
            let at = at.key(group);
            match value.as_object().filter(|members| !members.is_empty()) {
                Some(members) => members
                    .iter()
                    .for_each(|(name, value)| add(at.key(name), value)),
                None => add(at, value),
            }
        }
    }
}

/// Sets the value at a path whose ancestors are objects, or missing.
fn insert(node: &mut Value, segments: &[String], value: &Value) {
    let Some((first, rest)) = segments.split_first() else {
        // An empty group of one fragment must not wipe out the members that another one gave it.
        let is_empty_group = value.as_object().is_some_and(Map::is_empty) && node.is_object();
        if !is_empty_group {
            *node = value.clone();
        }
        return;
    };
    if !node.is_object() {
        *node = Value::Object(Map::new());
    }
    if let Value::Object(members) = node {
        insert(
            members.entry(first.clone()).or_insert(Value::Null),
            rest,
            value,
        );
    }
}

/// What to say about an older definition that is not the newest: a note when only the prose differs.
fn judge(
    at: &Pointer,
    newest: &Definition<'_>,
    other: &Definition<'_>,
) -> Result<String, Diagnostics> {
    let differences = compare::differences(newest.value, other.value);
    if let Some(difference) = differences
        .iter()
        .find(|difference| difference.kind == Kind::Structure)
    {
        return Err(contradiction(
            at,
            newest.fragment.spec,
            other.fragment.spec,
            difference,
        ));
    }
    let mut places: Vec<String> = differences
        .iter()
        .map(|difference| difference.at.to_string())
        .collect();
    places.truncate(3);
    let more = differences.len().saturating_sub(places.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let (newest, other) = (&newest.fragment.spec.name, &other.fragment.spec.name);
    let places = places.join(", ");
    Ok(format!(
        "{at}: the prose of {newest} was taken, that of {other} is older ({places}{more})"
    ))
}

fn contradiction(
    at: &Pointer,
    newest: &Spec,
    other: &Spec,
    difference: &Difference,
) -> Diagnostics {
    let here = locate::position(&newest.text, at);
    let there = place(other, locate::position(&other.text, at));
    let member = |side: &Option<String>| {
        side.as_ref()
            .map_or("absent".to_owned(), |text| format!("`{text}`"))
    };
    let message = format!(
        "this contradicts {there} ({at}): first at `{}`, which is {} here and {} there",
        difference.at,
        member(&difference.left),
        member(&difference.right),
    );
    let help = format!(
        "one of the two pages is out of date: import the current page of {} with `cargo xtask spec import`",
        other.name,
    );
    let mut diagnostics = Diagnostics::new(&newest.name);
    diagnostics.push_positioned(at, here, message, help);
    diagnostics
}

fn place(spec: &Spec, position: Option<Position>) -> String {
    match position {
        Some(Position { line, column }) => format!("{}:{line}:{column}", spec.name),
        None => spec.name.clone(),
    }
}
