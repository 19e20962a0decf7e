//! Small edits of one schema and how bad they are, in either direction. In: `tests/cases/levels.yaml`. Out: complaints. Knows
//! no rule.

use crate::{assert_none, folder, laws, text};
use codegen::diff::{Side, compare};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    change: String,
    old: Value,
    new: Value,
    #[serde(default)]
    schemas: Map<String, Value>,
    new_schemas: Option<Map<String, Value>>,
    request: String,
    response: String,
}

#[test]
fn edits_of_one_schema_have_the_level_beside_them() {
    let path = folder("levels.yaml");
    let edits: Vec<Edit> = serde_yaml::from_str(&text(&path)).expect("a list of edits");
    let mut complaints = Vec::new();
    for edit in edits {
        for (direction, place, expected) in [
            ("request", request as fn(Value) -> Value, &edit.request),
            ("response", response, &edit.response),
        ] {
            let after = edit.new_schemas.as_ref().unwrap_or(&edit.schemas);
            let old = side(place(edit.old.clone()), &edit.schemas);
            let new = side(place(edit.new.clone()), after);
            let report = compare(&old, &new);
            let worst = report.changes.iter().map(|change| change.level).max();
            let actual = worst.map_or("none".to_owned(), |level| level.to_string());
            if actual != *expected {
                complaints.push(format!(
                    "{} ({direction}): {actual} instead of {expected}\n{report}",
                    edit.change
                ));
            }
            if let Err(broken) = laws::laws(&old, &new).and_then(|()| laws::laws(&new, &old)) {
                complaints.push(format!("{} ({direction}): {broken}", edit.change));
            }
        }
    }
    assert_none(
        &complaints,
        "repair the judgement, or correct the level in tests/cases/levels.yaml and say why",
    );
}

fn request(schema: Value) -> Value {
    json!({
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
        "responses": {"204": {"description": "Done."}},
    })
}

fn response(schema: Value) -> Value {
    json!({
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": schema}}},
        },
    })
}

fn side(operation: Value, schemas: &Map<String, Value>) -> Side {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things/": {"post": operation}},
        "components": {"schemas": schemas},
    });
    Side::read("edit.json", &document.to_string())
        .unwrap_or_else(|diagnostics| panic!("{document}:\n{diagnostics}"))
}
