//! Whole stories. In: a small server that plays one. Out: what a user's program gets to see, from
//! a key to a video, and that no key shows on the way. Knows the public names of the client only.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use creatify_api::types::{AspectRatio, JobStatus, LipsyncRequest};
use creatify_api::{Client, Credentials, Uuid};
use serde_json::json;
use tests::recorder::{Recorder, Reply};

const API_ID: &str = "id-6d0e1f52";
const API_KEY: &str = "key-b1946ac92492";
const JOB: Uuid = Uuid::from_u128(0x67e5504410b1426f9247bb680e5fe0c8);

/// A server with one job: previewed, rendered, then finished after it was asked for twice.
#[derive(Default)]
struct Studio {
    renders: AtomicUsize,
    questions: AtomicUsize,
}

impl Studio {
    fn job(&self, status: &str) -> String {
        let output = (status == "done").then_some("https://example.com/video.mp4");
        json!({
            "id": JOB.to_string(), "aspect_ratio": "9x16", "status": status, "output": output,
            "video_thumbnail": "", "created_at": "2025-09-01T10:00:00Z",
            "updated_at": "2025-09-01T10:00:00Z", "credits_used": 1.0, "duration": 12,
            "progress": "", "failed_reason": null, "media_job": null, "is_hidden": false,
            "audio_url": null, "preview": "https://example.com/preview", "editor_url": null,
            "preview_audio": null,
        })
        .to_string()
    }
}

async fn preview(
    State(studio): State<Arc<Studio>>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, String) {
    let key = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    if key != Some(API_KEY) {
        return (
            StatusCode::UNAUTHORIZED,
            json!({"detail": "wrong key"}).to_string(),
        );
    }
    assert!(body.contains("Hello"), "{body}");
    (StatusCode::OK, studio.job("done"))
}

async fn render(State(studio): State<Arc<Studio>>, Path(id): Path<String>) -> String {
    assert_eq!(id, JOB.to_string());
    studio.renders.fetch_add(1, Ordering::SeqCst);
    studio.job("in_queue")
}

async fn retrieve(State(studio): State<Arc<Studio>>) -> String {
    match studio.questions.fetch_add(1, Ordering::SeqCst) {
        0 => studio.job("pending"),
        1 => studio.job("running"),
        _ => studio.job("done"),
    }
}

async fn studio() -> (String, Arc<Studio>) {
    let studio = Arc::new(Studio::default());
    let router = Router::new()
        .route("/api/lipsyncs/preview/", post(preview))
        .route("/api/lipsyncs/{id}/render/", post(render))
        .route("/api/lipsyncs/{id}/", get(retrieve))
        .with_state(Arc::clone(&studio));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, studio)
}

fn client(base_url: &str, api_key: &str) -> Client {
    let credentials = Credentials::new(API_ID, api_key);
    Client::builder()
        .credentials(credentials)
        .base_url(base_url)
        .build()
        .expect("a client")
}

#[tokio::test]
async fn a_job_is_previewed_rendered_and_asked_for_until_it_is_done() {
    let (url, studio) = studio().await;
    let client = client(&url, API_KEY);
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
    let preview = client
        .lipsyncs()
        .preview(&request)
        .await
        .expect("a preview");
    assert_eq!(
        preview.preview.as_deref(),
        Some("https://example.com/preview")
    );
    let rendering = client.lipsyncs().render(preview.id).await.expect("a job");
    assert_eq!(rendering.status, JobStatus::InQueue);
    let mut statuses = Vec::new();
    let job = loop {
        let job = client.lipsyncs().retrieve(preview.id).await.expect("a job");
        statuses.push(job.status.to_string());
        if job.status == JobStatus::Done {
            break job;
        }
    };
    assert_eq!(statuses, ["pending", "running", "done"]);
    assert_eq!(job.output.as_deref(), Some("https://example.com/video.mp4"));
    assert_eq!(studio.renders.load(Ordering::SeqCst), 1);

    let error = self::client(&url, "another-key")
        .lipsyncs()
        .preview(&request)
        .await;
    assert_eq!(
        error.expect_err("a wrong key").status().expect("a status"),
        401
    );
}

/// Everything a program may print of an error: itself and its sources, both ways.
fn printed(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        text.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        next = error.source();
    }
    text
}

#[tokio::test]
async fn no_key_shows_in_anything_that_can_be_printed() {
    // A server that repeats the keys, as a debug page would.
    let echo = json!({"id": API_KEY, "headers": {"X-API-ID": API_ID, "X-API-KEY": API_KEY}});
    let replies = [
        Reply::json(500, &echo),
        Reply::json(200, &echo),
        Reply::json(200, &echo).break_off(),
    ];
    let server = Recorder::start(replies).await.expect("a port");
    let credentials = Credentials::new(API_ID, API_KEY);
    let builder = Client::builder()
        .credentials(credentials.clone())
        .base_url(server.url());
    let mut text = format!("{credentials:?} {builder:#?}");
    let client = builder.build().expect("a client");
    let call = client.lipsyncs().retrieve(JOB);
    text.push_str(&format!("{client:#?} {call:#?} {:#?}", client.lipsyncs()));
    text.push_str(&printed(&call.clone().await.expect_err("a refusal")));
    text.push_str(&printed(
        &call
            .clone()
            .await
            .expect_err("an answer that cannot be read"),
    ));
    text.push_str(&printed(
        &call.clone().await.expect_err("an answer that breaks off"),
    ));
    drop(server);
    let header = call.header("X-API-KEY", API_KEY);
    text.push_str(&format!("{header:#?}"));
    text.push_str(&printed(
        &header.await.expect_err("a header that is not the caller's"),
    ));
    let wrong = Credentials::new(API_ID, format!("{API_KEY}\n"));
    let wrong = Client::builder().credentials(wrong).build();
    text.push_str(&printed(&wrong.expect_err("a key that is no header")));
    assert!(!text.contains(API_ID) && !text.contains(API_KEY), "{text}");
    assert!(text.contains("[redacted]"), "{text}");
}

#[tokio::test]
async fn headers_can_be_added_and_never_replace_a_key() {
    let server = Recorder::start([Reply::json(200, json!([]))])
        .await
        .expect("a port");
    let client = client(&server.url(), API_KEY);
    client
        .lipsyncs()
        .list()
        .header("X-Trace", "t-1")
        .await
        .expect("a list");
    let recorded = server.requests().remove(0);
    assert_eq!(recorded.header("x-trace"), ["t-1"]);
    for (name, value) in [
        ("x-api-key", "other"),
        ("X-API-ID", "other"),
        ("Content-Length", "0"),
        ("a header", "x"),
        ("x-trace", "line\r\nbreak"),
    ] {
        let error = client
            .lipsyncs()
            .list()
            .header(name, value)
            .await
            .expect_err(name);
        assert!(
            error.is_validation() && error.violations().len() == 1,
            "{error}"
        );
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_client_without_keys_sends_nothing() {
    let server = Recorder::start([]).await.expect("a port");
    let client = Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let error = client
        .lipsyncs()
        .list()
        .await
        .expect_err("there are no keys");
    assert!(
        error.is_configuration() && error.operation() == Some("lipsyncs_list"),
        "{error}"
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn errors_are_small_and_calls_can_be_moved_to_other_threads() {
    fn movable<T: Send + 'static>(_: &T) {}
    let client = client("http://127.0.0.1:9", API_KEY);
    let call = client.lipsyncs().list();
    movable(&call);
    movable(&IntoFuture::into_future(call));
    assert!(size_of::<creatify_api::Error>() <= 2 * size_of::<usize>());
}
