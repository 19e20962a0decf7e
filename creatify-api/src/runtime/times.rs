//! The start of a call by every clock. In: this machine's wall and monotonic clocks, and the `Date` of
//! responses. Out: one moment by all of them. Draws no conclusion from differences: `jobs::window`
//! does.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use reqwest::header::{AGE, DATE, HeaderMap};

use super::Timestamp;
use super::clock::{self, Instant};

/// A moment, by every clock that could be read at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallTimes {
    /// By the clock that is never set; none for a moment in another process.
    pub(crate) monotonic: Option<Instant>,
    /// By the clock of this machine, which may be wrong, and be set at any time.
    pub(crate) wall: Timestamp,
    /// By the clock of the server, as the responses before it let expect; none before the first response
    /// with a `Date`.
    pub(crate) server: Option<Timestamp>,
}

impl CallTimes {
    /// The present.
    pub(crate) fn now(server: &ServerClock) -> Self {
        let now = Instant::now();
        Self {
            monotonic: Some(now),
            wall: clock::now(),
            server: server.at(now),
        }
    }
}

/// The clock of the server, as far as its responses show it: the `Date` of the last one, and when it came.
#[derive(Debug, Default)]
pub(crate) struct ServerClock(Mutex<Option<(Timestamp, Instant)>>);

impl ServerClock {
    /// Takes note of a response that came at this moment.
    pub(crate) fn observe(&self, headers: &HeaderMap, received_at: Instant) {
        if let Some(date) = date(headers) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((date, received_at));
        }
    }

    /// What it shows at a moment, when it runs like the clock of this process.
    pub(crate) fn at(&self, moment: Instant) -> Option<Timestamp> {
        let (date, received_at) = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        match moment.checked_duration_since(received_at) {
            Some(later) => date.checked_add_signed(TimeDelta::from_std(later).ok()?),
            None => {
                let earlier = received_at.saturating_duration_since(moment);
                date.checked_sub_signed(TimeDelta::from_std(earlier).ok()?)
            }
        }
    }
}

/// How long ago a cache on the way stored the response: what it says held then (RFC 9111, 5.1).
pub(crate) fn age(headers: &HeaderMap) -> Option<TimeDelta> {
    let age = headers
        .get(AGE)?
        .to_str()
        .ok()?
        .trim()
        .parse::<u64>()
        .ok()?;
    TimeDelta::try_seconds(i64::try_from(age).ok()?)
}

/// The moment at which a response came, by the clock of the server.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()?;
    Timestamp::from(date).checked_add_signed(age(headers).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;
    use std::time::Duration;

    fn headers(date: &'static str, age: &'static str) -> HeaderMap {
        HeaderMap::from_iter([
            (DATE, HeaderValue::from_static(date)),
            (AGE, HeaderValue::from_static(age)),
        ])
    }

    fn moment(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(784_111_777 + seconds, 0).expect("a moment")
    }

    #[test]
    fn the_last_response_tells_the_servers_time_before_and_after_it() {
        let (clock, now) = (ServerClock::default(), Instant::now());
        assert_eq!(clock.at(now), None);
        clock.observe(&headers("Sun, 06 Nov 1994 08:00:00 GMT", "0"), now);
        clock.observe(&headers("Sun, 06 Nov 1994 08:49:37 GMT", "0"), now);
        let hour = Duration::from_secs(3_600);
        assert_eq!(clock.at(now), Some(moment(0)));
        assert_eq!(clock.at(now + hour), Some(moment(3_600)));
        clock.observe(&headers("Sun, 06 Nov 1994 08:49:37 GMT", "0"), now + hour);
        assert_eq!(clock.at(now), Some(moment(-3_600)));
        // What is no moment changes nothing.
        for (date, age) in [("soon", "0"), ("", ""), ("Sun, 06 Nov 2994", "")] {
            clock.observe(&headers(date, age), now);
        }
        assert_eq!(clock.at(now), Some(moment(-3_600)));
    }

    /// A cache that gives the same response for an hour would stop the clock.
    #[test]
    fn the_time_in_a_cache_is_added() {
        let (clock, now) = (ServerClock::default(), Instant::now());
        clock.observe(&headers("Sun, 06 Nov 1994 08:49:37 GMT", "60"), now);
        assert_eq!(clock.at(now), Some(moment(60)));
        for age in ["18446744073709551615", "9223372036854775807", "-1", "x"] {
            clock.observe(&headers("Fri, 31 Dec 9999 23:59:59 GMT", age), now);
            clock.at(now);
        }
    }
}
