//! Failures of a transport. In: what a library below says, and whether the request was sent. Out: one error that says both.

use std::fmt;

use reqwest::Url;

use super::reason;
use crate::runtime::redact::{self, Redacted, ServerText};

/// What a library below says.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no response, or not all of it.
///
/// Its text names the reason that the libraries below give: a refused connection, an unknown host, what is wrong with a
/// certificate. Keys are taken out of it.
pub struct TransportError {
    sent: Sent,
    /// Which host it is about, if that is known.
    host: Option<ServerText>,
    reason: ServerText,
    source: Source,
}

/// What is known of a request that got no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// No byte of it can have reached the server.
    Never,
    /// The server says that it has not processed it.
    Unprocessed,
    /// It may have been processed.
    Perhaps,
}

impl TransportError {
    /// No connection was made (an unknown host, a refused connection, TLS that failed): the server
    /// cannot have seen the request. Such calls are repeated, also those that cost credits.
    pub fn not_sent(source: impl Into<Source>) -> Self {
        Self::new(Sent::Never, source.into())
    }

    /// The server, or its protocol, guarantees that the request was not processed although it may have come
    /// there: HTTP/2's `REFUSED_STREAM`, or a `GOAWAY` that excludes its stream (RFC 9113, 8.7). Such calls
    /// are repeated, also those that cost credits.
    pub fn not_processed(source: impl Into<Source>) -> Self {
        Self::new(Sent::Unprocessed, source.into())
    }

    /// The connection failed later: the server may have processed the request. A call that costs
    /// credits is not repeated then.
    pub fn interrupted(source: impl Into<Source>) -> Self {
        Self::new(Sent::Perhaps, source.into())
    }

    fn new(sent: Sent, source: Source) -> Self {
        Self {
            sent,
            host: None,
            reason: ServerText::new(reason::of(&*source)),
            source,
        }
    }

    /// The same, of a request to the host of this address. What else is in an address may be a key to a file.
    pub(crate) fn at(mut self, url: &Url) -> Self {
        self.host = url.host_str().map(|host| match url.port() {
            Some(port) => ServerText::new(format!("{host}:{port}")),
            None => ServerText::new(host),
        });
        self
    }

    /// The same, with causes that can be printed.
    pub(crate) fn redacted(self) -> Self {
        Self {
            source: redact::source(self.source),
            ..self
        }
    }

    /// The same error once more; what the libraries below said comes along as text.
    pub(crate) fn repeat(&self) -> Self {
        let mut texts = vec![self.source.to_string()];
        let mut cause = self.source.source();
        while let Some(error) = cause {
            texts.push(error.to_string());
            cause = error.source();
        }
        Self {
            sent: self.sent,
            host: self.host.clone(),
            reason: self.reason.clone(),
            source: texts.join(": ").into(),
        }
    }

    /// The error of the library below.
    pub(crate) fn into_source(self) -> Source {
        self.source
    }

    /// Whether the server cannot have seen the request.
    pub fn is_not_sent(&self) -> bool {
        self.sent == Sent::Never
    }

    /// Whether the server cannot have processed the request: it has not seen it, or says so.
    pub fn is_not_processed(&self) -> bool {
        match self.sent {
            Sent::Never | Sent::Unprocessed => true,
            Sent::Perhaps => false,
        }
    }
}

impl fmt::Debug for TransportError {
    /// A cause may show what was sent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TransportError")
            .field("sent", &self.sent)
            .field("source", &Redacted(&self.source))
            .finish()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.sent, &self.host) {
            (Sent::Never, None) => formatter.write_str("could not connect")?,
            (Sent::Never, Some(host)) => write!(formatter, "could not connect to {host}")?,
            (Sent::Unprocessed, _) => {
                formatter.write_str("the server did not process the request")?;
            }
            (Sent::Perhaps, None) => formatter.write_str("the connection failed")?,
            (Sent::Perhaps, Some(host)) => write!(formatter, "the connection to {host} failed")?,
        }
        if self.reason.is_empty() {
            return Ok(());
        }
        write!(formatter, ": {}", self.reason)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
