//! Hooks around every attempt. In: the request before it is sent, and its outcome. Out: headers that
//! the caller adds. Hooks see no keys, and change no body.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{StatusCode, Url};

use super::body::Body;
use super::redact::ServerText;
use super::transport::Shown;
use super::{Error, Operation};

/// Sees every attempt of every call: to add headers, to log, to count.
///
/// The keys are added after it, so it can neither see nor replace them; the same holds for the
/// headers that describe the body.
pub trait Interceptor: Send + Sync + 'static {
    /// An attempt is about to be made.
    fn before(&self, attempt: &mut Attempt<'_>) {
        let _ = attempt;
    }

    /// An attempt was made.
    fn after(&self, outcome: &Outcome<'_>) {
        let _ = outcome;
    }
}

/// An attempt that is about to be made.
#[non_exhaustive]
pub struct Attempt<'a> {
    /// What is called; none for a [raw call](crate::Client::request).
    pub operation: Option<&'static Operation>,
    /// The name of what is called: that in the specification, or method and path of a raw call.
    pub name: &'a str,
    /// Which attempt it is; the first is 1.
    pub number: u32,
    /// The address.
    pub url: &'a Url,
    /// The headers so far, which may be changed.
    pub headers: &'a mut HeaderMap,
    pub(crate) body: &'a Body,
}

impl<'a> Attempt<'a> {
    /// The body as it will be sent, the same at every attempt: to sign it, or to log it. It cannot be changed. None when there is none.
    ///
    /// It is in the form that [`content_type`](Self::content_type) names: JSON, the pairs of a form, or the parts of
    /// `multipart/form-data` between their boundaries. It holds what the caller sends, which may be personal data, and no key of
    /// the client.
    pub fn body(&self) -> Option<&'a [u8]> {
        self.body.content_type.as_ref()?;
        Some(&self.body.bytes)
    }

    /// What the body is, as its `Content-Type` will say; none when there is no body.
    pub fn content_type(&self) -> Option<&'a str> {
        self.body.content_type.as_deref()
    }
}

impl fmt::Debug for Attempt<'_> {
    /// Shows the path without the query, how long the body is, and of the headers what is known to hold no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Attempt")
            .field("name", &ServerText::new(self.name))
            .field("number", &self.number)
            .field("path", &ServerText::new(self.url.path()))
            .field("headers", &Shown(self.headers))
            .field("bytes", &self.body.bytes.len())
            .finish_non_exhaustive()
    }
}

/// What came of an attempt.
#[non_exhaustive]
pub struct Outcome<'a> {
    /// What was called; none for a [raw call](crate::Client::request).
    pub operation: Option<&'static Operation>,
    /// The name of what was called: that in the specification, or method and path of a raw call.
    pub name: &'a str,
    /// Which attempt it was; the first is 1.
    pub number: u32,
    /// How long it took, until the last byte of the response.
    pub elapsed: Duration,
    /// The status, if there was a response.
    pub status: Option<StatusCode>,
    /// Why it failed, if it did. The call may be tried again all the same.
    pub error: Option<&'a Error>,
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Outcome")
            .field("name", &ServerText::new(self.name))
            .field("number", &self.number)
            .field("elapsed", &self.elapsed)
            .field("status", &self.status)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
