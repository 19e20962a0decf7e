//! A transport that plays a part. In: what becomes of each attempt. Out: a client that sends by
//! it, and a record of what it sent.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use creatify_api::transport::{Body, BoxFuture, Request, Response, Transport, TransportError};
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, ClientBuilder, Credentials, StatusCode};
use serde_json::{Value, json};

pub(crate) const JOB: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// What becomes of an attempt.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// An answer, with headers and a body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// The head of an answer and a beginning of its body; then the connection fails.
    Cut(u16, String),
    /// No connection.
    NotSent,
    /// The connection fails before there is an answer.
    Interrupted,
    /// No answer, ever.
    Silence,
}

impl Part {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self::Answer(status, Vec::new(), body.to_string())
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::json(status, json!({"detail": "As scripted."}))
    }

    pub(crate) fn later(status: u16, retry_after: &str) -> Self {
        let header = ("retry-after", retry_after.to_owned());
        Self::Answer(status, vec![header], r#"{"detail": "Later."}"#.to_owned())
    }
}

/// The parts in order; when they are used up the last one is played again.
#[derive(Debug, Clone)]
pub(crate) struct ScriptedTransport(Arc<Mutex<Played>>);

#[derive(Debug)]
struct Played {
    parts: VecDeque<Part>,
    requests: Vec<Request>,
}

impl ScriptedTransport {
    pub(crate) fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        Self(Arc::new(Mutex::new(Played {
            parts: parts.into_iter().collect(),
            requests: Vec::new(),
        })))
    }

    /// What was sent.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.0.lock().expect("no panic").requests.clone()
    }

    /// How often something was sent.
    pub(crate) fn attempts(&self) -> usize {
        self.requests().len()
    }

    /// Settings of a client that sends by this script.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .credentials(Credentials::new("id-6d0e1f52", "key-b1946ac92492"))
            .transport(self.clone())
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("a client")
    }
}

impl Transport for ScriptedTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut played = self.0.lock().expect("no panic");
        played.requests.push(request);
        let part = match played.parts.len() {
            0 | 1 => played.parts.front().cloned(),
            _ => played.parts.pop_front(),
        };
        let part = part.expect("a part");
        Box::pin(async move { play(part).await })
    }
}

async fn play(part: Part) -> Result<Response, TransportError> {
    let status = |status| StatusCode::from_u16(status).expect("a status");
    let failure = |text: &str| io::Error::other(text.to_owned());
    match part {
        Part::Answer(code, headers, body) => {
            let mut response = Response::new(status(code), body);
            for (name, value) in headers {
                let value = value.parse().expect("a header value");
                response.headers.append(name, value);
            }
            Ok(response)
        }
        Part::Cut(code, body) => {
            let pieces = [
                Ok(body.into()),
                Err(TransportError::interrupted(failure("cut"))),
            ];
            let body = Body::stream(futures_util::stream::iter(pieces));
            Ok(Response::new(status(code), body))
        }
        Part::NotSent => Err(TransportError::not_sent(failure("no such host"))),
        Part::Interrupted => Err(TransportError::interrupted(failure("reset"))),
        Part::Silence => {
            tokio::time::sleep(Duration::from_secs(1_000_000)).await;
            Err(TransportError::interrupted(failure("nobody")))
        }
    }
}

/// A video of a few seconds, which is paid for.
pub(crate) fn paid() -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello")
}

/// A job as the service describes it, with some fields changed.
pub(crate) fn job(changes: Value) -> Value {
    let mut job = json!({
        "id": JOB, "name": null, "text": "Hello", "creator": null, "model_version": "standard",
        "output": null, "video_thumbnail": "", "aspect_ratio": "9x16", "green_screen": false,
        "created_at": "2025-09-01T10:00:00Z", "updated_at": "2025-09-01T10:00:00Z",
        "credits_used": 0.0, "duration": 0, "progress": "0", "failed_reason": null,
        "media_job": null, "status": "pending", "is_hidden": false, "audio_url": null,
        "webhook_url": null, "preview": null, "editor_url": null, "preview_audio": null,
    });
    for (name, value) in changes.as_object().expect("an object of changes") {
        job[name] = value.clone();
    }
    job
}
