//! Bodies. In: every shape that the service documents, and hostile ones. Out: an event, or an error that tells why not.

use creatify_api::webhook::{Event, MAX_BYTES};
use creatify_api::{Uuid, Value};
use proptest::prelude::*;
use serde_json::json;

pub(crate) const JOB: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

pub(crate) fn event(body: &Value) -> Event {
    Event::parse(body.to_string().as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"))
}

/// What the error says of a body; it must be short and safe to print.
fn refusal(body: &[u8]) -> String {
    let error = Event::parse(body).expect_err("it is no webhook");
    assert!(error.is_webhook());
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.len() < 800, "{} bytes: {text}", text.len());
    text
}

/// The shapes of the facts, member by member.
#[test]
fn every_shape_of_the_service_is_read() {
    let id = JOB.to_string();
    let address = "https://media.example.com/a.mp4";
    for member in ["output", "video_output"] {
        let done =
            event(&json!({"id": id, "status": "done", "failed_reason": null, member: address}));
        assert_eq!((done.id(), done.status()), (JOB, "done"));
        assert_eq!((done.output(), done.failed_reason()), (Some(address), None));
        // Empty is how the service writes that there is none.
        let failed =
            event(&json!({"id": id, "status": "failed", "failed_reason": "too long", member: ""}));
        assert_eq!(
            (failed.output(), failed.failed_reason()),
            (None, Some("too long"))
        );
        assert_eq!(failed.video_thumbnail(), None);
        assert!(failed.previews().is_empty());
    }
    let link = json!({"id": id, "status": "done", "failed_reason": "", "video_output": address, "video_thumbnail": "https://p"});
    assert_eq!(event(&link).video_thumbnail(), Some("https://p"));
    let previews = json!({"id": id, "status": "pending", "failed_reason": null, "previews": [{"url": "a"}, {"url": "b"}]});
    assert_eq!(event(&previews).previews()[1]["url"], "b");
    let record = json!({"id": id, "status": "video_generated", "product_url": "https://p", "credits_used": 5, "image": [1, {"a": null}]});
    let whole = event(&record);
    assert_eq!(
        Value::Object(whole.fields().clone()),
        record,
        "nothing is lost"
    );
    assert_eq!(whole.output(), None);
}

/// Another type than expected is no reason to miss the news.
#[test]
fn other_members_may_be_anything() {
    let odd = json!({"id": JOB.to_string(), "status": "new", "output": ["a"], "failed_reason": {"code": 5}, "previews": "no"});
    let odd = event(&odd);
    assert_eq!(
        (odd.output(), odd.failed_reason(), odd.previews().len()),
        (None, None, 0)
    );
    assert_eq!(odd.fields()["failed_reason"]["code"], 5);
}

#[test]
fn what_is_no_webhook_is_refused_with_a_reason() {
    let id = JOB.to_string();
    let deep = format!(
        "{{\"id\": \"{id}\", \"status\": \"done\", \"a\": {}",
        "[".repeat(1_000)
    );
    let full = format!(
        "{{\"id\": \"{id}\", \"status\": \"done\", \"a\": [{}0]}}",
        "{},".repeat(50_000)
    );
    let large = format!(
        "{{\"id\": \"{id}\", \"status\": \"done\", \"a\": \"{}\"}}",
        "x".repeat(MAX_BYTES)
    );
    let twice = format!(
        "{{\"id\": \"{id}\", \"status\": \"done\", \"id\": \"{}\"}}",
        Uuid::nil()
    );
    let python = format!("{{'id': '{id}', 'status': 'done', 'failed_reason': '', 'output': ''}}");
    let long_id = format!(
        "{{\"id\": \"\\u001b[31m{}\", \"status\": \"done\"}}",
        "x".repeat(5_000)
    );
    let table = [
        ("", "not JSON"),
        ("<html>", "not JSON"),
        ("{\"id\": ", "not JSON"),
        ("{} {}", "not JSON"),
        ("[]", "not an object but"),
        ("\"text\"", "not an object but"),
        ("null", "not an object but"),
        ("{\"status\": \"done\"}", "no `id`"),
        ("{\"id\": 5, \"status\": \"done\"}", "`id` is not a text"),
        ("{\"id\": \"5\", \"status\": \"done\"}", "not a UUID: \"5\""),
        (&long_id, "not a UUID: \"\\u{1b}[31mxxx"),
        (&python, "single quotes"),
        (&deep, "recursion limit"),
        (&full, "more than 20000 values"),
        (&large, "1048576 are the most"),
        (&twice, "\"id\" twice"),
    ];
    for (body, expected) in table {
        let text = refusal(body.as_bytes());
        assert!(text.contains(expected), "{text}");
    }
    for status in [
        "",
        ", \"status\": null",
        ", \"status\": 7",
        ", \"status\": \"\"",
    ] {
        let text = refusal(format!("{{\"id\": \"{id}\"{status}}}").as_bytes());
        assert!(text.contains("`status`"), "{text}");
    }
    assert!(refusal(b"{\"id\": \"\xff\"}").contains("not UTF-8, from byte 8 on"));
    // A text that turns the line around, where a person reads it.
    assert!(!refusal("{\"id\": \"\u{202e}\"}".as_bytes()).contains('\u{202e}'));
}

/// Commas and brackets in a text are no values.
#[test]
fn a_long_script_is_fine() {
    let script = ",[{\\\"".repeat(20_000);
    let body = json!({"id": JOB.to_string(), "status": "done", "script": script});
    assert_eq!(
        event(&body).fields()["script"].as_str().map(str::len),
        Some(100_000)
    );
}

#[test]
fn the_limit_can_be_another_one() {
    let body = json!({"id": JOB.to_string(), "status": "done"}).to_string();
    let parse = |limit| Event::parse_limited(body.as_bytes(), limit);
    assert!(parse(body.len()).is_ok() && parse(body.len() - 1).is_err());
}

/// Addresses of results do not belong into logs.
#[test]
fn printing_an_event_shows_no_address() {
    let event =
        event(&json!({"id": JOB.to_string(), "status": "done\u{1b}", "output": "https://secret"}));
    let shown = format!("{event:?}");
    assert!(
        !shown.contains("secret") && !shown.contains('\u{1b}'),
        "{shown}"
    );
    assert!(shown.contains(&JOB.to_string()));
}

proptest! {
    /// Whatever comes, it ends in an event or in a short error.
    #[test]
    fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if Event::parse(&bytes).is_err() {
            refusal(&bytes);
        }
    }

    /// As before, with what is nearly right.
    #[test]
    fn nor_does_what_is_nearly_json(text in r#"\{("(id|status|\\u[0-9a-f]{2,4}|.)" ?: ?("[^"]{0,60}"|[0-9]{1,30}|\[|\{|null),?){0,5}\}?"#) {
        if Event::parse(text.as_bytes()).is_err() {
            refusal(text.as_bytes());
        }
    }
}
