//! What an error can be asked. In: an error. Out: what a caller can do about it, and whatever the server said. Decides
//! nothing.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use uuid::Uuid;

use super::{Error, FieldError, JobEnd, Kind, Violation, field};
use crate::runtime::clock;
use crate::runtime::decode::{Decode, DecodeError};
use crate::runtime::journal::PendingCall;
use crate::runtime::redact::ServerText;
use crate::runtime::retry::retry_after;

impl Error {
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

    /// The operation that failed, by its name in the specification; of a [raw call](crate::Client::request) its method and path.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
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
    /// It is a text, as the service wrote it; [`job_uuid`](Self::job_uuid) is what `wait` takes.
    pub fn job_id(&self) -> Option<&str> {
        self.0.job_id.as_deref()
    }

    /// The [`job_id`](Self::job_id) as what `wait` takes; none if there is no id, or one that is no UUID, as of a resource whose
    /// ids are numbers.
    pub fn job_uuid(&self) -> Option<Uuid> {
        Uuid::parse_str(self.job_id()?).ok()
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
