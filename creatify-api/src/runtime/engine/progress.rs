//! A call on its way. In: a request builder, and the outcome of each attempt. Out: its time, its journal entry, what is set aside for it,
//! and whether it goes on. Sends nothing.

use std::time::Duration;

use serde_json::Value;

use crate::runtime::classify::Classification;
use crate::runtime::clock::{self, Instant};
use crate::runtime::error::{CallContext, Kind};
use crate::runtime::journal::{CallOutcome, HeldEntry, PendingCall};
use crate::runtime::raw_response::RawResponse;
use crate::runtime::request::RequestBuilder;
use crate::runtime::retry::retry_after;
use crate::runtime::spend::{OnDrop, Origin, Reservation};
use crate::runtime::times::CallTimes;
use crate::runtime::{Error, journal, usage_report};

/// A call on its way.
pub(super) struct Progress<'a> {
    builder: &'a RequestBuilder,
    pub(super) attempts: u32,
    times: CallTimes,
    deadline: Option<Instant>,
    /// Until when the attempt under way is waited for; none when that has no end.
    may_last: Option<Instant>,
    reservation: Option<Reservation>,
    pending: Option<PendingCall>,
    /// The entry in the journal, until the outcome of the call is known.
    entry: Option<HeldEntry>,
}

impl<'a> Progress<'a> {
    /// Sets the credits aside, or refuses the call.
    pub(super) fn begin(builder: &'a RequestBuilder) -> Result<Self, Error> {
        let client = &builder.client.inner;
        if client.spend_budget.is_some() && builder.callee.wants_price() {
            return Err(Error::configuration(
                "nothing was sent, the client has a spend limit and nobody says what this call costs: add \
                 `.costs(credits)`, or `.free()`",
            ));
        }
        let total = builder.total_timeout.or(client.total_timeout);
        let reservation = match &client.spend_budget {
            Some(spend_budget) if !builder.callee.is_free() => {
                let estimate = builder.estimate().map_or(0.0, |estimate| {
                    estimate.for_seconds(builder.seconds.unwrap_or_default())
                });
                let refused = |spending| Error::new(Kind::SpendLimit(spending, estimate));
                Some(
                    spend_budget
                        .reserve(builder.key, estimate)
                        .map_err(refused)?,
                )
            }
            Some(_) | None => None,
        };
        Ok(Self {
            builder,
            attempts: 0,
            times: CallTimes::now(&client.server_clock),
            // A time that cannot be reached is no limit.
            deadline: total.and_then(|total| Instant::now().checked_add(total)),
            may_last: Some(Instant::now()),
            reservation,
            pending: builder.pending(),
            entry: None,
        })
    }

    /// Stores the call before it is sent, when there is a journal.
    pub(super) async fn open_entry(&mut self) -> Result<(), Error> {
        if let (Some(journal), Some(pending)) = (&self.builder.client.inner.journal, &self.pending)
        {
            self.entry = Some(journal::open(journal, pending).await?);
        }
        Ok(())
    }

    /// Closes the entry of a call that was answered. One whose job is not named stays open.
    pub(super) async fn close_entry_processed(&mut self, response: &RawResponse, value: &Value) {
        let jobs = self.builder.callee.jobs();
        let report = jobs.and_then(|jobs| usage_report::of(jobs, value).into_iter().next());
        let named = || report.map(|report| report.id);
        let job = self.builder.subject().or_else(named);
        let job = job.or_else(|| response.job_id());
        if jobs.is_none() || job.is_some() {
            self.close_entry(CallOutcome::Processed { job }).await;
        }
    }

    pub(super) async fn close_entry(&mut self, outcome: CallOutcome) {
        if let Some(entry) = self.entry.take() {
            entry.note(&outcome).await;
        }
    }

    /// Holds the entry while nothing is sent.
    pub(super) async fn hold_for(&self, wait: Duration) -> Result<(), Error> {
        match &self.entry {
            Some(entry) => entry.renew(wait.saturating_add(self.timeout())).await,
            None => Ok(()),
        }
    }

    pub(super) async fn begin_attempt(&mut self) -> Result<(), Error> {
        if let Some(entry) = self.entry.as_ref().filter(|_| self.attempts > 0) {
            entry.renew(self.timeout()).await?;
        }
        self.attempts += 1;
        self.may_last = Instant::now().checked_add(self.timeout());
        Ok(())
    }

    /// Sets what becomes of the reservation when the call is dropped now.
    pub(super) fn set_on_drop(&mut self, on_drop: OnDrop) {
        if let Some(reservation) = &mut self.reservation {
            reservation.set_on_drop(on_drop);
        }
    }

    /// Charges what the response reports.
    pub(super) fn charge(&mut self, value: &Value) {
        let client = &self.builder.client.inner;
        let Some(spend_budget) = &client.spend_budget else {
            return;
        };
        let reports = match self.builder.callee.jobs() {
            Some(jobs) => usage_report::of(jobs, value),
            None => Vec::new(),
        };
        match &self.reservation {
            Some(reservation) => reservation.charge(reports.first(), self.origin()),
            None => spend_budget.observe(&reports),
        }
    }

    fn origin(&self) -> Origin {
        match self.builder.subject() {
            Some(_) => Origin::Existing,
            None => Origin::New,
        }
    }

    /// The time for the next attempt.
    pub(super) fn timeout(&self) -> Duration {
        let timeout = self
            .builder
            .timeout
            .unwrap_or(self.builder.client.inner.timeout);
        match self.deadline {
            Some(deadline) => timeout.min(deadline.saturating_duration_since(Instant::now())),
            None => timeout,
        }
    }

    /// How long to wait before the next attempt; none when there is none.
    pub(super) fn retry_delay(
        &self,
        error: &Error,
        classification: Classification,
    ) -> Option<Duration> {
        let client = &self.builder.client.inner;
        if !classification.may_repeat(self.builder.callee.is_repeatable()) {
            return None;
        }
        let asked = error
            .headers()
            .and_then(|headers| retry_after(headers, clock::now()));
        let policy = self.builder.retry.as_ref().unwrap_or(&client.retry);
        let wait = policy.wait(self.attempts, asked)?;
        let in_time = self.deadline.is_none_or(|deadline| {
            Instant::now()
                .checked_add(wait)
                .is_some_and(|then| then < deadline)
        });
        (in_time && client.retry_budget.take()).then_some(wait)
    }

    /// The error with all that is known of the call.
    pub(super) fn failed(mut self, error: Error, classification: Classification) -> Error {
        if classification.was_not_processed() {
            // Whoever keeps the error keeps no credits set aside.
            self.reservation = None;
        }
        let ambiguous = self.builder.callee.needs_settling() && !classification.was_not_processed();
        error.with_context(self.context(ambiguous))
    }

    /// The error of a call whose entry somebody else holds by now: only who settles it may say what became of it.
    pub(super) fn taken_over(self, error: Error) -> Error {
        let ambiguous = self.attempts > 0 && self.builder.callee.needs_settling();
        error.with_context(self.context(ambiguous))
    }

    pub(super) fn context(self, ambiguous: bool) -> CallContext {
        CallContext {
            attempts: self.attempts,
            times: self.times,
            ended: Instant::now(),
            may_last: self.may_last,
            operation: self.builder.callee.operation(),
            account: self.builder.client.inner.account.clone(),
            ambiguous,
            subject: self.builder.subject(),
            reservation: self.reservation,
            pending: self.pending,
            // Whoever settles the call takes it from here.
            entry: self.entry.as_ref().map(HeldEntry::entry),
        }
    }
}
