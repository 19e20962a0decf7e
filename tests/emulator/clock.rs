//! The emulator's own time. In: a speed, or steps. Out: the present, in microseconds since 1970.
//! Knows no jobs.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// How time passes in the emulator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// This many seconds pass in a second.
    Times(f64),
    /// Time stands still until it is advanced.
    Stepped,
}

impl From<f64> for Speed {
    fn from(times: f64) -> Self {
        Self::Times(times)
    }
}

/// Microseconds since 1970.
pub(crate) type Moment = i64;

pub(crate) const SECOND: Moment = 1_000_000;

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
                self.base + (passed * SECOND as f64) as Moment
            }
        }
    }

    pub(crate) fn speed(&self) -> Speed {
        self.speed
    }

    pub(crate) fn set_speed(&mut self, speed: Speed) {
        self.base = self.now();
        self.since = Instant::now();
        self.speed = speed;
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.base = self.base.saturating_add(microseconds(by));
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
