//! Compares what the members of a request require of each other. In: two flat schemas. Out: findings. Knows no operation.

use super::super::form::{Flat, list};
use super::super::judge::Relation;
use super::super::number;
use super::super::report::Direction;
use super::Context;
use serde_json::Value;

/// Compares `x-requires-any` and `x-requires-when`; answers are held to neither.
pub(super) fn compare<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    if context.direction != Direction::Request {
        return;
    }
    let (before, after) = (all(old), all(new));
    let lacks =
        |nodes: &[&Value], node: &Value| !nodes.iter().any(|other| number::same(node, other));
    let gone: Vec<&'a Value> = before
        .iter()
        .copied()
        .filter(|node| lacks(&after, node))
        .collect();
    let come: Vec<&'a Value> = after
        .iter()
        .copied()
        .filter(|node| lacks(&before, node))
        .collect();
    let (was, is) = (words(&gone), words(&come));
    let (relation, name, says) = match (gone.is_empty(), come.is_empty()) {
        (true, true) => return,
        (true, false) => (
            Relation::NARROWED,
            "requirement-added",
            format!("now requires {is}"),
        ),
        (false, true) => (
            Relation::WIDENED,
            "requirement-removed",
            format!("no longer requires {was}"),
        ),
        (false, false) => (
            Relation::CHANGED,
            "requirement-changed",
            format!("now requires {is} (was {was})"),
        ),
    };
    let at = (gone.first().copied(), come.first().copied());
    let finding = context
        .finding(name, at, says)
        .claim_old(gone)
        .claim_new(come);
    context.report(relation, finding);
}

fn all<'a>(flat: &Flat<'a>) -> Vec<&'a Value> {
    let objects = flat.objects.iter().copied();
    let nodes = objects.flat_map(|object| {
        let any = object.get("x-requires-any");
        any.into_iter().chain(list(object, "x-requires-when"))
    });
    nodes.collect()
}

fn words(requirements: &[&Value]) -> String {
    let words = requirements.iter().map(|one| match one {
        Value::Array(groups) => groups.iter().map(names).collect::<Vec<_>>().join(" or "),
        one => {
            let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
            let then = one.get("then").map(names).unwrap_or_default();
            format!("{then} when `{}` is `{}`", text("property"), text("equals"))
        }
    });
    words.collect::<Vec<_>>().join(", and ")
}

fn names(group: &Value) -> String {
    let names = group.as_array().into_iter().flatten();
    let names = names
        .filter_map(Value::as_str)
        .map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(" and ")
}
