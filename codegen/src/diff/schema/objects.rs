//! Compares arrays and objects. In: two flat schemas. Out: findings, and the pairs of what they hold. Knows no operation.

use super::super::form::{Additional, Flat};
use super::super::judge::{Judge, Nodes, Question, Relation, Role};
use super::super::report::Direction;
use super::{Context, properties, requirements};
use serde_json::Value;

/// Asks about what two nodes hold.
pub(super) fn below<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &[&'a Value],
    new: &[&'a Value],
) {
    let pair = judge.pair(Question {
        old: Nodes(old.to_vec()),
        new: Nodes(new.to_vec()),
        direction: context.direction,
        role: Role::Value,
    });
    context.answer.below.push(pair);
}

pub(super) fn arrays<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    let at = (old.unique, new.unique);
    match at {
        (None, Some(_)) => context.shift(
            Relation::NARROWED,
            "unique-items-added",
            at,
            match context.direction {
                Direction::Request => "must not repeat an element now",
                Direction::Response => "is promised not to repeat an element now",
            },
        ),
        (Some(_), None) => context.shift(
            Relation::WIDENED,
            "unique-items-removed",
            at,
            "may repeat elements now",
        ),
        (Some(_), Some(_)) | (None, None) => {}
    }
    if !old.items.is_empty() || !new.items.is_empty() {
        below(judge, context, &old.items, &new.items);
    }
}

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    properties::compare(judge, context, old, new);
    requirements::compare(context, old, new);
    additional(judge, context, old, new);
}

fn additional<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    let node = |flat: &Flat<'a>| {
        flat.objects
            .iter()
            .find_map(|object| object.get("additionalProperties"))
    };
    let at = (node(old), node(new));
    let direction = context.direction;
    // The keyword says something of the object, and is no member of it.
    let mut report = |relation, name: &str, at, says: &str| {
        let finding = context.finding(name, (None, None), says).claim(at);
        context.report(relation, finding);
    };
    match (&old.additional, &new.additional) {
        (Additional::Any, Additional::Any) | (Additional::Nothing, Additional::Nothing) => {}
        (Additional::Schemas(old), Additional::Schemas(new)) => below(judge, context, old, new),
        (Additional::Any, Additional::Nothing) => {
            let says = match direction {
                Direction::Request => "must have no members now but those that are named",
                Direction::Response => {
                    "is promised to have no members now but those that are named"
                }
            };
            report(
                Relation::NARROWED,
                "additional-properties-forbidden",
                at,
                says,
            );
        }
        (Additional::Schemas(_), Additional::Nothing) => {
            let says = match direction {
                Direction::Request => "must have no members now that are not named",
                Direction::Response => "is promised to have no members now that are not named",
            };
            report(
                Relation::NARROWED,
                "additional-properties-forbidden",
                at,
                says,
            );
        }
        (Additional::Nothing, Additional::Any | Additional::Schemas(_)) => {
            let says = "may have other members now than those that are named";
            report(Relation::WIDENED, "additional-properties-allowed", at, says);
        }
        (Additional::Any, Additional::Schemas(_)) => {
            let says = "limits the values of its other members now";
            report(
                Relation::NARROWED,
                "additional-properties-restricted",
                at,
                says,
            );
        }
        (Additional::Schemas(_), Additional::Any) => {
            let says = "no longer limits the values of its other members";
            report(
                Relation::WIDENED,
                "additional-properties-unrestricted",
                at,
                says,
            );
        }
    }
}

/// What is excluded: less of that is more.
pub(super) fn nots<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    let at = (old.nots.first().copied(), new.nots.first().copied());
    let (relation, name, says) = match (old.nots.as_slice(), new.nots.as_slice()) {
        ([], []) => return,
        ([], _) => (
            Relation::NARROWED,
            "not-added",
            "excludes values now that it accepted",
        ),
        (_, []) => (
            Relation::WIDENED,
            "not-removed",
            "accepts values that it excluded",
        ),
        ([one], [other]) => {
            let pair = judge.pair(Question {
                old: Nodes(vec![one]),
                new: Nodes(vec![other]),
                direction: context.direction,
                role: Role::Value,
            });
            match judge.relation(pair).inverted() {
                Relation::EQUAL => return,
                relation @ Relation {
                    narrowed: true,
                    widened: false,
                    ..
                } => (relation, "not-tightened", "excludes more values"),
                relation @ Relation {
                    narrowed: false,
                    widened: true,
                    ..
                } => (relation, "not-loosened", "excludes fewer values"),
                relation => (relation, "not-changed", "excludes other values"),
            }
        }
        _ if judge.is_unchanged(&whole(&old.nots), &whole(&new.nots)) => return,
        _ => (Relation::CHANGED, "not-changed", "excludes other values"),
    };
    context.shift(relation, name, at, says);
}

fn whole(nodes: &[&Value]) -> Value {
    nodes.iter().copied().cloned().collect()
}
