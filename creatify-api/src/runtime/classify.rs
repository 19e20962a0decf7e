//! Retry classification. In: the error of an attempt. Out: whether the server may have processed the
//! request, and whether it may be sent again. Reads no clock and sends nothing.

use super::Error;
use super::error::Kind;

/// The classification of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Classification {
    /// It never reached the server.
    NotSent,
    /// The server did not process it, and may process it later.
    RetryLater,
    /// The server refused it, and would refuse it again.
    Refused,
    /// It may have been processed; sending it again may succeed.
    Ambiguous,
    /// It was processed: only the response was lost.
    Processed,
    /// A redirect was followed, or says that the result is elsewhere, or the response is larger than what is read:
    /// it may have been processed, and to ask again leads to the same end.
    AmbiguousFinal,
}

impl Classification {
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            // What fails to connect after a response has begun is not the request.
            Kind::Transport(transport) if transport.is_not_sent() && error.status().is_none() => {
                Self::NotSent
            }
            Kind::Transport(transport)
                if transport.is_not_processed() && error.status().is_none() =>
            {
                Self::RetryLater
            }
            Kind::ConnectTimeout => Self::NotSent,
            // The head of the response tells, even when the rest of it is lost.
            Kind::Transport(_) | Kind::Timeout | Kind::Status => error
                .status()
                .map_or(Self::Ambiguous, |status| Self::of_status(status.as_u16())),
            // The next response would be as large.
            Kind::TooLarge(_) => match error.status() {
                Some(status) if status.is_success() => Self::AmbiguousFinal,
                status => status.map_or(Self::Ambiguous, |status| Self::of_status(status.as_u16())),
            },
            Kind::Redirect(_) => match error.status() {
                Some(status) if status.is_redirection() => Self::of_status(status.as_u16()),
                Some(_) | None => Self::AmbiguousFinal,
            },
            Kind::Text(_) | Kind::Decode(_) => Self::Processed,
            Kind::Configuration(..)
            | Kind::Validation(_)
            | Kind::SpendLimit(..)
            | Kind::Job(..)
            | Kind::Download(..)
            | Kind::Webhook(_)
            | Kind::Journal(_) => Self::Refused,
        }
    }

    fn of_status(status: u16) -> Self {
        match status {
            200..=299 => Self::Processed,
            // Too many requests (RFC 6585): this one was not processed. Too early (RFC 8470, 5.2): the server
            // would not process what might be a replay.
            425 | 429 => Self::RetryLater,
            // These two ask for the same request at another address; of the other redirects the request
            // may have been processed, and the address be that of its result (RFC 9110, 15.4).
            307 | 308 => Self::Refused,
            300..=399 => Self::AmbiguousFinal,
            // A server that gave up, and a gateway that does not know what the server behind it did (499: one that
            // stopped to wait for it).
            408 | 499 | 500..=599 => Self::Ambiguous,
            // The class says that the request was not accepted (RFC 9110, 15.5), as 421 does for a connection
            // that leads to the wrong server.
            400..=498 => Self::Refused,
            // An interim status that ends an exchange, and what no standard knows, say nothing.
            0..=199 | 600..=u16::MAX => Self::Ambiguous,
        }
    }

    pub(crate) fn was_not_processed(self) -> bool {
        match self {
            Self::NotSent | Self::RetryLater | Self::Refused => true,
            Self::Ambiguous | Self::Processed | Self::AmbiguousFinal => false,
        }
    }

    /// Whether sending it again may help and can do no harm: of a call that is repeatable after it was processed, or not.
    pub(crate) fn may_repeat(self, is_repeatable: bool) -> bool {
        match self {
            Self::NotSent | Self::RetryLater => true,
            // A success that is no JSON, or that broke off, comes from something on the way.
            Self::Ambiguous | Self::Processed => is_repeatable,
            Self::Refused | Self::AmbiguousFinal => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::operation::{Method, Operation, Price};
    use crate::runtime::transport::TransportError;

    const FREE: Operation = Operation {
        id: "avatars_create",
        method: Method::Post,
        path: "/avatars/",
        parameters: &[],
        body: &[],
        security: &[],
        prices: &[Price::new(0.0)],
        idempotent: false,
        jobs: None,
        job_name: None,
        paging: None,
    };
    const MARKED: Operation = Operation {
        idempotent: true,
        ..FREE
    };
    const READING: Operation = Operation {
        method: Method::Get,
        ..FREE
    };

    #[test]
    fn only_what_may_be_repeated_is_sent_again_after_it_may_have_been_processed() {
        for classification in [Classification::Ambiguous, Classification::Processed] {
            for method in [Method::Post, Method::Put, Method::Patch, Method::Delete] {
                assert!(
                    !classification.may_repeat(Operation { method, ..FREE }.is_repeatable()),
                    "{method:?}"
                );
                assert!(
                    classification.may_repeat(Operation { method, ..MARKED }.is_repeatable()),
                    "{method:?}"
                );
            }
            assert!(classification.may_repeat(READING.is_repeatable()));
        }
        for operation in [FREE, MARKED, READING] {
            assert!(
                Classification::NotSent.may_repeat(operation.is_repeatable())
                    && Classification::RetryLater.may_repeat(operation.is_repeatable())
            );
            assert!(
                !Classification::Refused.may_repeat(operation.is_repeatable())
                    && !Classification::AmbiguousFinal.may_repeat(operation.is_repeatable())
            );
        }
    }

    #[test]
    fn what_the_protocol_says_was_not_processed_may_come_again() {
        let refused = TransportError::not_processed("REFUSED_STREAM");
        let classification = Classification::of(&Error::new(Kind::Transport(refused)));
        assert_eq!(classification, Classification::RetryLater);
        assert!(classification.was_not_processed());
        assert_eq!(
            Classification::of(&Error::new(Kind::ConnectTimeout)),
            Classification::NotSent
        );
        let cut = TransportError::interrupted("reset");
        assert_eq!(
            Classification::of(&Error::new(Kind::Transport(cut))),
            Classification::Ambiguous
        );
    }
}
