//! A server that receives webhooks. In: requests, of the emulator and hostile ones. Out: what the program gets, and the
//! answer.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use creatify_api::types::TextToSpeechRequest;
use creatify_api::webhook::axum::{Rejection, Webhook, router};
use creatify_api::webhook::{Event, MAX_BYTES};
use creatify_api::{Client, Credentials};
use creatify_emulator::{Emulator, Options};
use futures_util::stream;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::parse::JOB;
use crate::wire;

/// Serves an app on this machine; gives its address.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

fn body() -> String {
    json!({"id": JOB.to_string(), "status": "done", "output": "https://secret"}).to_string()
}

async fn extract(content_type: Option<&str>, body: Body) -> Result<Event, Rejection> {
    let mut request = Request::builder().method("POST").uri("/hook");
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let request = request.body(body).expect("a request");
    Webhook::from_request(request, &())
        .await
        .map(|Webhook(event)| event)
}

/// The status and the text of a refusal.
async fn answer(rejection: Rejection) -> (StatusCode, String) {
    let shown = rejection.to_string();
    let response = rejection.into_response();
    let status = response.status();
    assert_eq!(
        response.headers()["content-type"],
        "text/plain; charset=utf-8"
    );
    let text = axum::body::to_bytes(response.into_body(), 1_000)
        .await
        .expect("a text");
    let text = String::from_utf8(text.to_vec()).expect("UTF-8");
    assert_eq!(text, shown);
    (status, text)
}

#[tokio::test]
async fn json_is_taken_however_it_is_called() {
    for content_type in [
        None,
        Some("application/json"),
        Some("Application/JSON; charset=utf-8"),
        Some("application/vnd.creatify+json"),
    ] {
        let event = extract(content_type, Body::from(body())).await;
        assert_eq!(event.expect("an event").id(), JOB, "{content_type:?}");
    }
}

/// An answer that repeats the request would let strangers put what they like onto the server's pages.
#[tokio::test]
async fn refusals_are_plain_and_repeat_nothing() {
    let broken = stream::iter([Ok(Bytes::from("{\"id\"")), Err(io::Error::other("gone"))]);
    let endless = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from(vec![b'<'; 64 * 1024])));
    let untold = stream::iter([MAX_BYTES, 1].map(|length| Ok::<_, io::Error>("<".repeat(length))));
    let large = "<".repeat(MAX_BYTES + 1);
    let table = [
        (Some("text/html"), Body::from(body()), 415),
        (
            Some("application/x-www-form-urlencoded"),
            Body::from(body()),
            415,
        ),
        (Some("application/jsonp"), Body::from(body()), 415),
        (Some("\u{e4}"), Body::from(body()), 415),
        (Some("application/json"), Body::from("<script>secret"), 400),
        (
            Some("application/json"),
            Body::from("{\"id\": \"<script>secret\"}"),
            400,
        ),
        (Some("application/json"), Body::empty(), 400),
        (None, Body::from_stream(broken), 400),
        (None, Body::from(large), 413),
        (None, Body::from_stream(untold), 413),
        (None, Body::from_stream(endless), 413),
    ];
    for (at, (content_type, body, expected)) in table.into_iter().enumerate() {
        let rejection = extract(content_type, body)
            .await
            .expect_err("it is refused");
        assert_eq!(rejection.status(), expected, "row {at}");
        let (status, text) = answer(rejection).await;
        assert_eq!(status, expected, "row {at}");
        assert!(
            !text.contains(['<', '{']) && !text.contains("secret"),
            "row {at}: {text}"
        );
    }
}

/// For the log, the reason is there all the same.
#[tokio::test]
async fn a_refusal_has_its_reason() {
    let rejection = extract(None, Body::from("{}"))
        .await
        .expect_err("it is refused");
    let source = std::error::Error::source(&rejection).expect("a reason");
    assert!(source.to_string().contains("no `id`"), "{source}");
}

/// The route stands in an app with a state of its own, and a handler's output is the answer.
#[tokio::test]
async fn a_router_is_part_of_an_app() {
    let (sender, mut events) = mpsc::unbounded_channel();
    let app: Router<u32> = Router::new()
        .route("/", axum::routing::get(|| async { "home" }))
        .merge(router("/hook", move |event: Event| {
            let sent = sender.send(event.id());
            async move { sent.expect("a receiver") }
        }))
        .merge(router("/full", |_| async {
            StatusCode::SERVICE_UNAVAILABLE
        }));
    let url = serve(app.with_state(5)).await;
    let post = |path| wire::Request::new("POST", path).body("application/json", body());
    assert_eq!(wire::send(&url, &post("/hook")).await.status, 200);
    assert_eq!(events.recv().await, Some(JOB));
    assert_eq!(wire::send(&url, &post("/full")).await.status, 503);
    assert_eq!(
        wire::send(&url, &wire::Request::new("GET", "/hook"))
            .await
            .status,
        405
    );
    let wrong = wire::Request::new("POST", "/hook").body("application/json", "{}");
    let answer = wire::send(&url, &wrong).await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (400, "the body is no webhook of the service")
    );
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert!(
        events.try_recv().is_err(),
        "what is refused does not reach the handler"
    );
}

/// The service is told that an event was taken only once it was.
#[tokio::test]
async fn the_answer_waits_for_the_handler() {
    let (sender, receiver) = tokio::sync::watch::channel(false);
    let handler = move |_| {
        let mut receiver = receiver.clone();
        async move {
            let opened = receiver.wait_for(|open| *open).await;
            assert!(opened.is_ok_and(|open| *open));
        }
    };
    let url = serve(router("/hook", handler)).await;
    let request = wire::Request::new("POST", "/hook").body("application/json", body());
    let mut sending = Box::pin(wire::send(&url, &request));
    let early = within(Duration::from_millis(100), &mut sending).await;
    assert!(early.is_none(), "answered before the event was handled");
    sender.send(true).expect("a handler");
    assert_eq!(sending.await.status, 200);
}

async fn within<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(time, future).await.ok()
}

/// From the emulator's own delivery to the job as the API tells it.
#[tokio::test]
async fn what_the_emulator_sends_arrives_and_is_confirmed() {
    let (sender, mut events) = mpsc::unbounded_channel();
    let url = serve(router("/hook", move |event: Event| {
        let sent = sender.send(event);
        async move { sent.expect("a receiver") }
    }))
    .await;
    let emulator = Emulator::start(Options::stepped().strict())
        .await
        .expect("an emulator");
    let client = Client::builder()
        .credentials(Credentials::new("webhook", "key-of-the-webhooks"))
        .base_url(emulator.base_url())
        .build()
        .expect("a client");
    let request = TextToSpeechRequest::new("Hello").webhook_url(format!("{url}/hook"));
    let job = client
        .text_to_speech()
        .create(&request)
        .await
        .expect("a job");
    for _ in 0..200 {
        emulator.state().advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let done = loop {
        let event = within(Duration::from_secs(20), events.recv()).await;
        let event = event.flatten().expect("the end of the job");
        assert_eq!(event.id(), job.id);
        if event.status() == "done" {
            break event;
        }
    };
    let confirmed = done.confirm(&client).await.expect("the job");
    assert_eq!(confirmed.resource(), "text_to_speech");
    assert!(done.output().is_some());
    assert_eq!(confirmed.output(), done.output());
}
