//! What a failed look means. In: its error, and how many failed before it. Out: how long to wait
//! before the next, or that it is over. Knows no job: a failed look says nothing about one.

use std::time::Duration;

use crate::runtime::Error;
use crate::runtime::clock;
use crate::runtime::fate::Fate;
use crate::runtime::retry::{random, retry_after};

/// How many failed looks in a row a wait bears, unless it is told otherwise.
pub(super) const TOLERATED: u32 = 10;

/// How often in a row a job may be not found: one that was just made may not be readable yet.
pub(super) const ABSENCES: u32 = 3;

/// The back-off after the first failed look; it doubles with each further one.
const FIRST: Duration = Duration::from_secs(1);

/// The longest back-off, unless the server asks for more.
const LONGEST: Duration = Duration::from_secs(15);

/// What a failed look says about the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The next one may succeed.
    Passing,
    /// The job is not there, perhaps not yet.
    Absent,
    /// The next one would fail as well.
    Lasting,
}

impl Failure {
    pub(super) fn of(error: &Error) -> Self {
        match Fate::of(error) {
            Fate::NotSent | Fate::Later | Fate::Unknown | Fate::Processed => Self::Passing,
            Fate::Refused if error.is_not_found() => Self::Absent,
            // The call that made the job was not redirected: something on the way is.
            Fate::Refused | Fate::Astray if is_redirected(error) => Self::Passing,
            Fate::Refused | Fate::Astray => Self::Lasting,
        }
    }
}

/// How long to wait after this many failures in a row: a random time in the upper half of a
/// growing one, and what the server asked for.
pub(super) fn back_off(failures: u32, error: Option<&Error>) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
    let longest = doubled.and_then(|factor| FIRST.checked_mul(factor));
    let longest = longest.map_or(LONGEST, |longest| longest.min(LONGEST));
    let wait = longest / 2 + random(longest / 2);
    match asked(error) {
        Some(asked) => asked.saturating_add(wait.min(FIRST)),
        None => wait,
    }
}

/// What the server asked for; no server puts a look off for longer than [`PUT_OFF`].
pub(super) fn asked(error: Option<&Error>) -> Option<Duration> {
    let asked = retry_after(error?.headers()?, clock::now());
    asked.map(|asked| asked.min(PUT_OFF))
}

/// The longest `Retry-After` that is waited for between two looks.
const PUT_OFF: Duration = Duration::from_secs(600);

/// Whether the server answered with a redirect, which was not followed.
fn is_redirected(error: &Error) -> bool {
    error.status().is_some_and(|status| status.is_redirection())
}

/// The failed looks of one waiter.
pub(super) struct Patience {
    tolerated: u32,
    failures: u32,
    absences: u32,
}

impl Patience {
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

    /// How long to wait before the next look; none when it is over.
    pub(super) fn failed(&mut self, error: &Error) -> Option<Duration> {
        self.failures = self.failures.saturating_add(1);
        match Failure::of(error) {
            Failure::Lasting => return None,
            Failure::Absent => self.absences += 1,
            Failure::Passing => self.absences = 0,
        }
        let over = self.failures > self.tolerated || self.absences > ABSENCES;
        (!over).then(|| back_off(self.failures, Some(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::answer::Answer;
    use crate::runtime::decode::DecodeError;
    use crate::runtime::error::Kind;
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
        let answer = Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: HeaderMap::from_iter(headers),
            body: Vec::new(),
        };
        Error::refused(answer)
    }

    /// A wait that ends at a passing fault loses sight of a job that was paid for; one that bears a
    /// lasting one keeps the user waiting for nothing.
    #[test]
    fn what_passes_is_borne_and_what_lasts_is_not() {
        let table = [
            (Error::new(Kind::Timeout), Failure::Passing),
            (
                Error::new(Kind::Transport(TransportError::not_sent("no"))),
                Failure::Passing,
            ),
            (
                Error::new(Kind::Transport(TransportError::interrupted("no"))),
                Failure::Passing,
            ),
            (
                Error::new(Kind::Text(DecodeError::new("no"))),
                Failure::Passing,
            ),
            (
                Error::new(Kind::Decode(DecodeError::new("no"))),
                Failure::Passing,
            ),
            (status(429, &[]), Failure::Passing),
            (status(500, &[]), Failure::Passing),
            (status(503, &[]), Failure::Passing),
            (
                status(307, &[("location", "https://example.com/")]),
                Failure::Passing,
            ),
            (status(404, &[]), Failure::Absent),
            (status(401, &[]), Failure::Lasting),
            (status(403, &[]), Failure::Lasting),
            (status(400, &[]), Failure::Lasting),
            (Error::configuration("no keys"), Failure::Lasting),
            (Error::validation(Vec::new()), Failure::Lasting),
        ];
        for (error, expected) in table {
            assert_eq!(Failure::of(&error), expected, "{error:?}");
        }
    }

    #[test]
    fn failures_in_a_row_are_counted_and_a_success_starts_anew() {
        let server = status(500, &[]);
        let mut patience = Patience::new(2);
        let mut bears = |error| patience.failed(error).is_some();
        assert_eq!(
            [bears(&server), bears(&server), bears(&server)],
            [true, true, false]
        );
        let mut patience = Patience::new(2);
        for _ in 0..10 {
            assert!(patience.failed(&server).is_some());
            patience.succeeded();
        }
        let absent = status(404, &[]);
        let mut patience = Patience::new(TOLERATED);
        let mut bears = |error| patience.failed(error).is_some();
        assert_eq!([(); 4].map(|()| bears(&absent)), [true, true, true, false]);
        assert_eq!(Patience::new(0).failed(&absent), None);
    }

    #[test]
    fn waits_grow_and_honour_the_server() {
        let server = status(500, &[]);
        for (failures, seconds) in [(1, 1), (2, 2), (4, 8), (5, 15), (40, 15), (u32::MAX, 15)] {
            let (longest, wait) = (
                Duration::from_secs(seconds),
                back_off(failures, Some(&server)),
            );
            assert!(
                wait >= longest / 2 && wait <= longest,
                "{failures}: {wait:?}"
            );
        }
        let asked = status(429, &[("retry-after", "300")]);
        assert!(back_off(1, Some(&asked)) >= Duration::from_secs(300));
    }
}
