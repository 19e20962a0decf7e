//! Messages of errors. In: the kind of an error. Out: text without secrets. Reads no response.

use std::fmt;

use super::{Error, JobEnd, Kind};
use crate::runtime::redact::{Redacted, ServerText};

pub(super) fn write_kind(kind: &Kind, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match kind {
        Kind::Configuration(message, _) | Kind::Download(message, _) | Kind::Webhook(message) => {
            write!(formatter, "{message}")
        }
        Kind::Journal(error) => {
            formatter.write_str("the journal of paid calls cannot be used: ")?;
            write!(formatter, "{error}")
        }
        Kind::Validation(violations) => {
            formatter.write_str("nothing was sent, the request breaks limits of the API: ")?;
            for (index, violation) in violations.iter().enumerate() {
                let separator = if index == 0 { "" } else { "; " };
                write!(formatter, "{separator}{violation}")?;
            }
            Ok(())
        }
        Kind::SpendLimit(spending, estimate) => write!(
            formatter,
            "nothing was sent, the call costs at least {estimate} credits, and {} of the limit of {} are left \
             ({} charged, {} set aside)",
            spending.remaining(),
            spending.limit,
            spending.charged,
            spending.reserved
        ),
        Kind::Transport(error) => write!(formatter, "{error}"),
        Kind::Timeout => formatter.write_str("no answer in time"),
        Kind::ConnectTimeout => formatter.write_str("could not connect in time"),
        Kind::TooLarge(most) => {
            write!(
                formatter,
                "the answer has more than the {most} bytes that are allowed"
            )
        }
        Kind::Status => formatter.write_str("the server refused"),
        Kind::Redirect(target) => write!(
            formatter,
            "the server redirects to {target:?}, and the keys go to the base URL only"
        ),
        Kind::Text(error) | Kind::Decode(error) => {
            write!(formatter, "the answer could not be read, {error}")
        }
        Kind::Job(end, _) => write_end(end, formatter),
    }
}

fn write_end(end: &JobEnd, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match end {
        JobEnd::Failed { status, reason } => {
            write!(formatter, "the job is {status:?}: ")?;
            match reason {
                Some(reason) => write!(formatter, "{reason}"),
                None => formatter.write_str("no reason is given"),
            }
        }
        JobEnd::Unfinished {
            status: Some(status),
        } => write!(
            formatter,
            "the time to wait is over, the job is still {status:?} and goes on"
        ),
        JobEnd::Unfinished { status: None } => formatter
            .write_str("the time to wait is over, and what became of the job was not learnt"),
        JobEnd::UnknownStatus { status } => write!(
            formatter,
            "the job stays in the state {status:?}, which this version does not know"
        ),
        JobEnd::Missing => formatter.write_str("there is no such job"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            write!(formatter, "{}: ", ServerText::new(operation))?;
        }
        match &self.0.kind {
            Kind::Status if self.is_server() => formatter.write_str("the server failed")?,
            kind => write_kind(kind, formatter)?,
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
        if let Some(context) = self.context().filter(|context| context.ambiguous) {
            formatter.write_str(match context.operation {
                Some(_) => "; it may have been charged, settle it before it is repeated",
                None => "; it may have been charged, find out before it is repeated",
            })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    /// The message first, as whoever returns an error from `main` shows this, then what else is known of it. Headers, bodies
    /// and the job stay out: a server may repeat there what the caller sent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")?;
        let mut details = formatter.debug_struct("");
        details.field("kind", &format_args!("{}", name(&self.0.kind)));
        if let Some(status) = self.status() {
            details.field("status", &status.as_u16());
        }
        if self.attempts() > 0 {
            details.field("attempts", &self.attempts());
        }
        if self.is_ambiguous() {
            details.field("ambiguous", &true);
        }
        if let Some(source) = std::error::Error::source(self) {
            details.field("source", &Redacted(&source));
        }
        details.finish_non_exhaustive()
    }
}

/// What went wrong, in a word.
fn name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Configuration(..) => "Configuration",
        Kind::Validation(_) => "Validation",
        Kind::SpendLimit(..) => "SpendLimit",
        Kind::Transport(_) => "Transport",
        Kind::Timeout => "Timeout",
        Kind::ConnectTimeout => "ConnectTimeout",
        Kind::TooLarge(_) => "TooLarge",
        Kind::Status => "Status",
        Kind::Redirect(_) => "Redirect",
        Kind::Text(_) => "Text",
        Kind::Decode(_) => "Decode",
        Kind::Job(..) => "Job",
        Kind::Download(..) => "Download",
        Kind::Webhook(_) => "Webhook",
        Kind::Journal(_) => "Journal",
    }
}

impl std::error::Error for Error {
    /// The error of the library below. Of a transport the message names the reason already.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => error.source(),
            Kind::Journal(error) => error.source(),
            Kind::Configuration(_, source) | Kind::Download(_, source) => {
                source.as_deref().map(|source| source as _)
            }
            Kind::Validation(_)
            | Kind::SpendLimit(..)
            | Kind::Timeout
            | Kind::ConnectTimeout
            | Kind::TooLarge(_)
            | Kind::Text(_)
            | Kind::Decode(_)
            | Kind::Status
            | Kind::Redirect(_)
            | Kind::Job(..)
            | Kind::Webhook(_) => None,
        }
    }
}
