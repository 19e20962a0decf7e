//! The polling interval. In: settings. Out: the wait before each poll. Depends on no job and reads no
//! clock.

use std::time::Duration;

use crate::runtime::retry::random;

/// No setting makes polls follow each other more closely than this.
const SHORTEST: Duration = Duration::from_millis(10);

/// An interval that nobody waits for; longer ones could not be added to the present.
const LONGEST: Duration = Duration::from_secs(60 * 60 * 24 * 365);

/// How long to wait between two polls of a job.
///
/// The first poll is made at once, the second after the initial interval; with each poll the
/// interval grows up to the maximum. Each wait is a random time between half of the interval and the
/// whole of it, so that programs that were started together do not poll together.
///
/// ```
/// use std::time::Duration;
/// use creatify_api::jobs::Polling;
///
/// // Previews take seconds: poll more often, and never less than every five seconds.
/// let polling = Polling::new().initial(Duration::from_millis(500)).max(Duration::from_secs(5));
/// # let _ = polling;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Polling {
    initial: Duration,
    max: Duration,
    growth: f64,
    jitter: f64,
}

impl Default for Polling {
    /// From 1 s to 15 s, half as much again with each poll.
    fn default() -> Self {
        Self {
            initial: Duration::from_secs(1),
            max: Duration::from_secs(15),
            growth: 1.5,
            jitter: 0.5,
        }
    }
}

impl Polling {
    /// The default: from 1 s to 15 s, half as much again with each poll.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is used with an [`Inbox`](super::Inbox), which makes polls rarely necessary: from
    /// 60 s to 5 min.
    pub fn rare() -> Self {
        Self::default()
            .initial(Duration::from_secs(60))
            .max(Duration::from_secs(300))
    }

    /// The interval between the first two polls; 1 s unless set. Less than 10 ms counts as 10 ms.
    pub fn initial(mut self, interval: Duration) -> Self {
        self.initial = interval;
        self
    }

    /// The longest interval; 15 s unless set. It also bounds the first one.
    pub fn max(mut self, interval: Duration) -> Self {
        self.max = interval;
        self
    }

    /// By how much the interval is multiplied after each poll; 1.5 unless set. Less than 1 counts
    /// as 1.
    pub fn growth(mut self, factor: f64) -> Self {
        self.growth = factor;
        self
    }

    /// Which share of an interval is left to chance, from 0 (none of it) to 1 (all of it); 0.5
    /// unless set.
    pub fn jitter(mut self, share: f64) -> Self {
        self.jitter = match share.is_nan() {
            true => 0.0,
            false => share.clamp(0.0, 1.0),
        };
        self
    }
}

/// The waits, one after the other.
pub(super) struct Pace {
    polling: Polling,
    interval: Duration,
}

impl Pace {
    pub(super) fn new(polling: Polling) -> Self {
        let interval = polling.initial.min(polling.max).clamp(SHORTEST, LONGEST);
        Self { polling, interval }
    }

    /// The wait before the next poll; those after it will be longer.
    pub(super) fn next(&mut self) -> Duration {
        let wait = self.again();
        // `max` also makes a factor that is no number a one.
        let longer = self.interval.as_secs_f64() * self.polling.growth.max(1.0);
        let longer = Duration::try_from_secs_f64(longer).unwrap_or(Duration::MAX);
        self.interval = longer.min(self.polling.max).clamp(SHORTEST, LONGEST);
        wait
    }

    /// The wait before the next poll, when there is no reason to poll less often.
    pub(super) fn again(&self) -> Duration {
        // Rounding may make the part longer than the whole.
        let least = self
            .interval
            .mul_f64(1.0 - self.polling.jitter)
            .min(self.interval);
        least + random(self.interval - least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(polling: Polling, count: usize) -> Vec<Duration> {
        let mut pace = Pace::new(polling);
        std::iter::repeat_with(|| pace.next()).take(count).collect()
    }

    #[test]
    fn intervals_grow_to_the_maximum() {
        let exact = waits(Polling::new().jitter(0.0), 9);
        let seconds: Vec<_> = exact.iter().map(Duration::as_secs_f64).collect();
        let expected = [
            1.0, 1.5, 2.25, 3.375, 5.0625, 7.593_75, 11.390_625, 15.0, 15.0,
        ];
        assert_eq!(seconds, expected);
    }

    /// A thousand programs that begin together would otherwise come together each time.
    #[test]
    fn waits_lie_anywhere_in_the_upper_half_of_their_interval() {
        let fixed = Polling::new().growth(1.0);
        let waits = waits(fixed, 1000);
        let (half, whole) = (Duration::from_millis(500), Duration::from_secs(1));
        assert!(waits.iter().all(|wait| (half..=whole).contains(wait)));
        assert!(waits.iter().any(|wait| wait.as_millis() < 600));
        assert!(waits.iter().any(|wait| wait.as_millis() > 900));
    }

    /// Settings of a program's user, such as 0, must not become a flood of requests or a panic.
    #[test]
    fn senseless_settings_are_bounded() {
        let nothing = Polling::new()
            .initial(Duration::ZERO)
            .max(Duration::ZERO)
            .jitter(0.0);
        assert_eq!(waits(nothing, 2), [SHORTEST; 2]);
        let endless = Polling::new()
            .max(Duration::MAX)
            .growth(f64::INFINITY)
            .jitter(0.0);
        assert_eq!(waits(endless, 3)[1..], [LONGEST; 2]);
        let strange = Polling::new().growth(f64::NAN).jitter(f64::NAN);
        assert_eq!(waits(strange, 2), [Duration::from_secs(1); 2]);
        let odd = LONGEST - Duration::from_nanos(1);
        let odd = Polling::new().initial(odd).max(odd).jitter(0.0);
        assert!(waits(odd, 2).iter().all(|wait| *wait <= LONGEST));
        let shrinking = Polling::new().growth(0.1).jitter(-1.0);
        assert_eq!(waits(shrinking, 2), [Duration::from_secs(1); 2]);
    }
}
