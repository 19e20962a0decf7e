//! What the service would ignore. In: requests with more than the document knows. Out: that each is
//! answered, charged and remembered as if it had less, and written down; and that a strict emulator
//! refuses it.

use creatify_emulator::Options;
use serde_json::{Value, json};

use crate::fixture;
use crate::wire::{self, Request};

const FORM: &str = "application/x-www-form-urlencoded";

/// Requests, the status when they are answered, and the places of what is ignored.
fn requests() -> Vec<(Request, u16, Vec<&'static str>)> {
    let post = |path: &str, body: Value| {
        Request::new("POST", path).body("application/json", body.to_string())
    };
    let part = |name: &str, value: &str| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts = [("text", "a"), ("aspect_ratio", "9x16"), ("mood", "b")];
    let parts: String = parts
        .iter()
        .map(|(name, value)| part(name, value))
        .collect();
    let voice = json!({"type": "text", "input_text": "a", "mood": 1});
    let scenes = json!([{"voice": voice, "x": {"y": 1}}]);
    vec![
        (
            Request::new("GET", "/api/personas/?colour=red&gender=m"),
            200,
            vec!["/query/colour"],
        ),
        (
            Request::new("GET", "/api/lipsyncs/?page=2"),
            200,
            vec!["/query/page"],
        ),
        (
            post(
                "/api/lipsyncs/?dry_run=1",
                json!({"aspect_ratio": "9x16", "text": "a"}),
            ),
            201,
            vec!["/query/dry_run"],
        ),
        (
            post(
                "/api/lipsyncs/",
                json!({
                    "aspect_ratio": "9x16", "text": "a", "is_hidden": true, "status": 7, "mood": {"a": 1},
                }),
            ),
            201,
            vec!["/body/is_hidden", "/body/mood", "/body/status"],
        ),
        (
            post("/api/lipsyncs_v2/", json!({"video_inputs": scenes})),
            201,
            vec!["/body/video_inputs/0/voice/mood", "/body/video_inputs/0/x"],
        ),
        (
            Request::new("POST", "/api/lipsyncs/")
                .body(FORM, "text=a&aspect_ratio=9x16&mood=b&id=c"),
            201,
            vec!["/body/id", "/body/mood"],
        ),
        (
            Request::new("POST", "/api/lipsyncs/preview/").body(
                "multipart/form-data; boundary=B",
                format!("{parts}--B--\r\n"),
            ),
            200,
            vec!["/body/mood"],
        ),
    ]
}

#[tokio::test]
async fn what_the_service_would_ignore_is_answered_and_written_down() {
    let emulator = fixture::start(Options::stepped()).await;
    let mut paid = 0;
    for (request, status, places) in requests() {
        let mut verdict = fixture::verdict(&emulator, &request).await;
        verdict.pointers.sort();
        assert_eq!(
            (verdict.status, &verdict.pointers),
            (
                status,
                &places.iter().map(|place| (*place).to_owned()).collect()
            ),
            "{verdict:?}"
        );
        assert!(!verdict.text.contains("mood"), "{verdict:?}");
        assert!(!verdict.text.contains("\"is_hidden\":true"), "{verdict:?}");
        paid += usize::from(verdict.text.starts_with('{'));
        assert_eq!(emulator.state().ledger().len(), paid);
    }
    assert_eq!(paid, 5);
    let requests = emulator.state().requests();
    assert!(
        requests
            .iter()
            .all(|request| !request.violations.is_empty())
    );
}

#[tokio::test]
async fn strictly_it_is_refused_and_costs_nothing() {
    let emulator = fixture::start(Options::stepped().strict()).await;
    for (request, _, places) in requests() {
        let mut verdict = fixture::verdict(&emulator, &request).await;
        verdict.pointers.sort();
        assert_eq!(verdict.status, 400, "{verdict:?}");
        assert_eq!(verdict.pointers, places, "{verdict:?}");
        let fields: Value = serde_json::from_str(&verdict.text).expect("the service's shape");
        let first = places[0].split('/').nth(2).expect("a name");
        assert!(fields[first][0].is_string(), "{verdict:?}");
    }
    assert!(emulator.state().ledger().is_empty());
}

#[tokio::test]
async fn a_body_where_none_is_due_is_ignored_unless_strictly_taken() {
    for (options, status) in [
        (Options::stepped(), 200),
        (Options::stepped().strict(), 400),
    ] {
        let emulator = fixture::start(options).await;
        let body = json!({"aspect_ratio": "9x16", "text": "a"}).to_string();
        let preview = Request::new("POST", "/api/lipsyncs/preview/").body("application/json", body);
        let answer = wire::send(emulator.base_url(), &preview).await;
        let job: Value = serde_json::from_slice(&answer.body).expect("a job");
        emulator
            .state()
            .advance(std::time::Duration::from_secs(3_600));
        let path = format!(
            "/api/lipsyncs/{}/render/",
            job["id"].as_str().expect("an id")
        );
        let render = Request::new("POST", &path).body("application/json", r#"{"text": "b"}"#);
        let verdict = fixture::verdict(&emulator, &render).await;
        assert_eq!(verdict.status, status, "{verdict:?}");
        assert_eq!(verdict.pointers, ["/body"]);
        assert!(!verdict.text.contains("\"text\":\"b\""), "{verdict:?}");
    }
}
