//! For programs. In: a review. Out: JSON of a shape that spec/README.md documents; `schema` counts its versions. Knows no other format.

use super::super::report::{Level, Place};
use super::super::review::{Acceptance, Item, Note, Review, Ruling};
use super::super::rust::{Bump, RustChange};
use super::Counts;
use crate::diagnostic::Position;
use serde_json::{Value, json};

/// Raised when a member goes or changes its meaning; new members raise nothing.
const SCHEMA: u32 = 1;

/// The review as JSON.
pub fn json(review: &Review) -> String {
    let Counts {
        breaking,
        warning,
        info,
        accepted,
    } = Counts::of(review);
    let document = json!({
        "schema": SCHEMA,
        "old": review.old,
        "new": review.new,
        "breaking": review.items.iter().any(|item| item.ruling.level == Level::Breaking),
        "bump": review.api.to_string(),
        "crate_bump": review.krate.map(|bump| bump.to_string()),
        "crate_version": version(review),
        "summary": {
            "breaking": breaking,
            "warning": warning,
            "info": info,
            "accepted": accepted,
            "hidden": review.hidden,
        },
        "changes": review.items.iter().map(change).collect::<Vec<_>>(),
        "rust": {
            "unknown_because": review.unplanned,
            "elsewhere": review.rust.iter().map(rust).collect::<Vec<_>>(),
        },
        "policy": review.notes.iter().map(note).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn version(review: &Review) -> Value {
    match (&review.released, review.krate) {
        (Some(released), Some(bump)) => json!({
            "old": released.to_string(),
            "least": if bump == Bump::None { released.to_string() } else { released.raised(bump).to_string() },
        }),
        (None, _) | (_, None) => Value::Null,
    }
}

fn change(item: &Item) -> Value {
    let mut members = ruling(&item.ruling);
    members["operations"] = json!(item.operations);
    members["old"] = place(item.old.as_ref());
    members["new"] = place(item.new.as_ref());
    members["also"] = item.also.iter().map(ruling).collect();
    members["rust"] = item.rust.iter().map(rust).collect();
    members
}

fn ruling(ruling: &Ruling) -> Value {
    json!({
        "rule": ruling.rule,
        "level": ruling.level.to_string(),
        "direction": ruling.direction.map(|direction| direction.to_string()),
        "text": ruling.text,
        "accepted": ruling.accepted.as_ref().map(acceptance),
    })
}

fn acceptance(acceptance: &Acceptance) -> Value {
    json!({"reason": acceptance.reason, "expires": acceptance.expires.to_string()})
}

fn place(place: Option<&Place>) -> Value {
    let Some(Place {
        pointer,
        position: Position { line, column },
    }) = place
    else {
        return Value::Null;
    };
    json!({"pointer": pointer.to_string(), "line": line, "column": column})
}

fn rust(change: &RustChange) -> Value {
    json!({
        "bump": change.bump.to_string(),
        "item": change.item,
        "text": change.text,
        "old": change.old.as_ref().map(ToString::to_string),
        "new": change.new.as_ref().map(ToString::to_string),
    })
}

fn note(note: &Note) -> Value {
    let Position { line, column } = note.position;
    json!({"file": note.file, "line": line, "column": column, "text": note.text})
}
