//! The spend budget. In: estimates before a call, usage reports after it. Out: whether the limit allows
//! a call, and what was spent. Depends on no operation and sends nothing.

mod amount;
mod kept;
mod ledger;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use super::journal::{EntryState, Journal, JournalError};
use super::operation::Price;
use super::{Timestamp, clock};
use amount::{Amount, Sum};
use ledger::Ledger;

/// What a call will cost, from the prices in the specification.
///
/// Prices by length are per period begun, and the length is known only when the video is there,
/// so this is the least that the call costs.
///
/// As JSON it is `{"credits":4.0,"per_seconds":30}`, `per_seconds` being null for a fixed price, in this and every later version; members that
/// are added to it are ignored when it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    credits: f64,
    per_seconds: Option<u32>,
}

impl Estimate {
    /// The dearest of the prices that hold for this body; none when no price is known.
    pub(crate) fn of(prices: &[Price], body: Option<&Value>) -> Option<Self> {
        let holds = |price: &&Price| match price.when {
            None => true,
            Some((field, value)) => match body.and_then(|body| body.get(field)) {
                None | Some(Value::Null) => price.by_default,
                Some(found) => found.as_str() == Some(value),
            },
        };
        let mut applicable: Vec<&Price> = prices.iter().filter(holds).collect();
        if applicable.is_empty() {
            // A value that the list does not know: it may cost as much as any.
            applicable = prices.iter().collect();
        }
        let per_minute = |price: &Price| match price.per_seconds {
            Some(seconds) => price.credits * (60.0 / f64::from(seconds)).ceil(),
            None => price.credits,
        };
        let dearest = applicable
            .into_iter()
            .max_by(|one, other| per_minute(one).total_cmp(&per_minute(other)))?;
        Some(Self {
            credits: dearest.credits,
            per_seconds: dearest.per_seconds,
        })
    }

    /// So many credits, however long the result is.
    pub(crate) fn flat(credits: f64) -> Self {
        Self {
            credits,
            per_seconds: None,
        }
    }

    /// The least it costs, in credits.
    pub fn credits(&self) -> f64 {
        self.credits
    }

    /// What it costs when the result is this long, in credits.
    pub fn for_seconds(&self, seconds: f64) -> f64 {
        match self.per_seconds {
            Some(period) => self.credits * (seconds / f64::from(period)).ceil().max(1.0),
            None => self.credits,
        }
    }

    /// The seconds that [`credits`](Self::credits) buy, when the price goes by length.
    pub fn per_seconds(&self) -> Option<u32> {
        self.per_seconds
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per_seconds {
            Some(seconds) => write!(formatter, "{} credits per {seconds} s", self.credits),
            None => write!(formatter, "{} credits", self.credits),
        }
    }
}

/// What the calls of a client with a spend limit have cost.
///
/// Sums are exact to a millionth of a credit. A job counts with what it reports last: a figure that is no cost
/// (negative) is passed over, one of more than a billion credits counts as a billion, and both are forgotten as
/// soon as the job reports another. The last 16,384 jobs are remembered one by one, those that have
/// ended being forgotten first: what such a job was charged stays in the sum, and what it reports later changes nothing.
///
/// As JSON it is `{"limit":12.0,"charged":4.5,"reserved":0.0}`, `limit` being null where it is endless, in this and every later version;
/// members that are added to it are ignored when it is read. It is a report: what is read from JSON counts for no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Spending {
    /// The limit, in credits.
    pub limit: f64,
    /// What the jobs of this client cost: their `credits_used`, or the estimate while they run.
    pub charged: f64,
    /// The estimates of calls under way, and of those whose response was lost and that were not
    /// settled.
    pub reserved: f64,
}

impl Spending {
    /// What may still be spent, in credits.
    pub fn remaining(&self) -> f64 {
        (self.limit - self.charged - self.reserved).max(0.0)
    }
}

/// The spend budget of a client and its clones.
pub(crate) struct SpendBudget {
    limit: f64,
    /// How long a period lasts, after which counting begins anew.
    period: Option<TimeDelta>,
    ledger: Mutex<Ledger>,
    unsettled: Mutex<BTreeMap<u128, UnsettledReservation>>,
    /// When the period began, by the clock of this machine.
    since: Mutex<Timestamp>,
    /// Whether what earlier processes were charged is known.
    is_restored: futures_util::lock::Mutex<bool>,
}

/// The reservation of an ambiguous call that nobody awaits any more.
struct UnsettledReservation {
    estimate: Amount,
    state: Arc<Mutex<ReservationState>>,
}

/// Whether a paid call made its job or moved on one that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// All that the job reports was this client's doing.
    New,
    /// The job may have cost something before.
    Existing,
}

/// What a job reports of its cost and state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UsageReport {
    pub(crate) id: String,
    /// What it says it has cost so far, if it says so.
    pub(crate) credits: Option<f64>,
    pub(crate) ended: bool,
}

impl SpendBudget {
    pub(crate) fn new(limit: f64, period: Option<Duration>) -> Arc<Self> {
        Arc::new(Self {
            limit,
            period: period.and_then(|period| TimeDelta::from_std(period).ok()),
            ledger: Mutex::default(),
            unsettled: Mutex::default(),
            since: Mutex::new(clock::now()),
            is_restored: futures_util::lock::Mutex::new(false),
        })
    }

    /// Reserves the estimate of the call with this key, or tells what was spent when it would pass the limit.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        key: u128,
        estimate: f64,
    ) -> Result<Reservation, Spending> {
        self.begin_period(clock::now());
        let mut ledger = self.lock();
        let amount = Amount::of(estimate).unwrap_or_default();
        if !Sum::from(amount).is_within(self.limit, &[ledger.charged, ledger.reserved]) {
            return Err(self.spending_of(&ledger));
        }
        ledger.reserved.add(amount);
        Ok(Reservation {
            budget: Arc::clone(self),
            estimate: amount,
            key,
            state: Arc::new(Mutex::new(ReservationState::Reserved)),
            on_drop: OnDrop::Release,
        })
    }

    /// Begins a new period when the last one is over.
    fn begin_period(&self, now: Timestamp) {
        let Some(period) = self.period.filter(|period| *period > TimeDelta::zero()) else {
            return;
        };
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if now.signed_duration_since(*since) >= period {
            *since = now;
            self.lock().begin(now);
        }
    }

    /// Begins a new period now: what was charged until now counts no more.
    pub(crate) fn reset(&self) {
        let now = clock::now();
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.lock().begin(now);
    }

    /// Takes over what earlier processes of this account were charged, and what they had set aside. Once.
    pub(crate) async fn restore(
        self: &Arc<Self>,
        journal: &dyn Journal,
        account: &str,
    ) -> Result<(), JournalError> {
        let mut is_restored = self.is_restored.lock().await;
        if *is_restored {
            return Ok(());
        }
        let usage = journal.usage(account).await?;
        let open = journal.open_entries(account).await?;
        let since = usage.since;
        self.lock().restore(usage);
        // If it is not known yet, whoever changes something first says when the period began.
        if let Some(moment) = since {
            *self.since.lock().unwrap_or_else(PoisonError::into_inner) = moment;
        }
        for entry in open {
            // Those in flight are counted by whoever makes them.
            if entry.state == EntryState::Undecided {
                let estimate = entry.call.estimate.and_then(Amount::of);
                let estimate = estimate.unwrap_or_default();
                self.lock().reserved.add(estimate);
                let state = Arc::new(Mutex::new(ReservationState::Reserved));
                self.add_unsettled(entry.call.key, UnsettledReservation { estimate, state });
            }
        }
        *is_restored = true;
        Ok(())
    }

    /// Stores what has changed. What cannot be stored is stored with the next change.
    pub(crate) async fn store(
        &self,
        journal: &dyn Journal,
        account: &str,
    ) -> Result<(), JournalError> {
        let Some(mut change) = self.lock().take_changes() else {
            return Ok(());
        };
        change.since = Some(*self.since.lock().unwrap_or_else(PoisonError::into_inner));
        let stored = journal.change_usage(account, &change).await;
        if stored.is_err() {
            self.lock().put_back(change);
        }
        stored
    }

    /// Keeps a reservation for whoever finds out what became of the call.
    fn keep(&self, reservation: &Reservation) {
        if *reservation.lock() == ReservationState::Reserved {
            let unsettled = UnsettledReservation {
                estimate: reservation.estimate,
                state: Arc::clone(&reservation.state),
            };
            self.add_unsettled(reservation.key, unsettled);
        }
    }

    fn forget(&self, key: u128) {
        let mut all = self
            .unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.remove(&key);
    }

    fn add_unsettled(&self, key: u128, unsettled: UnsettledReservation) {
        let mut all = self
            .unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.insert(key, unsettled);
    }

    /// The reservation of a call whose future was dropped, or that an earlier process made.
    pub(crate) fn reservation_of(self: &Arc<Self>, key: u128) -> Option<Reservation> {
        let all = self
            .unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let unsettled = all.get(&key)?;
        Some(Reservation {
            budget: Arc::clone(self),
            key,
            estimate: unsettled.estimate,
            state: Arc::clone(&unsettled.state),
            on_drop: OnDrop::Keep,
        })
    }

    pub(crate) fn spending(&self) -> Spending {
        self.spending_of(&self.lock())
    }

    fn spending_of(&self, ledger: &Ledger) -> Spending {
        Spending {
            limit: self.limit,
            charged: ledger.charged.credits(),
            reserved: ledger.reserved.credits(),
        }
    }

    /// Takes note of what jobs report. Jobs that this client has not paid for don't count.
    pub(crate) fn observe(&self, reports: &[UsageReport]) {
        let mut ledger = self.lock();
        for report in reports {
            ledger.observe(report);
        }
    }

    /// A panic elsewhere leaves sums that are still sums.
    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reservation of an estimate. Dropped before its request was sent it is given back; dropped later,
/// it stays: the credits may have been spent.
pub(crate) struct Reservation {
    budget: Arc<SpendBudget>,
    /// The key of its call.
    key: u128,
    estimate: Amount,
    /// Shared by all who may find out what became of the call. Locked before the ledger.
    state: Arc<Mutex<ReservationState>>,
    on_drop: OnDrop,
}

/// The state of a reservation in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReservationState {
    /// It is reserved.
    Reserved,
    /// It was given back: the call seemed not to have been processed.
    Released,
    /// It was charged, for good.
    Charged,
}

/// What becomes of a reservation that is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnDrop {
    /// Nothing was charged.
    Release,
    /// Something may have been charged.
    Keep,
}

impl Reservation {
    pub(crate) fn set_on_drop(&mut self, on_drop: OnDrop) {
        self.on_drop = on_drop;
    }

    /// The same estimate, for whoever finds out later what became of the call; dropping it changes
    /// nothing.
    pub(crate) fn share(&self) -> Self {
        Self {
            budget: Arc::clone(&self.budget),
            key: self.key,
            estimate: self.estimate,
            state: Arc::clone(&self.state),
            on_drop: OnDrop::Keep,
        }
    }

    /// Nothing was charged, as far as can be seen: a job that shows up later is charged then.
    pub(crate) fn release(&self) {
        let mut state = self.lock();
        if *state == ReservationState::Reserved {
            *state = ReservationState::Released;
            self.budget.lock().reserved.remove(self.estimate);
            self.budget.forget(self.key);
        }
    }

    /// The call was charged; the job, if it is known, will report how much.
    pub(crate) fn charge(&self, report: Option<&UsageReport>, origin: Origin) {
        self.charge_once(|ledger| match report {
            Some(report) => ledger.charge(report, self.estimate, origin),
            None => ledger.charge_estimate(self.estimate),
        });
    }

    /// The job of a call whose response was lost was found. One that another call has made is charged already.
    pub(crate) fn charge_found(&self, report: Option<&UsageReport>, origin: Origin) {
        self.charge_once(|ledger| match report {
            Some(report) if origin == Origin::New && ledger.knows(&report.id) => {
                ledger.observe(report);
            }
            Some(report) => ledger.charge(report, self.estimate, origin),
            None => ledger.charge_estimate(self.estimate),
        });
    }

    /// Charges the call, once.
    fn charge_once(&self, charge: impl FnOnce(&mut Ledger)) {
        let mut state = self.lock();
        let before = std::mem::replace(&mut *state, ReservationState::Charged);
        let mut ledger = self.budget.lock();
        match before {
            ReservationState::Charged => return,
            ReservationState::Reserved => ledger.reserved.remove(self.estimate),
            ReservationState::Released => {}
        }
        charge(&mut ledger);
        drop(ledger);
        self.budget.forget(self.key);
    }

    fn lock(&self) -> MutexGuard<'_, ReservationState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        match self.on_drop {
            OnDrop::Release => self.release(),
            OnDrop::Keep => self.budget.keep(self),
        }
    }
}

#[cfg(test)]
mod tests;
