//! The entry of a call that is under way. In: a journal, and the outcome of the call. Out: an entry
//! that stays open until the outcome is known. Depends on no request.

use std::sync::Arc;
use std::time::Duration;

use super::{CallOutcome, Claim, Journal, JournalError, Owner, PendingCall};
use crate::runtime::error::Kind;
use crate::runtime::{Error, clock, trace};

/// How much longer than an attempt its entry is held: time to read the response and to close.
const MARGIN: Duration = Duration::from_secs(60);

/// How long a journal may take to close an entry: the caller waits for the response that is there already.
pub(crate) const CLOSING: Duration = Duration::from_secs(10);

/// An entry of a journal, for those who don't hold it.
#[derive(Clone)]
pub(crate) struct EntryRef {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) id: u64,
}

/// An entry that is held. Dropped before it is closed it is given up, so that whoever recovers finds it.
pub(crate) struct HeldEntry {
    hold: Hold,
    claim: Claim,
}

/// What an owner holds or is about to hold, until it is dropped.
struct Hold {
    journal: Arc<dyn Journal>,
    owner: Owner,
    entry: Option<u64>,
    is_over: bool,
}

impl Hold {
    fn new(journal: &Arc<dyn Journal>, entry: Option<u64>) -> Self {
        Self {
            journal: Arc::clone(journal),
            owner: Owner::new(),
            entry,
            is_over: false,
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        if !self.is_over {
            self.journal.release(self.owner, self.entry);
        }
    }
}

/// Stores a call; an error means that it must not be sent.
pub(crate) async fn open(
    journal: &Arc<dyn Journal>,
    call: &PendingCall,
) -> Result<HeldEntry, Error> {
    let mut hold = Hold::new(journal, None);
    let claim = journal.open(call, hold.owner, lease(call.timeout)).await?;
    hold.entry = Some(claim.entry);
    Ok(HeldEntry { hold, claim })
}

impl EntryRef {
    /// Takes the entry, to settle its call within this time; none when somebody else does, or when it is closed.
    pub(crate) async fn claim(&self, time: Duration) -> Result<Option<HeldEntry>, Error> {
        let mut hold = Hold::new(&self.journal, None);
        let claim = self.journal.claim(self.id, hold.owner, lease(time)).await?;
        hold.entry = claim.as_ref().map(|claim| claim.entry);
        hold.is_over = claim.is_none();
        Ok(claim.map(|claim| HeldEntry { hold, claim }))
    }
}

impl HeldEntry {
    /// The entry, for those who may want it once it is given up.
    pub(crate) fn entry(&self) -> EntryRef {
        EntryRef {
            journal: Arc::clone(&self.hold.journal),
            id: self.claim.entry,
        }
    }

    /// Holds it for this much longer; an error when it is somebody else's by now.
    pub(crate) async fn renew(&self, time: Duration) -> Result<(), Error> {
        let renewed = self.hold.journal.renew(&self.claim, lease(time)).await?;
        if renewed {
            Ok(())
        } else {
            Err(Error::from(taken_over()))
        }
    }

    /// Closes the entry; false when it is somebody else's by now. An error leaves it open.
    pub(crate) async fn close(mut self, outcome: &CallOutcome) -> Result<bool, Error> {
        let closing = self.hold.journal.close(&self.claim, outcome);
        match clock::within(CLOSING, closing).await {
            Some(closed) => {
                let closed = closed?;
                self.hold.is_over = true;
                Ok(closed)
            }
            None => Err(JournalError::new("it did not close an entry in time").into()),
        }
    }

    /// Closes the entry of a call whose outcome is known to its caller: the response counts, whether or not the
    /// journal can be written.
    pub(crate) async fn note(self, outcome: &CallOutcome) {
        if let Err(error) = self.close(outcome).await {
            trace::journal(&error);
        }
    }
}

/// The error for whoever settles a call that another settles, or has settled.
pub(crate) fn taken_over() -> JournalError {
    JournalError::new(
        "the entry of this call is held by somebody who settles it, or was settled already: look at the settled calls",
    )
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        Self::new(Kind::Journal(error))
    }
}

fn lease(time: Duration) -> Duration {
    time.saturating_add(MARGIN)
}
