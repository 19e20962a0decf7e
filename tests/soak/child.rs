//! The program that is killed. In: a task, from its environment. Out: lines that say what it does. It does what a careful
//! program does: recover first, then make the videos that are missing; it knows nothing but its journal.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use creatify_api::jobs::Settled;
use creatify_api::journal::{
    CallOutcome, Claim, Entry, EntryState, FileJournal, Journal, JournalError, Owner, PendingCall,
    Usage, UsageChange,
};
use creatify_api::transport::BoxFuture;
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, Credentials, RetryPolicy};
use futures_util::{StreamExt, stream};
use tokio::process::Command;

pub(crate) const WORKING: &str = "working";
pub(crate) const BEFORE_SEND: &str = "before send";
pub(crate) const BEFORE_CLOSE: &str = "before close";
pub(crate) const FOUND: &str = "found";
pub(crate) const RESENT: &str = "resent";
pub(crate) const DONE: &str = "done";
pub(crate) const OUT: &str = "out";
pub(crate) const FAILED: &str = "failed: ";

/// Longer than every delay of the emulator: after it no request of a killed process can still arrive.
const GRACE: Duration = Duration::from_millis(400);

/// Where the program stops, to be killed there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Never,
    /// A call is written down, and not sent.
    BeforeSend,
    /// A response is there, and its entry is open.
    BeforeClose,
}

/// What one life of the program is to do.
pub(crate) struct Task {
    pub(crate) base_url: String,
    pub(crate) journal: PathBuf,
    /// How many videos there are to be in the end.
    pub(crate) jobs: usize,
    /// How many are made in this life at most.
    pub(crate) most: usize,
    pub(crate) stop: Stop,
    /// At which call it stops.
    pub(crate) nth: usize,
}

const VARIABLE: &str = "CREATIFY_SOAK_CHILD";

impl Task {
    pub(crate) fn write(&self, command: &mut Command) {
        let stop = match self.stop {
            Stop::Never => "never",
            Stop::BeforeSend => "send",
            Stop::BeforeClose => "close",
        };
        let journal = self.journal.display();
        let task = format!(
            "{}|{journal}|{}|{}|{stop}|{}",
            self.base_url, self.jobs, self.most, self.nth
        );
        command.env(VARIABLE, task);
    }

    /// The task that this process was started for, if it is such a program.
    pub(crate) fn read() -> Option<Self> {
        let task = std::env::var(VARIABLE).ok()?;
        let mut parts = task.split('|');
        let mut next = || parts.next().unwrap_or_default().to_owned();
        Some(Self {
            base_url: next(),
            journal: next().into(),
            jobs: next().parse().ok()?,
            most: next().parse().ok()?,
            stop: match next().as_str() {
                "send" => Stop::BeforeSend,
                "close" => Stop::BeforeClose,
                _ => Stop::Never,
            },
            nth: next().parse().ok()?,
        })
    }
}

/// The name of an order.
pub(crate) fn order(number: usize) -> String {
    format!("order-{number}")
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    // A test begins its line with its name, and nobody may be left to read this.
    let _ = write!(out, "\n{line}\n");
    let _ = out.flush();
}

/// One life of the program.
pub(crate) async fn live(task: Task) {
    match work(&task).await {
        Ok(line) => say(line),
        Err(error) => say(&format!("{FAILED}{error}")),
    }
}

async fn work(task: &Task) -> Result<&'static str, Box<dyn std::error::Error>> {
    let journal = Stopping {
        journal: FileJournal::open(&task.journal)?,
        stop: task.stop,
        left: AtomicUsize::new(task.nth),
    };
    let retries = RetryPolicy::new()
        .max_attempts(6)
        .initial_backoff(Duration::from_millis(5))
        .max_backoff(Duration::from_millis(100));
    let client = Client::builder()
        .credentials(Credentials::new("soak", "key-of-the-soak"))
        .base_url(&task.base_url)
        .retry(retries)
        .journal(Arc::new(journal))
        .unique_names()
        .build()?;
    let mut left = task.most;
    // However often a list of jobs cannot be read, recovery goes on.
    for _ in 0..200 {
        for recovered in client.recover().grace(GRACE).await? {
            match recovered.outcome() {
                Ok(Settled::Found(_)) => say(FOUND),
                Ok(Settled::NotFound) => say(RESENT),
                Ok(Settled::Several(_) | Settled::Uncertain(_)) => {
                    return Err(format!("{:?} is not certain", recovered.call()).into());
                }
                // It stays open, and is recovered the next time.
                Err(_) => {}
            }
        }
        let known = made_or_open(&client).await?;
        let missing: Vec<String> = (0..task.jobs)
            .map(order)
            .filter(|order| !known.contains(order))
            .collect();
        if missing.is_empty() && client.unsettled().await?.is_empty() {
            return Ok(DONE);
        }
        if left == 0 {
            return Ok(OUT);
        }
        say(WORKING);
        let calls = stream::iter(missing.into_iter().take(left)).map(|order| {
            let client = client.clone();
            async move {
                let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello");
                let made = client.lipsyncs().create(&request.name(order)).await;
                made.is_ok()
            }
        });
        let made: Vec<bool> = calls.buffer_unordered(8).collect().await;
        left = left.saturating_sub(made.iter().filter(|made| **made).count());
    }
    Err("it does not end".into())
}

/// The orders that have a job, or may have one.
async fn made_or_open(client: &Client) -> Result<BTreeSet<String>, creatify_api::Error> {
    let mut orders = BTreeSet::new();
    let settled = client.settled().await?;
    for entry in settled.into_iter().chain(client.unsettled().await?) {
        let is_nothing = matches!(
            entry.state,
            EntryState::Closed(CallOutcome::NotProcessed, _)
        );
        if !is_nothing {
            let name = entry.call.name().unwrap_or_default();
            orders.insert(name.split(" #").next().unwrap_or_default().to_owned());
        }
    }
    Ok(orders)
}

/// A journal that stops the program where it is told to, to be killed.
struct Stopping {
    journal: FileJournal,
    stop: Stop,
    left: AtomicUsize,
}

impl Stopping {
    async fn stop(&self, here: Stop, line: &str) {
        if self.stop == here && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            say(line);
            std::future::pending::<()>().await;
        }
    }
}

impl Journal for Stopping {
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>> {
        Box::pin(async move {
            let claim = self.journal.open(call, owner, lease).await?;
            self.stop(Stop::BeforeSend, BEFORE_SEND).await;
            Ok(claim)
        })
    }

    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        self.journal.renew(claim, lease)
    }

    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>> {
        self.journal.claim(entry, owner, lease)
    }

    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        Box::pin(async move {
            if matches!(outcome, CallOutcome::Processed { .. }) {
                self.stop(Stop::BeforeClose, BEFORE_CLOSE).await;
            }
            self.journal.close(claim, outcome).await
        })
    }

    fn release(&self, owner: Owner, entry: Option<u64>) {
        self.journal.release(owner, entry);
    }

    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.journal.open_entries(account)
    }

    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.journal.closed_entries(account)
    }

    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>> {
        self.journal.usage(account)
    }

    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.journal.change_usage(account, change)
    }
}
