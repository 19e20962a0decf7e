//! The contents of a journal file. In: changes. Out: the calls in it. Writes a batch of changes as one
//! transaction; has no claims and no threads.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use redb::{Database, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition};
use serde_json::{Value, json};

use super::super::{
    CallOutcome, Claim, Entry, EntryState, JobUsage, JournalError, Owner, PendingCall, Usage,
    UsageChange,
};
use crate::runtime::decode::FieldReader;
use crate::runtime::{DecodeError, Encode, Timestamp, clock};

/// Facts about the file itself.
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("about");
/// The open entries, each a call as JSON.
const OPEN: TableDefinition<'_, u64, &str> = TableDefinition::new("open");
/// The closed entries, each with its outcome as JSON.
const CLOSED: TableDefinition<'_, u64, &str> = TableDefinition::new("closed");

/// What each account was charged since when, as JSON.
const USAGE: TableDefinition<'_, &str, &str> = TableDefinition::new("usage");
/// The jobs of each account that may report another cost, as JSON.
const JOBS: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("jobs");

/// The format of the tables; a change that an earlier version could not read raises it.
const FORMAT: u64 = 1;
const FORMAT_KEY: &str = "format";
const LATEST_KEY: &str = "latest";

/// After that many closed entries those that are too old are deleted.
const PRUNE_EVERY: u64 = 256;

pub(super) struct Store {
    database: Database,
    latest: u64,
    retention: Duration,
    closed_since_prune: u64,
}

/// What is written.
pub(super) enum Change {
    Open(u64, Box<PendingCall>),
    Close(Claim, Box<PendingCall>, CallOutcome),
    Reopen(u64, Box<PendingCall>),
    Usage(String, UsageChange),
}

impl Store {
    pub(super) fn open(file: File, retention: Duration) -> Result<Self, JournalError> {
        let backend = redb::backends::FileBackend::new(file).map_err(damaged)?;
        Self::on(backend, retention)
    }

    /// The store on whatever holds bytes. The database may panic on a file that somebody has changed.
    pub(super) fn on(
        backend: impl StorageBackend,
        retention: Duration,
    ) -> Result<Self, JournalError> {
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let mut builder = Database::builder();
            // The journal is small: what it holds is read once.
            builder.set_cache_size(4 * 1024 * 1024);
            let database = builder.create_with_backend(backend).map_err(damaged)?;
            let mut store = Self {
                database,
                latest: 0,
                retention,
                closed_since_prune: PRUNE_EVERY,
            };
            store.latest = store.prepare()?;
            store.open_calls()?;
            Ok(store)
        }));
        opened.unwrap_or_else(|_| Err(unreadable()))
    }

    /// Makes the tables, and holds the format; gives the greatest number of an entry so far.
    fn prepare(&mut self) -> Result<u64, JournalError> {
        let transaction = self.database.begin_write().map_err(damaged)?;
        let latest = {
            let mut about = transaction.open_table(ABOUT).map_err(damaged)?;
            transaction.open_table(OPEN).map_err(damaged)?;
            transaction.open_table(CLOSED).map_err(damaged)?;
            transaction.open_table(USAGE).map_err(damaged)?;
            transaction.open_table(JOBS).map_err(damaged)?;
            let read = |key: &str| -> Result<Option<u64>, JournalError> {
                Ok(about.get(key).map_err(damaged)?.map(|value| value.value()))
            };
            let latest = read(LATEST_KEY)?.unwrap_or(0);
            match read(FORMAT_KEY)? {
                Some(format) if format > FORMAT => {
                    return Err(JournalError::new(format!(
                        "has the format {format} of a later version of this crate, which is needed to open it"
                    )));
                }
                Some(_) => {}
                None => {
                    about.insert(FORMAT_KEY, FORMAT).map_err(damaged)?;
                }
            }
            latest
        };
        transaction.commit().map_err(damaged)?;
        Ok(latest)
    }

    /// A number for a new entry.
    pub(super) fn next_id(&mut self) -> u64 {
        self.latest += 1;
        self.latest
    }

    /// The calls that are open.
    pub(super) fn open_calls(&self) -> Result<Vec<(u64, PendingCall)>, JournalError> {
        let transaction = self.database.begin_read().map_err(damaged)?;
        let table = transaction.open_table(OPEN).map_err(damaged)?;
        let mut calls = Vec::new();
        for entry in table.iter().map_err(damaged)? {
            let (id, text) = entry.map_err(damaged)?;
            let call = serde_json::from_str(text.value()).map_err(damaged)?;
            calls.push((id.value(), call));
        }
        Ok(calls)
    }

    /// The closed entries of an account.
    pub(super) fn closed(&self, account: &str) -> Result<Vec<Entry>, JournalError> {
        let transaction = self.database.begin_read().map_err(damaged)?;
        let table = transaction.open_table(CLOSED).map_err(damaged)?;
        let mut entries = Vec::new();
        for entry in table.iter().map_err(damaged)? {
            let (id, text) = entry.map_err(damaged)?;
            let Closed {
                call, outcome, at, ..
            } = Closed::read(text.value())?;
            if call.account() == account {
                let state = EntryState::Closed(outcome, at);
                entries.push(Entry::new(id.value(), call, state));
            }
        }
        Ok(entries)
    }

    /// The call that this owner has closed, if it is still kept.
    pub(super) fn closed_by(&self, owner: Owner, entry: u64) -> Option<PendingCall> {
        let transaction = self.database.begin_read().ok()?;
        let table = transaction.open_table(CLOSED).ok()?;
        let text = table.get(entry).ok()??;
        let closed = Closed::read(text.value()).ok()?;
        (closed.owner == owner.number()).then_some(closed.call)
    }

    /// What the calls of an account have cost.
    pub(super) fn usage(&self, account: &str) -> Result<Usage, JournalError> {
        let transaction = self.database.begin_read().map_err(damaged)?;
        let sums = transaction.open_table(USAGE).map_err(damaged)?;
        let mut usage = match sums.get(account).map_err(damaged)? {
            Some(text) => read_sum(text.value())?,
            None => Usage::default(),
        };
        let jobs = transaction.open_table(JOBS).map_err(damaged)?;
        for entry in jobs.range((account, "")..).map_err(damaged)? {
            let (key, text) = entry.map_err(damaged)?;
            let (owner, id) = key.value();
            if owner != account {
                break;
            }
            usage.jobs.push(read_job(id, text.value())?);
        }
        Ok(usage)
    }

    /// Writes all changes, or none; what it has written survives the loss of power.
    pub(super) fn write(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        let written = catch_unwind(AssertUnwindSafe(|| self.write_all(changes)));
        written.unwrap_or_else(|_| Err(unreadable()))
    }

    fn write_all(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        let transaction = self.database.begin_write().map_err(unwritten)?;
        {
            let mut about = transaction.open_table(ABOUT).map_err(unwritten)?;
            let mut open = transaction.open_table(OPEN).map_err(unwritten)?;
            let mut closed = transaction.open_table(CLOSED).map_err(unwritten)?;
            let mut sums = transaction.open_table(USAGE).map_err(unwritten)?;
            let mut jobs = transaction.open_table(JOBS).map_err(unwritten)?;
            about.insert(LATEST_KEY, self.latest).map_err(unwritten)?;
            for change in changes {
                match change {
                    Change::Open(id, call) => {
                        let text = call.encode().to_string();
                        open.insert(id, text.as_str()).map_err(unwritten)?;
                    }
                    Change::Close(claim, call, outcome) => {
                        open.remove(claim.entry).map_err(unwritten)?;
                        let text = Closed::write(claim.owner, call, outcome);
                        closed
                            .insert(claim.entry, text.as_str())
                            .map_err(unwritten)?;
                        self.closed_since_prune += 1;
                    }
                    Change::Usage(account, change) => {
                        let known = sums.get(account.as_str()).map_err(unwritten)?;
                        let known = known.map(|text| read_sum(text.value())).transpose()?;
                        let mut sum = known.unwrap_or_default();
                        for (id, job) in &change.jobs {
                            let key = (account.as_str(), id.as_str());
                            match job {
                                Some(job) => jobs.insert(key, write_job(job).as_str()),
                                None => jobs.remove(key),
                            }
                            .map_err(unwritten)?;
                        }
                        sum.apply(&UsageChange {
                            jobs: Vec::new(),
                            ..change.clone()
                        });
                        let text = write_sum(&sum);
                        sums.insert(account.as_str(), text.as_str())
                            .map_err(unwritten)?;
                    }
                    Change::Reopen(id, call) => {
                        closed.remove(id).map_err(unwritten)?;
                        let text = call.encode().to_string();
                        open.insert(id, text.as_str()).map_err(unwritten)?;
                    }
                }
            }
            if self.closed_since_prune >= PRUNE_EVERY {
                self.closed_since_prune = 0;
                prune(&mut closed, self.retention)?;
            }
        }
        transaction.commit().map_err(unwritten)
    }
}

/// Deletes the oldest closed entries, up to the first that is still to be kept.
fn prune(closed: &mut redb::Table<'_, u64, &str>, retention: Duration) -> Result<(), JournalError> {
    let kept_since = chrono::TimeDelta::from_std(retention)
        .ok()
        .and_then(|retention| clock::now().checked_sub_signed(retention));
    let Some(kept_since) = kept_since else {
        return Ok(());
    };
    loop {
        let oldest = match closed.first().map_err(unwritten)? {
            Some((id, text)) if Closed::read(text.value())?.at < kept_since => id.value(),
            Some(_) | None => return Ok(()),
        };
        closed.remove(oldest).map_err(unwritten)?;
    }
}

/// A closed entry.
struct Closed {
    /// The number of the owner who closed it.
    owner: u128,
    call: PendingCall,
    outcome: CallOutcome,
    at: Timestamp,
}

impl Closed {
    fn write(owner: Owner, call: &PendingCall, outcome: &CallOutcome) -> String {
        let (kind, jobs) = match outcome {
            CallOutcome::Processed { job } => ("processed", job.iter().cloned().collect()),
            CallOutcome::NotProcessed => ("not_processed", Vec::new()),
            CallOutcome::Several { jobs } => ("several", jobs.clone()),
        };
        json!({
            "owner": format!("{:x}", owner.number()),
            "call": call.encode(),
            "outcome": kind,
            "jobs": jobs,
            "at": clock::now().encode(),
        })
        .to_string()
    }

    fn read(text: &str) -> Result<Self, JournalError> {
        let value: Value = serde_json::from_str(text).map_err(damaged)?;
        Self::decode(value).map_err(damaged)
    }

    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        let kind: String = fields.required("outcome")?;
        let mut jobs: Vec<String> = fields.required("jobs")?;
        let outcome = match kind.as_str() {
            "processed" => CallOutcome::Processed { job: jobs.pop() },
            "not_processed" => CallOutcome::NotProcessed,
            "several" => CallOutcome::Several { jobs },
            _ => return Err(DecodeError::new(format!("unknown outcome {kind:?}"))),
        };
        let owner: String = fields.required("owner")?;
        Ok(Self {
            owner: u128::from_str_radix(&owner, 16).unwrap_or_default(),
            call: fields.required("call")?,
            outcome,
            at: fields.required("at")?,
        })
    }
}

fn write_sum(usage: &Usage) -> String {
    let since = usage.since.map(|moment| moment.encode());
    json!({"since": since, "charged": usage.charged}).to_string()
}

fn read_sum(text: &str) -> Result<Usage, JournalError> {
    let value: Value = serde_json::from_str(text).map_err(damaged)?;
    let read = || {
        let mut fields = FieldReader::new(value)?;
        Ok::<_, DecodeError>(Usage {
            since: fields.optional("since")?,
            charged: fields.required("charged")?,
            jobs: Vec::new(),
        })
    };
    read().map_err(damaged)
}

fn write_job(job: &JobUsage) -> String {
    json!([job.before, job.expected, job.reported]).to_string()
}

fn read_job(id: &str, text: &str) -> Result<JobUsage, JournalError> {
    let [before, expected, reported] = serde_json::from_str(text).map_err(damaged)?;
    Ok(JobUsage {
        id: id.to_owned(),
        before,
        expected,
        reported,
    })
}

/// An error of reading.
fn damaged(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> JournalError {
    JournalError::new(
        "cannot be read; if it is damaged, move it away, and look in the service for jobs that were made since",
    )
    .with_source(error)
}

/// An error of writing.
fn unwritten(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> JournalError {
    JournalError::new(
        "cannot be written, so that no paid call is sent; when the cause is mended, open it again",
    )
    .with_source(error)
}

fn unreadable() -> JournalError {
    damaged("the database gave up on it")
}
