//! Holds the table "Recovery" of spec/COVERAGE.md against spec/openapi.yaml. In: both. Out: rows that are not what the
//! document says. Reads the document on its own, and knows no client.

use crate::published::{scalar, texts, truth};
use serde_yaml::Value;
use std::fs;

#[test]
fn every_operation_is_recovered_by_what_the_document_offers() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");
    let read = |file: &str| {
        fs::read_to_string(format!("{root}/{file}"))
            .unwrap_or_else(|error| panic!("{file}: {error}"))
    };
    let document: Value = serde_yaml::from_str(&read("openapi.yaml")).expect("a YAML document");
    let expected = rows(&document);
    assert!(!expected.is_empty(), "the document has nothing to recover");
    assert_eq!(table(&read("COVERAGE.md")), expected);
}

#[test]
fn what_tells_jobs_apart_is_read_from_the_document() {
    let document: Value = serde_yaml::from_str(SMALL).expect("a YAML document");
    let expected = [
        "`create` | yes | by name: `title`",
        "`import` | not known | undecided",
        "`from_template` | no | by name: `title`",
        "`render` | yes | by subject",
        "`destroy` | not known | undecided",
        "`create_other` | not known | undecided",
    ];
    assert_eq!(rows(&document), expected);
}

/// The rows of the table, without its heads.
fn table(coverage: &str) -> Vec<String> {
    let (_, section) = coverage
        .split_once("\n## Recovery\n")
        .expect("a section `Recovery`");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| {
        let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
        Some(row.to_owned())
    });
    rows.skip(1).collect()
}

/// The rows as the document wants them.
fn rows(document: &Value) -> Vec<String> {
    let mut rows = Vec::new();
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)) {
            let prices = operation.get("x-credits").and_then(Value::as_sequence);
            let cost = prices.map(|prices| prices.iter().any(|price| credits(price) > 0.0));
            let is_safe = ["get", "head", "options", "trace"].contains(&method);
            if is_safe || truth(operation, "x-idempotent") {
                continue;
            }
            let cost = match cost {
                None => "not known",
                Some(true) => "yes",
                Some(false) => "no",
            };
            let id = text(operation, "operationId");
            let how = recovery(document, path, operation);
            rows.push(format!("`{id}` | {cost} | {how}"));
        }
    }
    rows
}

fn recovery(document: &Value, path: &str, operation: &Value) -> String {
    let undecided = "undecided".to_owned();
    let tag = texts(operation.get("tags")).concat();
    let mut tags = document["tags"].as_sequence().into_iter().flatten();
    let Some(lifecycle) = tags
        .find(|one| text(one, "name") == tag)
        .and_then(|one| one.get("x-lifecycle"))
    else {
        return undecided;
    };
    if !texts(lifecycle.get("started_by")).contains(&text(operation, "operationId")) {
        return undecided;
    }
    if path.starts_with(up_to_id(&path_of(document, &text(lifecycle, "poll")))) {
        return "by subject".to_owned();
    }
    let name = text(lifecycle, "name");
    let content = operation
        .get("requestBody")
        .and_then(|body| body.get("content"));
    let is_taken = members(content).all(|(_, content)| takes(document, &content["schema"], &name));
    match lifecycle.get("list").is_some() && content.is_some() && is_taken {
        true => format!("by name: `{name}`"),
        false => undecided,
    }
}

/// The path of an operation.
fn path_of(document: &Value, id: &str) -> String {
    let mut paths = members(document.get("paths"));
    let path = paths.find(|(_, item)| {
        members(Some(item)).any(|(_, operation)| text(operation, "operationId") == id)
    });
    let (path, _) = path.unwrap_or_else(|| panic!("no operation `{id}`"));
    path.to_owned()
}

/// A path up to the brace of its first parameter, which is that of a job's id.
fn up_to_id(path: &str) -> &str {
    let end = path.find('{').expect("the id of a job in the path");
    &path[..=end]
}

/// Whether a text of that name can be sent in an object.
fn takes(document: &Value, schema: &Value, name: &str) -> bool {
    let Some(property) = follow(document, schema)["properties"].get(name) else {
        return false;
    };
    let target = follow(document, property);
    text(target, "type") == "string"
        && target.get("format").is_none()
        && target.get("enum").is_none()
        && !truth(property, "readOnly")
}

fn follow<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            follow(document, &document["components"]["schemas"][name])
        }
        None => schema,
    }
}

fn credits(price: &Value) -> f64 {
    price["credits"].as_f64().expect("credits as a number")
}

fn text(tree: &Value, key: &str) -> String {
    tree.get(key).map(scalar).unwrap_or_default()
}

fn members(tree: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mapping = tree.and_then(Value::as_mapping).into_iter().flatten();
    mapping.filter_map(|(key, value)| Some((key.as_str()?, value)))
}

const SMALL: &str = "
tags:
- name: jobs
  x-lifecycle: {poll: retrieve, list: list, name: title, started_by: [create, import, from_template, render]}
- name: others
  x-lifecycle: {poll: retrieve_other, name: title, started_by: [create_other]}
paths:
  /jobs/:
    get: {operationId: list, tags: [jobs]}
    post:
      operationId: create
      tags: [jobs]
      x-credits: [{credits: 0}, {credits: 5}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
  /jobs/import/:
    post:
      operationId: import
      tags: [jobs]
      requestBody: {content: {application/json: {schema: {properties: {title: {type: string, readOnly: true}}}}}}
  /templates/{id}/jobs/:
    post:
      operationId: from_template
      tags: [jobs]
      x-credits: [{credits: 0}]
      requestBody: {content: {application/json: {schema: {properties: {title: {type: string}}}}}}
  /jobs/{job}/render/:
    post:
      operationId: render
      tags: [jobs]
      x-credits: [{credits: 4}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
  /jobs/{id}/:
    get: {operationId: retrieve, tags: [jobs]}
    delete: {operationId: destroy, tags: [jobs]}
    put: {operationId: replace, tags: [jobs], x-idempotent: true}
  /others/:
    post:
      operationId: create_other
      tags: [others]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Job'}}}}
  /others/{id}/:
    get: {operationId: retrieve_other, tags: [others]}
components:
  schemas:
    Job: {properties: {title: {type: string}}}
";
