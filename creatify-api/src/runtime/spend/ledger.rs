//! The ledger of charged jobs. In: charged calls and usage reports. Out: sums. Knows neither the limit
//! nor the calls; its size is bounded.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::amount::{Amount, Sum};
use super::{Origin, UsageReport};
use crate::runtime::Timestamp;
use crate::runtime::journal::{JobUsage, Usage, UsageChange};

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
    /// What is to be stored, if anything keeps it.
    changes: Option<UsageChange>,
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

impl Key {
    fn text(&self) -> String {
        match self {
            Self::Uuid(id) => id.to_string(),
            Self::Text(id) => id.clone(),
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

    /// What is to be stored of it while it runs.
    fn usage(&self, key: &Key) -> Option<JobUsage> {
        let mut usage = JobUsage::new(key.text(), self.before.millionths());
        usage.expected = self.expected.millionths();
        usage.reported = self.reported.millionths();
        (!self.ended).then_some(usage)
    }
}

impl Ledger {
    /// Takes over what earlier processes were charged; from now on changes are collected.
    pub(super) fn restore(&mut self, usage: Usage) {
        self.charged = Sum::from_millionths(usage.charged);
        for job in usage.jobs {
            let account = Account {
                before: Amount::from_millionths(job.before),
                expected: Amount::from_millionths(job.expected),
                reported: Amount::from_millionths(job.reported),
                ended: false,
                place: (true, u64::MAX),
            };
            // It is in the sum already.
            self.charged.remove(account.charged());
            self.put(Key::of(&job.id), account);
        }
        self.changes = Some(UsageChange::default());
    }

    /// What has changed since it was asked last.
    pub(super) fn take_changes(&mut self) -> Option<UsageChange> {
        let changes = self.changes.as_mut()?;
        Some(std::mem::take(changes)).filter(|change| !change.is_empty())
    }

    /// What could not be stored is stored the next time.
    pub(super) fn put_back(&mut self, change: UsageChange) {
        if let Some(later) = self.changes.replace(change) {
            self.note(|changes| changes.then(later));
        }
    }

    /// A new period: only jobs that run count on.
    pub(super) fn begin(&mut self, moment: Timestamp) {
        let ended: Vec<Key> = self
            .order
            .iter()
            .filter(|((runs, _), _)| !runs)
            .map(|(_, key)| key.clone())
            .collect();
        for key in ended {
            if let Some(account) = self.jobs.remove(&key) {
                self.order.remove(&account.place);
            }
        }
        self.charged = Sum::default();
        // In the order of the tree, as a map has none.
        for key in self.order.values() {
            if let Some(account) = self.jobs.get(key) {
                self.charged.add(account.charged());
            }
        }
        let charged = self.charged.change();
        self.note(|changes| {
            changes.then(UsageChange {
                begins: Some(moment),
                since: None,
                charged,
                jobs: Vec::new(),
            });
        });
    }

    /// Charges an estimate of which no job is known.
    pub(super) fn charge_estimate(&mut self, estimate: Amount) {
        self.charged.add(estimate);
        self.note(|changes| changes.charged = changes.charged.saturating_add(estimate.change()));
    }

    fn note(&mut self, change: impl FnOnce(&mut UsageChange)) {
        if let Some(changes) = &mut self.changes {
            change(changes);
        }
    }

    /// Takes note of what a job reports, if a call for it was charged here.
    pub(super) fn observe(&mut self, report: &UsageReport) {
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
    pub(super) fn charge(&mut self, report: &UsageReport, estimate: Amount, origin: Origin) {
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
        let former = before.map_or(Amount::ZERO, |before| before.charged());
        self.note(|changes| {
            let added = account.charged().change() - former.change();
            changes.charged = changes.charged.saturating_add(added);
            changes.jobs.push((key.text(), account.usage(&key)));
        });
        self.order.insert(account.place, key.clone());
        self.jobs.insert(key, account);
        while self.jobs.len() > REMEMBERED {
            // What it was charged stays in the sum; what it reports from now on is a stranger's.
            let Some((_, oldest)) = self.order.pop_first() else {
                return;
            };
            self.jobs.remove(&oldest);
            self.note(|changes| changes.jobs.push((oldest.text(), None)));
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.jobs.len().max(self.order.len())
    }
}

/// What a job says it has cost; nothing when it says what cannot be a cost.
fn credits(report: &UsageReport) -> Option<Amount> {
    report.credits.and_then(Amount::of)
}

/// An end without a figure leaves the estimate in force, or the figure of an end that was reported before.
fn has_ended(report: &UsageReport, before: bool) -> bool {
    report.ended && (before || credits(report).is_some())
}
