//! Retries. In: failures of every kind. Out: how often a call was sent, and how long it waited.

use std::time::Duration;

use creatify_api::{Error, RetryPolicy, Uuid};
use serde_json::json;
use tokio::time::Instant;

use crate::scripted_transport::{Part, ScriptedTransport, job, paid};

/// A free call; how often it was sent.
async fn free(parts: &[Part]) -> (Result<(), Error>, usize) {
    let scripted = ScriptedTransport::new(parts.to_vec());
    let outcome = scripted.client().lipsyncs().list().await;
    (outcome.map(drop), scripted.attempts())
}

/// A call that costs credits; how often it was sent.
async fn billing(parts: &[Part]) -> (Result<(), Error>, usize) {
    let scripted = ScriptedTransport::new(parts.to_vec());
    let outcome = scripted.client().lipsyncs().create(&paid()).await;
    (outcome.map(drop), scripted.attempts())
}

/// Everything that may be over the next time.
fn transient() -> Vec<Part> {
    let mut parts: Vec<_> = [408, 425, 429, 500, 502, 503, 504]
        .map(Part::status)
        .to_vec();
    parts.extend([
        Part::NotSent,
        Part::Interrupted,
        Part::Silence,
        Part::Cut(200, "[{".to_owned()),
        Part::Answer(200, Vec::new(), "<html>".to_owned()),
    ]);
    parts
}

#[tokio::test(start_paused = true)]
async fn a_free_call_is_repeated_after_whatever_may_be_over() {
    for part in transient() {
        let (outcome, attempts) = free(&[part.clone(), Part::json(200, json!([]))]).await;
        outcome.unwrap_or_else(|error| panic!("{part:?}: {error}"));
        assert_eq!(attempts, 2, "{part:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_paid_call_is_repeated_only_when_the_server_cannot_have_processed_it() {
    for part in transient() {
        let answer = Part::json(201, job(json!({})));
        let (outcome, attempts) = billing(&[part.clone(), answer]).await;
        let safe = match &part {
            Part::NotSent => true,
            Part::Answer(status, ..) => matches!(*status, 425 | 429),
            Part::Cut(..) | Part::Interrupted | Part::Silence => false,
        };
        assert_eq!(attempts, if safe { 2 } else { 1 }, "{part:?}");
        match outcome {
            Ok(()) => assert!(safe, "{part:?}"),
            Err(error) => assert!(!safe && error.is_ambiguous(), "{part:?}: {error}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final() {
    let statuses = [307, 308, 400, 401, 402, 403, 404, 405, 409, 413, 422];
    for part in statuses.map(Part::status) {
        for (outcome, attempts) in [
            free(std::slice::from_ref(&part)).await,
            billing(std::slice::from_ref(&part)).await,
        ] {
            let error = outcome.expect_err("a refusal");
            assert!(error.is_status() && !error.is_ambiguous(), "{error}");
            assert_eq!((attempts, error.attempts()), (1, 1), "{part:?}");
        }
    }
    // Used-up credits do not come back by asking again.
    let broke = json!({"detail": "Insufficient credits: this call costs 5, 0 are left."});
    let (outcome, attempts) = billing(&[Part::json(400, broke)]).await;
    assert!(outcome.expect_err("no credits").is_out_of_credits());
    assert_eq!(attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn attempts_end_and_the_error_counts_them() {
    let (outcome, attempts) = free(&[Part::NotSent]).await;
    let error = outcome.expect_err("no connection");
    assert_eq!((attempts, error.attempts()), (4, 4));
    assert!(error.to_string().contains("after 4 attempts"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn policies_of_the_client_and_of_the_call() {
    let scripted = ScriptedTransport::new([Part::NotSent]);
    let off = scripted.builder().retry(RetryPolicy::off()).build();
    let client = off.expect("a client");
    let call = client.lipsyncs().list();
    call.clone().await.expect_err("no connection");
    assert_eq!(scripted.attempts(), 1);
    let more = RetryPolicy::new().max_attempts(7);
    call.retry(more).await.expect_err("no connection");
    assert_eq!(scripted.attempts(), 1 + 7);
}

#[tokio::test(start_paused = true)]
async fn the_server_says_when_it_wants_to_be_asked_again() {
    let date = "Sun, 06 Nov 1994 08:49:44 GMT".to_owned();
    let header = |name, value: &str| (name, value.to_owned());
    let dated = vec![
        ("retry-after", date),
        header("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ];
    for part in [
        Part::later(429, "7"),
        Part::later(503, "7"),
        Part::Answer(503, dated, String::new()),
    ] {
        let start = Instant::now();
        let (outcome, attempts) = free(&[part.clone(), Part::json(200, json!([]))]).await;
        outcome.expect("a list");
        let waited = start.elapsed().as_secs_f64();
        assert!((7.0..7.6).contains(&waited), "{part:?}: {waited}");
        assert_eq!(attempts, 2);
    }
    // Longer than anybody waits: the caller decides.
    let (outcome, attempts) = free(&[Part::later(429, "3600")]).await;
    let error = outcome.expect_err("too many requests");
    assert!(error.is_rate_limited() && attempts == 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test(start_paused = true)]
async fn the_total_time_counts_waits_and_attempts() {
    let scripted = ScriptedTransport::new([Part::later(429, "60")]);
    let start = Instant::now();
    let call = scripted.client().lipsyncs().list();
    let call = call.total_timeout(Duration::from_secs(100));
    assert!(call.await.expect_err("no time").is_rate_limited());
    // One wait of a minute fits in, a second does not, and is not begun.
    let waited = start.elapsed().as_secs();
    assert!(scripted.attempts() == 2 && (60..=61).contains(&waited));

    let scripted = ScriptedTransport::new([Part::Silence]);
    let start = Instant::now();
    let call = scripted.client().lipsyncs().list();
    let call = call
        .timeout(Duration::from_secs(30))
        .total_timeout(Duration::from_secs(40));
    assert!(call.await.expect_err("no answer").is_timeout());
    assert!(start.elapsed() <= Duration::from_secs(41));
    assert_eq!(scripted.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_budget_of_a_client_ends_retries_of_a_service_that_is_down() {
    let scripted = ScriptedTransport::new([Part::status(503)]);
    let client = scripted.client();
    for _ in 0..100 {
        let clone = client.clone();
        clone.lipsyncs().list().await.expect_err("down");
    }
    // A hundred calls, and a hundred retries in all instead of three hundred.
    assert_eq!(scripted.attempts(), 200);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_sends_the_same_bytes() {
    let scripted =
        ScriptedTransport::new([Part::NotSent, Part::later(429, "0"), Part::status(400)]);
    let request = paid().name("order-7");
    let outcome = scripted.client().lipsyncs().create(&request).await;
    outcome.expect_err("refused in the end");
    let requests = scripted.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.body, requests[0].body);
        assert_eq!(request.headers, requests[0].headers);
        assert_eq!(request.url, requests[0].url);
    }
    // The double saw what really goes out, keys included.
    assert_eq!(requests[0].headers["x-api-key"], "key-b1946ac92492");
    assert_eq!(requests[0].headers["content-type"], "application/json");
    assert!(requests[0].body.starts_with(b"{"));
}

#[tokio::test(start_paused = true)]
async fn a_render_is_a_paid_call_like_any_other() {
    let scripted = ScriptedTransport::new([Part::Interrupted, Part::json(200, job(json!({})))]);
    let id = Uuid::from_u128(7);
    let outcome = scripted.client().lipsyncs().render(id).await;
    let error = outcome.expect_err("nobody knows");
    assert!(error.is_ambiguous() && scripted.attempts() == 1);
    assert_eq!(error.job_id(), Some(id.to_string().as_str()));
}
