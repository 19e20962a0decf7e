//! What an error says of its call. In: the error. Out: whether the call may have had an effect, and
//! in which job it would show. Sends nothing.

use std::time::Duration;

use super::settings::later;
use crate::runtime::clock::Instant;
use crate::runtime::error::Trail;
use crate::runtime::spend::{Origin, Report};
use crate::runtime::{Client, Error, Jobs, Timestamp};

/// How far the clock of the server may be behind that of this machine.
const SKEW: Duration = Duration::from_secs(120);

/// How long after it failed a call may still show: one that the server has answered, and one that
/// may still be on its way.
const GRACE_ANSWERED: Duration = Duration::from_secs(10);
const GRACE_UNANSWERED: Duration = Duration::from_secs(30);

/// The status of a server that has failed and is done with a request. Others with 5xx come from gateways, which
/// don't know what the server behind them does.
const DONE: u16 = 500;

/// A call whose answer was lost.
pub(super) struct Lost {
    pub(super) looking: Looking,
    /// After this moment it cannot show any more.
    pub(super) until: Instant,
    trail: Trail,
    origin: Origin,
}

/// How the job of a call can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Looking {
    /// The call had no effect.
    Nowhere,
    /// It would have made a job, not before this moment.
    New(Timestamp),
    /// It was about this job, and would show in it.
    Existing(String),
    /// It made this job.
    Known(String),
}

impl Lost {
    /// Reads the error of a call; refuses one whose job this client would not see where it looks.
    pub(super) fn of(error: &Error, client: &Client, jobs: &Jobs) -> Result<Self, Error> {
        let paid = |trail: &&Trail| {
            trail
                .operation
                .is_some_and(|operation| !operation.is_free())
        };
        let Some(trail) = error.trail().filter(paid) else {
            return Err(Error::configuration(
                "this is not the error of a call that costs credits: settle the error that the call itself gave",
            ));
        };
        let lost = Self::described(error, trail);
        let resource = trail.operation.and_then(|operation| operation.jobs);
        let resource = resource.map_or(jobs.resource, |jobs| jobs.resource);
        if resource != jobs.resource {
            let problem = format!(
                "a call of `{resource}` cannot be settled with `{}`",
                jobs.resource
            );
            return Err(lost.still_lost(Error::configuration(problem)));
        }
        if trail.account != client.inner.account {
            let problem = "a call can only be settled by a client with the keys and the base URL of the one that made it";
            return Err(lost.still_lost(Error::configuration(problem)));
        }
        Ok(lost)
    }

    fn described(error: &Error, trail: &Trail) -> Self {
        let subject = trail.subject.clone();
        let origin = match subject {
            Some(_) => Origin::Existing,
            None => Origin::New,
        };
        // The id in a refusal need not be that of a job.
        let made = error.status().is_some_and(|status| status.is_success());
        let looking = match (subject, error.job_id().filter(|_| made)) {
            _ if !trail.ambiguous => Looking::Nowhere,
            (Some(id), _) => Looking::Existing(id),
            (None, Some(id)) => Looking::Known(id.to_owned()),
            (None, None) => Looking::New(trail.started - SKEW),
        };
        let until = match error.status() {
            Some(status) if status.is_success() || status.as_u16() == DONE => {
                later(trail.ended, GRACE_ANSWERED)
            }
            Some(_) | None => trail.may_last.max(later(trail.ended, GRACE_UNANSWERED)),
        };
        Self {
            looking,
            until,
            origin,
            trail: trail.share(),
        }
    }

    /// Looks for jobs made since then.
    pub(super) fn set_since(&mut self, moment: Timestamp) {
        if let Looking::New(since) = &mut self.looking {
            *since = moment;
        }
    }

    /// How long after it failed the call may still show.
    pub(super) fn set_grace(&mut self, grace: Duration) {
        self.until = later(self.trail.ended, grace);
    }

    /// What was done for the call.
    pub(super) fn trail(&self) -> Trail {
        self.trail.share()
    }

    /// An error that leaves the call as it was: nothing is known of it.
    pub(super) fn still_lost(&self, error: Error) -> Error {
        error.with_trail(self.trail.share())
    }

    /// The call took effect, in a job that may report what it costs.
    pub(super) fn found(&self, report: Option<&Report>) {
        if let Some(ticket) = &self.trail.ticket {
            ticket.charge_found(report, self.origin);
        }
    }

    /// The call took no effect.
    pub(super) fn not_found(&self) {
        if let Some(ticket) = &self.trail.ticket {
            ticket.release();
        }
    }
}
