//! The emulator's answers. In: every operation, at every stage of a job. Out: that each answer is
//! what the document says, by a translation of its schemas that is not the emulator's.

use std::collections::BTreeSet;
use std::time::Duration;

use creatify_emulator::Emulator;
use serde_json::{Map, Value, json};

use crate::fixture;
use crate::spec::Spec;
use crate::wire::{self, Request};

/// What is known of an operation that is called here.
struct Operation {
    id: String,
    method: String,
    path: String,
    /// The status of its answer, and the check of its body.
    status: u16,
    answer: jsonschema::Validator,
}

#[tokio::test]
async fn every_answer_of_every_operation_is_what_the_document_says() {
    let spec = Spec::read();
    let emulator = fixture::emulator().await;
    let operations: Vec<_> = spec
        .operations()
        .map(|(path, method, node)| operation(&spec, path, method, node))
        .collect();
    let (made, rest): (Vec<_>, Vec<_>) = operations
        .iter()
        .filter(|operation| operation.method == "POST")
        .partition(|operation| !operation.path.contains("{id}"));
    let mut seen = BTreeSet::new();
    for ending in ["hello", "please fail", "please reject"] {
        let mut jobs = Vec::new();
        for operation in &made {
            let job = call(&emulator, operation, &operation.path, ending, &mut seen).await;
            jobs.push((
                operation.path.replace("preview_async/", "preview/"),
                id(&job),
            ));
        }
        // Long enough for a job, and in steps that no status is longer than.
        for _ in 0..20 {
            read_all(&emulator, &operations, &jobs, &mut seen).await;
            emulator.state().advance(Duration::from_secs(5));
        }
        emulator.state().advance(Duration::from_secs(600));
        read_all(&emulator, &operations, &jobs, &mut seen).await;
        for operation in rest.iter().filter(|_| ending == "hello") {
            let preview = operation.path.replace("{id}/render/", "preview/");
            let (_, id) = jobs
                .iter()
                .find(|(path, _)| *path == preview)
                .expect("a preview");
            let path = operation.path.replace("{id}", id);
            call(&emulator, operation, &path, ending, &mut seen).await;
        }
    }
    assert_eq!(seen, emulator.state().all_operations());
    assert_eq!(
        emulator.state().violations().len(),
        0,
        "{:?}",
        emulator.state().violations()
    );
}

/// Calls every operation that only reads, for every job it can be asked about.
async fn read_all(
    emulator: &Emulator,
    operations: &[Operation],
    jobs: &[(String, String)],
    seen: &mut BTreeSet<String>,
) {
    for operation in operations
        .iter()
        .filter(|operation| operation.method == "GET")
    {
        let Some((before, after)) = operation.path.split_once('{') else {
            call(emulator, operation, &operation.path, "", seen).await;
            continue;
        };
        let rest = after.split_once('}').map_or("", |(_, rest)| rest);
        let own = jobs.iter().filter(|(path, _)| path.starts_with(before));
        let mut ids: Vec<_> = own.map(|(_, id)| id.clone()).collect();
        if ids.is_empty() {
            // No job of ours: one of the records that are there from the start.
            let list = wire::send(emulator.base_url(), &Request::new("GET", before)).await;
            let list: Vec<Value> = serde_json::from_slice(&list.body).expect("a list");
            ids.push(id(list.first().expect("a record")));
        }
        for id in ids {
            call(
                emulator,
                operation,
                &format!("{before}{id}{rest}"),
                "",
                seen,
            )
            .await;
        }
    }
}

fn id(record: &Value) -> String {
    let id = record.get("id").or_else(|| record.get("template_id"));
    id.and_then(Value::as_str).expect("an id").to_owned()
}

async fn call(
    emulator: &Emulator,
    operation: &Operation,
    path: &str,
    name: &str,
    seen: &mut BTreeSet<String>,
) -> Value {
    let mut request = Request::new(&operation.method, path);
    if let Some(body) = body(&operation.path, name) {
        request = request.body("application/json", body.to_string());
    }
    let answer = wire::send(emulator.base_url(), &request).await;
    let what = format!("{} {path}: {}", operation.id, answer.text());
    assert_eq!(answer.status, operation.status, "{what}");
    assert_eq!(answer.header("Content-Type"), "application/json", "{what}");
    let value: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let error = operation.answer.validate(&value).err();
    assert!(error.is_none(), "{error:?} {what}");
    seen.insert(operation.id.clone());
    value
}

/// A body for the operations that take one.
fn body(path: &str, name: &str) -> Option<Value> {
    let scene = json!({
        "character": {"type": "avatar", "avatar_id": "a", "offset": {"x": 0.25}},
        "voice": {"type": "text", "input_text": name, "voice_id": "v"},
        "visual_style": null,
    });
    let template = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let bodies = [
        ("/api/lipsyncs/{id}", None),
        ("/api/lipsyncs_v2/{id}", None),
        (
            "/api/lipsyncs/",
            Some(json!({"aspect_ratio": "1x1", "name": name, "text": "two words"})),
        ),
        (
            "/api/lipsyncs_v2/",
            Some(json!({"video_inputs": [scene], "name": name})),
        ),
        (
            "/api/custom_template_jobs/",
            Some(json!({"template_id": template, "variables": {"a": {"url": "b"}}, "name": name})),
        ),
        ("/api/text_to_speech/", Some(json!({"script": name}))),
    ];
    let mut bodies = bodies.into_iter();
    let body = bodies.find(|(start, _)| path.starts_with(start))?.1;
    // A path that reads has no body, and is called without a name.
    body.filter(|_| !name.is_empty())
}

fn operation(spec: &Spec, path: &str, method: &str, node: &Value) -> Operation {
    let answers = node["responses"].as_object().expect("answers");
    let (status, answer) = answers.iter().next().expect("an answer");
    let schema = translate(spec, &answer["content"]["application/json"]["schema"]);
    let answer = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema);
    Operation {
        id: node["operationId"].as_str().expect("an id").to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        status: status.parse().expect("a status"),
        answer: answer.expect("a schema"),
    }
}

/// A schema of an answer with everything written out. No schema of the document contains itself.
fn translate(spec: &Spec, schema: &Value) -> Value {
    let mut schema = spec.flat(schema);
    if schema.get("format") == Some(&json!("uri")) {
        // The service sends an empty text where it has no address yet.
        schema.remove("format");
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        let members = std::mem::take(properties).into_iter();
        let members = members.map(|(name, member)| {
            let member = spec.flat(&member);
            match member.get("writeOnly") == Some(&Value::Bool(true)) {
                true => (name, Value::Bool(false)),
                false => (name, translate(spec, &Value::from(member))),
            }
        });
        *properties = members.collect();
    }
    let hidden = hidden(&schema);
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !hidden.contains(name.as_str().unwrap_or_default()));
    }
    for keyword in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(keyword) {
            schema.insert(keyword.to_owned(), translate(spec, &inner.clone()));
        }
    }
    match schema.remove("nullable") == Some(Value::Bool(true)) {
        true => json!({"anyOf": [schema, {"type": "null"}]}),
        false => Value::from(schema),
    }
}

fn hidden(schema: &Map<String, Value>) -> BTreeSet<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let members = properties.into_iter().flatten();
    members
        .filter(|(_, member)| **member == Value::Bool(false))
        .map(|(name, _)| name.clone())
        .collect()
}
