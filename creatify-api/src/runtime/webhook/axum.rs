//! Webhooks in an axum server. In: HTTP requests. Out: events, or a response that says what is
//! wrong with the request and nothing of what it said. Knows no job.
//!
//! ```no_run
//! use creatify_api::webhook::{self, Event};
//!
//! let (sender, receiver) = std::sync::mpsc::channel();
//! let app: axum::Router = webhook::axum::router("/creatify/5b1e0d9a", move |event: Event| {
//!     // Handled elsewhere: the service gets its response at once.
//!     let _ = sender.send(event);
//!     async {}
//! });
//! ```

use std::fmt;
use std::future::Future;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use futures_util::StreamExt;

use super::{Event, MAX_BYTES};
use crate::runtime::Error;

/// An extractor that reads the body of a request as an [`Event`], which **anybody can have sent**.
///
/// It refuses a request as [`Rejection`] says. It does not limit the time in which the body arrives:
/// that is for the server in front.
///
/// ```no_run
/// use axum::http::StatusCode;
/// use creatify_api::Client;
/// use creatify_api::webhook::axum::Webhook;
///
/// async fn receive(client: Client, Webhook(event): Webhook) -> StatusCode {
///     match event.confirm(&client).await {
///         Ok(job) => println!("{} is {}", job.id(), job.status()),
///         Err(error) if error.is_not_found() => {}
///         Err(_) => return StatusCode::SERVICE_UNAVAILABLE,
///     }
///     StatusCode::OK
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Webhook(pub Event);

impl<S: Send + Sync> FromRequest<S> for Webhook {
    type Rejection = Rejection;

    async fn from_request(request: Request, _: &S) -> Result<Self, Rejection> {
        if !may_be_json(request.headers()) {
            return Err(Rejection(Problem::ContentType));
        }
        let body = read(request.into_body()).await.map_err(Rejection)?;
        let event = Event::parse(&body).map_err(|error| Rejection(Problem::Body(error)))?;
        Ok(Self(event))
    }
}

/// A router that answers POST requests to a path, for `merge` or `nest` in an app with any state.
///
/// The output of the handler is the response: `()` is a 200, and whatever else axum can answer with is
/// sent as it is. The handler is awaited before the response, so an event is only
/// taken once it is handled. A slow handler makes the service send the event again, and it is dropped
/// half-way when the service hangs up: to do more than to store the event, hand it to a task or a queue.
/// Repetitions reach the handler; see [`Deduplicator`](super::Deduplicator).
///
/// # Panics
///
/// As axum's `route` does, when the path does not begin with `/`.
pub fn router<S, H, F>(path: &str, handler: H) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    H: Fn(Event) -> F + Clone + Send + Sync + 'static,
    F: Future<Output: IntoResponse> + Send + 'static,
{
    Router::new().route(
        path,
        post(move |Webhook(event): Webhook| async move { handler(event).await }),
    )
}

/// Why a request was not taken.
///
/// As a response it is a line of plain text that repeats nothing of the request: status 415 for a
/// `Content-Type` other than JSON (none at all is fine), 413 for a body of more than
/// [`MAX_BYTES`], 400 for anything else that is no webhook of the service.
#[derive(Debug)]
pub struct Rejection(Problem);

#[derive(Debug)]
enum Problem {
    ContentType,
    TooLarge,
    BrokeOff(axum::Error),
    Body(Error),
}

impl Rejection {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        match self.0 {
            Problem::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::BrokeOff(_) | Problem::Body(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn text(&self) -> &'static str {
        match self.0 {
            Problem::ContentType => "the body must be JSON",
            Problem::TooLarge => "the body is too large",
            Problem::BrokeOff(_) => "the body broke off",
            Problem::Body(_) => "the body is no webhook of the service",
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        (self.status(), self.text()).into_response()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.text())
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Problem::ContentType | Problem::TooLarge => None,
            Problem::BrokeOff(error) => Some(error),
            Problem::Body(error) => Some(error),
        }
    }
}

/// Whether the request says that it holds JSON, or nothing of what it holds.
fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return true;
    };
    let essence = value.to_str().ok().and_then(|text| text.split(';').next());
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json"
        || essence.starts_with("application/") && essence.ends_with("+json")
}

async fn read(body: Body) -> Result<Vec<u8>, Problem> {
    let promised = body.size_hint().lower();
    if usize::try_from(promised).is_ok_and(|promised| promised > MAX_BYTES) {
        return Err(Problem::TooLarge);
    }
    let mut bytes = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(Problem::BrokeOff)?;
        if bytes.len() + piece.len() > MAX_BYTES {
            return Err(Problem::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
