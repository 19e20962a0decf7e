//! A double for tests of programs that use this crate. In: replies by method and path, or another transport. Out: responses,
//! and every request as it was sent. Knows no operation.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{
    BoxFuture, Bytes, HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    Transport, TransportError,
};

/// A transport that keeps every request, and answers it as it was told or by another transport: for tests of programs that use this
/// crate, without a network, keys or credits.
///
/// Replies are chosen by method and path. In the path `{..}` stands for any one segment. Of several replies to the same the first is
/// given first, and the last one again and again. What no reply fits is answered by the other transport, or with 404.
///
/// Clones share what they keep: give one to the client, and ask the other.
///
/// ```
/// use creatify_api::transport::{Method, Recorder, Reply};
/// use creatify_api::types::{AspectRatio, LipsyncRequest};
/// use creatify_api::{Client, Credentials, Error};
/// use serde_json::json;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Error> {
/// let recorder = Recorder::new();
/// // The second call of a paid operation is lost after it was sent.
/// let job = json!({"id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "status": "pending"});
/// recorder.on(Method::POST, "/api/lipsyncs/", Reply::json(500, &job));
/// recorder.on(Method::POST, "/api/lipsyncs/", Reply::interrupted("reset"));
///
/// let keys = Credentials::new("id", "key");
/// let client = Client::builder().credentials(keys).transport(recorder.clone()).build()?;
/// let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello!");
/// for _ in 0..2 {
///     let error = client.lipsyncs().create(&request).await.expect_err("it may have been charged");
///     assert!(error.is_ambiguous());
/// }
///
/// let sent = recorder.requests();
/// assert_eq!(sent.len(), 2, "a paid call is not repeated");
/// assert_eq!((sent[0].method.as_str(), sent[0].path()), ("POST", "/api/lipsyncs/"));
/// assert_eq!(sent[0].json().expect("JSON")["text"], "Hello!");
/// assert_eq!(sent[0].header("x-api-id"), Some("id"));
/// # Ok(())
/// # }
/// ```
///
/// The requests hold the keys, as a server would see them, and the bodies; debug output shows neither.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    /// What answers where no reply fits.
    other: Option<Box<dyn Transport>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    routes: Vec<Route>,
    requests: Vec<Request>,
}

/// The replies to one method and path.
struct Route {
    method: Method,
    path: String,
    replies: Vec<Reply>,
    /// How many were given.
    given: usize,
}

impl Default for Recorder {
    fn default() -> Self {
        Self::new()
    }
}

impl Recorder {
    /// A recorder that answers by its replies, and with 404 where none fits.
    pub fn new() -> Self {
        Self::with(None)
    }

    /// A recorder that sends by another transport what no reply fits.
    pub fn wrapping(transport: impl Transport) -> Self {
        Self::with(Some(Box::new(transport)))
    }

    fn with(other: Option<Box<dyn Transport>>) -> Self {
        Self(Arc::new(Inner {
            other,
            state: Mutex::default(),
        }))
    }

    /// Adds a reply to requests with this method and path. The path is that of the address, the base URL's in front of it; `{..}` is any
    /// one segment, and what comes after a question mark does not matter.
    pub fn on(&self, method: Method, path: impl Into<String>, reply: Reply) -> &Self {
        let path = path.into();
        let mut state = self.lock();
        let known = state
            .routes
            .iter_mut()
            .find(|route| route.method == method && route.path == path);
        match known {
            Some(route) => route.replies.push(reply),
            None => state.routes.push(Route {
                method,
                path,
                replies: vec![reply],
                given: 0,
            }),
        }
        drop(state);
        self
    }

    /// Every request, in the order in which they were sent: each attempt is one.
    pub fn requests(&self) -> Vec<Request> {
        self.lock().requests.clone()
    }

    /// The requests with this method and path, which may have `{..}` as in [`on`](Self::on).
    pub fn requests_to(&self, method: Method, path: &str) -> Vec<Request> {
        let mut requests = self.requests();
        requests.retain(|request| request.method == method && fits(path, request.path()));
        requests
    }

    /// Forgets the requests until now. The replies stay where they are.
    pub fn clear(&self) {
        self.lock().requests.clear();
    }

    /// Keeps the request; the reply, if one fits.
    fn record(&self, request: &Request) -> Option<Reply> {
        let mut state = self.lock();
        state.requests.push(request.clone());
        let route = state
            .routes
            .iter_mut()
            .find(|route| route.method == request.method && fits(&route.path, request.path()))?;
        let reply = route.replies.get(route.given).or(route.replies.last())?;
        let reply = reply.clone();
        route.given += 1;
        Some(reply)
    }

    /// A test that has panicked is asked what was sent, too.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match (self.record(&request), &self.0.other) {
            (Some(reply), _) => Box::pin(async move { reply.play().await }),
            (None, Some(other)) => other.send(request),
            (None, None) => {
                let detail = format!("No reply is set for {} {}.", request.method, request.path());
                let response = Response::json(StatusCode::NOT_FOUND, &json!({"detail": detail}));
                Box::pin(async move { Ok(response) })
            }
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recorder")
            .field("requests", &self.lock().requests)
            .finish_non_exhaustive()
    }
}

/// Whether a path is that of a pattern, in which `{..}` is any one segment that is not empty.
fn fits(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let fit = pattern.split('/').all(|wanted| match segments.next() {
        Some(found) if wanted.starts_with('{') && wanted.ends_with('}') => !found.is_empty(),
        Some(found) => found == wanted,
        None => false,
    });
    fit && segments.next().is_none()
}

/// What a [`Recorder`] answers.
#[derive(Clone)]
pub struct Reply(Outcome);

#[derive(Clone)]
enum Outcome {
    Response(StatusCode, HeaderMap, Bytes),
    /// No connection.
    NotSent(String),
    /// A connection that breaks after the request was sent.
    Interrupted(String),
    /// Nothing, ever.
    Silence,
}

impl Reply {
    /// A response with this status, no header and this body. A number that is no status of HTTP (100 to 999) becomes 500.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self(Outcome::Response(
            code(status),
            HeaderMap::new(),
            body.into(),
        ))
    }

    /// A response with this status and JSON.
    pub fn json(status: u16, value: &Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self::new(status, value.to_string()).header(reqwest::header::CONTENT_TYPE, json)
    }

    /// The same response with one more header; of what is no response nothing changes.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Outcome::Response(_, headers, _) = &mut self.0 {
            headers.append(name, value);
        }
        self
    }

    /// No connection: the call was certainly not processed, and is tried again as the retry policy says.
    pub fn not_sent(reason: impl Into<String>) -> Self {
        Self(Outcome::NotSent(reason.into()))
    }

    /// A connection that breaks before the response: a paid call may have been processed, and is not repeated.
    pub fn interrupted(reason: impl Into<String>) -> Self {
        Self(Outcome::Interrupted(reason.into()))
    }

    /// No response, ever: the call ends with its time.
    pub fn silence() -> Self {
        Self(Outcome::Silence)
    }

    async fn play(self) -> Result<Response, TransportError> {
        match self.0 {
            Outcome::Response(status, headers, body) => {
                let mut response = Response::new(status, body);
                response.headers = headers;
                Ok(response)
            }
            Outcome::NotSent(reason) => Err(TransportError::not_sent(reason)),
            Outcome::Interrupted(reason) => Err(TransportError::interrupted(reason)),
            Outcome::Silence => std::future::pending().await,
        }
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Outcome::Response(status, _, body) => formatter
                .debug_struct("Reply")
                .field("status", &status.as_u16())
                .field("bytes", &body.len())
                .finish_non_exhaustive(),
            Outcome::NotSent(_) => formatter.write_str("Reply(not sent)"),
            Outcome::Interrupted(_) => formatter.write_str("Reply(interrupted)"),
            Outcome::Silence => formatter.write_str("Reply(silence)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_pattern_fits_whole_paths() {
        for (pattern, path, expected) in [
            ("/api/jobs/", "/api/jobs/", true),
            ("/api/jobs/{id}/", "/api/jobs/7/", true),
            ("/api/jobs/{}/", "/api/jobs/7/", true),
            ("/api/jobs/{id}/", "/api/jobs/7/render/", false),
            ("/api/jobs/{id}/render/", "/api/jobs/7/", false),
            ("/api/jobs/{id}/", "/api/jobs//", false),
            ("/api/jobs", "/api/jobs/", false),
            ("/api/jobs/", "/v1/api/jobs/", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
