//! The retry policy. In: the number of attempts and the `Retry-After` of the server. Out: the wait
//! before the next attempt, or none. What may be repeated at all is decided in `classify`.

mod after;
mod budget;

use std::time::Duration;

pub(crate) use after::retry_after;
pub(crate) use budget::RetryBudget;

/// How often a call is tried, and how long it waits in between.
///
/// It never decides *whether* a call may be repeated: a call that costs credits or changes something is repeated only
/// when the server cannot have processed it (it could not be reached, it answered 425 or 429, or HTTP/2 says that the stream was refused),
/// whatever the policy.
///
/// The waits grow: a random time between nothing and the initial back-off, doubled with each
/// attempt up to the maximum ("full jitter"). A `Retry-After` of the server is waited for, to
/// which a random part of the initial back-off is added. All calls of a client and its clones
/// share a budget of 100 failing retries, which successes fill again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// 4 attempts, an initial back-off of 500 ms, 20 s at most, and a `Retry-After` of up to
    /// two minutes.
    fn default() -> Self {
        Self {
            max_attempts: 4,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// One attempt, and no more.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is tried in all; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The most that is waited before the second attempt.
    pub fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// The most that is waited before any attempt, unless the server asks for more.
    pub fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// The longest `Retry-After` that is waited for. If the server asks for more the call fails,
    /// and [`Error::retry_after`](crate::Error::retry_after) says for how long.
    pub fn max_retry_after(mut self, wait: Duration) -> Self {
        self.max_retry_after = wait;
        self
    }

    /// How long to wait after this many attempts; none when it is over.
    pub(crate) fn wait(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        match retry_after {
            Some(wait) if wait > self.max_retry_after => None,
            Some(wait) => Some(wait.saturating_add(random(self.initial_backoff))),
            None => Some(random(self.longest(attempts))),
        }
    }

    /// The most to wait after this many attempts.
    fn longest(&self, attempts: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempts.saturating_sub(1));
        let longest = factor.and_then(|factor| self.initial_backoff.checked_mul(factor));
        longest.map_or(self.max_backoff, |longest| longest.min(self.max_backoff))
    }
}

/// A random part of a duration.
pub(crate) fn random(duration: Duration) -> Duration {
    // The product of the longest time there is may be rounded up to more than that.
    Duration::try_from_secs_f64(duration.as_secs_f64() * fastrand::f64()).unwrap_or(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_maximum_and_are_spread() {
        let policy = RetryPolicy::new().max_attempts(u32::MAX);
        let longest = |attempts| policy.longest(attempts).as_millis();
        let table = [
            (1, 500),
            (2, 1000),
            (6, 16_000),
            (7, 20_000),
            (40, 20_000),
            (u32::MAX, 20_000),
        ];
        for (attempts, milliseconds) in table {
            assert_eq!(longest(attempts), milliseconds, "after {attempts}");
        }
        let waits: Vec<_> = (0..100).filter_map(|_| policy.wait(3, None)).collect();
        assert!(waits.iter().all(|wait| wait.as_millis() <= 2000));
        assert!(waits.iter().any(|wait| wait.as_millis() < 1000));
        assert!(waits.iter().any(|wait| wait.as_millis() > 1000));
    }

    #[test]
    fn the_server_is_not_asked_before_it_wants_to_be() {
        let policy = RetryPolicy::new();
        let asked = Duration::from_secs(7);
        for _ in 0..100 {
            let wait = policy.wait(1, Some(asked)).expect("a wait");
            assert!(wait >= asked && wait <= asked + policy.initial_backoff);
        }
        assert_eq!(policy.wait(1, Some(Duration::from_secs(121))), None);
    }

    #[test]
    fn attempts_end() {
        let policy = RetryPolicy::new();
        assert!(policy.wait(3, None).is_some() && policy.wait(4, None).is_none());
        assert_eq!(RetryPolicy::off().wait(1, None), None);
        assert_eq!(RetryPolicy::new().max_attempts(0).wait(1, None), None);
    }
}
