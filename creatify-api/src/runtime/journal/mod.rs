//! Calls that outlive their process. In: paid calls before they are sent, and what became of them.
//! Out: the calls whose outcome nobody knows, for whoever settles them. Knows neither requests nor responses.

mod account;
mod claims;
mod entry;
#[cfg(all(feature = "journal", not(target_arch = "wasm32")))]
mod file;
mod hold;
mod memory;
mod pending;
pub(crate) mod tag;
mod usage;

use std::sync::Arc;
use std::time::Duration;

use super::transport::BoxFuture;

pub(crate) use account::Account;
pub(crate) use entry::unique_number;
pub use entry::{CallOutcome, Claim, Entry, EntryState, JournalError, Owner};
#[cfg(all(feature = "journal", not(target_arch = "wasm32")))]
pub use file::FileJournal;
pub(crate) use hold::{CLOSING, EntryRef, HeldEntry, open, taken_over};
pub use memory::MemoryJournal;
pub(crate) use pending::Beginning;
pub use pending::PendingCall;
pub use usage::{JobUsage, Usage, UsageChange};

/// Where paid calls are written down before they are sent, so that whatever ends the process, another
/// one can find out what became of them.
///
/// A client with a [`journal`](crate::ClientBuilder::journal) opens an entry for every call that may cost
/// credits, and sends nothing before the entry is stored. The entry is closed when the outcome of the call is known. What
/// stays open is what [`Client::unsettled`](crate::Client::unsettled) lists and
/// [`Client::recover`](crate::Client::recover) settles.
///
/// `FileJournal` (feature `journal`) keeps entries in one file, for one process at a time; [`MemoryJournal`] keeps them
/// as long as the process lives, for tests. Implement this trait for a table that several workers share.
///
/// # What an implementation promises
///
/// - **Stored means stored**: [`open`](Self::open) returns when the entry survives the process and the machine's power.
/// - **One holder**: an entry is held by at most one [`Claim`] at a time. A claim ends when its owner
///   [releases](Self::release) it, or when its time is over by the clock *of the journal*: its users may have wrong ones.
/// - **Fencing**: each claim on an entry has a greater number than all before it, and
///   [`close`](Self::close) and [`renew`](Self::renew) take effect only for the latest claim on an open entry. So
///   of two who settle one call at once only one is told that it can be sent again.
///
/// Every method can fail; a call is not sent when its entry cannot be opened.
pub trait Journal: Send + Sync + 'static {
    /// Stores a new open entry, held by this owner for this long; it must not be lost after this has returned.
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>>;

    /// Holds an entry for this long from now on. False: the claim is no longer the latest one on an open entry.
    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>>;

    /// Takes an open entry that nobody holds. None: it is held, closed or unknown.
    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>>;

    /// Closes an entry with its outcome. False, and nothing is changed: the claim is no longer the latest one on an open
    /// entry.
    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>>;

    /// Gives up what this owner holds, at once and without waiting: it is called when a future is dropped.
    ///
    /// The entry is given if its number was known by then. If this owner has closed it, it becomes open again: whoever was to learn the
    /// outcome is gone. It is not given when the future was dropped while [`open`](Self::open) or
    /// [`claim`](Self::claim) was under way.
    ///
    /// A journal that cannot do this without waiting may do nothing: the claim then ends with its time.
    fn release(&self, owner: Owner, entry: Option<u64>);

    /// The open entries of an account, the oldest first.
    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>>;

    /// The closed entries of an account that are still kept, the oldest first.
    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>>;

    /// What the calls of an account have cost: all changes put together.
    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>>;

    /// Stores a change of what the calls of an account have cost. Changes of several clients add up.
    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>>;
}

/// Several clients share a journal by an `Arc`.
impl<J: Journal + ?Sized> Journal for Arc<J> {
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>> {
        (**self).open(call, owner, lease)
    }

    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        (**self).renew(claim, lease)
    }

    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>> {
        (**self).claim(entry, owner, lease)
    }

    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        (**self).close(claim, outcome)
    }

    fn release(&self, owner: Owner, entry: Option<u64>) {
        (**self).release(owner, entry);
    }

    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        (**self).open_entries(account)
    }

    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        (**self).closed_entries(account)
    }

    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>> {
        (**self).usage(account)
    }

    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        (**self).change_usage(account, change)
    }
}
