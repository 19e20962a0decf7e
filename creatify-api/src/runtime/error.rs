//! Failures. In: what went wrong, and the answer if there was one. Out: one error type that
//! answers what a caller can do about it. Knows no operation's types.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};

use super::answer::Answer;
use super::credentials::Keys;
use super::decode::DecodeError;

/// Why a call gave no value.
///
/// The questions below say what can be done. Whatever the server answered is kept: status, headers,
/// bytes and the job's id, also when the answer could not be read, so that nothing that was paid
/// for is lost.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<&'static str>,
    answer: Option<Answer>,
    job_id: Option<String>,
    excerpt: String,
}

/// What a library below says of a wrong setting.
type Source = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
enum Kind {
    Configuration(String, Option<Source>),
    Validation(Vec<Violation>),
    Transport(reqwest::Error),
    Status,
    Decode(DecodeError),
}

impl Error {
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration(message.into(), None))
    }

    pub(crate) fn configuration_by(message: &str, source: impl Into<Source>) -> Self {
        Self::new(Kind::Configuration(message.to_owned(), Some(source.into())))
    }

    pub(crate) fn validation(violations: Vec<Violation>) -> Self {
        Self::new(Kind::Validation(violations))
    }

    pub(crate) fn transport(error: reqwest::Error) -> Self {
        Self::new(Kind::Transport(error))
    }

    pub(crate) fn refused(answer: Answer, keys: &Keys) -> Self {
        Self::new(Kind::Status).with_answer(answer, keys)
    }

    pub(crate) fn decode(error: DecodeError, answer: Answer, keys: &Keys) -> Self {
        let error = error.map_texts(|text| keys.redact(text));
        Self::new(Kind::Decode(error)).with_answer(answer, keys)
    }

    fn new(kind: Kind) -> Self {
        let excerpt = String::new();
        Self(Box::new(Inner {
            kind,
            operation: None,
            answer: None,
            job_id: None,
            excerpt,
        }))
    }

    pub(crate) fn with_answer(mut self, answer: Answer, keys: &Keys) -> Self {
        self.0.job_id = answer.job_id();
        self.0.excerpt = answer.excerpt(keys);
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Whether the request breaks a limit of the API. Nothing was sent.
    ///
    /// What to do: correct the fields that [`violations`](Self::violations) names.
    pub fn is_validation(&self) -> bool {
        matches!(self.0.kind, Kind::Validation(_))
    }

    /// Everything that is wrong with the request, if that is why it was not sent.
    pub fn violations(&self) -> &[Violation] {
        match &self.0.kind {
            Kind::Validation(violations) => violations,
            Kind::Configuration(..) | Kind::Transport(_) | Kind::Status | Kind::Decode(_) => &[],
        }
    }

    /// Whether the client cannot be built, or cannot make this call: a missing key, a wrong base
    /// URL. Nothing was sent.
    ///
    /// What to do: correct the settings; the message names the one that is wrong.
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(..))
    }

    /// Whether the answer did not come in time.
    ///
    /// What to do: before a paid call is repeated, list the jobs: the server may have started one.
    /// Give slow operations more time with [`Call::timeout`](crate::Call::timeout).
    pub fn is_timeout(&self) -> bool {
        self.transport_error()
            .is_some_and(reqwest::Error::is_timeout)
    }

    /// Whether no connection could be made. Nothing was sent.
    ///
    /// What to do: check the network and the base URL; the call can be repeated.
    pub fn is_connect(&self) -> bool {
        self.transport_error()
            .is_some_and(reqwest::Error::is_connect)
    }

    /// Whether the server answered with a status other than success (2xx).
    ///
    /// What to do: look at [`status`](Self::status) and [`body`](Self::body): 400 means a wrong
    /// request or no credits left, which the body tells apart; 401 and 403 wrong keys, or a plan
    /// without access to the API; 404 no such job; 429 too many requests.
    pub fn is_status(&self) -> bool {
        matches!(self.0.kind, Kind::Status)
    }

    /// Whether the server answered with a redirect (3xx), which is not followed: the keys and the
    /// body would go to whatever address the answer names.
    ///
    /// What to do: check the base URL against [`location`](Self::location).
    pub fn is_redirect(&self) -> bool {
        self.is_status() && self.status().is_some_and(|status| status.is_redirection())
    }

    /// Whether the server reported success with an answer that could not be read.
    ///
    /// What to do: the call had its effect, do not repeat it. Take the job from
    /// [`job_id`](Self::job_id) and the rest from [`body`](Self::body).
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// Where and why the answer could not be read.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.kind {
            Kind::Decode(error) => Some(error),
            Kind::Configuration(..) | Kind::Validation(_) | Kind::Transport(_) | Kind::Status => {
                None
            }
        }
    }

    /// The operation that failed, by its name in the specification.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The headers of the answer, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// The bytes of the answer, if there was one; what came of it, if it broke off.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.answer.as_ref().map(|answer| answer.body.as_slice())
    }

    /// The `id` in the answer, if it has one: of a creating call, the job that exists although the call
    /// failed.
    pub fn job_id(&self) -> Option<&str> {
        self.0.job_id.as_deref()
    }

    /// Where the answer points to, if it is a redirect.
    pub fn location(&self) -> Option<&str> {
        self.headers()?.get(header::LOCATION)?.to_str().ok()
    }

    fn transport_error(&self) -> Option<&reqwest::Error> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::Configuration(..) | Kind::Validation(_) | Kind::Status | Kind::Decode(_) => None,
        }
    }

    fn write_kind(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Configuration(message, _) => formatter.write_str(message),
            Kind::Validation(violations) => {
                formatter.write_str("nothing was sent, the request breaks limits of the API: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(formatter, "{separator}{violation}")?;
                }
                Ok(())
            }
            Kind::Transport(_) if self.is_connect() => formatter.write_str("could not connect"),
            Kind::Transport(_) if self.is_timeout() => formatter.write_str("no answer in time"),
            Kind::Transport(_) => formatter.write_str("the connection failed"),
            Kind::Status => formatter.write_str("the server refused"),
            Kind::Decode(error) => write!(formatter, "the answer could not be read, {error}"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(formatter, "{operation}: ")?;
        }
        self.write_kind(formatter)?;
        if let Some(status) = self.status() {
            write!(formatter, " ({status})")?;
        }
        if !self.0.excerpt.is_empty() {
            write!(formatter, ": {}", self.0.excerpt)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// Headers, bodies and the id stay out: a server may repeat there what the caller sent. The
    /// excerpt does not show keys.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("kind", &self.0.kind)
            .field("status", &self.status())
            .field("body", &self.0.excerpt)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::Decode(error) => Some(error),
            Kind::Configuration(_, Some(source)) => Some(source.as_ref()),
            Kind::Configuration(_, None) | Kind::Validation(_) | Kind::Status => None,
        }
    }
}

/// A limit of the API that a request breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// The field or parameter, such as `video_inputs[0].voice.input_text`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.message)
    }
}
