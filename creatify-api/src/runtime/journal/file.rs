//! The journal in a file. In: a path. Out: entries that survive the process, and the claims on them.
//! The contents of the file are in `store`; a thread of its own writes it.

mod store;
#[cfg(test)]
mod tests;
mod worker;

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{
    CallOutcome, Claim, Entry, Journal, JournalError, Owner, PendingCall, Usage, UsageChange,
};
use crate::runtime::transport::BoxFuture;
use store::Store;
use worker::Command;

/// A journal in one file, for one process at a time: an embedded database ([redb](https://docs.rs/redb)), written and
/// synced before anything is paid.
///
/// ```no_run
/// use creatify_api::Client;
/// use creatify_api::journal::FileJournal;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder()
///     .credentials(creatify_api::Credentials::new("id", "key"))
///     .journal(FileJournal::open("calls.journal")?)
///     .build()?;
/// for recovered in client.recover().await? {
///     println!("{recovered:?}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// - **What it holds**: [`PendingCall`]s with the names that the caller gave (which may be personal data), and the ids of their jobs. No key, no
///   other part of a body. The file is created with mode 0600; where there are no such modes, as the folder says.
/// - **How long**: an entry that was closed is kept for 30 days by the clock of this machine, or as
///   [`with_retention`](Self::with_retention) says; then it is deleted when later ones are closed. Open entries are kept until they are settled.
///   A program that decides by [`Client::settled`](crate::Client::settled) what is still to be paid for needs a clock that is not weeks ahead.
/// - **One process**: a second one that opens it gets an error, and so does this one while a client, or an error of one, has it open. The lock goes with the process, however it ends. A child
///   that was made by `fork` must not use it.
/// - **Local disks**: a file system that cannot lock files is refused. Others over a network may lie about locks and syncs:
///   do not use them.
/// - **Damage**: a write that was cut off by a crash is undone when the file is opened; a file that was cut or changed by somebody else, a
///   full disk and a folder that cannot be written are errors, before anything is paid. After a write has failed the journal
///   refuses everything until it is opened again.
/// - **Format**: the file carries the number of its format; one of a later version of this crate is refused, and those of earlier
///   versions are read.
#[derive(Clone)]
pub struct FileJournal {
    commands: Sender<Command>,
}

/// How long closed entries are kept.
const RETENTION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl FileJournal {
    /// Opens the journal at this path, or makes it. Waits for the disk.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::with_retention(path, RETENTION)
    }

    /// The same, with the time for which closed entries are kept.
    pub fn with_retention(
        path: impl AsRef<Path>,
        retention: Duration,
    ) -> Result<Self, JournalError> {
        let path = path.as_ref();
        let place = |error: JournalError| error.at(path);
        let file = open_file(path).map_err(place)?;
        let store = Store::open(file, retention).map_err(place)?;
        let (commands, received) = mpsc::channel();
        worker::spawn(store, received, path).map_err(place)?;
        Ok(Self { commands })
    }

    /// Hands a command to the thread; its reply, or that there is none.
    fn ask<'a, T: Send + 'a>(
        &'a self,
        command: impl FnOnce(worker::Reply<T>) -> Command,
    ) -> BoxFuture<'a, Result<T, JournalError>> {
        let (reply, receiver) = oneshot::channel();
        let sent = self.commands.send(command(reply));
        Box::pin(async move {
            let gone = || JournalError::new("the journal is closed: its thread has ended");
            sent.map_err(|_| gone())?;
            receiver.await.map_err(|_| gone())?
        })
    }
}

/// The file, locked for this process.
fn open_file(path: &Path) -> Result<File, JournalError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let is_new = !path.exists();
    let file = options
        .open(path)
        .map_err(|error| JournalError::new("cannot be opened for writing").with_source(error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(JournalError::new(
                "is in use by another process, or by a client, a call or an error of this one: a journal is for one at a time",
            ));
        }
        Err(TryLockError::Error(error)) => {
            let problem = "cannot be locked, put it on a local disk";
            return Err(JournalError::new(problem).with_source(error));
        }
    }
    if is_new {
        sync_folder(path)?;
    }
    Ok(file)
}

/// Makes the name of a new file survive a loss of power.
fn sync_folder(path: &Path) -> Result<(), JournalError> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new("."));
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced
            .map_err(|error| JournalError::new("its folder cannot be synced").with_source(error))?;
    }
    let _ = path;
    Ok(())
}

impl Journal for FileJournal {
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>> {
        let call = Box::new(call.clone());
        self.ask(|reply| Command::Open(call, owner, lease, reply))
    }

    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        self.ask(|reply| Command::Renew(claim.clone(), lease, reply))
    }

    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>> {
        self.ask(|reply| Command::Claim(entry, owner, lease, reply))
    }

    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        self.ask(|reply| Command::Close(claim.clone(), outcome.clone(), reply))
    }

    fn release(&self, owner: Owner, entry: Option<u64>) {
        // A thread that has ended holds nothing.
        let _ = self.commands.send(Command::Release(owner, entry));
    }

    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.ask(|reply| Command::OpenEntries(account.to_owned(), reply))
    }

    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.ask(|reply| Command::ClosedEntries(account.to_owned(), reply))
    }

    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>> {
        self.ask(|reply| Command::Usage(account.to_owned(), reply))
    }

    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.ask(|reply| Command::ChangeUsage(account.to_owned(), change.clone(), reply))
    }
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FileJournal")
    }
}
