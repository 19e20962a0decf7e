//! The table of changed documents. In: `changes.yaml`, one change of the document and one request
//! each. Out: that the verdict on the request changes with it, so that no check is wired into the
//! emulator.

use serde_json::{Value, json};

use crate::fixture;
use crate::spec::Spec;
use crate::table;
use crate::wire::Request;

const TABLE: &str = include_str!("changes.yaml");
const SPEECH: &str = "/components/schemas/TextToSpeechFlow";

/// What is expected of a request.
#[derive(Debug, Clone)]
enum Expect {
    Accepted,
    RefusedAt(String),
}

/// A change of the document.
#[derive(Debug, Clone)]
enum Edit {
    /// Members to be put into the mapping at a pointer.
    Put(String, Value),
    /// A member to be taken away.
    Remove(String),
}

/// A change, and what becomes of a request by it.
#[derive(Debug)]
struct Change {
    name: String,
    edit: Edit,
    request: Request,
    before: Expect,
    after: Expect,
}

#[tokio::test]
async fn every_constraint_that_is_added_refuses_one_request() {
    let properties = format!("{SPEECH}/properties");
    let script = format!("{properties}/script");
    let everything = table::request(&written("request"));
    let mut changes = Vec::new();
    for (part, at) in [("script", &script), ("properties", &properties)] {
        for row in rows(part) {
            let after = row["after"].as_str().unwrap_or("/body/script");
            changes.push(Change {
                name: name(&row),
                edit: Edit::Put(at.clone(), row["put"].clone()),
                request: everything.clone(),
                before: Expect::Accepted,
                after: Expect::RefusedAt(after.to_owned()),
            });
        }
    }
    changes.push(Change {
        name: "required".to_owned(),
        edit: Edit::Put(SPEECH.to_owned(), json!({"required": ["script", "mood"]})),
        request: everything,
        before: Expect::Accepted,
        after: Expect::RefusedAt("/body/mood".to_owned()),
    });
    judge(&speech_alone(), changes).await;
}

#[tokio::test]
async fn every_constraint_that_is_changed_changes_a_verdict() {
    judge(&Spec::read(), rows("taken_away").iter().map(read).collect()).await;
}

#[tokio::test]
async fn every_operation_that_is_changed_changes_a_verdict() {
    judge(&Spec::read(), rows("operations").iter().map(read).collect()).await;
}

#[tokio::test]
async fn statuses_and_prices_come_from_the_document() {
    let mut spec = speech_alone();
    let create = "/paths/~1api~1text_to_speech~1/post";
    let operation = spec.0.pointer_mut(create).expect("the operation");
    operation["x-credits"] = json!([{"credits": 7.5}]);
    let answers = operation["responses"].as_object_mut().expect("answers");
    let answer = answers.remove("201").expect("an answer");
    answers.insert("202".to_owned(), answer);
    let emulator = fixture::emulator_of(&spec).await;
    let verdict = fixture::verdict(&emulator, &table::request(&written("request"))).await;
    assert_eq!(verdict.status, 202, "{verdict:?}");
    let charges = emulator.state().ledger();
    let credits: Vec<_> = charges.iter().map(|charge| charge.credits).collect();
    assert_eq!(credits, [7.5]);
}

#[tokio::test]
async fn an_answer_that_breaks_the_document_does_not_leave() {
    let at = format!("{SPEECH}/properties/credits_used");
    let spec = apply(&speech_alone(), &Edit::Put(at, json!({"maximum": 0})));
    let emulator = fixture::emulator_of(&spec).await;
    let verdict = fixture::verdict(&emulator, &table::request(&written("request"))).await;
    assert_eq!(verdict.status, 500, "{verdict:?}");
    assert!(verdict.text.contains("/credits_used"), "{verdict:?}");
}

async fn judge(spec: &Spec, changes: Vec<Change>) {
    let original = fixture::emulator_of(spec).await;
    let mut complaints = String::new();
    for change in changes {
        let changed = fixture::emulator_of(&apply(spec, &change.edit)).await;
        for (emulator, expected) in [(&original, &change.before), (&changed, &change.after)] {
            let verdict = fixture::verdict(emulator, &change.request).await;
            let right = match expected {
                Expect::Accepted => verdict.is_accepted(),
                Expect::RefusedAt(pointer) => verdict.is_refused_at(pointer),
            };
            if !right {
                let name = &change.name;
                complaints.push_str(&format!("{name}: {expected:?}, yet {verdict:?}\n"));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

/// The document with one path only, which is read sooner: there are many changes of it. Its body may
/// have further members.
fn speech_alone() -> Spec {
    let mut spec = Spec::read();
    let paths = spec.0["paths"].as_object_mut().expect("paths");
    paths.retain(|path, _| path == "/api/text_to_speech/");
    let schema = spec.0.pointer_mut(SPEECH).expect("the schema");
    schema["additionalProperties"] = json!(true);
    spec
}

fn apply(spec: &Spec, edit: &Edit) -> Spec {
    let mut spec = spec.clone();
    match edit {
        Edit::Put(at, members) => {
            let target = spec.0.pointer_mut(at).and_then(Value::as_object_mut);
            let members = members.as_object().expect("members to put").clone();
            target.expect("a mapping to change").extend(members);
        }
        Edit::Remove(at) => {
            let (around, name) = at.rsplit_once('/').expect("a pointer");
            let around = spec.0.pointer_mut(around).and_then(Value::as_object_mut);
            let removed = around.expect("a mapping").remove(&name.replace("~1", "/"));
            assert!(removed.is_some(), "{at} is not in the document");
        }
    }
    spec
}

/// One part of the table.
fn written(part: &str) -> Value {
    let mut table: Value = serde_yaml::from_str(TABLE).expect("YAML");
    table[part].take()
}

fn rows(part: &str) -> Vec<Value> {
    let rows = written(part).as_array().expect("rows").clone();
    assert!(!rows.is_empty());
    rows
}

fn name(row: &Value) -> String {
    row["change"].as_str().expect("a name").to_owned()
}

fn read(row: &Value) -> Change {
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    let edit = match text("remove") {
        Some(at) => Edit::Remove(at),
        None => Edit::Put(text("at").expect("a pointer"), row["put"].clone()),
    };
    let expect = |name: &str| match text(name).as_deref() {
        Some("accepted") | None => Expect::Accepted,
        Some(pointer) => Expect::RefusedAt(pointer.to_owned()),
    };
    Change {
        name: name(row),
        edit,
        request: table::request(row),
        before: expect("before"),
        after: expect("after"),
    }
}
