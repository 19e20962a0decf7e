//! Failures of a transport. In: what a library below says, and whether the request was sent. Out: one error that says both.

use std::fmt;

use crate::runtime::redact::{self, Redacted};

/// What a library below says.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no response, or not all of it.
pub struct TransportError {
    sent: Sent,
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
        Self {
            sent: Sent::Never,
            source: source.into(),
        }
    }

    /// The server, or its protocol, guarantees that the request was not processed although it may have come
    /// there: HTTP/2's `REFUSED_STREAM`, or a `GOAWAY` that excludes its stream (RFC 9113, 8.7). Such calls
    /// are repeated, also those that cost credits.
    pub fn not_processed(source: impl Into<Source>) -> Self {
        Self {
            sent: Sent::Unprocessed,
            source: source.into(),
        }
    }

    /// The connection failed later: the server may have processed the request. A call that costs
    /// credits is not repeated then.
    pub fn interrupted(source: impl Into<Source>) -> Self {
        Self {
            sent: Sent::Perhaps,
            source: source.into(),
        }
    }

    /// The same, with causes that can be printed.
    pub(crate) fn redacted(self) -> Self {
        Self {
            sent: self.sent,
            source: redact::source(self.source),
        }
    }

    /// Why, as the library below says it.
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
        formatter.write_str(match self.sent {
            Sent::Never => "could not connect",
            Sent::Unprocessed => "the server did not process the request",
            Sent::Perhaps => "the connection failed",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
