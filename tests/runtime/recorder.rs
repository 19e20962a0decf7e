//! The crate's own double. In: programs under test, replies by method and path. Out: what was sent, as a server would see it, and
//! nothing of it in debug output.

use creatify_api::transport::{HeaderName, HeaderValue, Method, Recorder, Reply};
use creatify_api::{Client, Credentials, RetryPolicy};
use serde_json::json;

use crate::scripted_transport::{JOB, Part, ScriptedTransport, job, paid};

fn client(recorder: &Recorder) -> Client {
    Client::builder()
        .credentials(Credentials::new("id-6d0e1f52", "key-b1946ac92492"))
        .retry(RetryPolicy::off())
        .transport(recorder.clone())
        .build()
        .expect("a client")
}

#[tokio::test]
async fn replies_are_given_in_order_and_the_last_one_again() {
    let recorder = Recorder::new();
    let one = "/api/lipsyncs/{id}/";
    for status in ["pending", "running"] {
        recorder.on(
            Method::GET,
            one,
            Reply::json(200, &job(json!({"status": status}))),
        );
    }
    recorder.on(Method::POST, "/api/lipsyncs/", Reply::interrupted("reset"));
    let client = client(&recorder);
    let id = JOB.parse().expect("an id");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let job = client.lipsyncs().retrieve(id).await.expect("a job");
        seen.push(job.status.as_str().to_owned());
    }
    assert_eq!(seen, ["pending", "running", "running"]);
    let lost = client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("a broken connection");
    assert!(lost.is_ambiguous(), "{lost}");
    let unset = client.lipsyncs().list().await.expect_err("no reply is set");
    assert!(
        unset.is_not_found() && unset.to_string().contains("GET /api/lipsyncs/"),
        "{unset}"
    );
    assert_eq!(recorder.requests().len(), 5);
    assert_eq!(recorder.requests_to(Method::GET, one).len(), 3);
    let posts = recorder.requests_to(Method::POST, "/api/lipsyncs/");
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].json().expect("JSON")["text"], "Hello");
    assert_eq!(posts[0].header("x-api-key"), Some("key-b1946ac92492"));
    recorder.clear();
    assert!(recorder.requests().is_empty());
    client
        .lipsyncs()
        .retrieve(id)
        .await
        .expect("the replies stay");
}

/// Whoever tests how a program bears a bad network says what the network does.
#[tokio::test(start_paused = true)]
async fn every_way_to_fail_can_be_told() {
    let recorder = Recorder::new();
    let later = Reply::json(429, &json!({"detail": "Later."})).header(
        HeaderName::from_static("retry-after"),
        HeaderValue::from_static("7"),
    );
    for reply in [
        Reply::not_sent("no such host"),
        later,
        Reply::silence(),
        Reply::new(9999, "no status of HTTP"),
    ] {
        recorder.on(Method::GET, "/api/lipsyncs/", reply);
    }
    let client = client(&recorder);
    let call = || client.lipsyncs().list();
    let not_sent = call().await.expect_err("no connection");
    assert!(
        not_sent.is_connect() && not_sent.to_string().contains("no such host"),
        "{not_sent}"
    );
    let limited = call().await.expect_err("too many");
    assert_eq!(limited.retry_after().map(|wait| wait.as_secs()), Some(7));
    assert!(call().await.expect_err("silence").is_timeout());
    assert!(call().await.expect_err("an error").is_server());
}

#[tokio::test]
async fn another_transport_can_be_listened_to() {
    let scripted = ScriptedTransport::new([Part::json(200, json!([]))]);
    let recorder = Recorder::wrapping(scripted.clone());
    recorder.on(
        Method::POST,
        "/api/lipsyncs/",
        Reply::json(402, &json!({"detail": "None left."})),
    );
    let client = client(&recorder);
    client
        .lipsyncs()
        .list()
        .await
        .expect("the other transport answers");
    let error = client
        .lipsyncs()
        .create(&paid())
        .await
        .expect_err("the reply answers");
    assert!(error.is_out_of_credits());
    assert_eq!((recorder.requests().len(), scripted.attempts()), (2, 1));
}

#[tokio::test]
async fn debug_output_shows_no_key_and_no_body() {
    let recorder = Recorder::new();
    let reply = Reply::json(200, &json!({"secret": "in-the-reply"}));
    let mut shown = format!("{reply:?}");
    recorder.on(Method::POST, "/api/lipsyncs/", reply);
    let request = paid().text("in-the-request");
    let _ = client(&recorder).lipsyncs().create(&request).await;
    shown.push_str(&format!(
        "{recorder:?} {recorder:#?} {:?}",
        recorder.requests()
    ));
    assert!(shown.contains("/api/lipsyncs/"), "{shown}");
    for secret in ["b1946ac92492", "6d0e1f52", "in-the-reply", "in-the-request"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
