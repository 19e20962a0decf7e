//! Backoff after failed polls. In: the error of a poll and the number of failures before it. Out: the
//! wait before the next poll, or none when the failures are no longer tolerated. A failed poll says
//! nothing about the job.

use std::time::Duration;

use crate::runtime::Error;
use crate::runtime::classify::Classification;
use crate::runtime::clock;
use crate::runtime::retry::{random, retry_after};

/// How many failed polls in a row a wait tolerates, unless it is told otherwise.
pub(super) const TOLERATED: u32 = 10;

/// How often in a row a job may be not found: one that was just made may not be readable yet.
pub(super) const ABSENCES: u32 = 3;

/// The back-off after the first failed poll; it doubles with each further one.
const FIRST: Duration = Duration::from_secs(1);

/// The longest back-off, unless the server asks for more.
const LONGEST: Duration = Duration::from_secs(15);

/// What a failed poll says about the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The next one may succeed.
    Transient,
    /// The job is not there, perhaps not yet.
    NotFound,
    /// The next one would fail as well.
    Permanent,
}

impl Failure {
    pub(super) fn of(error: &Error) -> Self {
        match Classification::of(error) {
            Classification::NotSent
            | Classification::RetryLater
            | Classification::Ambiguous
            | Classification::Processed => Self::Transient,
            Classification::Refused if error.is_not_found() => Self::NotFound,
            // The call that made the job was not redirected: something on the way is.
            Classification::Refused | Classification::AmbiguousFinal if is_redirected(error) => {
                Self::Transient
            }
            Classification::Refused | Classification::AmbiguousFinal => Self::Permanent,
        }
    }
}

/// How long to wait after this many failures in a row: a random time in the upper half of a
/// growing one, and what the server asked for.
pub(super) fn backoff_delay(failures: u32, error: Option<&Error>) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
    let longest = doubled.and_then(|factor| FIRST.checked_mul(factor));
    let longest = longest.map_or(LONGEST, |longest| longest.min(LONGEST));
    let wait = longest / 2 + random(longest / 2);
    match requested_delay(error) {
        Some(requested) => requested.saturating_add(wait.min(FIRST)),
        None => wait,
    }
}

/// What the server asked for; no server puts a poll off for longer than [`MAX_REQUESTED_DELAY`].
pub(super) fn requested_delay(error: Option<&Error>) -> Option<Duration> {
    let requested = retry_after(error?.headers()?, clock::now());
    requested.map(|requested| requested.min(MAX_REQUESTED_DELAY))
}

/// The longest `Retry-After` that is waited for between two polls.
const MAX_REQUESTED_DELAY: Duration = Duration::from_secs(600);

/// Whether the server answered with a redirect, which was not followed.
fn is_redirected(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_redirection())
}

/// The failed polls of one waiter.
pub(super) struct Backoff {
    tolerated: u32,
    failures: u32,
    absences: u32,
}

impl Backoff {
    pub(super) fn new(tolerated: u32) -> Self {
        Self {
            tolerated,
            failures: 0,
            absences: 0,
        }
    }

    pub(super) fn succeeded(&mut self) {
        (self.failures, self.absences) = (0, 0);
    }

    /// How long to wait before the next poll; none when it is over.
    pub(super) fn failed(&mut self, error: &Error) -> Option<Duration> {
        self.failures = self.failures.saturating_add(1);
        match Failure::of(error) {
            Failure::Permanent => return None,
            Failure::NotFound => self.absences += 1,
            Failure::Transient => self.absences = 0,
        }
        let over = self.failures > self.tolerated || self.absences > ABSENCES;
        (!over).then(|| backoff_delay(self.failures, Some(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::decode::DecodeError;
    use crate::runtime::error::Kind;
    use crate::runtime::raw_response::RawResponse;
    use crate::runtime::transport::TransportError;
    use reqwest::StatusCode;
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    fn status(status: u16, headers: &[(&'static str, &'static str)]) -> Error {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let response = RawResponse {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::from_iter(headers),
            body: Vec::new(),
        };
        Error::refused(response)
    }

    /// A wait that ends at a transient fault loses sight of a job that was paid for; one that tolerates a
    /// permanent one keeps the user waiting for nothing.
    #[test]
    fn transient_failures_are_tolerated_and_permanent_ones_are_not() {
        let table = [
            (Error::new(Kind::Timeout), Failure::Transient),
            (
                Error::new(Kind::Transport(TransportError::not_sent("no"))),
                Failure::Transient,
            ),
            (
                Error::new(Kind::Transport(TransportError::interrupted("no"))),
                Failure::Transient,
            ),
            (
                Error::new(Kind::Text(DecodeError::new("no"))),
                Failure::Transient,
            ),
            (
                Error::new(Kind::Decode(DecodeError::new("no"))),
                Failure::Transient,
            ),
            (status(429, &[]), Failure::Transient),
            (status(500, &[]), Failure::Transient),
            (status(503, &[]), Failure::Transient),
            (
                status(307, &[("location", "https://example.com/")]),
                Failure::Transient,
            ),
            (status(404, &[]), Failure::NotFound),
            (status(401, &[]), Failure::Permanent),
            (status(403, &[]), Failure::Permanent),
            (status(400, &[]), Failure::Permanent),
            (Error::configuration("no keys"), Failure::Permanent),
            (Error::validation(Vec::new()), Failure::Permanent),
        ];
        for (error, expected) in table {
            assert_eq!(Failure::of(&error), expected, "{error:?}");
        }
    }

    #[test]
    fn failures_in_a_row_are_counted_and_a_success_starts_anew() {
        let server = status(500, &[]);
        let mut backoff = Backoff::new(2);
        let mut tolerates = |error| backoff.failed(error).is_some();
        assert_eq!(
            [tolerates(&server), tolerates(&server), tolerates(&server)],
            [true, true, false]
        );
        let mut backoff = Backoff::new(2);
        for _ in 0..10 {
            assert!(backoff.failed(&server).is_some());
            backoff.succeeded();
        }
        let absent = status(404, &[]);
        let mut backoff = Backoff::new(TOLERATED);
        let mut tolerates = |error| backoff.failed(error).is_some();
        assert_eq!(
            [(); 4].map(|()| tolerates(&absent)),
            [true, true, true, false]
        );
        assert_eq!(Backoff::new(0).failed(&absent), None);
    }

    #[test]
    fn waits_grow_and_honour_the_server() {
        let server = status(500, &[]);
        for (failures, seconds) in [(1, 1), (2, 2), (4, 8), (5, 15), (40, 15), (u32::MAX, 15)] {
            let (longest, wait) = (
                Duration::from_secs(seconds),
                backoff_delay(failures, Some(&server)),
            );
            assert!(
                wait >= longest / 2 && wait <= longest,
                "{failures}: {wait:?}"
            );
        }
        let throttled = status(429, &[("retry-after", "300")]);
        assert!(backoff_delay(1, Some(&throttled)) >= Duration::from_secs(300));
    }
}
