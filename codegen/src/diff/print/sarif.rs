//! For code scanning. In: a review. Out: SARIF 2.1.0 (OASIS). Knows no other format.

use super::super::report::{Level, Place};
use super::super::review::{Item, Note, Review, Ruling};
use super::super::rules::{self, Rule};
use super::super::rust::RustChange;
use super::uri;
use crate::diagnostic::Position;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The schema that editors and upload services look for.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What the catalogue has no row for: an entry of the policy without effect.
const NOTE: &str = "accepted-change-without-effect";

/// The review as SARIF about `file`, the path of the new document below the repository's folder.
pub fn sarif(review: &Review, file: &str) -> String {
    let used: BTreeSet<&str> = review.items.iter().map(|item| item.ruling.rule).collect();
    let rows: Vec<&Rule> = rules::rules()
        .iter()
        .filter(|rule| used.contains(rule.id))
        .collect();
    let index = |id: &str| rows.iter().position(|rule| rule.id == id);
    let mut described: Vec<Value> = rows.iter().map(|rule| row(rule)).collect();
    let mut results: Vec<Value> = Vec::new();
    for item in &review.items {
        let mut result = result(item, file);
        if let Some(index) = index(item.ruling.rule) {
            result["ruleIndex"] = json!(index);
        }
        results.push(result);
    }
    if !review.notes.is_empty() {
        let text = "an entry of the list of accepted changes has no effect";
        described.push(json!({"id": NOTE, "shortDescription": {"text": text}, "defaultConfiguration": {"level": "warning"}}));
        results.extend(
            review
                .notes
                .iter()
                .map(|entry| note(entry, described.len() - 1)),
        );
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "cargo xtask diff", "rules": described}},
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "old": review.old,
                "bump": review.api.to_string(),
                "crate_bump": review.krate.map(|bump| bump.to_string()),
                "rust": review.rust.iter().map(rust).collect::<Vec<_>>(),
                "rust_unknown_because": review.unplanned,
            },
        }],
    });
    format!("{document:#}\n")
}

fn row(rule: &Rule) -> Value {
    let help = format!("{}: {}.", rule.level, rule.rationale);
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.meaning},
        "help": {"text": help},
        "defaultConfiguration": {"level": level(rule.level)},
    })
}

fn result(item: &Item, file: &str) -> Value {
    let Ruling {
        rule,
        level: found,
        text,
        accepted,
        ..
    } = &item.ruling;
    let mut lines = vec![format!("{text}.")];
    lines.extend(
        item.also
            .iter()
            .map(|also| format!("Also {}: {}.", also.level, also.text)),
    );
    lines.extend(
        item.rust
            .iter()
            .map(|change| format!("In Rust, {}.", rust(change))),
    );
    let mut result = json!({
        "ruleId": rule,
        "level": level(*found),
        "message": {"text": lines.join("\n")},
        "locations": [location(item, file)],
        "properties": {
            "direction": item.ruling.direction.map(|direction| direction.to_string()),
            "old": old(item.old.as_ref()),
        },
    });
    if let Some(accepted) = accepted {
        let justification = format!("{} (until {})", accepted.reason, accepted.expires);
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": justification}]);
    }
    result
}

/// Where the edit stands in the new document: a viewer has no other. The pointer is a logical place; so are operations.
fn location(item: &Item, file: &str) -> Value {
    let mut physical = json!({"artifactLocation": {"uri": uri(file)}});
    let mut logical: Vec<Value> = Vec::new();
    if let Some(Place {
        pointer,
        position: Position { line, column },
    }) = &item.new
    {
        physical["region"] = json!({"startLine": line, "startColumn": column});
        logical.push(json!({"fullyQualifiedName": pointer.to_string(), "kind": "value"}));
    }
    logical.extend(
        item.operations
            .iter()
            .map(|operation| json!({"fullyQualifiedName": operation, "kind": "function"})),
    );
    let mut location = json!({"physicalLocation": physical});
    if !logical.is_empty() {
        location["logicalLocations"] = Value::Array(logical);
    }
    location
}

fn old(place: Option<&Place>) -> Value {
    let Some(Place {
        pointer,
        position: Position { line, column },
    }) = place
    else {
        return Value::Null;
    };
    json!({"pointer": pointer.to_string(), "line": line, "column": column})
}

fn note(note: &Note, index: usize) -> Value {
    let Position { line, column } = note.position;
    json!({
        "ruleId": NOTE,
        "ruleIndex": index,
        "level": "warning",
        "message": {"text": note.text},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&note.file)},
            "region": {"startLine": line, "startColumn": column},
        }}],
    })
}

fn rust(change: &RustChange) -> String {
    format!("{}: {}", change.bump, change.text)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Breaking => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}
