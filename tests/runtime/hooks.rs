//! Interceptors. In: hooks that meddle. Out: what they may change, and what they may not.

use std::sync::{Arc, Mutex};

use creatify_api::{Attempt, Interceptor, Outcome};
use serde_json::json;

use crate::scripted_transport::{Part, ScriptedTransport, paid};

/// Tries everything, and writes down what it sees.
#[derive(Clone, Default)]
struct Meddler(Arc<Mutex<Vec<String>>>);

impl Interceptor for Meddler {
    fn before(&self, attempt: &mut Attempt<'_>) {
        let mut seen = self.0.lock().expect("no panic");
        let path = attempt.url.path();
        seen.push(format!("{} {} {path}", attempt.number, attempt.name));
        seen.extend(attempt.headers.keys().map(|name| format!("header {name}")));
        for (name, value) in [
            ("x-trace", "abc"),
            ("x-api-key", "another"),
            ("content-type", "text/plain"),
            ("content-length", "0"),
            ("host", "elsewhere.example"),
        ] {
            attempt
                .headers
                .insert(name, value.parse().expect("a value"));
        }
    }

    fn after(&self, outcome: &Outcome<'_>) {
        let mut seen = self.0.lock().expect("no panic");
        let status = outcome.status.map(|status| status.as_u16());
        let failed = outcome.error.is_some();
        seen.push(format!("{} {status:?} {failed}", outcome.number));
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_sees_every_attempt_and_adds_headers_but_neither_sees_nor_sets_keys() {
    let meddler = Meddler::default();
    let scripted =
        ScriptedTransport::new([Part::NotSent, Part::status(429), Part::json(200, json!([]))]);
    let client = scripted
        .builder()
        .interceptor(meddler.clone())
        .build()
        .expect("a client");
    client.lipsyncs().list().await.expect("a list");
    let seen = meddler.0.lock().expect("no panic").clone();
    let expected = |number: u32, end: &str| {
        vec![
            format!("{number} lipsyncs_list /api/lipsyncs/"),
            "header accept".to_owned(),
            "header user-agent".to_owned(),
            format!("{number} {end}"),
        ]
    };
    let expected = [
        expected(1, "None true"),
        expected(2, "Some(429) true"),
        expected(3, "Some(200) false"),
    ];
    assert_eq!(seen, expected.concat());
    for request in scripted.requests() {
        assert_eq!(request.headers["x-trace"], "abc");
        assert_eq!(request.headers["x-api-key"], "key-b1946ac92492");
        assert_eq!(request.headers.get_all("x-api-key").iter().count(), 1);
        for name in ["content-type", "content-length", "host"] {
            assert!(!request.headers.contains_key(name), "{name}");
        }
    }
}

#[tokio::test]
async fn what_describes_the_body_stays_true() {
    let scripted = ScriptedTransport::new([Part::status(400)]);
    let client = scripted
        .builder()
        .interceptor(Meddler::default())
        .build()
        .expect("a client");
    client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("refused");
    let request = scripted.requests().remove(0);
    assert_eq!(request.headers["content-type"], "application/json");
}

/// Keeps what it sees of bodies.
#[derive(Clone, Default)]
struct Reader(Arc<Mutex<Vec<Seen>>>);

/// What an attempt says of its body, what that is, and its debug output.
type Seen = (Option<String>, Option<Vec<u8>>, String);

impl Interceptor for Reader {
    fn before(&self, attempt: &mut Attempt<'_>) {
        let seen = (
            attempt.content_type().map(str::to_owned),
            attempt.body().map(<[u8]>::to_vec),
            format!("{attempt:?}"),
        );
        self.0.lock().expect("no panic").push(seen);
    }
}

/// A signature is made of what is sent, at every attempt.
#[tokio::test(start_paused = true)]
async fn a_hook_reads_the_body_that_is_sent_and_no_key() {
    let reader = Reader::default();
    let scripted = ScriptedTransport::new([Part::NotSent, Part::status(400)]);
    let client = scripted
        .builder()
        .interceptor(reader.clone())
        .build()
        .expect("a client");
    let request = paid().text("very-private");
    client
        .lipsyncs()
        .create(&request)
        .await
        .expect_err("refused");
    client.lipsyncs().list().await.expect_err("refused");
    let seen = reader.0.lock().expect("no panic").clone();
    let sent = scripted.requests();
    assert_eq!((seen.len(), sent.len()), (3, 3));
    for ((content_type, body, shown), request) in seen.iter().zip(&sent) {
        assert_eq!(content_type.as_deref(), request.header("content-type"));
        assert_eq!(body.as_deref().unwrap_or_default(), &request.body[..]);
        assert!(
            !shown.contains("very-private") && !shown.contains("b1946ac92492"),
            "{shown}"
        );
        let text = String::from_utf8_lossy(body.as_deref().unwrap_or_default());
        assert!(
            !text.contains("b1946ac92492") && !text.contains("6d0e1f52"),
            "{text}"
        );
    }
    assert!(
        seen[0].1.is_some() && seen[2].1.is_none(),
        "a list has no body"
    );
}
