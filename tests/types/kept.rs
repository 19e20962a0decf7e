//! The hand-written types that callers keep. In: values as they are made. Out: their JSON, which later versions must
//! read. Knows the public names of the client only.

use crate::closed::client;
use creatify_api::types::{AspectRatio, LipsyncRequest, RemainingCredits};
use creatify_api::webhook::Event;
use creatify_api::{FieldError, Patch, UnknownValue, Violation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Queues and databases hold these texts: one that a later version writes otherwise is one that an earlier cannot read.
#[tokio::test]
async fn violations_have_a_path_and_a_message() {
    let request = LipsyncRequest::new(AspectRatio::Ratio1x1).text("x".repeat(8001));
    let error = client()
        .lipsyncs()
        .create(&request)
        .await
        .expect_err("a violation");
    let kept = serde_json::to_value(error.violations()).expect("JSON");
    let message = "has 8001 characters, at most 8000 are allowed";
    assert_eq!(kept, json!([{"path": "text", "message": message}]));
    let read: Vec<Violation> = serde_json::from_value(kept).expect("violations");
    assert_eq!(read, error.violations());
    let later = json!({"path": "a", "message": "b", "since": 2});
    serde_json::from_value::<Violation>(later).expect("a violation of a later version");
    serde_json::from_value::<Violation>(json!({"path": "a"})).expect_err("no message");
}

/// What is read from a database may have come from a server: it is no way around the gate.
#[test]
fn field_errors_are_read_through_the_gate() {
    let _client = client();
    let kept = json!({"path": "name", "message": format!("no \u{7} {}", crate::closed::API_KEY)});
    let read: FieldError = serde_json::from_value(kept).expect("a field error");
    assert_eq!(read.message(), "no \\u{7} [redacted]");
    let written = serde_json::to_value(&read).expect("JSON");
    assert_eq!(
        written,
        json!({"path": "name", "message": "no \\u{7} [redacted]"})
    );
    let again: FieldError = serde_json::from_value(written).expect("a field error");
    assert_eq!(again, read);
}

/// An event is kept as it came, and what is no event cannot be smuggled in by way of a queue.
#[test]
fn events_are_the_object_that_came() {
    let body = r#"{"id":"67E55044-10b1-426f-9247-bb680e5fe0c8","status":"done","output":"https://x.y/z","new":[1,null]}"#;
    let event = Event::parse(body.as_bytes()).expect("an event");
    let kept = serde_json::to_value(&event).expect("JSON");
    assert_eq!(kept, serde_json::from_str::<Value>(body).expect("JSON"));
    assert_eq!(
        serde_json::from_value::<Event>(kept).expect("an event"),
        event
    );
    let text = serde_yaml::to_string(&event).expect("YAML");
    assert_eq!(
        serde_yaml::from_str::<Event>(&text).expect("an event"),
        event
    );
    let (id, full) = (event.id().to_string(), vec![0_u8; 20_001]);
    for (bad, why) in [
        (json!([]), "object"),
        (json!({"status": "done"}), "`id`"),
        (json!({"id": "1", "status": "done"}), "UUID"),
        (json!({"id": id, "status": ""}), "`status`"),
        (
            json!({"id": id, "status": "done", "x": full}),
            "20000 values",
        ),
    ] {
        let error = serde_json::from_value::<Event>(bad)
            .expect_err(why)
            .to_string();
        assert!(error.contains(why), "{error}");
    }
    let twice =
        r#"{"id":"67e55044-10b1-426f-9247-bb680e5fe0c8","status":"done","status":"failed"}"#;
    let error = serde_json::from_str::<Event>(twice).expect_err("a member twice");
    assert!(error.to_string().contains("twice"), "{error}");
}

/// A caller's own struct, as the documentation of [`Patch`] has it.
#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Change {
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    title: Patch<String>,
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    count: Patch<i64>,
}

#[test]
fn a_patch_keeps_absent_null_and_a_value_apart() {
    for (text, title, count) in [
        ("{}", Patch::Absent, Patch::Absent),
        (r#"{"title":null}"#, Patch::Null, Patch::Absent),
        (
            r#"{"title":"","count":0}"#,
            Patch::Value(String::new()),
            Patch::Value(0),
        ),
    ] {
        let change: Change = serde_json::from_str(text).expect(text);
        assert_eq!(change, Change { title, count }, "{text}");
        assert_eq!(serde_json::to_string(&change).expect(text), text);
        let yaml = serde_yaml::to_string(&change).expect(text);
        assert_eq!(serde_yaml::from_str::<Change>(&yaml).expect(&yaml), change);
    }
    // Null would be something else, and would be sent as such.
    let error = serde_json::to_string(&Patch::<i64>::Absent).expect_err("nothing to write");
    assert!(error.to_string().contains("skip_serializing_if"), "{error}");
}

#[test]
fn unknown_values_are_their_text() {
    let AspectRatio::Unknown(value) = AspectRatio::from("4x5") else {
        panic!("4x5 is known")
    };
    assert_eq!(serde_json::to_value(&value).expect("JSON"), json!("4x5"));
    assert_eq!(
        serde_json::from_value::<UnknownValue>(json!("4x5")).expect("a value"),
        value
    );
    serde_json::from_value::<UnknownValue>(json!(4)).expect_err("no text");
}

#[test]
fn enumerations_are_compared_and_parsed_as_texts() {
    let known: AspectRatio = "16x9".parse().expect("never fails");
    assert_eq!(known, AspectRatio::Ratio16x9);
    assert_eq!(known, "16x9");
    assert_eq!("16x9", known);
    assert_eq!(*"16x9", known);
    let unknown: AspectRatio = "4x5".parse().expect("never fails");
    assert_eq!(unknown, *"4x5");
    assert_ne!(unknown, "16x9");
    assert_eq!(unknown.to_string(), "4x5");
}

/// A number that JSON does not have would be written as null, which could not be read again.
#[test]
fn numbers_that_are_none_are_not_written() {
    let mut balance: RemainingCredits =
        serde_json::from_value(json!({"remaining_credits": 1.5, "more": "\u{0}not finite"}))
            .expect("a balance");
    serde_json::to_string(&balance).expect("a text of a server is no number");
    balance.remaining_credits = f64::NAN;
    let error = serde_json::to_string(&balance).expect_err("no number");
    assert_eq!(
        error.to_string(),
        "remaining_credits: is not a finite number"
    );
}
