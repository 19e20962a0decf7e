//! What goes through a transport. In: what is sent and what comes back. Out: requests and responses that a double can be asked about.
//! Their debug output shows no key and no body.

use std::fmt;

use futures_core::Stream;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use super::{
    BoxStream, Bytes, Handover, HeaderMap, HeaderName, HeaderValue, MaybeSend, Method, Shown,
    StatusCode, TransportError, Url,
};
use crate::runtime::redact::ServerText;

/// One attempt, with everything that is sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// The headers, the keys among them.
    pub headers: HeaderMap,
    /// The body; empty when there is none.
    pub body: Bytes,
    /// Whether a connection has taken it, as far as the transport tells.
    pub(crate) handover: Handover,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            handover: Handover::default(),
        }
    }

    /// The path of the address, as it is written there: with its escapes.
    pub fn path(&self) -> &str {
        self.url.path()
    }

    /// The parameters after the question mark, without their escapes, in order.
    pub fn query(&self) -> Vec<(String, String)> {
        self.url.query_pairs().into_owned().collect()
    }

    /// A header, if it is there and is text; the first one of its name. This shows keys, too.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON; none when it is something else.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl fmt::Debug for Request {
    /// Shows the path without the query, and of the headers what is known to hold no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("path", &ServerText::new(self.url.path()))
            .field("headers", &Shown(&self.headers))
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The response of a transport: its head, and a body that is still to be read.
#[non_exhaustive]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Body,
    /// The address that answered, when the transport knows it. Another one than was asked for
    /// means that a redirect was followed, which is an error for API calls.
    pub url: Option<Url>,
}

impl Response {
    /// A response without headers.
    pub fn new(status: StatusCode, body: impl Into<Body>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
            url: None,
        }
    }

    /// A response with this JSON, and the header that says so.
    ///
    /// ```
    /// use creatify_api::transport::{Response, StatusCode};
    ///
    /// let response = Response::json(StatusCode::OK, &serde_json::json!({"remaining_credits": 1000}));
    /// assert_eq!(response.headers["content-type"], "application/json");
    /// ```
    pub fn json(status: StatusCode, value: &Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self::new(status, value.to_string()).with_header(CONTENT_TYPE, json)
    }

    /// The same response with one more header.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &Shown(&self.headers))
            .finish_non_exhaustive()
    }
}

/// A body, read piece by piece.
pub struct Body(BoxStream<'static, Result<Bytes, TransportError>>);

impl Body {
    /// A body that is still to come.
    pub fn stream(
        stream: impl Stream<Item = Result<Bytes, TransportError>> + MaybeSend + 'static,
    ) -> Self {
        Self(Box::pin(stream))
    }

    /// The next piece; none at the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        let bytes = bytes.into();
        Self::stream(futures_util::stream::iter(
            (!bytes.is_empty()).then_some(Ok(bytes)),
        ))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Body")
    }
}
