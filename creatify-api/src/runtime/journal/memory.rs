//! A journal in memory. In: calls and outcomes. Out: the same, as long as the process lives. Stores nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::claims::ClaimTable;
use super::{
    CallOutcome, Claim, Entry, EntryState, Journal, JournalError, Owner, PendingCall, Usage,
    UsageChange,
};
use crate::runtime::clock::{self, Instant};
use crate::runtime::transport::BoxFuture;

/// A journal that lives as long as the process: for tests, and to learn of paid calls whose futures were dropped.
///
/// After the process has ended it knows nothing. Several clients can share one, by an `Arc`.
#[derive(Default)]
pub struct MemoryJournal {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    latest: u64,
    claims: ClaimTable,
    closed: BTreeMap<u64, (Owner, Entry)>,
    usage: BTreeMap<String, Usage>,
}

/// How many closed entries are kept.
const KEPT: usize = 10_000;

impl MemoryJournal {
    /// A journal without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A panic elsewhere leaves entries that are still entries.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for MemoryJournal {
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>> {
        Box::pin(async move {
            let mut state = self.lock();
            state.latest += 1;
            let id = state.latest;
            Ok(state
                .claims
                .open(id, call.clone(), owner, (Instant::now(), lease)))
        })
    }

    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        Box::pin(async move { Ok(self.lock().claims.renew(claim, (Instant::now(), lease))) })
    }

    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>> {
        Box::pin(async move {
            Ok(self
                .lock()
                .claims
                .claim(entry, owner, (Instant::now(), lease)))
        })
    }

    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        Box::pin(async move {
            let mut state = self.lock();
            let Some(call) = state.claims.close(claim) else {
                return Ok(false);
            };
            let closed = EntryState::Closed(outcome.clone(), clock::now());
            let entry = Entry::new(claim.entry, call, closed);
            state.closed.insert(claim.entry, (claim.owner, entry));
            while state.closed.len() > KEPT {
                state.closed.pop_first();
            }
            Ok(true)
        })
    }

    fn release(&self, owner: Owner, entry: Option<u64>) {
        let mut state = self.lock();
        if state.claims.release(owner) {
            return;
        }
        let closed = entry.filter(|id| {
            let closed = state.closed.get(id);
            closed.is_some_and(|(closer, _)| *closer == owner)
        });
        if let Some((_, entry)) = closed.and_then(|id| state.closed.remove(&id)) {
            state.claims.restore(entry.id, entry.call);
        }
    }

    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        Box::pin(async move { Ok(self.lock().claims.entries(account, Instant::now())) })
    }

    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        Box::pin(async move {
            let state = self.lock();
            let entries = state.closed.values().map(|(_, entry)| entry);
            let own = entries.filter(|entry| entry.call.account == account);
            Ok(own.cloned().collect())
        })
    }

    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>> {
        Box::pin(async move { Ok(self.lock().usage.get(account).cloned().unwrap_or_default()) })
    }

    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let mut state = self.lock();
            state
                .usage
                .entry(account.to_owned())
                .or_default()
                .apply(change);
            Ok(())
        })
    }
}

impl fmt::Debug for MemoryJournal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemoryJournal")
    }
}
