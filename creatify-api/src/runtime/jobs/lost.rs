//! What an error says of its call. In: the error. Out: whether the call may have had an effect, and
//! in which job it would show. Sends nothing.

use std::time::Duration;

use super::settings::later;
use crate::runtime::clock::Instant;
use crate::runtime::error::Trail;
use crate::runtime::spend::{Origin, Report, Ticket};
use crate::runtime::{Error, Jobs, Timestamp};

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
    ended: Instant,
    trail: Option<Trail>,
    ticket: Option<Ticket>,
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
    /// Reads the error of a call; refuses one of another resource, whose jobs are elsewhere.
    pub(super) fn of(error: &Error, jobs: &Jobs) -> Result<Self, Error> {
        let trail = error.trail();
        let resource = trail.and_then(|trail| trail.operation?.jobs);
        let resource = resource.map_or(jobs.resource, |jobs| jobs.resource);
        if resource != jobs.resource {
            return Err(Error::configuration(format!(
                "a call of `{resource}` cannot be settled with `{}`",
                jobs.resource
            )));
        }
        let subject = trail.and_then(|trail| trail.subject.clone());
        let origin = match subject {
            Some(_) => Origin::Existing,
            None => Origin::New,
        };
        let started = trail
            .filter(|trail| trail.ambiguous)
            .map(|trail| trail.started);
        if started.is_none() && !is_harmless(error) {
            return Err(Error::configuration(
                "this is not the error of a call that costs credits: settle the error that the call itself gave",
            ));
        }
        // The id in a refusal need not be that of a job.
        let made = error.status().is_some_and(|status| status.is_success());
        let looking = match (started, subject, error.job_id().filter(|_| made)) {
            (Some(_), Some(id), _) => Looking::Existing(id),
            (Some(_), None, Some(id)) => Looking::Known(id.to_owned()),
            (Some(started), None, None) => Looking::New(started - SKEW),
            (None, ..) => Looking::Nowhere,
        };
        let ended = trail.map_or_else(Instant::now, |trail| trail.ended);
        let until = match error.status() {
            Some(status) if status.is_success() || status.as_u16() == DONE => {
                later(ended, GRACE_ANSWERED)
            }
            Some(_) | None => {
                let may_last = trail.map_or(ended, |trail| trail.may_last);
                may_last.max(later(ended, GRACE_UNANSWERED))
            }
        };
        let ticket = trail.and_then(|trail| trail.ticket.as_ref());
        Ok(Self {
            looking,
            until,
            ended,
            trail: trail.map(Trail::share),
            ticket: ticket.map(Ticket::share),
            origin,
        })
    }

    /// Looks for jobs made since then.
    pub(super) fn set_since(&mut self, moment: Timestamp) {
        if let Looking::New(since) = &mut self.looking {
            *since = moment;
        }
    }

    /// How long after it failed the call may still show.
    pub(super) fn set_grace(&mut self, grace: Duration) {
        self.until = later(self.ended, grace);
    }

    /// What was done for the call.
    pub(super) fn trail(&self) -> Option<Trail> {
        self.trail.as_ref().map(Trail::share)
    }

    /// An error that leaves the call as it was: nothing is known of it.
    pub(super) fn still_lost(&self, error: Error) -> Error {
        match &self.trail {
            Some(trail) => error.with_trail(trail.share()),
            None => error,
        }
    }

    /// The call took effect, in a job that may report what it costs.
    pub(super) fn found(&self, report: Option<&Report>) {
        if let Some(ticket) = &self.ticket {
            ticket.charge(report, self.origin);
        }
    }

    /// The call took no effect.
    pub(super) fn not_found(&self) {
        if let Some(ticket) = &self.ticket {
            ticket.release();
        }
    }
}

/// Whether an error that is not ambiguous says that its call was not charged: it is that of a paid
/// call, or nothing was sent at all.
fn is_harmless(error: &Error) -> bool {
    let paid = |trail: &Trail| {
        trail
            .operation
            .is_some_and(|operation| !operation.is_free())
    };
    error.trail().is_some_and(paid)
        || error.is_validation()
        || error.is_configuration()
        || error.is_spend_limit()
}
