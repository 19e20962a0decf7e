//! When a call can have made its job. In: when the call began and how long it may have taken, the
//! clocks at a poll, and when a record says that it was made. Out: whether that is in this time, may
//! be, or is not. Reads no clock.
//!
//! No clock is trusted alone. The server's time at the beginning is taken from the responses before it
//! and from those after it, with the monotonic clock in between: by the first the call began no earlier,
//! by the second it ended no later. So it does no harm when the server's clock runs faster than this one (this
//! machine slept, say). The clock of this machine, which anybody may set, counts only when no response has
//! told the server's, and for calls of another process, together with the server's.

use std::time::Duration;

use chrono::TimeDelta;

use crate::runtime::Timestamp;
use crate::runtime::times::CallTimes;

/// How far two clocks that are set well may be apart.
const TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// The offsets from UTC that a time without offset can have: as far behind and as far ahead.
const BEHIND: TimeDelta = TimeDelta::hours(12);
const AHEAD: TimeDelta = TimeDelta::hours(14);

/// How far outside a record must be that needs not be read: no clock of a server that is at all set is this
/// far from its records, whatever offset they are in.
const FAR: TimeDelta = TimeDelta::days(3);

/// When a record says that it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Created {
    At(Timestamp),
    /// By the clock on a wall somewhere; as if that were in UTC.
    Somewhere(Timestamp),
    Unknown,
}

impl Created {
    /// As well as it is known, to put records in order.
    pub(super) fn order(self) -> Option<Timestamp> {
        match self {
            Self::At(moment) | Self::Somewhere(moment) => Some(moment),
            Self::Unknown => None,
        }
    }

    /// The first and the last moment that it can be.
    fn bounds(self) -> (Timestamp, Timestamp) {
        match self {
            Self::At(moment) => (moment, moment),
            Self::Somewhere(moment) => (shifted(moment, -AHEAD), shifted(moment, BEHIND)),
            Self::Unknown => (Timestamp::MIN_UTC, Timestamp::MAX_UTC),
        }
    }
}

/// What the time of a record says; the better one is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The call can have made it.
    Inside,
    /// It says nothing, or not by every clock the same.
    Unclear,
    /// The call cannot have made it, by any clock.
    Outside,
}

/// When the job of a call can have been made, by the clock of the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// In this time by every clock.
    certain: (Timestamp, Timestamp),
    /// In this time by any clock.
    possible: (Timestamp, Timestamp),
    /// Whether the server itself told its time.
    server_time_known: bool,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct WindowInput {
    /// When the call began.
    pub(super) call: CallTimes,
    /// For how long since then it may have been processed; none when that is not known.
    pub(super) span: Option<Duration>,
    /// Since when the job can have been made, when the caller knows better; by the clock of this machine.
    pub(super) since: Option<Timestamp>,
}

impl Window {
    /// The window of a call, as the clocks at a poll show it.
    pub(super) fn of(input: &WindowInput, poll: &CallTimes) -> Self {
        let starts = Starts::of(&input.call, poll);
        let end = |start: Timestamp| {
            let span = input.span.and_then(|span| TimeDelta::from_std(span).ok());
            match span {
                Some(span) => shifted(shifted(start, span), TOLERANCE),
                None => Timestamp::MAX_UTC,
            }
        };
        let (no_earlier, earliest) = match input.since {
            Some(since) => {
                let by_server = poll.server.map(|server| shifted(since, server - poll.wall));
                let by_server = by_server.unwrap_or(since);
                (by_server, by_server.min(since))
            }
            None => (
                shifted(starts.no_earlier, -TOLERANCE),
                shifted(starts.earliest, -TOLERANCE),
            ),
        };
        Self {
            certain: (no_earlier, end(starts.no_later)),
            possible: (earliest, end(starts.latest)),
            server_time_known: poll.server.is_some() || input.call.server.is_some(),
        }
    }

    /// What the time of a record says.
    pub(super) fn fit(&self, created: Created) -> Fit {
        let (first, last) = created.bounds();
        if created == Created::Unknown {
            Fit::Unclear
        } else if self.certain.0 <= first && last <= self.certain.1 {
            Fit::Inside
        } else if last < self.possible.0 || self.possible.1 < first {
            Fit::Outside
        } else {
            Fit::Unclear
        }
    }

    /// Whether a record need not even be read, as the server's own clock puts it days away.
    pub(super) fn is_far(&self, created: Created) -> bool {
        let (first, last) = created.bounds();
        let is_before = last < shifted(self.possible.0, -FAR);
        self.server_time_known && (is_before || shifted(self.possible.1, FAR) < first)
    }
}

/// When the call began, by the clock of the server.
struct Starts {
    /// By every clock not before this, and not after this.
    no_earlier: Timestamp,
    no_later: Timestamp,
    /// By any clock not before this, and not after this.
    earliest: Timestamp,
    latest: Timestamp,
}

impl Starts {
    fn of(call: &CallTimes, poll: &CallTimes) -> Self {
        let elapsed = match (call.monotonic, poll.monotonic) {
            (Some(began), Some(now)) => {
                TimeDelta::from_std(now.saturating_duration_since(began)).ok()
            }
            (None, _) | (_, None) => None,
        };
        let Some(elapsed) = elapsed else {
            return Self::other_process(call, poll);
        };
        let before = |moment| shifted(moment, -elapsed);
        // By the responses before the call and by those after it.
        let (first, second) = match (call.server, poll.server.map(before)) {
            (Some(first), Some(second)) => (first, second),
            (Some(only), None) | (None, Some(only)) => (only, only),
            (None, None) => (call.wall, before(poll.wall)),
        };
        Self {
            no_earlier: first,
            no_later: first.max(second),
            earliest: first.min(second),
            latest: first.max(second),
        }
    }

    /// Of a call that another process began nobody knows how long ago that was: only what all clocks say
    /// is certain.
    fn other_process(call: &CallTimes, poll: &CallTimes) -> Self {
        // As if the clocks had differed then as they do now.
        let now = poll
            .server
            .map(|server| shifted(call.wall, server - poll.wall));
        let (first, second) = match (call.server, now) {
            (Some(first), Some(second)) => (first, second),
            (Some(other), None) | (None, Some(other)) => (call.wall, other),
            (None, None) => (call.wall, call.wall),
        };
        Self {
            no_earlier: first.max(second),
            no_later: first.min(second),
            earliest: first.min(second),
            latest: first.max(second),
        }
    }
}

/// A moment so much later; the last or the first one that there is when there is no such.
fn shifted(moment: Timestamp, by: TimeDelta) -> Timestamp {
    let end = match by < TimeDelta::zero() {
        true => Timestamp::MIN_UTC,
        false => Timestamp::MAX_UTC,
    };
    moment.checked_add_signed(by).unwrap_or(end)
}

#[cfg(test)]
mod tests;
