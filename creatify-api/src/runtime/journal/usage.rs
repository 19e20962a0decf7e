//! The stored usage of an account. In: changes. Out: sums. Applies no limit.

use crate::runtime::Timestamp;

/// What the paid calls of an account have cost, for spend limits that outlive the process.
///
/// Amounts are millionths of a credit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Usage {
    /// When the period began in which this was charged; none before the first change.
    pub since: Option<Timestamp>,
    /// What was charged since then.
    pub charged: i64,
    /// The jobs that may still report another cost.
    pub jobs: Vec<JobUsage>,
}

/// What is known of the cost of a job that has not ended. Amounts are millionths of a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobUsage {
    /// The id of the job.
    pub id: String,
    /// What it had cost before its calls were counted.
    pub before: u64,
    /// What it comes to at least.
    pub expected: u64,
    /// What it reports.
    pub reported: u64,
}

impl JobUsage {
    /// What a job costs, for those who implement a [`Journal`](super::Journal): its id, and what it had cost before.
    pub fn new(id: impl Into<String>, before: u64) -> Self {
        Self {
            id: id.into(),
            before,
            expected: before,
            reported: before,
        }
    }
}

/// A change of what an account was charged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct UsageChange {
    /// A new period begins at this moment: what was charged before counts no more. It comes before the rest.
    pub begins: Option<Timestamp>,
    /// When the period began, for a journal that does not know it yet: what others were charged stays.
    pub since: Option<Timestamp>,
    /// What is added to what was charged, in millionths of a credit.
    pub charged: i64,
    /// Jobs whose cost has changed; none of a job that has ended, or is forgotten.
    pub jobs: Vec<(String, Option<JobUsage>)>,
}

impl UsageChange {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.begins.is_none() && self.charged == 0 && self.jobs.is_empty()
    }

    /// Puts a later change behind this one.
    pub(crate) fn then(&mut self, later: Self) {
        if later.begins.is_some() {
            self.begins = later.begins;
            self.charged = 0;
        }
        self.since = self.since.or(later.since);
        self.charged = self.charged.saturating_add(later.charged);
        self.jobs.extend(later.jobs);
    }
}

impl Usage {
    /// The sum after a change.
    pub fn apply(&mut self, change: &UsageChange) {
        if self.since.is_none() {
            self.since = change.since;
        }
        if let Some(begins) = change.begins {
            self.since = Some(begins);
            self.charged = 0;
        }
        self.charged = self.charged.saturating_add(change.charged);
        for (id, job) in &change.jobs {
            self.jobs.retain(|known| known.id != *id);
            self.jobs.extend(job.clone());
        }
    }
}
