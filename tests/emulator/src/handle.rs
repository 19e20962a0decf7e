//! The control handle of an emulator in the same process. In: queries and commands of a test. Out: ledger,
//! violations, requests, balances. Knows no HTTP.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::Options;
use super::account::{self, Charge};
use super::api::Api;
use super::body::Bodies;
use super::bounds;
use super::check::Finding;
use super::clock::{self, Clock, Speed};
use super::fault::{Fault, MEDIA};
use super::origin::Allowlist;
use super::reference::Ids;
use super::spec;
use super::store::{Store, Violation};
use super::webhook::Delivery;

/// What every connection shares.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) api: Api,
    state: Mutex<Store>,
    /// Wakes the webhooks up when something may be due.
    pub(crate) wake: Notify,
    pub(crate) base_url: String,
    pub(crate) allowlist: Allowlist,
    pub(crate) bodies: Bodies,
    /// How long the head of a request may take.
    pub(crate) head_timeout: Duration,
    /// What a new account has, in thousandths.
    pub(crate) credits: i64,
    /// Whether what the service would ignore is refused.
    pub(crate) strict: bool,
    /// Whether every id of an avatar, accent or template is taken.
    pub(crate) any_id: bool,
    pub(crate) ids: Ids,
}

impl Shared {
    pub(crate) fn new(text: &str, options: &Options, base_url: String) -> Result<Self, String> {
        let media = format!("{base_url}/_emulator/media");
        let api = Api::read(text, options.seed, media)?;
        Ok(Self {
            ids: Ids::of(&api),
            api,
            strict: options.strict,
            any_id: options.any_id,
            state: Mutex::new(Store::start(options.speed)),
            wake: Notify::new(),
            base_url,
            allowlist: options.allowlist(),
            bodies: Bodies::new(options.body_timeout),
            head_timeout: options.head_timeout,
            credits: spec::thousandths(options.credits),
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Store> {
        // A panic while it is locked is a bug, and what is shown afterwards helps to find it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn operation_id(&self, index: usize) -> &str {
        &self.api.spec.operations[index].id
    }

    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        let speed = state.clock.speed();
        *state = Store::start(speed);
    }

    /// Adds a fault, unless it makes no sense.
    pub(crate) fn add_fault(&self, fault: Fault) -> Result<(), String> {
        let operations = &self.api.spec.operations;
        let is_known = |operation: &str| {
            ["*", MEDIA].contains(&operation)
                || operations.iter().any(|known| known.id == operation)
        };
        fault.check(is_known)?;
        self.lock().faults.add(fault);
        Ok(())
    }

    /// Changes the clock, and wakes up who waits for it.
    pub(crate) fn change_clock(
        &self,
        change: impl FnOnce(&mut Clock) -> Result<(), String>,
    ) -> Result<(), String> {
        change(&mut self.lock().clock)?;
        self.wake.notify_one();
        Ok(())
    }

    pub(crate) fn ledger(&self) -> Vec<Charge> {
        self.charges(&self.lock(), 0)
    }

    /// The charges from this index on.
    pub(crate) fn charges(&self, state: &Store, first: usize) -> Vec<Charge> {
        let accounts = &state.accounts;
        let entries = accounts.ledger.iter().enumerate().skip(first);
        let charges = entries.map(|(index, entry)| Charge {
            number: index as u64 + 1,
            at: clock::rfc3339(entry.at),
            api_id: accounts.all[entry.account as usize].api_id.clone(),
            operation: self.operation_id(entry.operation as usize).to_owned(),
            job: entry.job.to_string(),
            request: entry.request,
            credits: account::credits(entry.thousandths),
            balance: account::credits(entry.balance),
        });
        charges.collect()
    }

    pub(crate) fn violations(&self) -> Vec<Violation> {
        let state = self.lock();
        let violations = state.history.violations.iter();
        let violations = violations.map(|(request, operation, method, path, finding)| Violation {
            request: *request,
            operation: operation.map(|index| self.operation_id(index).to_owned()),
            method: method.clone(),
            path: path.clone(),
            pointer: finding.pointer.clone(),
            reason: finding.reason.clone(),
        });
        violations.collect()
    }
}

/// A request that reached the API.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// 1, 2, 3, ...
    pub number: u64,
    /// When, by the emulator's clock.
    pub at: String,
    /// The method.
    pub method: String,
    /// The path, with the query.
    pub path: String,
    /// The operation, if the path leads to one.
    pub operation: Option<String>,
    /// The status of the response; 0 when there was none.
    pub status: u16,
    /// How long processing it took, without what a `delay` adds to the response.
    pub milliseconds: f64,
    /// What was wrong with it.
    pub violations: Vec<Finding>,
}

/// A test that asks for what makes no sense is told so where it asks, not by what a server does.
#[track_caller]
fn expect_valid(outcome: Result<(), String>) {
    if let Err(reason) = outcome {
        panic!("{reason}");
    }
}

/// What happened in an emulator, and what happens next: a handle, whose clones are handles of the same emulator.
///
/// A reset removes what was recorded until then. Times are RFC 3339 texts by the emulator's clock, credits are exact to
/// a thousandth.
#[derive(Debug, Clone)]
pub struct State(Arc<Shared>);

impl State {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Moves the clock forward.
    ///
    /// # Panics
    ///
    /// When that leads past the year 2999.
    #[track_caller]
    pub fn advance(&self, by: Duration) {
        expect_valid(self.0.change_clock(|clock| clock.advance(by)));
    }

    /// Lets time pass at another speed from now on.
    ///
    /// # Panics
    ///
    /// When it is not from 0 to 10,000.
    #[track_caller]
    pub fn set_speed(&self, speed: impl Into<Speed>) {
        expect_valid(self.0.change_clock(|clock| clock.set_speed(speed.into())));
    }

    /// Adds a fault, which counts calls from now on; of several that hit a call the first that was added is applied.
    ///
    /// # Panics
    ///
    /// When it makes no sense: an unknown operation, a status that no response has, a delay of more than
    /// an hour, a rate that is none, an address that no header can carry.
    #[track_caller]
    pub fn fault(&self, fault: Fault) {
        expect_valid(self.0.add_fault(fault));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.0.lock().faults.clear();
    }

    /// Every charge, the oldest first. Calls that cost nothing are not in it.
    pub fn ledger(&self) -> Vec<Charge> {
        self.0.ledger()
    }

    /// What was wrong with the requests, the first 10,000 cases.
    pub fn violations(&self) -> Vec<Violation> {
        self.0.violations()
    }

    /// The latest requests, up to 1,000, the oldest first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        let state = self.0.lock();
        let logged = state.history.latest.iter().map(|logged| RequestRecord {
            number: logged.number,
            at: clock::rfc3339(logged.at),
            method: logged.method.clone(),
            path: logged.path.clone(),
            operation: logged
                .operation
                .map(|index| self.0.operation_id(index).to_owned()),
            status: logged.status,
            milliseconds: logged.milliseconds,
            violations: logged.findings.clone(),
        });
        logged.collect()
    }

    /// The webhook requests that were sent, the oldest first. Of more than 10,000 the oldest are forgotten, a thousand at a
    /// time.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.0.lock().webhooks.deliveries.clone()
    }

    /// The ids of the operations that were called.
    pub fn called_operations(&self) -> BTreeSet<String> {
        let state = self.0.lock();
        let called = state.history.called.iter();
        called
            .map(|index| self.0.operation_id(*index).to_owned())
            .collect()
    }

    /// The ids of all operations of the document.
    pub fn all_operations(&self) -> BTreeSet<String> {
        let operations = self.0.api.spec.operations.iter();
        operations.map(|operation| operation.id.clone()).collect()
    }

    /// The credits that an account has, or would have if it were opened now.
    pub fn balance(&self, api_id: &str) -> f64 {
        let state = self.0.lock();
        let known = state.accounts.find(api_id);
        account::credits(known.map_or(self.0.credits, |account| account.balance))
    }

    /// Sets the credits of an account, which is opened if need be.
    ///
    /// # Panics
    ///
    /// When they are not from 0 to 1e12.
    #[track_caller]
    pub fn set_balance(&self, api_id: &str, credits: f64) {
        expect_valid(bounds::credits(credits));
        let mut state = self.0.lock();
        let account = state.accounts.open(api_id, self.0.credits);
        state
            .accounts
            .set_balance(account, spec::thousandths(credits));
    }

    /// Removes accounts, records, charges, requests, webhooks and faults, and starts the clock anew at the speed that it has.
    pub fn reset(&self) {
        self.0.reset();
    }
}
