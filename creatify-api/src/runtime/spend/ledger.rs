//! The accounts of jobs. In: calls that were charged, and what jobs report. Out: sums. Knows neither the limit nor
//! the calls; its size is bounded.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::amount::{Amount, Sum};
use super::{Origin, Report};

/// How many jobs are remembered one by one.
pub(super) const REMEMBERED: usize = 16_384;

/// What was charged, and what is set aside.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) charged: Sum,
    pub(super) reserved: Sum,
    jobs: HashMap<Key, Account>,
    /// Those that may be forgotten first come first.
    order: BTreeMap<Place, Key>,
    next: u64,
}

/// A job, however its id is written: services and tools write one UUID in several ways.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Uuid(Uuid),
    Text(String),
}

impl Key {
    fn of(id: &str) -> Self {
        match Uuid::parse_str(id.trim()) {
            Ok(id) => Self::Uuid(id),
            Err(_) => Self::Text(id.to_owned()),
        }
    }
}

/// Jobs that have ended come before those that run, and of each kind the oldest first.
type Place = (bool, u64);

/// What is known of a job's cost.
#[derive(Debug, Clone, Copy)]
struct Account {
    /// What it had cost before this client had to do with it.
    before: Amount,
    /// What it must come to at least while it runs: it may report nothing yet.
    expected: Amount,
    /// What it reports.
    reported: Amount,
    /// Whether it has ended, so that what it reports is final.
    ended: bool,
    place: Place,
}

impl Account {
    fn total(&self) -> Amount {
        if self.ended {
            self.reported
        } else {
            self.reported.max(self.expected)
        }
    }

    fn charged(&self) -> Amount {
        self.total().minus(self.before)
    }
}

impl Ledger {
    /// Takes note of what a job reports, if a call for it was charged here.
    pub(super) fn observe(&mut self, report: &Report) {
        let key = Key::of(&report.id);
        let Some(account) = self.jobs.get(&key).copied() else {
            return;
        };
        let account = Account {
            reported: credits(report).unwrap_or(account.reported),
            ended: has_ended(report, account.ended),
            ..account
        };
        self.put(key, account);
    }

    /// A call was charged that made this job or moved it on.
    pub(super) fn charge(&mut self, report: &Report, estimate: Amount, origin: Origin) {
        let key = Key::of(&report.id);
        let known = self.jobs.get(&key).copied();
        let known = known.unwrap_or_else(|| {
            let before = match origin {
                Origin::New => Amount::ZERO,
                Origin::Existing => credits(report).unwrap_or_default().minus(estimate),
            };
            Account {
                before,
                expected: before,
                reported: before,
                ended: false,
                place: (true, u64::MAX),
            }
        });
        let account = Account {
            expected: known.total().plus(estimate),
            reported: credits(report).unwrap_or(known.reported),
            ended: has_ended(report, false),
            ..known
        };
        self.put(key, account);
    }

    /// Whether a call for this job was charged, and is remembered.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.jobs.contains_key(&Key::of(id))
    }

    fn put(&mut self, key: Key, mut account: Account) {
        let before = self.jobs.get(&key).copied();
        let runs = !account.ended;
        account.place = match before {
            Some(before) if before.place.0 == runs => before.place,
            Some(_) | None => {
                self.next += 1;
                (runs, self.next)
            }
        };
        if let Some(before) = before {
            self.charged.remove(before.charged());
            self.order.remove(&before.place);
        }
        self.charged.add(account.charged());
        self.order.insert(account.place, key.clone());
        self.jobs.insert(key, account);
        while self.jobs.len() > REMEMBERED {
            // What it was charged stays in the sum; what it reports from now on is a stranger's.
            let Some((_, oldest)) = self.order.pop_first() else {
                return;
            };
            self.jobs.remove(&oldest);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.jobs.len().max(self.order.len())
    }
}

/// What a job says it has cost; nothing when it says what cannot be a cost.
fn credits(report: &Report) -> Option<Amount> {
    report.credits.and_then(Amount::of)
}

/// An end without a figure leaves the estimate in force, or the figure of an end that was reported before.
fn has_ended(report: &Report, before: bool) -> bool {
    report.ended && (before || credits(report).is_some())
}
