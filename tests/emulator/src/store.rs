//! What changes in an emulator. In: the speed of its clock. Out: one value behind one lock: clock,
//! accounts, records, faults, webhooks, history. Knows no HTTP.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use super::account::Accounts;
use super::check::Finding;
use super::clock::{Clock, Moment, Speed};
use super::fault::Faults;
use super::job::Records;
use super::webhook::Webhooks;

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) clock: Clock,
    pub(crate) accounts: Accounts,
    pub(crate) records: Records,
    pub(crate) faults: Faults,
    pub(crate) webhooks: Webhooks,
    pub(crate) history: History,
    /// How many ids were given out.
    pub(crate) ids: u64,
}

impl Store {
    pub(crate) fn start(speed: Speed) -> Self {
        Self {
            clock: Clock::start(speed),
            accounts: Accounts::default(),
            records: Records::default(),
            faults: Faults::default(),
            webhooks: Webhooks::default(),
            history: History::default(),
            ids: 0,
        }
    }
}

/// A request that breaks the document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The number of the request.
    pub request: u64,
    /// The operation, if the path leads to one.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Where in the request: see [`Finding`].
    pub pointer: String,
    /// What is wrong there.
    pub reason: String,
}

/// A request as the history keeps it.
#[derive(Debug, Clone)]
pub(crate) struct LoggedRequest {
    pub(crate) number: u64,
    pub(crate) at: Moment,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: Option<usize>,
    /// 0 when there was no response.
    pub(crate) status: u16,
    pub(crate) milliseconds: f64,
    pub(crate) findings: Vec<Finding>,
}

/// How many requests are kept.
const MAX_REQUESTS: usize = 1000;
/// How many violations are kept.
const MAX_VIOLATIONS: usize = 10_000;

/// The latest requests, and every violation up to a limit that keeps memory bounded.
#[derive(Debug, Default)]
pub(crate) struct History {
    pub(crate) total: u64,
    pub(crate) violation_count: u64,
    pub(crate) latest: VecDeque<LoggedRequest>,
    pub(crate) violations: Vec<(u64, Option<usize>, String, String, Finding)>,
    pub(crate) called: BTreeSet<usize>,
}

impl History {
    /// The number of a new request.
    pub(crate) fn next(&mut self) -> u64 {
        self.total += 1;
        self.total
    }

    pub(crate) fn log(&mut self, logged: LoggedRequest) {
        self.called.extend(logged.operation);
        for finding in &logged.findings {
            self.violation_count += 1;
            if self.violations.len() < MAX_VIOLATIONS {
                let (method, path) = (logged.method.clone(), logged.path.clone());
                self.violations.push((
                    logged.number,
                    logged.operation,
                    method,
                    path,
                    finding.clone(),
                ));
            }
        }
        if self.latest.len() == MAX_REQUESTS {
            self.latest.pop_front();
        }
        self.latest.push_back(logged);
    }
}

/// Milliseconds since a moment of the wall clock, to two places.
pub(crate) fn milliseconds(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 100_000.0).round() / 100.0
}
