//! Compares formats. In: two flat schemas of the same types. Out: findings about what the type admits. Knows no operation.

use super::super::form::Flat;
use super::super::judge::Relation;
use super::Context;
use serde_json::Value;

/// Formats that ask for a certain display or input and limit nothing.
const IDLE: [&str; 5] = ["password", "html", "markdown", "textarea", "multiline"];

/// The left format admits less than the right one.
const WITHIN: [(&str, &str); 8] = [
    ("int32", "int64"),
    ("float", "double"),
    ("uri", "uri-reference"),
    ("uri", "iri"),
    ("uri-reference", "iri-reference"),
    ("iri", "iri-reference"),
    ("email", "idn-email"),
    ("hostname", "idn-hostname"),
];

pub(super) fn compare<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    let (before, after) = (limiting(old), limiting(new));
    let covered =
        |format: &Value, others: &[&Value]| others.iter().any(|other| is_within(other, format));
    // What the new side demands and the old one did not, and the other way round.
    let narrowed = after.iter().any(|format| !covered(format, &before));
    let widened = before.iter().any(|format| !covered(format, &after));
    let name = match (narrowed, widened) {
        (false, false) => return,
        (true, false) => "type-specialized",
        (false, true) => "type-generalized",
        (true, true) => "type-changed",
    };
    let says = match (before.as_slice(), after.as_slice()) {
        ([], _) => format!("has the format {} now", shown(&after)),
        (_, []) => format!("no longer has the format {}", shown(&before)),
        _ => format!(
            "has the format {} instead of {}",
            shown(&after),
            shown(&before)
        ),
    };
    let at = (before.first().copied(), after.first().copied());
    let relation = Relation {
        narrowed,
        widened,
        ..Relation::EQUAL
    };
    context.shift(relation, name, at, says);
}

fn limiting<'a>(flat: &Flat<'a>) -> Vec<&'a Value> {
    let idle = |format: &&Value| {
        format
            .as_str()
            .is_none_or(|name| IDLE.contains(&name) || name.is_empty())
    };
    flat.formats
        .iter()
        .copied()
        .filter(|format| !idle(format))
        .collect()
}

fn is_within(inner: &Value, outer: &Value) -> bool {
    let row = |within: &(&str, &str)| inner == within.0 && outer == within.1;
    inner == outer || WITHIN.iter().any(row)
}

fn shown(formats: &[&Value]) -> String {
    let words: Vec<String> = formats
        .iter()
        .filter_map(|format| format.as_str())
        .map(|name| format!("`{name}`"))
        .collect();
    words.join(" and ")
}
