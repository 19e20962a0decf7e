//! Compares the properties of objects. In: two flat schemas. Out: properties that came, went, or are promised in another
//! way, and the pairs of their values. Knows no operation.

use super::super::finding::Finding;
use super::super::form::{Additional, Flat, Property};
use super::super::judge::{Judge, Relation};
use super::super::report::Direction;
use super::{Context, objects};
use serde_json::Value;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    let absent = Property::default();
    let sides = Sides { old, new };
    for (name, before) in &old.properties {
        sides.property(
            judge,
            context,
            (before, new.properties.get(name).unwrap_or(&absent)),
        );
    }
    for (name, after) in &new.properties {
        if !old.properties.contains_key(name) {
            sides.property(judge, context, (&absent, after));
        }
    }
    flags(context, old, new);
}

struct Sides<'s, 'a> {
    old: &'s Flat<'a>,
    new: &'s Flat<'a>,
}

type Two<'p, 'a> = (&'p Property<'a>, &'p Property<'a>);

/// Whether a property travels at all in this direction.
fn travels(property: &Property<'_>) -> bool {
    property.hidden.is_none() && (!property.nodes.is_empty() || property.required.is_some())
}

impl<'a> Sides<'_, 'a> {
    fn property(&self, judge: &mut Judge<'a>, context: &mut Context<'a>, both: Two<'_, 'a>) {
        let (before, after) = both;
        match (travels(before), travels(after)) {
            (false, false) => {}
            (false, true) if before.hidden.is_some() => shown(context, both),
            (true, false) if after.hidden.is_some() => hidden(context, both),
            (false, true) => self.added(judge, context, after),
            (true, false) => self.removed(judge, context, before),
            (true, true) => self.both(judge, context, both),
        }
    }

    fn both(&self, judge: &mut Judge<'a>, context: &mut Context<'a>, both: Two<'_, 'a>) {
        let (before, after) = both;
        match (before.required, after.required) {
            (None, Some(_)) => required(context, both),
            (Some(_), None) => optional(context, both),
            (Some(_), Some(_)) | (None, None) => {}
        }
        // Named without a schema, it is what any other member is.
        let nodes = |property: &Property<'a>, flat: &Flat<'a>| match (
            &flat.additional,
            property.nodes.is_empty(),
        ) {
            (Additional::Schemas(schemas), true) => schemas.clone(),
            _ => property.nodes.clone(),
        };
        let (old, new) = (nodes(before, self.old), nodes(after, self.new));
        if !old.is_empty() || !new.is_empty() {
            objects::below(judge, context, &old, &new);
        }
    }

    fn added(&self, judge: &mut Judge<'a>, context: &mut Context<'a>, after: &Property<'a>) {
        let direction = context.direction;
        let at = (context.at.0, place(after));
        let closed = matches!(self.old.additional, Additional::Nothing);
        let default = after.nodes.iter().any(|node| node.get("default").is_some());
        let (id, says) = match (direction, after.required.is_some()) {
            (Direction::Request, true) if default => (
                "new-required-request-property-with-default",
                "is new and must be sent, though it has a default",
            ),
            (Direction::Request, true) => {
                ("new-required-request-property", "is new and must be sent")
            }
            (Direction::Request, false) => {
                ("new-optional-request-property", "is new, and may be sent")
            }
            (Direction::Response, _) if closed => (
                "response-property-added-to-closed-object",
                "is new in an object that promised to have no other members",
            ),
            (Direction::Response, true) => (
                "response-required-property-added",
                "is new, and always there",
            ),
            (Direction::Response, false) => (
                "response-optional-property-added",
                "is new, and may be there",
            ),
        };
        let finding = Finding::new(id, at, says)
            .claim_new(after.required)
            .claim_new(after.nodes.iter().copied());
        let relation = match after.required {
            Some(_) => Relation::NARROWED,
            None if closed => Relation::WIDENED,
            None => Relation::GAINED,
        };
        context.report(relation, finding);
        if let Additional::Schemas(schemas) = &self.old.additional {
            objects::below(judge, context, schemas, &after.nodes);
        }
    }

    fn removed(&self, judge: &mut Judge<'a>, context: &mut Context<'a>, before: &Property<'a>) {
        let at = (place(before), context.at.1);
        let closed = matches!(self.new.additional, Additional::Nothing);
        let (id, says) = match (context.direction, before.required.is_some()) {
            (Direction::Request, _) if closed => (
                "request-property-forbidden",
                "must no longer be sent: the object takes no members that it does not name",
            ),
            (Direction::Request, _) => (
                "request-property-removed",
                "is gone; the service may ignore or refuse it",
            ),
            (Direction::Response, true) => (
                "response-required-property-removed",
                "is gone, and was always there",
            ),
            (Direction::Response, false) => ("response-optional-property-removed", "is gone"),
        };
        let finding = Finding::new(id, at, says)
            .gone()
            .claim_old(before.required)
            .claim_old(before.nodes.iter().copied());
        let relation = match before.required {
            Some(_) if context.direction == Direction::Response => Relation::WIDENED,
            Some(_) => Relation::CHANGED,
            None if closed => Relation::NARROWED,
            None => Relation::LOST,
        };
        context.report(relation, finding);
        if let Additional::Schemas(schemas) = &self.new.additional {
            objects::below(judge, context, &before.nodes, schemas);
        }
    }
}

/// Where a property stands: its schema, or the element of `required` that is all there is of it.
fn place<'a>(property: &Property<'a>) -> Option<&'a Value> {
    property.nodes.first().copied().or(property.required)
}

fn required<'a>(context: &mut Context<'a>, (before, after): Two<'_, 'a>) {
    let default = after.nodes.iter().any(|node| node.get("default").is_some());
    let (name_of_rule, says) = match context.direction {
        Direction::Request if default => (
            "became-required-with-default",
            "must be sent now, though it has a default",
        ),
        Direction::Request => ("became-required", "must be sent now"),
        Direction::Response => ("became-required", "is always there now"),
    };
    let at = (place(before), place(after));
    let finding = context
        .finding(name_of_rule, at, says)
        .claim_new(after.required);
    context.report(Relation::NARROWED, finding);
}

fn optional<'a>(context: &mut Context<'a>, (before, after): Two<'_, 'a>) {
    let says = match context.direction {
        Direction::Request => "need no longer be sent",
        Direction::Response => "is no longer always there",
    };
    let at = (place(before), place(after));
    let finding = context
        .finding("became-optional", at, says)
        .claim_old(before.required);
    context.report(Relation::WIDENED, finding);
}

/// A property that travelled in this direction no longer does.
fn hidden<'a>(context: &mut Context<'a>, (before, after): Two<'_, 'a>) {
    let presence = if before.required.is_some() {
        "required"
    } else {
        "optional"
    };
    let (id, says) = match context.direction {
        Direction::Request => (
            "became-read-only",
            "should no longer be sent: it is read-only",
        ),
        Direction::Response => (
            "became-write-only",
            "is no longer sent back: it is write-only",
        ),
    };
    let id = format!("{}-{presence}-property-{id}", context.direction);
    let at = (place(before), place(after));
    let finding = Finding::new(&id, at, says).claim_new(after.hidden);
    context.report(Relation::CHANGED, finding);
}

/// A property that did not travel in this direction does now.
fn shown<'a>(context: &mut Context<'a>, (before, after): Two<'_, 'a>) {
    let presence = if after.required.is_some() {
        "required"
    } else {
        "optional"
    };
    let (id, says) = match (context.direction, after.required) {
        (Direction::Request, Some(_)) => (
            "became-not-read-only",
            "must be sent now: it is no longer read-only",
        ),
        (Direction::Request, None) => (
            "became-not-read-only",
            "may be sent now: it is no longer read-only",
        ),
        (Direction::Response, _) => (
            "became-not-write-only",
            "is sent back now: it is no longer write-only",
        ),
    };
    let id = format!("{}-{presence}-property-{id}", context.direction);
    let at = (place(before), place(after));
    let finding = Finding::new(&id, at, says).claim_old(before.hidden);
    context.report(Relation::CHANGED, finding);
}

/// `readOnly` in an answer and `writeOnly` in a request change nothing there: one finding for all properties of an object.
fn flags<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) {
    let (key, word) = match context.direction {
        Direction::Request => ("writeOnly", "write-only"),
        Direction::Response => ("readOnly", "read-only"),
    };
    let mut set = Vec::new();
    let mut unset = Vec::new();
    for (name, before) in &old.properties {
        let Some(after) = new.properties.get(name) else {
            continue;
        };
        let flag = |property: &Property<'a>| {
            let values = property.nodes.iter().filter_map(|node| node.get(key));
            values
                .into_iter()
                .find(|value| **value == Value::Bool(true))
        };
        match (flag(before), flag(after)) {
            (None, Some(node)) => set.push((*name, node)),
            (Some(node), None) => unset.push((*name, node)),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    if !set.is_empty() {
        let says = format!("marks {} as {word}", names(&set));
        let finding = context.finding(&format!("became-{word}"), (None, None), says);
        context.report(
            Relation::EQUAL,
            finding.claim_new(set.iter().map(|(_, node)| *node)),
        );
    }
    if !unset.is_empty() {
        let says = format!("no longer marks {} as {word}", names(&unset));
        let finding = context.finding(&format!("became-not-{word}"), (None, None), says);
        context.report(
            Relation::EQUAL,
            finding.claim_old(unset.iter().map(|(_, node)| *node)),
        );
    }
}

fn names(properties: &[(&str, &Value)]) -> String {
    let words: Vec<String> = properties
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    words.join(", ")
}
