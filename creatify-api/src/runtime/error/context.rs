//! What is known of a call besides its failure. In: the calls of the engine, and calls that were kept as data. Out: the facts
//! that settling needs. Decides nothing.

use crate::runtime::clock::Instant;
use crate::runtime::journal::{Account, EntryRef, PendingCall};
use crate::runtime::operation::{self, Operation};
use crate::runtime::spend::Reservation;
use crate::runtime::times::CallTimes;

/// The context of a call: what was called, when, and what is to be settled of it.
pub(crate) struct CallContext {
    /// How often it was tried.
    pub(crate) attempts: u32,
    /// When it began.
    pub(crate) times: CallTimes,
    /// When it failed, or was answered.
    pub(crate) ended: Instant,
    /// Until when the server may be at work on the last attempt: as long as this side would have waited;
    /// none when it would have waited for ever.
    pub(crate) may_last: Option<Instant>,
    /// What was called; none for a download.
    pub(crate) operation: Option<&'static Operation>,
    /// By whom.
    pub(crate) account: Account,
    /// Whether it is a paid call that was, or may have been, processed.
    pub(crate) ambiguous: bool,
    /// The job that the call was about, if it was about one.
    pub(crate) subject: Option<String>,
    /// The reservation made for it.
    pub(crate) reservation: Option<Reservation>,
    /// The call as something to keep, if it costs credits.
    pub(crate) pending: Option<PendingCall>,
    /// Its entry in the client's journal, if that is open.
    pub(crate) entry: Option<EntryRef>,
}

impl CallContext {
    /// Of a call of which only what was written down is left.
    pub(crate) fn undecided(call: &PendingCall) -> Self {
        let now = Instant::now();
        Self {
            attempts: 0,
            times: CallTimes {
                monotonic: None,
                wall: call.began,
                server: call.server_began,
            },
            ended: now,
            may_last: Some(now),
            operation: operation::find(&call.operation),
            account: Account::from_text(&call.account),
            ambiguous: true,
            subject: call.subject.clone(),
            reservation: None,
            pending: Some(call.clone()),
            entry: None,
        }
    }

    /// The same once more, for an error that says of the same call that nothing is known.
    pub(crate) fn share(&self) -> Self {
        Self {
            attempts: self.attempts,
            times: self.times,
            ended: self.ended,
            may_last: self.may_last,
            operation: self.operation,
            account: self.account.clone(),
            ambiguous: self.ambiguous,
            subject: self.subject.clone(),
            reservation: self.reservation.as_ref().map(Reservation::share),
            pending: self.pending.clone(),
            entry: self.entry.clone(),
        }
    }
}
