//! Compares limits of numbers, texts, arrays and objects. In: two flat schemas. Out: findings. Knows no operation.

use super::super::form::{Flat, Limit, Reach, Types};
use super::super::judge::Relation;
use super::super::number;
use super::super::pattern;
use super::Context;
use serde_json::Value;
use std::cmp::Ordering;

/// Compares the eight limits that have a lower or an upper end.
pub(super) fn compare<'a>(
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
    common: Types,
) {
    for (index, reach) in Reach::ALL.into_iter().enumerate() {
        if common.touches(reach.types) {
            let integers = old.types.and(new.types).and(Types::NUMBER) == Types::INTEGER;
            limit(
                context,
                reach,
                (old.limits[index], new.limits[index]),
                integers,
            );
        }
    }
}

fn limit<'a>(
    context: &mut Context<'a>,
    reach: Reach,
    limits: (Option<Limit<'a>>, Option<Limit<'a>>),
    integers: bool,
) {
    let (relation, step, says) = match limits {
        (None, None) => return,
        (None, Some(new)) => (
            Relation::NARROWED,
            "set",
            format!(
                "{} {} now, and had no such limit",
                context.must(),
                words(reach, new)
            ),
        ),
        (Some(old), None) => (
            Relation::WIDENED,
            "unset",
            format!("{} {}", context.need_no_longer(), words(reach, old)),
        ),
        (Some(old), Some(new)) => {
            let Some(order) = order(reach, old, new, integers) else {
                return;
            };
            let relation = match (order == Ordering::Greater) == reach.upper {
                true => Relation::WIDENED,
                false => Relation::NARROWED,
            };
            let step = if order == Ordering::Greater {
                "increased"
            } else {
                "decreased"
            };
            let verb = match relation.narrowed {
                true => context.must(),
                false => context.need_only(),
            };
            let before = before(old);
            (
                relation,
                step,
                format!("{verb} {} now (was {before})", words(reach, new)),
            )
        }
    };
    let at = (
        limits.0.map(|limit| limit.value),
        limits.1.map(|limit| limit.value),
    );
    let flags = (
        limits.0.and_then(|limit| limit.flag),
        limits.1.and_then(|limit| limit.flag),
    );
    let name = format!("{}-{step}", reach.name);
    let finding = context.finding(&name, at, says).claim(at).claim(flags);
    context.report(relation, finding);
}

/// Whether the new limit is the greater number; `None` where they are the same limit.
fn order(reach: Reach, old: Limit<'_>, new: Limit<'_>, integers: bool) -> Option<Ordering> {
    let (before, after) = (settled(reach, old, integers), settled(reach, new, integers));
    if let (Some(before), Some(after)) = (before, after) {
        return Some(after.cmp(&before)).filter(|order| order.is_ne());
    }
    match number::compare(new.value, old.value)? {
        Ordering::Equal if old.exclusive == new.exclusive => None,
        // Without its own number an upper limit is a lower one, and a lower limit a higher one.
        Ordering::Equal if new.exclusive == reach.upper => Some(Ordering::Less),
        Ordering::Equal => Some(Ordering::Greater),
        order => Some(order),
    }
}

/// The last integer within a limit of integers: `> 0` is `>= 1`.
fn settled(reach: Reach, limit: Limit<'_>, integers: bool) -> Option<i128> {
    if !integers || !reach.unit.is_empty() {
        return None;
    }
    let value = i128::from(limit.value.as_i64()?);
    Some(match (limit.exclusive, reach.upper) {
        (false, _) => value,
        (true, true) => value - 1,
        (true, false) => value + 1,
    })
}

fn words(reach: Reach, limit: Limit<'_>) -> String {
    let value = limit.value;
    match (reach.unit, reach.upper, limit.exclusive) {
        ("", true, false) => format!("be at most {value}"),
        ("", true, true) => format!("be less than {value}"),
        ("", false, false) => format!("be at least {value}"),
        ("", false, true) => format!("be more than {value}"),
        (unit, true, _) => format!("have at most {value} {unit}"),
        (unit, false, _) => format!("have at least {value} {unit}"),
    }
}

fn before(limit: Limit<'_>) -> String {
    match limit.exclusive {
        true => format!("{} itself excluded", limit.value),
        false => limit.value.to_string(),
    }
}

/// Compares what texts have to look like.
pub(super) fn patterns<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    let limiting = |flat: &Flat<'a>| -> Vec<&'a Value> {
        let text = |value: &&Value| {
            value
                .as_str()
                .is_some_and(|text| !pattern::accepts_everything(text))
        };
        flat.patterns.iter().copied().filter(text).collect()
    };
    let (before, after) = (limiting(old), limiting(new));
    let gone: Vec<&Value> = before
        .iter()
        .copied()
        .filter(|pattern| !after.contains(pattern))
        .collect();
    let come: Vec<&Value> = after
        .iter()
        .copied()
        .filter(|pattern| !before.contains(pattern))
        .collect();
    let at = (gone.first().copied(), come.first().copied());
    match at {
        (None, None) => {}
        (None, Some(come)) => {
            context.shift(
                Relation::NARROWED,
                "pattern-added",
                at,
                format!("{} match {} now", context.must(), code(come)),
            );
        }
        (Some(gone), None) => {
            context.shift(
                Relation::WIDENED,
                "pattern-removed",
                at,
                format!("{} match {}", context.need_no_longer(), code(gone)),
            );
        }
        (Some(gone), Some(come)) => changed(context, gone, come),
    }
}

fn changed<'a>(context: &mut Context<'a>, old: &'a Value, new: &'a Value) {
    let at = (Some(old), Some(new));
    let (Some(before), Some(after)) = (old.as_str(), new.as_str()) else {
        return;
    };
    let known = pattern::relation(before, after);
    let relation = known.unwrap_or(Relation::CHANGED);
    let (name, than) = match known.map(|relation| (relation.narrowed, relation.widened)) {
        Some((false, false)) => return,
        Some((false, true)) => ("pattern-generalized", "which takes more than"),
        Some((true, false)) => ("pattern-specialized", "which takes less than"),
        Some((true, true)) => ("pattern-replaced", "which takes other texts than"),
        None => ("pattern-changed", "in place of"),
    };
    let says = format!(
        "{} match {} now, {than} {}",
        context.must(),
        code(new),
        code(old)
    );
    context.shift(relation, name, at, says);
}

fn code(pattern: &Value) -> String {
    format!("`{}`", pattern.as_str().unwrap_or_default())
}

/// Compares what numbers have to be multiples of.
pub(super) fn multiples<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    let implied = |multiple: &Value, by: &Flat<'_>| {
        let whole = by.types.and(Types::NUMBER) == Types::INTEGER
            && number::is_multiple(&Value::from(1), multiple);
        whole
            || by
                .multiples
                .iter()
                .any(|other| number::is_multiple(other, multiple))
    };
    let come: Vec<&Value> = new
        .multiples
        .iter()
        .copied()
        .filter(|multiple| !implied(multiple, old))
        .collect();
    let gone: Vec<&Value> = old
        .multiples
        .iter()
        .copied()
        .filter(|multiple| !implied(multiple, new))
        .collect();
    let (relation, name) = match (come.is_empty(), gone.is_empty()) {
        (true, true) => return,
        (false, true) => (Relation::NARROWED, "multiple-of-tightened"),
        (true, false) => (Relation::WIDENED, "multiple-of-loosened"),
        (false, false) => (Relation::CHANGED, "multiple-of-changed"),
    };
    let at = (
        old.multiples.first().copied(),
        new.multiples.first().copied(),
    );
    let says = match at {
        (Some(old), Some(new)) => {
            format!("{} be a multiple of {new} instead of {old}", context.must())
        }
        (None, Some(new)) => format!("{} be a multiple of {new} now", context.must()),
        (Some(old), None) => format!("{} be a multiple of {old}", context.need_no_longer()),
        (None, None) => return,
    };
    context.shift(relation, name, at, says);
}
