//! The thread that writes a journal. In: commands of all clients, in their order. Out: replies, each
//! after its change is on the disk. Commands that wait at the same time share one sync.

use std::path::Path;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::super::claims::ClaimTable;
use super::super::{
    CallOutcome, Claim, Entry, JournalError, Owner, PendingCall, Usage, UsageChange,
};
use super::store::{Change, Store};
use crate::runtime::clock::Instant;

pub(super) type Reply<T> = oneshot::Sender<Result<T, JournalError>>;

pub(super) enum Command {
    Open(Box<PendingCall>, Owner, Duration, Reply<Claim>),
    Renew(Claim, Duration, Reply<bool>),
    Claim(u64, Owner, Duration, Reply<Option<Claim>>),
    Close(Claim, CallOutcome, Reply<bool>),
    Release(Owner, Option<u64>),
    OpenEntries(String, Reply<Vec<Entry>>),
    ClosedEntries(String, Reply<Vec<Entry>>),
    Usage(String, Reply<Usage>),
    ChangeUsage(String, UsageChange, Reply<()>),
}

/// How many commands share one sync at most.
const BATCH: usize = 512;

/// Starts the thread. It ends, and gives the file free, when nobody can send commands any more.
pub(super) fn spawn(
    store: Store,
    commands: Receiver<Command>,
    path: &Path,
) -> Result<(), JournalError> {
    let mut worker = Worker {
        claims: ClaimTable::default(),
        store,
        failed: None,
    };
    for (id, call) in worker.store.open_calls()? {
        worker.claims.restore(id, call);
    }
    let path = path.to_owned();
    let thread = std::thread::Builder::new().name("creatify-journal".to_owned());
    let run = move || {
        while let Ok(first) = commands.recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH {
                match commands.try_recv() {
                    Ok(command) => batch.push(command),
                    Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                }
            }
            worker.serve(batch, &path);
        }
    };
    let started = thread.spawn(run);
    started
        .map(drop)
        .map_err(|error| JournalError::new("its thread cannot be started").with_source(error))
}

struct Worker {
    claims: ClaimTable,
    store: Store,
    /// Why nothing can be written any more.
    failed: Option<JournalError>,
}

/// A reply that is sent when the batch is on the disk.
type Deferred = Box<dyn FnOnce(Result<(), &JournalError>)>;

impl Worker {
    /// Does what the commands say, and replies when the disk has it.
    fn serve(&mut self, batch: Vec<Command>, path: &Path) {
        let mut changes = Vec::new();
        let mut deferred: Vec<Deferred> = Vec::new();
        for command in batch {
            self.apply(command, &mut changes, &mut deferred);
        }
        if self.failed.is_none()
            && !changes.is_empty()
            && let Err(error) = self.store.write(&changes)
        {
            self.failed = Some(error.at(path));
        }
        for send_reply in deferred {
            send_reply(match &self.failed {
                Some(error) => Err(error),
                None => Ok(()),
            });
        }
    }

    fn apply(&mut self, command: Command, changes: &mut Vec<Change>, deferred: &mut Vec<Deferred>) {
        match command {
            Command::Open(call, owner, lease, reply) => {
                let id = self.store.next_id();
                changes.push(Change::Open(id, call.clone()));
                let claim = self.claims.open(id, *call, owner, (Instant::now(), lease));
                deferred.push(reply_when_written(reply, claim));
            }
            Command::Renew(claim, lease, reply) => {
                let renewed = self.claims.renew(&claim, (Instant::now(), lease));
                deferred.push(reply_when_written(reply, renewed));
            }
            Command::Claim(entry, owner, lease, reply) => {
                let claim = self.claims.claim(entry, owner, (Instant::now(), lease));
                deferred.push(reply_when_written(reply, claim));
            }
            Command::Close(claim, outcome, reply) => {
                let call = self.claims.close(&claim);
                let closed = call.is_some();
                if let Some(call) = call {
                    changes.push(Change::Close(claim, Box::new(call), outcome));
                }
                deferred.push(reply_when_written(reply, closed));
            }
            Command::Release(owner, entry) => {
                if !self.claims.release(owner)
                    && let Some(entry) = entry
                    && let Some(call) = self.closed_call(owner, entry, changes)
                {
                    self.claims.restore(entry, call.clone());
                    changes.push(Change::Reopen(entry, Box::new(call)));
                }
            }
            Command::OpenEntries(account, reply) => {
                let entries = self.claims.entries(&account, Instant::now());
                deferred.push(reply_when_written(reply, entries));
            }
            Command::ClosedEntries(account, reply) => {
                deferred.push(read(reply, self.store.closed(&account)));
            }
            Command::Usage(account, reply) => {
                deferred.push(read(reply, self.store.usage(&account)));
            }
            Command::ChangeUsage(account, change, reply) => {
                changes.push(Change::Usage(account, change));
                deferred.push(reply_when_written(reply, ()));
            }
        }
    }

    /// The call that this owner has closed, in this batch or before.
    fn closed_call(&self, owner: Owner, entry: u64, changes: &[Change]) -> Option<PendingCall> {
        let here = changes.iter().rev().find_map(|change| match change {
            Change::Close(claim, call, _) if (claim.owner, claim.entry) == (owner, entry) => {
                Some((**call).clone())
            }
            Change::Open(..) | Change::Close(..) | Change::Reopen(..) | Change::Usage(..) => None,
        });
        here.or_else(|| self.store.closed_by(owner, entry))
    }
}

/// The reply with what was read, unless nothing can be written any more.
fn read<T: 'static>(reply: Reply<T>, value: Result<T, JournalError>) -> Deferred {
    Box::new(move |written| {
        let outcome = match written {
            Ok(()) => value,
            Err(error) => Err(error.repeat()),
        };
        drop(reply.send(outcome));
    })
}

/// The reply, once it is written.
fn reply_when_written<T: 'static>(reply: Reply<T>, value: T) -> Deferred {
    Box::new(move |written| {
        let outcome = match written {
            Ok(()) => Ok(value),
            Err(error) => Err(error.repeat()),
        };
        // Whoever asked may be gone.
        drop(reply.send(outcome));
    })
}
