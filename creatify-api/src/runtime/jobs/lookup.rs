//! What a journal knows of a call that was kept as data. In: a client and the call. Out: its entry, open or closed. Claims and
//! closes nothing.

use std::sync::Arc;

use crate::runtime::journal::{Entry, EntryRef, EntryState, PendingCall};
use crate::runtime::{Client, Error};

/// What the journal of a client knows of a call.
pub(super) enum JournalLookup {
    Absent,
    Open(EntryRef),
    Closed(EntryState),
}

/// Looks the call up by its key.
pub(super) async fn entry_of(client: &Client, call: &PendingCall) -> Result<JournalLookup, Error> {
    let Some(journal) = &client.inner.journal else {
        return Ok(JournalLookup::Absent);
    };
    let is_it = |entry: &Entry| entry.call.key == call.key;
    let account = client.inner.account.as_str();
    let open = journal.open_entries(account).await?;
    if let Some(entry) = open.into_iter().find(is_it) {
        let journal = Arc::clone(journal);
        let id = entry.id;
        return Ok(JournalLookup::Open(EntryRef { journal, id }));
    }
    let closed = journal.closed_entries(account).await?;
    Ok(match closed.into_iter().find(is_it) {
        Some(entry) => JournalLookup::Closed(entry.state),
        None => JournalLookup::Absent,
    })
}
