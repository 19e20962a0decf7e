//! Claims on journal entries. In: entries, owners and moments. Out: claims, of which only the latest
//! can close its entry. Stores nothing and reads no clock: moments are given.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Claim, Entry, EntryState, Owner, PendingCall};
use crate::runtime::clock::Instant;

/// The open entries of a journal, and who holds them.
#[derive(Debug, Default)]
pub(super) struct ClaimTable {
    entries: BTreeMap<u64, OpenEntry>,
    /// What each owner holds.
    owners: BTreeMap<Owner, u64>,
}

#[derive(Debug)]
struct OpenEntry {
    call: PendingCall,
    /// The number of the latest claim.
    number: u64,
    /// Who holds it, and until when.
    holder: Option<(Owner, Instant)>,
}

impl OpenEntry {
    /// Whether this is the latest claim, and was not given up. Numbers begin anew with the process, owners don't.
    fn is_of(&self, claim: &Claim) -> bool {
        let owner = self.holder.map(|(owner, _)| owner);
        self.number == claim.number && owner == Some(claim.owner)
    }

    fn is_held(&self, now: Instant) -> bool {
        self.holder.is_some_and(|(_, until)| now < until)
    }
}

/// A moment that far ahead; a time that cannot be reached is as good as a hundred years.
fn later(now: Instant, lease: Duration) -> Instant {
    const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    now.checked_add(lease.min(LONGEST)).unwrap_or(now)
}

impl ClaimTable {
    /// Takes over an entry that nobody holds.
    pub(super) fn restore(&mut self, id: u64, call: PendingCall) {
        let open_entry = OpenEntry {
            call,
            number: 1,
            holder: None,
        };
        self.entries.insert(id, open_entry);
    }

    /// Adds an entry that its owner holds.
    pub(super) fn open(
        &mut self,
        id: u64,
        call: PendingCall,
        owner: Owner,
        (now, lease): (Instant, Duration),
    ) -> Claim {
        let open_entry = OpenEntry {
            call,
            number: 1,
            holder: Some((owner, later(now, lease))),
        };
        self.entries.insert(id, open_entry);
        self.owners.insert(owner, id);
        Claim::new(id, owner, 1)
    }

    pub(super) fn renew(&mut self, claim: &Claim, (now, lease): (Instant, Duration)) -> bool {
        match self.entries.get_mut(&claim.entry) {
            Some(open_entry) if open_entry.is_of(claim) => {
                open_entry.holder = Some((claim.owner, later(now, lease)));
                true
            }
            Some(_) | None => false,
        }
    }

    pub(super) fn claim(
        &mut self,
        id: u64,
        owner: Owner,
        (now, lease): (Instant, Duration),
    ) -> Option<Claim> {
        let open_entry = self
            .entries
            .get_mut(&id)
            .filter(|open_entry| !open_entry.is_held(now))?;
        open_entry.number += 1;
        let number = open_entry.number;
        let before = open_entry.holder.replace((owner, later(now, lease)));
        if let Some((before, _)) = before {
            self.owners.remove(&before);
        }
        self.owners.insert(owner, id);
        Some(Claim::new(id, owner, number))
    }

    /// Whether the claim is the latest on an open entry.
    pub(super) fn may_close(&self, claim: &Claim) -> bool {
        let open_entry = self.entries.get(&claim.entry);
        open_entry.is_some_and(|open_entry| open_entry.is_of(claim))
    }

    /// Takes an entry out, for whoever holds the latest claim on it.
    pub(super) fn close(&mut self, claim: &Claim) -> Option<PendingCall> {
        if !self.may_close(claim) {
            return None;
        }
        self.owners.remove(&claim.owner);
        self.entries
            .remove(&claim.entry)
            .map(|open_entry| open_entry.call)
    }

    /// Gives up what an owner holds; false when that is nothing.
    pub(super) fn release(&mut self, owner: Owner) -> bool {
        let Some(id) = self.owners.remove(&owner) else {
            return false;
        };
        if let Some(open_entry) = self.entries.get_mut(&id)
            && open_entry.holder.is_some_and(|(holder, _)| holder == owner)
        {
            open_entry.holder = None;
        }
        true
    }

    pub(super) fn entries(&self, account: &str, now: Instant) -> Vec<Entry> {
        let own = self
            .entries
            .iter()
            .filter(|(_, open_entry)| open_entry.call.account == account);
        own.map(|(id, open_entry)| {
            let state = match open_entry.is_held(now) {
                true => EntryState::InFlight,
                false => EntryState::Undecided,
            };
            Entry::new(*id, open_entry.call.clone(), state)
        })
        .collect()
    }
}
