//! What a journal holds. In: calls and their outcomes. Out: entries, claims on them, and why a journal cannot be used.

use std::error::Error as StdError;
use std::fmt;

use super::PendingCall;
use crate::runtime::Timestamp;
#[cfg(not(target_arch = "wasm32"))]
use crate::runtime::clock;

/// A paid call in a journal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The number of the entry, unique in its journal.
    pub id: u64,
    /// The call.
    pub call: PendingCall,
    /// What is known of it.
    pub state: EntryState,
}

impl Entry {
    /// An entry, for those who implement a [`Journal`](super::Journal).
    pub fn new(id: u64, call: PendingCall, state: EntryState) -> Self {
        Self { id, call, state }
    }
}

impl Entry {
    /// The job that the call made or was about, if that is known.
    pub fn job(&self) -> Option<&str> {
        match &self.state {
            EntryState::Closed(CallOutcome::Processed { job }, _) => job.as_deref(),
            EntryState::Closed(CallOutcome::NotProcessed | CallOutcome::Several { .. }, _)
            | EntryState::InFlight
            | EntryState::Undecided => None,
        }
    }

    /// Whether it is known that the call was not processed, and not charged. If not, it was or may have been: do not send it
    /// again.
    pub fn was_not_processed(&self) -> bool {
        matches!(self.state, EntryState::Closed(CallOutcome::NotProcessed, _))
    }
}

/// What is known of a call in a journal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EntryState {
    /// It is on its way, or somebody is settling it.
    InFlight,
    /// Nobody is at work on it: its outcome must be found out.
    Undecided,
    /// Its outcome is known, since this moment by the clock of the machine that closed it.
    Closed(CallOutcome, Timestamp),
}

/// What became of a paid call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallOutcome {
    /// It was processed, and may have been charged. With the id of its job, if that is known.
    Processed {
        /// The job that the call made or was about.
        job: Option<String>,
    },
    /// It was not processed, and not charged.
    NotProcessed,
    /// Several jobs may be its own; somebody has to look which.
    Several {
        /// The jobs.
        jobs: Vec<String>,
    },
}

/// Who holds an entry: one call that is under way, or one settlement. No two have the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(u128);

impl Owner {
    /// An owner with this number, such as one read from a table.
    pub fn from_number(number: u128) -> Self {
        Self(number)
    }

    /// The number of the owner.
    pub fn number(&self) -> u128 {
        self.0
    }

    /// An owner unlike any other.
    pub(crate) fn new() -> Self {
        Self(unique_number())
    }
}

/// A number unlike any other: by the randomness of the operating system, the process and the time. A process that was
/// forked from this one draws other ones.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn unique_number() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    let half = |salt: u8| {
        let nanoseconds = clock::now().timestamp_nanos_opt();
        let unique = (salt, std::process::id(), nanoseconds);
        u128::from(RandomState::new().hash_one(unique))
    };
    half(0) << 64 | half(1)
}

/// A number unlike any other, by the randomness of the browser.
#[cfg(target_arch = "wasm32")]
pub(crate) fn unique_number() -> u128 {
    fastrand::u128(..)
}

/// The right to close an entry. Of the claims on one entry only the latest counts: its number is the greatest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The entry.
    pub entry: u64,
    /// Who holds it.
    pub owner: Owner,
    /// The number of this claim among all claims on the entry (a fencing token).
    pub number: u64,
}

impl Claim {
    /// A claim, for those who implement a [`Journal`](super::Journal).
    pub fn new(entry: u64, owner: Owner, number: u64) -> Self {
        Self {
            entry,
            owner,
            number,
        }
    }
}

/// Why a journal cannot be used.
#[derive(Debug)]
pub struct JournalError {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl JournalError {
    /// An error with a message that says what is wrong and what to do.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// The same error with what a library below said.
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error, of the journal at this path.
    #[cfg(all(feature = "journal", not(target_arch = "wasm32")))]
    pub(super) fn at(mut self, path: &std::path::Path) -> Self {
        self.message = format!("the journal `{}` {}", path.display(), self.message);
        self
    }

    /// The same error once more; what libraries below said comes along as text.
    pub(crate) fn repeat(&self) -> Self {
        let copy = Self::new(self.message.clone());
        match &self.source {
            Some(source) => copy.with_source(source.to_string()),
            None => copy,
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl StdError for JournalError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
