//! Calls of what the crate does not describe. In: methods, paths, bodies and prices from the caller. Out: they are sent to one
//! server only, as often as their price allows, and within the spend limit.

use std::collections::BTreeMap;
use std::time::Duration;

use creatify_api::transport::{Method, Recorder, Reply};
use creatify_api::types::Lipsync;
use creatify_api::{Client, Credentials, Error, Json, RawCall, RetryPolicy, Value};
use serde_json::json;

use crate::scripted_transport::{JOB, Part, ScriptedTransport, job};

/// The price that a caller states.
type State = fn(RawCall) -> RawCall;

fn new_call(client: &Client) -> RawCall {
    client
        .request(Method::POST, "/api/new/")
        .json(&json!({"name": "x"}))
}

#[tokio::test]
async fn it_goes_the_way_of_every_other_call() {
    let recorder = Recorder::new();
    recorder.on(
        Method::POST,
        "/v1/api/new/",
        Reply::json(201, &job(json!({}))),
    );
    let client = Client::builder()
        .credentials(Credentials::new("id-6d0e1f52", "key-b1946ac92492"))
        .base_url("https://example.com/v1/")
        .user_agent("a-program")
        .transport(recorder.clone())
        .build()
        .expect("a client");
    let call = || {
        let call = client.request(Method::POST, "/api/new/").query("page", 2);
        call.query("q", "a b&c")
            .header("x-trace", "abc")
            .json(&[1.5])
            .costs(5.0)
    };
    let response = call().send::<Value>().await.expect("a response");
    assert_eq!(
        (response.status().as_u16(), &response.value()["id"]),
        (201, &json!(JOB))
    );
    let typed = call().send::<Lipsync>().await.expect("a job").into_value();
    assert_eq!(typed.id.to_string(), JOB);
    call().send::<()>().await.expect("nothing is read");
    let Json(fields) = call()
        .send::<Json<BTreeMap<String, Value>>>()
        .await
        .expect("fields")
        .into_value();
    assert_eq!(fields["id"], JOB);
    let sent = recorder.requests();
    assert_eq!(sent.len(), 4);
    for request in sent {
        assert_eq!(
            request.url.as_str(),
            "https://example.com/v1/api/new/?page=2&q=a%20b%26c"
        );
        let header = |name| request.header(name);
        assert_eq!(
            (header("x-api-id"), header("x-api-key")),
            (Some("id-6d0e1f52"), Some("key-b1946ac92492"))
        );
        assert_eq!(
            (header("x-trace"), header("user-agent")),
            (Some("abc"), Some("a-program"))
        );
        assert_eq!(header("content-type"), Some("application/json"));
        assert_eq!(request.json(), Some(json!([1.5])));
    }
    let bytes = client
        .request(Method::PUT, "/api/new/")
        .body("text/plain", "text")
        .free();
    bytes.send::<()>().await.expect_err("nobody answers it");
    let request = recorder.requests().pop().expect("a request");
    assert_eq!(
        (request.header("content-type"), &request.body[..]),
        (Some("text/plain"), b"text".as_slice())
    );
}

/// The keys would go wherever the path leads.
#[tokio::test]
async fn nothing_leads_to_another_server_or_out_of_the_base_url() {
    let recorder = Recorder::new();
    let client = Client::builder()
        .credentials(Credentials::new("id", "key"))
        .transport(recorder.clone())
        .build()
        .expect("a client");
    for path in [
        "https://elsewhere.example/api/",
        "//elsewhere.example/api/",
        "/\\elsewhere.example/",
        "@elsewhere.example/",
        "api/new/",
        "/api/%2e%2e/admin/",
        "/api/..%2f/admin/",
        "/api/\r\nx-api-key: other",
        "/api/?a=b",
    ] {
        let error = client
            .request(Method::GET, path)
            .send::<()>()
            .await
            .expect_err(path);
        assert!(
            error.is_validation() && !error.is_ambiguous(),
            "{path}: {error}"
        );
        assert_eq!(error.violations()[0].path(), "path");
        assert!(!error.to_string().contains('\r'), "{error}");
    }
    let wrong: [(State, &str); 6] = [
        (
            |call| call.header("x-api-key", "other"),
            "header \"x-api-key\"",
        ),
        (
            |call| call.header("host", "elsewhere.example"),
            "header \"host\"",
        ),
        (|call| call.costs(f64::NAN), "costs"),
        (|call| call.costs(-1.0), "costs"),
        (|call| call.body("a\nb", ""), "content_type"),
        (|call| call.json(&BTreeMap::from([((1, 2), 3)])), "body"),
    ];
    for (state, path) in wrong {
        let error = state(new_call(&client)).send::<()>().await.expect_err(path);
        assert_eq!(
            error.violations().first().map(|one| one.path()),
            Some(path),
            "{error}"
        );
    }
    let tunnel = client.request(Method::CONNECT, "/api/").send::<()>().await;
    assert!(tunnel.expect_err("a tunnel").is_validation());
    assert!(recorder.requests().is_empty(), "nothing was sent");
    let moved = Reply::new(302, "").header(
        creatify_api::transport::HeaderName::from_static("location"),
        creatify_api::transport::HeaderValue::from_static("https://elsewhere.example/"),
    );
    recorder.on(Method::GET, "/api/new/", moved);
    let error = client
        .request(Method::GET, "/api/new/")
        .send::<()>()
        .await
        .expect_err("a redirect");
    assert!(
        error.is_redirect() && recorder.requests().len() == 1,
        "{error}"
    );
}

/// A lost response is either harmless or ambiguous, and what is ambiguous was sent once.
#[tokio::test(start_paused = true)]
async fn it_is_repeated_as_its_price_and_its_method_allow() {
    let table: [(Method, State, bool, bool); 9] = [
        (Method::GET, |call| call, true, false),
        (Method::GET, |call| call.costs(5.0), false, true),
        (Method::GET, |call| call.costs(5.0).idempotent(), true, true),
        (Method::POST, |call| call, false, true),
        (Method::POST, |call| call.free(), false, true),
        (Method::POST, |call| call.costs(5.0), false, true),
        (
            Method::POST,
            |call| call.costs(5.0).idempotent(),
            true,
            true,
        ),
        (Method::POST, |call| call.free().idempotent(), true, false),
        (Method::DELETE, |call| call.free(), false, true),
    ];
    for (method, state, repeated, ambiguous) in table {
        for part in [Part::Interrupted, Part::status(500), Part::Silence] {
            let scripted = ScriptedTransport::new([part.clone()]);
            let policy = RetryPolicy::new().max_attempts(3);
            let client = scripted.builder().retry(policy).build().expect("a client");
            let call = state(client.request(method.clone(), "/api/new/"));
            let name = format!("{call:?} {part:?}");
            assert_eq!(call.pending().is_some(), ambiguous, "{name}");
            let error = call.send::<Value>().await.expect_err("no response");
            assert_eq!(scripted.attempts(), if repeated { 3 } else { 1 }, "{name}");
            assert_eq!(error.is_ambiguous(), ambiguous, "{name}");
            assert_eq!(error.pending_call().is_some(), ambiguous, "{name}");
            let expected = format!("{method} /api/new/");
            assert_eq!(error.operation(), Some(expected.as_str()));
        }
        // What never reached the server is repeated in any case.
        let scripted =
            ScriptedTransport::new([Part::NotSent, Part::status(429), Part::json(200, json!(7))]);
        let call = state(scripted.client().request(method, "/api/new/"));
        assert_eq!(call.send::<i64>().await.expect("a number").into_value(), 7);
        assert_eq!(scripted.attempts(), 3);
    }
}

/// What was paid for and cannot be read is not lost.
#[tokio::test]
async fn a_success_that_cannot_be_read_keeps_the_job() {
    let scripted = ScriptedTransport::new([Part::json(201, json!({"id": "job-7", "status": 5}))]);
    let call = new_call(&scripted.client()).costs(5.0);
    let error = call.send::<Lipsync>().await.expect_err("no lipsync");
    assert!(error.is_decode() && error.is_ambiguous(), "{error}");
    assert_eq!((error.job_id(), error.job_uuid()), (Some("job-7"), None));
    assert_eq!(
        error
            .decode_error()
            .map(|error| error.path().to_owned())
            .as_deref(),
        Some("id")
    );
    let known = ScriptedTransport::new([Part::json(201, json!({"id": JOB}))]);
    let error = new_call(&known.client())
        .costs(5.0)
        .send::<Json<Vec<u8>>>()
        .await;
    let error = error.expect_err("no list");
    assert_eq!(
        error.job_uuid().map(|id| id.to_string()).as_deref(),
        Some(JOB)
    );
}

fn sums(client: &Client) -> (f64, f64) {
    let spending = client.spending().expect("a limit");
    (spending.charged, spending.reserved)
}

#[tokio::test]
async fn the_spend_limit_holds() {
    let scripted = ScriptedTransport::new([
        Part::json(201, json!({})),
        Part::Interrupted,
        Part::status(400),
    ]);
    let client = scripted
        .builder()
        .spend_limit(12.0)
        .build()
        .expect("a client");
    let error = new_call(&client)
        .send::<Value>()
        .await
        .expect_err("nobody knows the price");
    assert!(error.is_configuration() && !error.is_ambiguous(), "{error}");
    assert!(error.to_string().contains("`.costs(credits)`"), "{error}");
    let error = new_call(&client).costs(12.5).send::<Value>().await;
    assert!(error.expect_err("past the limit").is_spend_limit());
    assert_eq!(scripted.attempts(), 0, "nothing was sent");
    new_call(&client)
        .costs(5.0)
        .send::<Value>()
        .await
        .expect("5 of 12");
    assert_eq!(sums(&client), (5.0, 0.0), "what it costs is charged");
    let lost = new_call(&client)
        .costs(5.0)
        .send::<Value>()
        .await
        .expect_err("lost");
    assert_eq!(sums(&client), (5.0, 5.0), "it may have been charged");
    drop(lost);
    assert_eq!(sums(&client), (5.0, 5.0), "nobody has found out");
    assert!(
        new_call(&client)
            .costs(5.0)
            .send::<Value>()
            .await
            .expect_err("12")
            .is_spend_limit()
    );
    let refused = new_call(&client).costs(2.0).send::<Value>().await;
    assert!(refused.expect_err("refused").is_status());
    assert_eq!(sums(&client), (5.0, 5.0), "what was refused is given back");
    // What is free needs no credits, and what only reads is free unless it says otherwise.
    for call in [
        new_call(&client).free(),
        client.request(Method::GET, "/api/new/"),
    ] {
        assert!(call.send::<Value>().await.expect_err("refused").is_status());
    }
}

#[tokio::test(start_paused = true)]
async fn the_limits_of_the_client_hold() {
    let scripted = ScriptedTransport::new([Part::Silence]);
    let client = scripted
        .builder()
        .timeout(Duration::from_secs(5))
        .build()
        .expect("a client");
    let start = tokio::time::Instant::now();
    let error = new_call(&client)
        .costs(1.0)
        .send::<Value>()
        .await
        .expect_err("no response");
    assert!(
        error.is_timeout() && start.elapsed().as_secs() == 5,
        "{error}"
    );
    let large = ScriptedTransport::new([Part::json(200, json!("x".repeat(100)))]);
    let client = large
        .builder()
        .max_response_size(10)
        .build()
        .expect("a client");
    let error = client
        .request(Method::GET, "/api/new/")
        .send::<Value>()
        .await;
    assert!(error.expect_err("too large").is_response_too_large());
}

/// What the caller sends is in no debug output, and what a server repeats of the keys in no error.
#[tokio::test]
async fn nothing_secret_is_printed() {
    let echo = "key-b1946ac92492 id-6d0e1f52";
    let scripted = ScriptedTransport::new([Part::json(400, json!({"detail": echo}))]);
    let client = scripted.client();
    let call = client
        .request(Method::POST, "/api/new/")
        .query("q", "very-private")
        .json("very-private");
    let shown = format!("{call:?} {call:#?}");
    let error: Error = call.send::<Value>().await.expect_err("refused");
    let shown = format!(
        "{shown} {error} {error:?} {error:#?} {:?}",
        scripted.requests()
    );
    for secret in ["b1946ac92492", "6d0e1f52", "very-private"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
