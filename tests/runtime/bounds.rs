//! Bounds of one call. In: answers that are too large, bodies that never pause, runtimes that cannot wait. Out: errors
//! that keep what came, within the time and the memory that were allowed.

use std::future::IntoFuture;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use creatify_api::transport::{
    Body, BoxFuture, Bytes, Request, Response, Transport, TransportError,
};
use creatify_api::{Client, Credentials, Error, RetryPolicy, StatusCode, Uuid};
use futures_util::stream;
use serde_json::json;

use crate::raw::{Raw, answer};
use crate::scripted_transport::{JOB, Part, ScriptedTransport, job, paid};

/// A record that begins with its id, padded to this length.
fn padded(length: usize) -> String {
    let head = format!(r#"{{"id": "{JOB}", "text": ""#);
    let padding = "x".repeat(length - head.len() - 2);
    format!("{head}{padding}\"}}")
}

#[tokio::test]
async fn an_answer_past_the_limit_keeps_what_came_and_says_so() {
    const MOST: usize = 2000;
    let table = [
        (201, MOST + 1, true, Some(JOB)),
        (201, 100_000, true, Some(JOB)),
        (400, 100_000, false, None),
        (404, 100_000, false, None),
        (500, 100_000, true, None),
        (600, 100_000, true, None),
    ];
    for (status, length, ambiguous, id) in table {
        let server = Raw::start(vec![answer(status, "x-kept: yes\r\n", &padded(length))]).await;
        let client = server.builder().max_response_size(MOST).build();
        let client = client.expect("a client");
        let error = client.lipsyncs().create(&paid()).await;
        let error = error.expect_err("too large");
        assert!(error.is_response_too_large(), "{status}: {error}");
        assert!(error.to_string().contains("2000 bytes"), "{error}");
        let found = error.status().map(|status| status.as_u16());
        assert_eq!((found, error.is_ambiguous()), (Some(status), ambiguous));
        assert_eq!(error.job_id(), id, "{error}");
        assert_eq!(error.headers().expect("headers")["x-kept"], "yes");
        let body = error.body().expect("what came");
        assert_eq!(body, &padded(length).as_bytes()[..MOST]);
        assert_eq!(server.requests(), 1);
    }
    // A list would be as long the next time.
    let server = Raw::start(vec![answer(200, "", &padded(MOST + 1))]).await;
    let client = server.builder().max_response_size(MOST).build();
    let error = client.expect("a client").lipsyncs().list().await;
    let error = error.expect_err("too large");
    assert!(error.is_response_too_large() && !error.is_ambiguous());
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn an_answer_up_to_the_limit_is_read() {
    let text = job(json!({})).to_string();
    for (most, fits) in [(text.len(), true), (text.len() - 1, false)] {
        let server = Raw::start(vec![answer(201, "", &text)]).await;
        let client = server.builder().max_response_size(most).build();
        let made = client.expect("a client").lipsyncs().create(&paid()).await;
        assert_eq!(made.is_ok(), fits, "{most}: {made:?}");
    }
    // Unless set it is 16 MiB.
    let most = 16 * 1024 * 1024;
    let scripted = ScriptedTransport::new([Part::Answer(201, Vec::new(), padded(most + 1))]);
    let error = scripted.client().lipsyncs().create(&paid()).await;
    let error = error.expect_err("too large");
    assert_eq!(error.body().map(<[u8]>::len), Some(most));
    assert!(
        error.is_ambiguous() && error.job_id() == Some(JOB),
        "{error}"
    );
}

/// Answers a body that never ends and never lets anybody wait.
struct Endless(&'static str);

impl Transport for Endless {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let first = stream::iter([Ok(Bytes::from_static(self.0.as_bytes()))]);
        let rest = stream::repeat_with(|| Ok(Bytes::from_static(b"")));
        let body = Body::stream(futures_util::StreamExt::chain(first, rest));
        Box::pin(async { Ok(Response::new(StatusCode::CREATED, body)) })
    }
}

fn endless(text: &'static str) -> Client {
    let builder = Client::builder().credentials(Credentials::new("id", "key"));
    let builder = builder.transport(Endless(text)).retry(RetryPolicy::off());
    let client = builder.timeout(Duration::from_millis(100)).build();
    client.expect("a client")
}

#[tokio::test]
async fn a_body_that_never_pauses_ends_with_the_time_and_lets_others_work() {
    let turns = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&turns);
    // On the same thread: it has a turn only when the call gives it one.
    let other = tokio::spawn(async move {
        loop {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let client = endless(r#"{"id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "#);
    let error = client.lipsyncs().create(&paid()).await.expect_err("no end");
    other.abort();
    assert!(error.is_timeout() && error.is_ambiguous(), "{error}");
    assert_eq!(error.job_id(), Some(JOB));
    assert!(turns.load(Ordering::Relaxed) > 1);
    // A caller who stops to wait is heard as well.
    let client = Client::builder()
        .credentials(Credentials::new("id", "key"))
        .transport(Endless(""))
        .build()
        .expect("a client");
    let list = client.lipsyncs().list().into_future();
    let waited = tokio::time::timeout(Duration::from_millis(50), list).await;
    assert!(waited.is_err());
}

/// What there is to wait for, each on a runtime of its own kind.
async fn everything(client: &Client) -> Vec<(&'static str, Option<Error>)> {
    let id = Uuid::from_u128(7);
    let lipsyncs = client.lipsyncs();
    vec![
        ("list", lipsyncs.list().await.err()),
        ("create", lipsyncs.create(&paid()).await.err()),
        ("wait", lipsyncs.wait(id).await.err()),
        (
            "download",
            client
                .download("http://127.0.0.1:9/file")
                .bytes()
                .await
                .err(),
        ),
    ]
}

#[test]
fn a_runtime_without_timers_is_an_error() {
    let scripted = ScriptedTransport::new([Part::json(200, json!([]))]);
    let client = scripted.builder().spend_limit(100.0).build();
    let client = client.expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    for (name, error) in runtime.expect("a runtime").block_on(everything(&client)) {
        let error = error.unwrap_or_else(|| panic!("{name} went on"));
        assert!(error.is_configuration(), "{name}: {error}");
        assert!(error.to_string().contains("enable_time"), "{name}: {error}");
        assert!(!error.is_ambiguous(), "{name}: {error}");
    }
    assert_eq!(scripted.attempts(), 0);
    assert_eq!(client.spending().expect("a limit").reserved, 0.0);
}

#[test]
fn no_runtime_at_all_is_an_error() {
    let scripted = ScriptedTransport::new([Part::json(200, json!([]))]);
    let client = scripted.client();
    let mut calls = pin!(everything(&client));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(outcomes) = calls.as_mut().poll(&mut context) else {
        panic!("there is nothing to wait for");
    };
    for (name, error) in outcomes {
        let error = error.unwrap_or_else(|| panic!("{name} went on"));
        assert!(error.is_configuration(), "{name}: {error}");
        assert!(error.to_string().contains("runtime"), "{name}: {error}");
    }
    assert_eq!(scripted.attempts(), 0);
}
