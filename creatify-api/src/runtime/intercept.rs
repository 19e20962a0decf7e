//! Hooks around every attempt. In: the request before it is sent, and its outcome. Out: headers that
//! the caller adds. Hooks see neither keys nor bodies.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{StatusCode, Url};

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
    /// What is called.
    pub operation: &'static Operation,
    /// Which attempt it is; the first is 1.
    pub number: u32,
    /// The address.
    pub url: &'a Url,
    /// The headers so far, which may be changed.
    pub headers: &'a mut HeaderMap,
}

impl fmt::Debug for Attempt<'_> {
    /// Shows the path without the query, and of the headers what is known to hold no secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Attempt")
            .field("operation", &self.operation.id)
            .field("number", &self.number)
            .field("path", &ServerText::new(self.url.path()))
            .field("headers", &Shown(self.headers))
            .finish_non_exhaustive()
    }
}

/// What came of an attempt.
#[non_exhaustive]
pub struct Outcome<'a> {
    /// What was called.
    pub operation: &'static Operation,
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
            .field("operation", &self.operation.id)
            .field("number", &self.number)
            .field("elapsed", &self.elapsed)
            .field("status", &self.status)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
