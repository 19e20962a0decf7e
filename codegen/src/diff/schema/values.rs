//! Compares lists of accepted values. In: two flat schemas. Out: findings about `enum` and about open lists. Knows no operation.

use super::super::form::{Flat, Types};
use super::super::judge::Relation;
use super::super::{number, pattern};
use super::Context;
use serde_json::Value;

/// Compares `enum`; whether one of the sides has values, so that nothing else matters.
pub(super) fn compare<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) -> bool {
    let at = (old.values_at, new.values_at);
    match (&old.values, &new.values) {
        (None, None) => false,
        (None, Some(values)) => {
            let says = match values.is_empty() {
                true => "accepts no value now, and was free".to_owned(),
                false => format!("is one of {} now, and was free", shown(values)),
            };
            context.shift(Relation::NARROWED, "became-enum", at, says);
            let come: Vec<&Value> = others(old, values);
            added(context, at, come, new.known.is_some());
            true
        }
        (Some(values), None) => {
            // What was a list of known values and still is one, but an open one.
            let says = match new.known {
                Some(_) => format!("may have other values than {} now", shown(values)),
                None if values.is_empty() => "accepts values now, and did not".to_owned(),
                None => format!("is no longer limited to {}", shown(values)),
            };
            let finding = context
                .finding("enum-dropped", at, says)
                .claim(at)
                .claim((None, new.known));
            context.report(Relation::WIDENED, finding);
            let gone = others(new, values);
            removed(context, at, gone);
            true
        }
        (Some(before), Some(after)) => {
            let open = old.known.is_some() || new.known.is_some();
            let (gone, come) = (without(before, after), without(after, before));
            added(context, at, come, open);
            removed(context, at, gone);
            true
        }
    }
}

/// The values that a schema without a list does not accept.
fn others<'a>(flat: &Flat<'a>, values: &[&'a Value]) -> Vec<&'a Value> {
    values
        .iter()
        .copied()
        .filter(|value| !accepts(flat, value))
        .collect()
}

/// Whether a value satisfies the keywords that can be held against one value; formats are not judged.
fn accepts(flat: &Flat<'_>, value: &Value) -> bool {
    let matches = |pattern: &&Value| match (pattern.as_str(), value.as_str()) {
        (Some(pattern), Some(text)) => pattern::matches(pattern, text) != Some(false),
        _ => true,
    };
    let divides = |multiple: &&Value| !value.is_number() || number::is_multiple(value, multiple);
    flat.types.touches(Types::of(value))
        && flat.permits(value)
        && flat.patterns.iter().all(matches)
        && flat.multiples.iter().all(divides)
}

fn added<'a>(context: &mut Context<'a>, at: super::Both<'a>, values: Vec<&'a Value>, open: bool) {
    if values.is_empty() {
        return;
    }
    let says = format!("may be {} now", shown(&values));
    let name = if open {
        "open-enum-value-added"
    } else {
        "enum-value-added"
    };
    let finding = context.finding(name, at, says).claim_new(values);
    context.report(Relation::WIDENED, finding);
}

fn removed<'a>(context: &mut Context<'a>, at: super::Both<'a>, values: Vec<&'a Value>) {
    if values.is_empty() {
        return;
    }
    let says = format!("may no longer be {}", shown(&values));
    let finding = context
        .finding("enum-value-removed", at, says)
        .claim_old(values);
    context.report(Relation::NARROWED, finding);
}

/// Compares the lists of values that may grow without notice.
pub(super) fn known<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    let elements = |flat: &Flat<'a>| {
        flat.known
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let at = (old.known, new.known);
    // The enumeration that was or becomes open says so itself.
    if old.values.is_some() != new.values.is_some() {
        return;
    }
    let (before, after) = (elements(old), elements(new));
    let (gone, come) = (without(&before, &after), without(&after, &before));
    if old.values.is_none() && !come.is_empty() {
        let says = match old.known {
            Some(_) => format!("has the new known value {}", shown(&come)),
            None => format!("has the known values {}, and may have others", shown(&come)),
        };
        let finding = context
            .finding("open-enum-value-added", at, says)
            .claim_new(come);
        context.report(Relation::EQUAL, finding);
    }
    if old.values.is_none() && !gone.is_empty() && new.known.is_some() {
        let says = format!("no longer has the known value {}", shown(&gone));
        let finding = context
            .finding("x-extensible-enum-value-removed", at, says)
            .claim_old(gone);
        context.report(Relation::NARROWED, finding);
    }
}

/// The first values that are not among the others.
pub(super) fn without<'a>(values: &[&'a Value], others: &[&'a Value]) -> Vec<&'a Value> {
    // Two long lists of texts, as enumerations are, would take the square of their length.
    let texts: std::collections::HashSet<&str> =
        others.iter().filter_map(|value| value.as_str()).collect();
    let found = |value: &&'a Value| match value.as_str() {
        Some(text) => texts.contains(text),
        None => others.iter().any(|other| number::same(value, other)),
    };
    values
        .iter()
        .copied()
        .filter(|value| !found(value))
        .collect()
}

/// The values as people read them; the first few of many.
pub(super) fn shown(values: &[&Value]) -> String {
    let text = |value: &&Value| match value {
        Value::String(text) if !text.is_empty() => format!("`{text}`"),
        Value::String(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Array(_)
        | Value::Object(_) => format!("`{value}`"),
    };
    let mut words: Vec<String> = values.iter().take(6).map(text).collect();
    if values.len() > 6 {
        words.push(format!("{} more", values.len() - 6));
    }
    words.join(", ")
}
