//! Ambiguous calls: paid calls whose response was lost. In: the error of a call, or its `PendingCall`.
//! Out: whether it may have had an effect, in which job that would show, and until when. Sends nothing.

use std::time::Duration;

use super::lookup::{self, JournalLookup};
use super::settings::later;
use crate::runtime::clock::Instant;
use crate::runtime::error::CallContext;
use crate::runtime::journal::{
    Account, CallOutcome, EntryRef, EntryState, HeldEntry, PendingCall, taken_over,
};
use crate::runtime::spend::{Origin, Reservation, UsageReport};
use crate::runtime::times::CallTimes;
use crate::runtime::{Client, Error, Jobs, Operation, Timestamp, operation};

/// How long after it failed a call may still show: one that the server has answered, and one that
/// may still be on its way.
const GRACE_AFTER_RESPONSE: Duration = Duration::from_secs(10);
const GRACE_WITHOUT_RESPONSE: Duration = Duration::from_secs(30);

/// How long after it failed a call may still show at most, whatever its own limit of time: no server,
/// gateway or queue works on one request for a day, and whoever waited longer would never be told.
const MAX_GRACE: Duration = Duration::from_secs(24 * 60 * 60);

/// The status of a server that has failed and is done with a request. Others with 5xx come from gateways, which
/// don't know what the server behind them does.
const INTERNAL_SERVER_ERROR: u16 = 500;

/// What is known of a call, whoever made it, in this process or in one before it.
pub(crate) struct CallParts {
    /// When it began.
    pub(crate) times: CallTimes,
    pub(crate) operation: &'static Operation,
    /// The job that it was about, if it was about one.
    pub(crate) subject: Option<String>,
    /// By whom it was made.
    pub(crate) account: Account,
    /// Whether it may have been processed.
    pub(crate) ambiguous: bool,
    /// The id in a response that reports success.
    pub(crate) made: Option<String>,
    /// Whether what tells its job was made for this call alone, so that no clock need be asked.
    pub(crate) is_unique: bool,
    /// For how long since its beginning it may have been processed; none when that is not known.
    pub(crate) span: Option<Duration>,
    /// Until when it may still show.
    pub(crate) until: Instant,
    /// The reservation made for it.
    pub(crate) reservation: Option<Reservation>,
    /// The call as it was written down, if it was.
    pub(crate) pending: Option<PendingCall>,
    /// Its entry in the journal.
    pub(crate) entry: Option<EntryRef>,
}

/// Why nothing can be found out about a call that no operation of this version describes.
pub(super) fn not_described(call: &PendingCall) -> Error {
    let name = call.operation();
    Error::configuration(match call.is_raw() {
        true => format!(
            "what became of the raw call `{name}` stays undecided: no resource shows it. Look at the account, and close it with \
             `close_unsettled` if it is in a journal"
        ),
        false => format!("this version of the crate does not know the operation `{name}`"),
    })
}

/// An ambiguous call: paid, and without a response that can be read.
pub(crate) struct AmbiguousCall {
    pub(super) target: Target,
    /// When it began.
    pub(super) times: CallTimes,
    /// For how long since then it may have been processed; none when that is not known.
    pub(super) span: Option<Duration>,
    /// Since when its job can have been made, when the caller knows better.
    pub(super) since: Option<Timestamp>,
    /// Whether a job that matches can be of no other call.
    pub(super) is_unique: bool,
    /// After this moment it cannot show any more.
    pub(super) until: Instant,
    /// Whether nobody else can be told at the same time that the call can be sent again, as far as is known.
    pub(super) is_fenced: bool,
    context: CallContext,
    origin: Origin,
    entry: EntrySource,
}

/// Where the entry of a call in a journal is.
enum EntrySource {
    /// What its error says.
    Error,
    /// Wherever the journal of the client has it.
    Journal,
    /// It is held already.
    Held(HeldEntry),
}

/// How the job of a call can be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// The call had no effect.
    NoEffect,
    /// It would have made a job.
    New,
    /// It was about this job, and would show in it.
    Existing(String),
    /// It made this job.
    Known(String),
}

impl AmbiguousCall {
    /// Reads the error of a call; refuses one whose job this client would not see where it polls.
    pub(super) fn of(error: &Error, client: &Client, jobs: &Jobs) -> Result<Self, Error> {
        let raw = error.pending_call().filter(|call| call.is_raw());
        if let (Some(call), Some(context)) = (raw, error.context()) {
            return Err(not_described(call).with_context(context.share()));
        }
        let paid =
            |context: &&CallContext| context.operation.is_some_and(Operation::needs_settling);
        let Some(context) = error.context().filter(paid) else {
            return Err(Error::configuration(
                "this is not the error of a call that costs credits or makes something: settle the error that the call itself gave",
            ));
        };
        // The id in a refusal need not be that of a job.
        let status = error.status();
        let made = error
            .job_id()
            .filter(|_| status.is_some_and(|status| status.is_success()));
        let until = match status {
            Some(status) if status.is_success() || status.as_u16() == INTERNAL_SERVER_ERROR => {
                later(context.ended, GRACE_AFTER_RESPONSE)
            }
            Some(_) | None => {
                let longest = later(context.ended, MAX_GRACE);
                let may_last = context.may_last.unwrap_or(longest).min(longest);
                may_last.max(later(context.ended, GRACE_WITHOUT_RESPONSE))
            }
        };
        let span = context.times.monotonic;
        let span = span.map(|began| until.saturating_duration_since(began));
        Self::from_context(context.share(), made, (until, span)).check_visible(client, jobs)
    }

    /// The same for a call of which no error is left, such as one of a process that has ended.
    pub(crate) fn from_parts(
        parts: CallParts,
        client: &Client,
        jobs: &Jobs,
    ) -> Result<Self, Error> {
        let context = CallContext {
            attempts: 1,
            times: parts.times,
            ended: Instant::now(),
            may_last: Some(parts.until),
            operation: Some(parts.operation),
            account: parts.account,
            ambiguous: parts.ambiguous,
            subject: parts.subject,
            reservation: parts.reservation,
            pending: parts.pending,
            entry: parts.entry,
        };
        let when = (parts.until, parts.span);
        let mut ambiguous_call = Self::from_context(context, parts.made.as_deref(), when);
        ambiguous_call.is_unique |= parts.is_unique;
        ambiguous_call.check_visible(client, jobs)
    }

    /// Refuses a call whose job would not show where this client polls.
    fn check_visible(self, client: &Client, jobs: &Jobs) -> Result<Self, Error> {
        let resource = self.context.operation.and_then(|operation| operation.jobs);
        if resource.is_none_or(|found| found.resource != jobs.resource) {
            // What makes no job shows in none, and its absence from a list says nothing.
            let found = match (resource, self.context.operation) {
                (Some(found), _) => found.resource,
                (None, operation) => operation.map_or("", |operation| operation.id),
            };
            let problem = format!(
                "a call of `{found}` cannot be settled with `{}`",
                jobs.resource
            );
            return Err(self.keep_ambiguous(Error::configuration(problem)));
        }
        if self.context.account != client.inner.account {
            let problem = "a call can only be settled by a client with the keys and the base URL of the one that made it";
            return Err(self.keep_ambiguous(Error::configuration(problem)));
        }
        Ok(self)
    }

    fn from_context(
        context: CallContext,
        made: Option<&str>,
        (until, span): (Instant, Option<Duration>),
    ) -> Self {
        let origin = match context.subject {
            Some(_) => Origin::Existing,
            None => Origin::New,
        };
        let target = match (&context.subject, made) {
            _ if !context.ambiguous => Target::NoEffect,
            // A success was answered: it only remains to read the job.
            (Some(id), Some(_)) => Target::Known(id.clone()),
            (Some(id), None) => Target::Existing(id.clone()),
            (None, Some(id)) => Target::Known(id.to_owned()),
            (None, None) => Target::New,
        };
        let pending = context.pending.as_ref();
        let is_unique = target == Target::New && pending.is_some_and(|call| call.is_unique);
        Self {
            target,
            times: context.times,
            span,
            since: None,
            is_unique,
            until,
            is_fenced: true,
            origin,
            context,
            entry: EntrySource::Error,
        }
    }

    /// Reads a call that was kept, by this process or by one before it.
    pub(crate) fn of_pending(
        call: &PendingCall,
        client: &Client,
        jobs: &Jobs,
    ) -> Result<Self, Error> {
        let operation = operation::find(&call.operation)
            .ok_or_else(|| not_described(call).with_context(CallContext::undecided(call)))?;
        let grace = call.timeout.clamp(GRACE_WITHOUT_RESPONSE, MAX_GRACE);
        let spend_budget = client.inner.spend_budget.as_ref();
        let parts = CallParts {
            times: CallTimes {
                monotonic: None,
                wall: call.began,
                server: call.server_began,
            },
            operation,
            subject: call.subject.clone(),
            account: Account::from_text(&call.account),
            ambiguous: true,
            made: None,
            is_unique: false,
            span: None,
            until: later(Instant::now(), grace),
            reservation: spend_budget
                .and_then(|spend_budget| spend_budget.reservation_of(call.key)),
            pending: Some(call.clone()),
            entry: None,
        };
        let ambiguous_call = Self::from_parts(parts, client, jobs)?;
        Ok(Self {
            entry: EntrySource::Journal,
            ..ambiguous_call
        })
    }

    /// The same call, whose entry is held and which can show until then.
    pub(super) fn held_until(self, until: Instant, held: HeldEntry) -> Self {
        Self {
            until,
            entry: EntrySource::Held(held),
            ..self
        }
    }

    /// Takes the entry of the call in a journal, if it has one; an error when it is somebody else's.
    pub(super) async fn claim_entry(
        &mut self,
        client: &Client,
    ) -> Result<Option<HeldEntry>, Error> {
        let entry = match std::mem::replace(&mut self.entry, EntrySource::Error) {
            EntrySource::Held(held) => return Ok(Some(held)),
            EntrySource::Error => self.context.entry.clone(),
            EntrySource::Journal => match self.look_up(client).await? {
                JournalLookup::Absent => {
                    self.is_fenced = client.inner.journal.is_none();
                    None
                }
                JournalLookup::Open(entry) => Some(entry),
                // It is known which job it is: that can be read.
                JournalLookup::Closed(EntryState::Closed(CallOutcome::Processed { job }, _)) => {
                    match self.context.subject.clone().or(job) {
                        Some(job) => self.target = Target::Known(job),
                        None => return Err(taken_over().into()),
                    }
                    None
                }
                JournalLookup::Closed(_) => return Err(taken_over().into()),
            },
        };
        let Some(entry) = entry else { return Ok(None) };
        let time = self.until.saturating_duration_since(Instant::now());
        match entry.claim(time).await? {
            Some(held) => Ok(Some(held)),
            None => Err(taken_over().into()),
        }
    }

    async fn look_up(&self, client: &Client) -> Result<JournalLookup, Error> {
        match self.pending() {
            Some(call) => lookup::entry_of(client, call).await,
            None => Ok(JournalLookup::Absent),
        }
    }

    /// The call as something to keep.
    pub(super) fn pending(&self) -> Option<&PendingCall> {
        self.context.pending.as_ref()
    }

    /// Looks for jobs made since then.
    pub(super) fn set_since(&mut self, moment: Timestamp) {
        self.since = Some(moment);
    }

    /// How long after it failed the call may still show.
    pub(super) fn set_grace(&mut self, grace: Duration) {
        self.until = later(self.context.ended, grace);
        let began = self.times.monotonic;
        let span = began.map(|began| self.until.saturating_duration_since(began));
        // A shorter grace ends polling earlier, and does not say that the call did not take longer.
        self.span = self.span.max(span);
    }

    /// What was done for the call.
    pub(super) fn context(&self) -> CallContext {
        self.context.share()
    }

    /// An error after which the call is as ambiguous as before.
    pub(super) fn keep_ambiguous(&self, error: Error) -> Error {
        error.with_context(self.context.share())
    }

    /// Takes what is set aside for the call, when that is known by now.
    pub(super) fn take_reservation(&mut self, client: &Client) {
        let budget = client.inner.spend_budget.as_ref();
        let pending = self.context.pending.as_ref();
        if let (None, Some(budget), Some(pending)) = (&self.context.reservation, budget, pending) {
            self.context.reservation = budget.reservation_of(pending.key);
        }
    }

    /// The call took effect, in a job that may report what it costs.
    pub(super) fn found(&self, report: Option<&UsageReport>) {
        if let Some(reservation) = &self.context.reservation {
            reservation.charge_found(report, self.origin);
        }
    }

    /// The call took no effect.
    pub(super) fn not_found(&self) {
        if let Some(reservation) = &self.context.reservation {
            reservation.release();
        }
    }
}
