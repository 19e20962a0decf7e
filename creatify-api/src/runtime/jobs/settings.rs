//! Settings of a wait. In: the caller's choice. Out: timeouts, tolerances and policies. Depends on no
//! request and no record.

use std::time::Duration;

use super::backoff::TOLERATED;
use super::inbox::Inbox;
use super::polling::{Pace, Polling};
use crate::runtime::clock::Instant;

/// What becomes of a job in a state that this version of the crate does not know.
///
/// Such a state may be one on the way, which passes, or a new way to end. Nothing in the response
/// says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownStatus {
    /// Waits on, and fails when the job is in the same unknown state for this long. The default, with
    /// ten minutes.
    KeepWaiting(Duration),
    /// Fails at once.
    Fail,
}

impl Default for UnknownStatus {
    fn default() -> Self {
        Self::KeepWaiting(Duration::from_secs(600))
    }
}

/// The settings of a wait.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) polling: Option<Polling>,
    pub(super) tolerated: u32,
    pub(super) unknown: UnknownStatus,
    pub(super) inbox: Option<Inbox>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(3600),
            polling: None,
            tolerated: TOLERATED,
            unknown: UnknownStatus::default(),
            inbox: None,
        }
    }
}

impl Settings {
    pub(super) fn pace(&self) -> Pace {
        Pace::new(match (&self.polling, &self.inbox) {
            (Some(polling), _) => polling.clone(),
            (None, Some(_)) => Polling::rare(),
            (None, None) => Polling::default(),
        })
    }
}

/// A job in an unknown state.
pub(super) struct UnknownState {
    status: String,
    since: Instant,
}

impl UnknownState {
    pub(super) fn status(&self) -> &str {
        &self.status
    }

    /// When the policy tolerates it no longer.
    pub(super) fn ends(&self, policy: UnknownStatus) -> Option<Instant> {
        match policy {
            UnknownStatus::KeepWaiting(limit) => self.since.checked_add(limit),
            UnknownStatus::Fail => None,
        }
    }
}

impl UnknownStatus {
    /// How long a job may stay in this unknown state from now on; none when it is over.
    pub(super) fn left(
        self,
        status: &str,
        unknown_state: &mut Option<UnknownState>,
    ) -> Option<Duration> {
        let now = Instant::now();
        let known = unknown_state.take().filter(|known| known.status == status);
        let known = known.unwrap_or_else(|| UnknownState {
            status: status.to_owned(),
            since: now,
        });
        let left = match self {
            Self::KeepWaiting(limit) => limit.checked_sub(now.duration_since(known.since)),
            Self::Fail => None,
        };
        *unknown_state = Some(known);
        left.filter(|left| !left.is_zero())
    }
}

/// The moment after this time from now, or one so far away that nobody waits for it.
pub(super) fn after(duration: Duration) -> Instant {
    later(Instant::now(), duration)
}

/// The moment after this time from another, or one so far away that nobody waits for it.
pub(super) fn later(moment: Instant, duration: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);
    moment + duration.min(FAR)
}

/// The time until a moment.
pub(super) fn until(moment: Instant) -> Duration {
    moment.saturating_duration_since(Instant::now())
}
