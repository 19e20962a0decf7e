//! Errors. In: what failed, and the response if there was one. Out: one error type with a question for
//! each thing that a caller can do about it. Depends on no type of an operation.

mod context;
mod field;
mod questions;
mod repeat;
mod text;
mod violation;

use std::borrow::Cow;

use reqwest::header;
use serde_json::Value;

use super::decode::DecodeError;
use super::journal::JournalError;
use super::raw_response::RawResponse;
use super::redact::{self, ServerText};
use super::spend::Spending;
use super::transport::TransportError;

pub(crate) use context::CallContext;
pub use field::FieldError;
pub use violation::Violation;

/// Why a call gave no value.
///
/// The questions below say what can be done. Whatever the server answered is kept: status, headers,
/// bytes and the job's id, also when the response could not be read, so that nothing that was paid
/// for is lost.
///
/// What it prints, and what the questions below give as text, has passed a gate: the keys of this
/// process's clients are taken out however a server writes them, control characters are escaped, and
/// what is printed is cut. What came stays as it came in [`body`](Self::body), [`headers`](Self::headers)
/// and [`job`](Self::job).
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<Cow<'static, str>>,
    response: Option<RawResponse>,
    excerpt: ServerText,
    job_id: Option<String>,
    context: Option<CallContext>,
}

/// How much of a response is searched for the id of its job when the time for it is over.
const SEARCHED: usize = 1024 * 1024;

/// What a library below says.
pub(crate) type Source = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Kind {
    /// The client, or the way it was used.
    Configuration(ServerText, Option<Source>),
    /// The request breaks limits.
    Validation(Vec<Violation>),
    /// The call would pass the spend limit by this estimate.
    SpendLimit(Spending, f64),
    /// No response, or not all of it.
    Transport(TransportError),
    /// No response in time.
    Timeout,
    /// The time was over before a connection stood.
    ConnectTimeout,
    /// More of a response than these bytes, which are kept.
    TooLarge(usize),
    /// Another status than success.
    Status,
    /// A redirect to this address, which was not followed, or should not have been.
    Redirect(ServerText),
    /// A success that is not JSON.
    Text(DecodeError),
    /// A success that is not what the specification describes.
    Decode(DecodeError),
    /// A job ended without its result.
    Job(JobEnd, Option<Value>),
    /// A file that cannot be had, or not be written.
    Download(ServerText, Option<Source>),
    /// A webhook that cannot be what it says.
    Webhook(ServerText),
    /// The journal of paid calls cannot be used.
    Journal(JournalError),
}

/// How a job that was waited for ended without its result.
#[derive(Debug, Clone)]
pub(crate) enum JobEnd {
    /// It failed, for this reason if one is given.
    Failed {
        status: ServerText,
        reason: Option<ServerText>,
    },
    /// It was still in this state when the time was over.
    Unfinished { status: Option<ServerText> },
    /// It stayed in a state that this version of the crate does not know.
    UnknownStatus { status: ServerText },
    /// Lists stopped to mention it.
    Missing,
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            response: None,
            excerpt: ServerText::default(),
            job_id: None,
            context: None,
        }))
    }

    pub(crate) fn configuration(message: impl AsRef<str>) -> Self {
        Self::new(Kind::Configuration(ServerText::ours(message), None))
    }

    pub(crate) fn configuration_by(message: &str, source: impl Into<Source>) -> Self {
        let source = redact::source(source.into());
        Self::new(Kind::Configuration(ServerText::ours(message), Some(source)))
    }

    pub(crate) fn validation(violations: Vec<Violation>) -> Self {
        Self::new(Kind::Validation(violations))
    }

    pub(crate) fn refused(response: RawResponse) -> Self {
        let target = response.headers.get(header::LOCATION);
        let kind = match target.and_then(|target| target.to_str().ok()) {
            Some(target) if response.status.is_redirection() => {
                Kind::Redirect(ServerText::new(target))
            }
            Some(_) | None => Kind::Status,
        };
        Self::new(kind).with_response(response)
    }

    pub(crate) fn decode(error: DecodeError, response: RawResponse) -> Self {
        Self::new(Kind::Decode(error)).with_response(response)
    }

    /// A part of a response that is not what the specification describes.
    pub(crate) fn unreadable(error: DecodeError) -> Self {
        Self::new(Kind::Decode(error))
    }

    /// Keeps the response. What was known of the job before stays.
    pub(crate) fn with_response(mut self, response: RawResponse) -> Self {
        if response.status.is_success() {
            // A record may hold signed addresses; a refusal is meant to be read.
            let job_id = match self.0.kind {
                Kind::Timeout => response.job_id_in(SEARCHED),
                _ => response.job_id(),
            };
            let job_id = job_id.filter(|id| redact::is_safe(id));
            self.0.job_id = job_id.or(self.0.job_id);
        } else {
            self.0.excerpt = response.excerpt();
        }
        self.0.response = Some(response);
        self
    }

    pub(crate) fn with_operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation = Some(operation.into());
        self
    }

    /// Names the job that it is about, unless the response did. The id is given and asked for as it is, so
    /// what holds a key or a control character is none.
    pub(crate) fn with_job(mut self, id: &str) -> Self {
        if self.0.job_id.is_none() && redact::is_safe(id) {
            self.0.job_id = Some(id.to_owned());
        }
        self
    }

    /// Names the job that it is about, whatever the response says: it may be the answer to another question.
    pub(crate) fn of_job(mut self, id: &str) -> Self {
        self.0.job_id = Some(id.to_owned());
        self
    }

    pub(crate) fn with_context(mut self, context: CallContext) -> Self {
        if let Some(subject) = &context.subject {
            self = self.of_job(subject);
        }
        self.0.context = Some(context);
        self
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    pub(crate) fn context(&self) -> Option<&CallContext> {
        self.0.context.as_ref()
    }
}
