//! The emulator's own time. In: a speed, or steps. Out: the present, in microseconds since 1970.
//! Knows no jobs.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

use super::bounds;

/// How time passes in the emulator.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Speed {
    /// This many seconds pass in a second: from 0, with which time stands still, to 10,000.
    Times(f64),
    /// Time stands still until it is advanced.
    Stepped,
}

impl Speed {
    /// Whether a clock can run at it.
    pub(crate) fn check(self) -> Result<(), String> {
        match self {
            Self::Times(times) => bounds::speed(times).map(drop),
            Self::Stepped => Ok(()),
        }
    }
}

impl From<f64> for Speed {
    fn from(times: f64) -> Self {
        Self::Times(times)
    }
}

/// Microseconds since 1970.
pub(crate) type Moment = i64;

pub(crate) const SECOND: Moment = 1_000_000;

/// The end of the year 2999: as far as the clock can be moved by hand.
const LATEST: Moment = 32_503_680_000 * SECOND;

/// The end of the year 9999, the last that RFC 3339 can write: the fastest clock needs nine months to
/// get there from `LATEST`, and a reset starts it anew.
const END: Moment = 253_402_300_799 * SECOND;

#[derive(Debug)]
pub(crate) struct Clock {
    base: Moment,
    since: Instant,
    speed: Speed,
}

impl Clock {
    /// A stepped clock starts at a fixed moment, so that a test sees the same times in every run.
    pub(crate) fn start(speed: Speed) -> Self {
        const SEPTEMBER_2025: Moment = 1_756_720_800 * SECOND;
        let base = match speed {
            Speed::Stepped => SEPTEMBER_2025,
            Speed::Times(_) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH);
                microseconds(now.unwrap_or_default())
            }
        };
        Self {
            base,
            since: Instant::now(),
            speed,
        }
    }

    pub(crate) fn now(&self) -> Moment {
        match self.speed {
            Speed::Stepped => self.base,
            Speed::Times(times) => {
                let passed = self.since.elapsed().as_secs_f64() * times;
                let passed = (passed * SECOND as f64) as Moment;
                self.base.saturating_add(passed).min(END)
            }
        }
    }

    pub(crate) fn speed(&self) -> Speed {
        self.speed
    }

    /// Lets time pass at another speed, which is within bounds.
    pub(crate) fn set_speed(&mut self, speed: Speed) -> Result<(), String> {
        speed.check()?;
        self.base = self.now();
        self.since = Instant::now();
        self.speed = speed;
        Ok(())
    }

    /// Moves the clock forward, as far as it goes.
    pub(crate) fn advance(&mut self, by: Duration) -> Result<(), String> {
        let by = microseconds(by);
        if self.now().saturating_add(by) > LATEST {
            return Err(format!(
                "the clock is at {}, and can be moved to the end of the year 2999; a reset starts it anew",
                rfc3339(self.now())
            ));
        }
        self.base = self.base.saturating_add(by);
        Ok(())
    }

    /// How long to wait until a moment; none while time stands still.
    pub(crate) fn until(&self, moment: Moment) -> Option<Duration> {
        let missing = (moment - self.now()).max(0) as f64 / SECOND as f64;
        match self.speed {
            _ if missing <= 0.0 => Some(Duration::ZERO),
            Speed::Times(times) if times > 0.0 => {
                Some(Duration::try_from_secs_f64(missing / times).unwrap_or(Duration::MAX))
            }
            Speed::Times(_) | Speed::Stepped => None,
        }
    }
}

fn microseconds(duration: Duration) -> Moment {
    Moment::try_from(duration.as_micros()).unwrap_or(Moment::MAX)
}

/// A moment as RFC 3339 writes it.
pub(crate) fn rfc3339(moment: Moment) -> String {
    let time = DateTime::<Utc>::from_timestamp_micros(moment).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A moment as the header `Date` has it (RFC 9110, 5.6.7).
pub(crate) fn http_date(moment: Moment) -> String {
    let time = DateTime::<Utc>::from_timestamp_micros(moment).unwrap_or_default();
    time.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Clock, LATEST, Speed, rfc3339};

    #[test]
    fn no_command_stops_the_clock_or_leads_it_where_no_time_can_be_written() {
        let mut clock = Clock::start(Speed::Stepped);
        for times in [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            -1.0,
            -f64::MIN_POSITIVE,
            10_000.1,
            1e308,
        ] {
            assert!(clock.set_speed(Speed::Times(times)).is_err(), "{times}");
        }
        for seconds in [u64::MAX, 1_000_000_000_000_000_000, 300_000_000_000] {
            let before = clock.now();
            assert!(
                clock.advance(Duration::from_secs(seconds)).is_err(),
                "{seconds}"
            );
            assert_eq!(clock.now(), before);
        }
        let century = Duration::from_secs(100 * 366 * 86_400);
        let steps = (0..1_000)
            .filter(|_| clock.advance(century).is_ok())
            .count();
        assert!((5..15).contains(&steps), "{steps}");
        assert!(clock.now() <= LATEST, "{}", rfc3339(clock.now()));
        let before = clock.now();
        assert_eq!(clock.advance(Duration::from_secs(60)), Ok(()));
        assert!(clock.now() > before && clock.set_speed(Speed::Times(10_000.0)).is_ok());
    }
}
