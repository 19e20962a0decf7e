//! What calls cost. In: estimates before a call, the credits that answers report after it. Out:
//! whether the limit allows a call, and what was spent. Knows no operation and no network.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::operation::Price;

/// What a call will cost, from the prices in the specification.
///
/// Prices by length are per period begun, and the length is known only when the video is there,
/// so this is the least that the call costs.
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
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Spending {
    /// The limit, in credits.
    pub limit: f64,
    /// What the jobs of this client cost: their `credits_used`, or the estimate while they run.
    pub charged: f64,
    /// The estimates of calls under way, and of those whose answer was lost and that were not
    /// settled.
    pub reserved: f64,
}

impl Spending {
    /// What may still be spent, in credits.
    pub fn remaining(&self) -> f64 {
        (self.limit - self.charged - self.reserved).max(0.0)
    }
}

/// Credits have at most a few decimals; sums of them must not fail at the last bit.
const ROUNDING: f64 = 1e-6;

/// The accounts of a client and its clones.
pub(crate) struct Guard {
    limit: f64,
    ledger: Mutex<Ledger>,
}

#[derive(Default)]
struct Ledger {
    charged: f64,
    next_ticket: u64,
    reserved: BTreeMap<u64, f64>,
    jobs: HashMap<String, Account>,
}

/// What is known of a job's cost.
#[derive(Debug, Clone, Copy, Default)]
struct Account {
    /// What it had cost before this client had to do with it.
    before: f64,
    /// What it must come to at least while it runs: it may report nothing yet.
    expected: f64,
    /// What it reports.
    reported: f64,
    /// Whether it has ended, so that what it reports is final.
    ended: bool,
}

impl Account {
    fn total(&self) -> f64 {
        if self.ended {
            self.reported
        } else {
            self.reported.max(self.expected)
        }
    }

    fn charged(&self) -> f64 {
        (self.total() - self.before).max(0.0)
    }
}

/// Whether a paid call made its job or moved on one that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// All that the job reports was this client's doing.
    New,
    /// The job may have cost something before.
    Existing,
}

/// What a job reports of itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    pub(crate) id: String,
    /// What it says it has cost so far, if it says so.
    pub(crate) credits: Option<f64>,
    pub(crate) ended: bool,
}

impl Guard {
    pub(crate) fn new(limit: f64) -> Arc<Self> {
        let ledger = Mutex::default();
        Arc::new(Self { limit, ledger })
    }

    /// Sets the estimate aside, or tells what was spent when it would pass the limit.
    pub(crate) fn reserve(self: &Arc<Self>, estimate: f64) -> Result<Ticket, Spending> {
        let mut ledger = self.lock();
        let spending = self.spending_of(&ledger);
        if spending.charged + spending.reserved + estimate > self.limit + ROUNDING {
            return Err(spending);
        }
        let number = ledger.next_ticket;
        ledger.next_ticket += 1;
        ledger.reserved.insert(number, estimate);
        Ok(Ticket {
            guard: Arc::clone(self),
            number,
            estimate,
            fate: TicketFate::Release,
        })
    }

    pub(crate) fn spending(&self) -> Spending {
        self.spending_of(&self.lock())
    }

    fn spending_of(&self, ledger: &Ledger) -> Spending {
        Spending {
            limit: self.limit,
            charged: ledger.charged,
            // The sum of nothing is -0.
            reserved: 0.0 + ledger.reserved.values().sum::<f64>(),
        }
    }

    /// Takes note of what jobs report. Jobs that this client has not paid for don't count.
    pub(crate) fn observe(&self, reports: &[Report]) {
        let mut ledger = self.lock();
        for report in reports {
            if let Some(account) = ledger.jobs.get(&report.id).copied() {
                let account = Account {
                    reported: report.credits.unwrap_or(account.reported),
                    // An end without a figure leaves the estimate in force.
                    ended: report.ended && report.credits.is_some(),
                    ..account
                };
                ledger.put(&report.id, account);
            }
        }
    }

    /// A panic elsewhere leaves sums that are still sums.
    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger {
    fn put(&mut self, id: &str, account: Account) {
        let before = self.jobs.insert(id.to_owned(), account);
        self.charged += account.charged() - before.unwrap_or_default().charged();
    }
}

/// An estimate that was set aside. Dropped before its request was sent it is given back; dropped later,
/// it stays: the credits may have been spent.
pub(crate) struct Ticket {
    guard: Arc<Guard>,
    number: u64,
    estimate: f64,
    fate: TicketFate,
}

/// What becomes of a reservation that is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TicketFate {
    /// Nothing was charged.
    Release,
    /// Something may have been charged.
    Keep,
}

impl Ticket {
    pub(crate) fn on_drop(&mut self, fate: TicketFate) {
        self.fate = fate;
    }

    /// The same estimate, for whoever finds out later what became of the call; dropping it changes
    /// nothing.
    pub(crate) fn share(&self) -> Self {
        Self {
            guard: Arc::clone(&self.guard),
            number: self.number,
            estimate: self.estimate,
            fate: TicketFate::Keep,
        }
    }

    /// Nothing was charged.
    pub(crate) fn release(&self) {
        self.guard.lock().reserved.remove(&self.number);
    }

    /// The call was charged; the job, if it is known, will report how much.
    pub(crate) fn charge(&self, report: Option<&Report>, origin: Origin) {
        let mut ledger = self.guard.lock();
        if ledger.reserved.remove(&self.number).is_none() {
            // It was settled before.
            return;
        }
        let Some(report) = report else {
            ledger.charged += self.estimate;
            return;
        };
        let before = match origin {
            Origin::New => 0.0,
            Origin::Existing => (report.credits.unwrap_or_default() - self.estimate).max(0.0),
        };
        let known = ledger.jobs.get(&report.id).copied().unwrap_or(Account {
            before,
            expected: before,
            reported: before,
            ended: false,
        });
        let account = Account {
            before: known.before,
            expected: known.total() + self.estimate,
            reported: report.credits.unwrap_or(known.reported),
            ended: report.ended && report.credits.is_some(),
        };
        ledger.put(&report.id, account);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        match self.fate {
            TicketFate::Release => self.release(),
            TicketFate::Keep => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BY_MODEL: &[Price] = &[
        Price::new(5.0)
            .per_seconds(30)
            .when("model", "standard")
            .by_default(),
        Price::new(1.0).per_seconds(1).when("model", "fine"),
    ];

    #[test]
    fn estimates() {
        let table = [
            (json!({}), 5.0, 20.0),
            (json!({"model": null}), 5.0, 20.0),
            (json!({"model": "standard"}), 5.0, 20.0),
            (json!({"model": "fine"}), 1.0, 95.0),
            (json!({"model": "new"}), 1.0, 95.0),
        ];
        for (body, least, long) in table {
            let estimate = Estimate::of(BY_MODEL, Some(&body)).expect("a price");
            assert_eq!(estimate.credits(), least, "{body}");
            assert_eq!(estimate.for_seconds(95.0), long, "{body}");
        }
        assert_eq!(Estimate::of(&[], None), None);
        let fixed = Estimate::of(&[Price::new(2.0)], None).expect("a price");
        assert_eq!((fixed.credits(), fixed.for_seconds(1e6)), (2.0, 2.0));
    }

    fn report(id: &str, credits: f64, ended: bool) -> Report {
        Report {
            id: id.to_owned(),
            credits: Some(credits),
            ended,
        }
    }

    fn sums(guard: &Guard) -> (f64, f64) {
        let spending = guard.spending();
        (spending.charged, spending.reserved)
    }

    #[test]
    fn a_job_counts_as_estimated_until_it_reports_more_or_has_ended() {
        let guard = Guard::new(100.0);
        let ticket = guard.reserve(5.0).expect("within the limit");
        assert_eq!(sums(&guard), (0.0, 5.0));
        ticket.charge(Some(&report("a", 0.0, false)), Origin::New);
        drop(ticket);
        assert_eq!(sums(&guard), (5.0, 0.0));
        for (credits, ended, charged) in [(0.0, false, 5.0), (10.0, false, 10.0), (2.5, true, 2.5)]
        {
            guard.observe(&[report("a", credits, ended), report("stranger", 50.0, true)]);
            assert_eq!(sums(&guard), (charged, 0.0));
        }
    }

    #[test]
    fn a_render_adds_to_what_the_job_cost_before() {
        let guard = Guard::new(100.0);
        let preview = guard.reserve(1.0).expect("within the limit");
        preview.charge(Some(&report("a", 1.0, true)), Origin::New);
        let render = guard.reserve(4.0).expect("within the limit");
        render.charge(Some(&report("a", 1.0, false)), Origin::Existing);
        assert_eq!(sums(&guard), (5.0, 0.0));
        // The preview of another job was paid for elsewhere.
        let render = guard.reserve(4.0).expect("within the limit");
        render.charge(Some(&report("b", 5.0, false)), Origin::Existing);
        assert_eq!(sums(&guard), (9.0, 0.0));
    }

    #[test]
    fn a_reservation_is_given_back_unless_something_may_have_been_charged() {
        let guard = Guard::new(10.0);
        drop(guard.reserve(5.0));
        assert_eq!(sums(&guard), (0.0, 0.0));
        let mut lost = guard.reserve(5.0).expect("within the limit");
        lost.on_drop(TicketFate::Keep);
        drop(lost);
        assert_eq!(sums(&guard), (0.0, 5.0));
        let settled = guard.reserve(5.0).expect("exactly the limit");
        settled.release();
        settled.charge(None, Origin::New);
        assert_eq!(sums(&guard), (0.0, 5.0), "it was settled once");
        let refused = guard.reserve(5.1).err().expect("past the limit");
        assert_eq!(refused.remaining(), 5.0);
    }

    #[test]
    fn two_callers_cannot_both_have_the_last_credits() {
        let guard = Guard::new(100.0);
        let guard = &guard;
        let won: usize = std::thread::scope(|scope| {
            let reserve = move || guard.reserve(1.0).ok();
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(move || {
                        let tickets: Vec<_> = (0..100).filter_map(|_| reserve()).collect();
                        tickets
                            .iter()
                            .for_each(|ticket| ticket.charge(None, Origin::New));
                        tickets.len()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .sum()
        });
        assert_eq!((won, guard.spending().charged), (100, 100.0));
    }
}
