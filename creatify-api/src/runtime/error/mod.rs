//! Errors. In: what failed, and the response if there was one. Out: one error type with a question for
//! each thing that a caller can do about it. Depends on no type of an operation.

mod context;
mod field;
mod repeat;
mod text;
mod violation;

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use serde_json::Value;

use super::clock;
use super::decode::{Decode, DecodeError};
use super::journal::{JournalError, PendingCall};
use super::raw_response::RawResponse;
use super::redact::{self, ServerText};
use super::retry::retry_after;
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
    operation: Option<&'static str>,
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

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
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

    /// Whether the body of the response is larger than the client's
    /// [`max_response_size`](crate::ClientBuilder::max_response_size). Status, headers and the beginning of the
    /// body are kept.
    ///
    /// What to do: ask for less, or raise the limit; of a call that costs credits see
    /// [`is_ambiguous`](Self::is_ambiguous).
    pub fn is_response_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge(_))
    }

    /// Whether the request breaks a limit of the API. Nothing was sent.
    ///
    /// What to do: correct the fields that [`violations`](Self::violations) names.
    pub fn is_validation(&self) -> bool {
        matches!(self.0.kind, Kind::Validation(_))
    }

    /// Everything that is wrong with the request, if that is why it was not sent.
    pub fn violations(&self) -> &[Violation] {
        if let Kind::Validation(violations) = &self.0.kind {
            violations
        } else {
            &[]
        }
    }

    /// Whether the client cannot be built, or cannot make this call: a missing key, a wrong base
    /// URL. Nothing was sent.
    ///
    /// What to do: correct the settings; the message names the one that is wrong.
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(..))
    }

    /// Whether the call would have passed the client's spend limit. Nothing was sent.
    ///
    /// What to do: look at [`Client::spending`](crate::Client::spending); build a client with a
    /// higher limit if the credits are meant to be spent.
    pub fn is_spend_limit(&self) -> bool {
        matches!(self.0.kind, Kind::SpendLimit(..))
    }

    /// Whether a call that costs credits, or that must not be sent twice, was or may have been processed: no
    /// response in time, a connection that broke, an error of the server (5xx) or a status that no standard
    /// knows, a success that could not be read. The call was **not** repeated, unless its
    /// [operation](crate::operation::Operation::is_repeatable) may be. Of a call for which this is false nothing was
    /// charged. Creating something that costs no credits is ambiguous too: it may use up a quota, and what
    /// was made twice is there twice. Only of what is free and may be repeated this is never true.
    ///
    /// What to do: ask `settle` of the same resource before you send it again. It looks for the
    /// job, and says when it is safe to repeat the call. When the response gave the job away,
    /// [`job_id`](Self::job_id) has it already.
    pub fn is_ambiguous(&self) -> bool {
        self.context().is_some_and(|context| context.ambiguous)
    }

    /// The call whose outcome is not known, as something to keep: store it, and give it to `settle_pending` of its resource
    /// later, here or elsewhere. None unless [`is_ambiguous`](Self::is_ambiguous).
    pub fn pending_call(&self) -> Option<&PendingCall> {
        let context = self.context().filter(|context| context.ambiguous)?;
        context.pending.as_ref()
    }

    /// Whether the [journal](crate::ClientBuilder::journal) could not be used. Of a call that this is the error of
    /// nothing was sent, and nothing was charged, unless [`is_ambiguous`](Self::is_ambiguous).
    ///
    /// What to do: the message names the cause, such as a full disk.
    pub fn is_journal(&self) -> bool {
        matches!(self.0.kind, Kind::Journal(_))
    }

    /// Whether the time was over before there was a response or, when waiting for a job, before it
    /// ended.
    ///
    /// What to do: of a call that costs credits see [`is_ambiguous`](Self::is_ambiguous). Give slow
    /// operations more time with [`Call::timeout`](crate::Call::timeout). A job that was waited for is
    /// not stopped by this: wait for [`job_id`](Self::job_id) again.
    pub fn is_timeout(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Timeout | Kind::ConnectTimeout | Kind::Job(JobEnd::Unfinished { .. }, _)
        )
    }

    /// Whether no connection could be made: an unknown host, a refused connection, TLS that failed, or none
    /// of these done when the time for the attempt was over. Nothing was sent.
    ///
    /// A [transport](crate::transport::Transport) of the caller's own is believed what it says; when the time
    /// for the attempt is over before it says anything the request counts as sent.
    ///
    /// What to do: check the network and the base URL; the call can be repeated.
    pub fn is_connect(&self) -> bool {
        match &self.0.kind {
            Kind::Transport(error) => error.is_not_sent(),
            Kind::ConnectTimeout => true,
            _ => false,
        }
    }

    /// Whether the server answered with a status other than success (2xx).
    ///
    /// What to do: the other questions tell the common ones apart; look at
    /// [`status`](Self::status), [`field_errors`](Self::field_errors) and [`body`](Self::body).
    pub fn is_status(&self) -> bool {
        matches!(self.0.kind, Kind::Status | Kind::Redirect(_))
    }

    /// Whether the keys were refused (401), or the account may not do this (403).
    ///
    /// What to do: check both keys, that they are of the workspace that holds the API plan, and
    /// that the plan includes the API.
    pub fn is_authentication(&self) -> bool {
        self.refused_with(&[401, 403]) && !self.is_out_of_credits()
    }

    /// Whether the account has too few credits for the call. It is never repeated by itself.
    ///
    /// What to do: buy credits, or wait until they are renewed.
    pub fn is_out_of_credits(&self) -> bool {
        // The service documents no status for this; what was seen is a 400 with a text about credits.
        let text = String::from_utf8_lossy(self.body().unwrap_or_default()).to_lowercase();
        self.refused_with(&[402]) || self.refused_with(&[400, 403]) && text.contains("credit")
    }

    /// Whether there is no such job or record, for this account (404).
    ///
    /// What to do: check the id, that the keys are of the account that made it, and that the base URL has no
    /// path which is not the service's.
    pub fn is_not_found(&self) -> bool {
        self.refused_with(&[404]) || matches!(self.0.kind, Kind::Job(JobEnd::Missing, _))
    }

    /// Whether there were too many requests (429). Nothing was charged.
    ///
    /// What to do: the client waited and repeated the call as its policy says; call less often, or
    /// wait for [`retry_after`](Self::retry_after).
    pub fn is_rate_limited(&self) -> bool {
        self.refused_with(&[429])
    }

    /// Whether the server failed (5xx).
    ///
    /// What to do: try again later; of a call that costs credits see
    /// [`is_ambiguous`](Self::is_ambiguous).
    pub fn is_server(&self) -> bool {
        self.is_status() && self.status().is_some_and(|status| status.is_server_error())
    }

    /// Whether the server answered with a redirect (3xx). It is not followed: the keys and the
    /// body would go to whatever address the response names.
    ///
    /// What to do: check the base URL against [`location`](Self::location).
    pub fn is_redirect(&self) -> bool {
        matches!(self.0.kind, Kind::Redirect(_))
            || self.is_status() && self.status().is_some_and(|status| status.is_redirection())
    }

    /// Whether the server reported success with a response that could not be read.
    ///
    /// What to do: the call had its effect, do not repeat it. Take the job from
    /// [`job_id`](Self::job_id), and the rest from [`body`](Self::body). Of a call that costs credits
    /// see [`is_ambiguous`](Self::is_ambiguous).
    pub fn is_decode(&self) -> bool {
        self.decode_error().is_some()
    }

    /// Where and why the response could not be read.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        if let Kind::Decode(error) | Kind::Text(error) = &self.0.kind {
            Some(error)
        } else {
            None
        }
    }

    /// Whether a job that was waited for has failed or was rejected.
    ///
    /// What to do: see [`failed_reason`](Self::failed_reason); correct the request and make
    /// another job. The job itself is [`job`](Self::job).
    pub fn is_job_failed(&self) -> bool {
        matches!(self.0.kind, Kind::Job(JobEnd::Failed { .. }, _))
    }

    /// Whether a job stayed in a state that this version of the crate does not know, for longer
    /// than the policy of the wait allows.
    ///
    /// What to do: look at the job; update the crate if the service has a new state.
    pub fn is_unknown_status(&self) -> bool {
        matches!(self.0.kind, Kind::Job(JobEnd::UnknownStatus { .. }, _))
    }

    /// Whether a file could not be downloaded or written.
    ///
    /// What to do: the message names the cause. Results are kept for some days only: take the
    /// address from the job anew. A redirect that was refused is named with its target, and with the
    /// setting that would allow it. Of a writer that got a part of the file nothing can be taken back: empty it, or
    /// download to a file or into memory.
    pub fn is_download(&self) -> bool {
        matches!(self.0.kind, Kind::Download(..))
    }

    /// Whether a webhook's body was refused.
    ///
    /// What to do: answer it with status 400; it did not come from the service.
    pub fn is_webhook(&self) -> bool {
        matches!(self.0.kind, Kind::Webhook(_))
    }

    /// Why a job failed, in the words of the service; control characters are escaped.
    pub fn failed_reason(&self) -> Option<&str> {
        if let Kind::Job(JobEnd::Failed { reason, .. }, _) = &self.0.kind {
            reason.as_ref().map(ServerText::as_str)
        } else {
            None
        }
    }

    /// The job as it was seen last, when it was waited for: as the type that its operation answers.
    pub fn job<T: Decode>(&self) -> Option<Result<T, DecodeError>> {
        if let Kind::Job(_, record) = &self.0.kind {
            record.clone().map(T::decode)
        } else {
            None
        }
    }

    /// The operation that failed, by its name in the specification.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// How often the call was tried; 0 when nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.context().map_or(0, |context| context.attempts)
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// The headers of the response, if there was one, as they came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// The bytes of the response, if there was one; what came of it, if it broke off. They are as they came:
    /// a server may repeat there what was sent to it, the keys as well.
    pub fn body(&self) -> Option<&[u8]> {
        self.0
            .response
            .as_ref()
            .map(|response| response.body.as_slice())
    }

    /// What the server says is wrong, field by field, whatever shape it uses for it; empty for a
    /// response that is not JSON, and when there is none.
    pub fn field_errors(&self) -> Vec<FieldError> {
        if self.is_status() {
            field::field_errors(self.body().unwrap_or_default())
        } else {
            Vec::new()
        }
    }

    /// How long the server asks to wait before the next call.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(self.headers()?, clock::now())
    }

    /// The job that this is about: the id that was asked for or, of a call that makes a job, the `id` in a
    /// response that reports success. Of a creating call it is the job that exists although the call failed.
    ///
    /// It is a text, as the service wrote it; `parse` makes of it what `wait` takes.
    pub fn job_id(&self) -> Option<&str> {
        self.0.job_id.as_deref()
    }

    /// Where the response points to, if it is a redirect.
    pub fn location(&self) -> Option<&str> {
        if let Kind::Redirect(location) = &self.0.kind {
            Some(location.as_str())
        } else {
            None
        }
    }

    fn refused_with(&self, statuses: &[u16]) -> bool {
        let status = self.status().filter(|_| self.is_status());
        status.is_some_and(|status| statuses.contains(&status.as_u16()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(formatter, "{operation}: ")?;
        }
        match &self.0.kind {
            Kind::Status if self.is_server() => formatter.write_str("the server failed")?,
            kind => text::write_kind(kind, formatter)?,
        }
        if let Some(id) = &self.0.job_id {
            write!(formatter, " (job {})", ServerText::new(id))?;
        }
        if let Some(status) = self.status() {
            write!(formatter, " ({status})")?;
        }
        if !self.0.excerpt.is_empty() {
            write!(formatter, ": {}", self.0.excerpt)?;
        }
        if self.attempts() > 1 {
            write!(formatter, ", after {} attempts", self.attempts())?;
        }
        if self.is_ambiguous() {
            formatter.write_str("; it may have been charged, settle it before it is repeated")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// Headers, bodies and the job stay out: a server may repeat there what the caller sent. The
    /// excerpt does not show keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("kind", &text::Shown(&self.0.kind))
            .field("status", &self.status())
            .field("job_id", &self.0.job_id.as_ref().map(ServerText::new))
            .field("body", &self.0.excerpt)
            .field("ambiguous", &self.is_ambiguous())
            .finish_non_exhaustive()
    }
}
