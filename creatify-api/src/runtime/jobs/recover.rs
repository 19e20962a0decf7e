//! Recovery after a restart. In: the open entries of a journal. Out: the outcome of each call whose job
//! can be found by its unique name or its subject. Never sends a paid call.

use std::collections::BTreeMap;
use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use super::ambiguous_call::{AmbiguousCall, not_described};
use super::candidates::{Finding, Group};
use super::reconcile::Reconciliation;
use super::record;
use super::settings::later;
use super::settle::Settled;
use crate::runtime::clock::Instant;
use crate::runtime::error::CallContext;
use crate::runtime::journal::{
    CallOutcome, Entry, EntryRef, EntryState, HeldEntry, Journal, PendingCall, taken_over,
};
use crate::runtime::operation::{self, Recovery};
use crate::runtime::spend::Origin;
use crate::runtime::transport::BoxFuture;
use crate::runtime::{Client, Decode, DecodeError, Error, Jobs, Object};

impl Client {
    /// The paid calls of this account whose outcome is not known, by the [journal](crate::ClientBuilder::journal),
    /// the oldest first: those that are [in flight](EntryState::InFlight), and those whose process has ended, whose future
    /// was dropped, or whose error nobody has settled.
    ///
    /// Fails with [`is_configuration`](Error::is_configuration) when the client has no journal.
    pub async fn unsettled(&self) -> Result<Vec<Entry>, Error> {
        let journal = self.journal()?;
        Ok(journal.open_entries(self.inner.account.as_str()).await?)
    }

    /// The paid calls of this account whose outcome is known, by the [journal](crate::ClientBuilder::journal), the
    /// oldest first, as long as the journal keeps them. A program that was killed after a response came and before it stored the
    /// job finds the job here.
    pub async fn settled(&self) -> Result<Vec<Entry>, Error> {
        let journal = self.journal()?;
        Ok(journal.closed_entries(self.inner.account.as_str()).await?)
    }

    /// Finds out what became of all [`unsettled`](Self::unsettled) calls that nobody is at work on, such as those of a process
    /// that was killed; see [`Recover`](crate::jobs::Recover). Call it when a program starts, before it makes paid calls.
    pub fn recover(&self) -> Recover {
        Recover {
            client: self.clone(),
            grace: None,
        }
    }

    /// Closes an [`unsettled`](Self::unsettled) call with an outcome that somebody has found out: of a call that nothing in the API
    /// shows, or whose job was deleted. What was set aside for it is charged, or given back when it
    /// was [not processed](CallOutcome::NotProcessed).
    ///
    /// Fails with [`is_journal`](Error::is_journal) when the call is in flight, when somebody settles it, and when the journal
    /// does not hold it open.
    pub async fn close_unsettled(
        &self,
        call: &PendingCall,
        outcome: CallOutcome,
    ) -> Result<(), Error> {
        let journal = self.journal()?;
        self.restore_spending().await?;
        let open = self.unsettled().await?;
        let entry = open.into_iter().find(|entry| entry.call.key == call.key);
        let held = match entry {
            Some(entry) => {
                let id = entry.id;
                EntryRef { journal, id }.claim(GRACE).await?
            }
            None => None,
        };
        let held = held.ok_or_else(taken_over)?;
        if !held.close(&outcome).await? {
            return Err(taken_over().into());
        }
        let budget = self.inner.spend_budget.as_ref();
        if let Some(reservation) = budget.and_then(|budget| budget.reservation_of(call.key)) {
            match outcome {
                CallOutcome::NotProcessed => reservation.release(),
                CallOutcome::Processed { .. } | CallOutcome::Several { .. } => {
                    reservation.charge(None, Origin::New);
                }
            }
        }
        self.store_spending().await;
        Ok(())
    }

    fn journal(&self) -> Result<Arc<dyn Journal>, Error> {
        let journal = self.inner.journal.as_ref().map(Arc::clone);
        journal.ok_or_else(|| {
            Error::configuration(
                "the client has no journal: give it one with `ClientBuilder::journal`",
            )
        })
    }
}

/// Finds out what became of the paid calls that a journal holds open, and closes their entries. Nothing happens until it
/// is awaited; it never sends a paid call.
///
/// A call that made a job is looked up by the job's name, if the client had made that unique
/// ([`unique_names`](crate::ClientBuilder::unique_names)); a call about an existing job shows in that job. Of other calls it
/// says with an error that they stay undecided: settle them with `settle_pending` of their resource and `matching`. What
/// goes for which operation is its [`recovery`](crate::operation::Operation::recovery).
///
/// A request may arrive after its process has ended. So nothing is called [`NotFound`](Settled::NotFound) before
/// [`grace`](Self::grace) is over, which begins when this is awaited, for all calls at once: as long as the
/// slowest of them would have been waited for, and 30 s at least, unless set.
///
/// A preview that is still being made looks like a render under way, and a result from before like that of the render: a
/// render is then found though it may not have arrived. That pays for nothing; wait for previews before they are rendered.
///
/// A call whose refusal its caller was told, and whose entry could then not be closed, is recovered too, as `NotFound`: who
/// sends refused calls again by himself does not do so once more.
///
/// Calls that are in flight, here or elsewhere, are left alone, and so are those that somebody else is settling. Of two who
/// recover at once only one is told of each call that it can be sent again.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
/// use creatify_api::jobs::Settled;
///
/// for recovered in client.recover().await? {
///     let name = recovered.call().name().unwrap_or_default();
///     match recovered.outcome() {
///         Ok(Settled::Found(job)) => println!("{name} is job {:?}", job.id()),
///         Ok(Settled::NotFound) => println!("{name} can be sent again"),
///         Ok(Settled::Several(_) | Settled::Uncertain(_)) => println!("look at the jobs of {name}"),
///         Err(error) => println!("nothing is known of {name}: {error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is found out before this is awaited"]
pub struct Recover {
    client: Client,
    grace: Option<Duration>,
}

/// A call that was recovered, and what became of it.
#[derive(Debug)]
pub struct Recovered {
    call: PendingCall,
    outcome: Result<Settled<RecoveredJob>, Error>,
}

impl Recovered {
    /// The call.
    pub fn call(&self) -> &PendingCall {
        &self.call
    }

    /// What became of it. After an error its entry stays open, and nobody may send it again.
    pub fn outcome(&self) -> Result<&Settled<RecoveredJob>, &Error> {
        self.outcome.as_ref()
    }

    /// The same, to keep.
    pub fn into_outcome(self) -> Result<Settled<RecoveredJob>, Error> {
        self.outcome
    }
}

/// A job that was found again.
#[derive(Clone, PartialEq)]
pub struct RecoveredJob {
    jobs: &'static str,
    id: Option<String>,
    record: Value,
}

impl RecoveredJob {
    /// The resource of the job, as the specification calls it: `lipsyncs_v2`.
    pub fn resource(&self) -> &'static str {
        self.jobs
    }

    /// The id of the job.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The job as the type that `list` of its resource gives.
    pub fn job<T: Decode>(&self) -> Result<T, DecodeError> {
        T::decode(self.record.clone())
    }

    /// The whole record.
    pub fn fields(&self) -> Option<&Object> {
        self.record.as_object()
    }
}

impl fmt::Debug for RecoveredJob {
    /// The record stays out: it may hold what the caller sent, and signed addresses.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RecoveredJob")
            .field("resource", &self.jobs)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// How long a call may still show at least: a request may be on its way though its process has ended.
const GRACE: Duration = Duration::from_secs(30);
/// And at most, as for settling.
const MAX_GRACE: Duration = Duration::from_secs(24 * 60 * 60);

impl Recover {
    /// How long after this is awaited a call may still show in the jobs, in place of the above.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = Some(grace);
        self
    }

    async fn run(self) -> Result<Vec<Recovered>, Error> {
        let journal = self.client.journal()?;
        self.client.restore_spending().await?;
        let entries = self.client.unsettled().await?;
        let mut entries: Vec<Entry> = entries
            .into_iter()
            .filter(|entry| entry.state == EntryState::Undecided)
            .collect();
        let slowest = entries.iter().map(|entry| entry.call.timeout).max();
        let grace = self
            .grace
            .unwrap_or(slowest.unwrap_or_default().clamp(GRACE, MAX_GRACE));
        let until = later(Instant::now(), grace);
        let claims = entries.iter().map(|entry| {
            let entry = EntryRef {
                journal: Arc::clone(&journal),
                id: entry.id,
            };
            async move { entry.claim(grace).await }
        });
        let claims = join_all(claims).await;
        let mut recovered = Vec::new();
        let mut by_resource: BTreeMap<&str, Batch> = BTreeMap::new();
        for (entry, claim) in entries.drain(..).zip(claims) {
            let held = match claim {
                Ok(Some(held)) => held,
                // Somebody else is at it.
                Ok(None) => continue,
                Err(error) => {
                    let context = CallContext::undecided(&entry.call);
                    let outcome = Err(error.with_context(context));
                    let call = entry.call;
                    recovered.push((entry.id, Recovered { call, outcome }));
                    continue;
                }
            };
            match recoverable(&self.client, &entry.call, (until, held)) {
                Ok((jobs, ambiguous_call)) => {
                    let batch = by_resource.entry(jobs.resource);
                    let batch = batch.or_insert_with(|| Batch::new(jobs));
                    batch.add(entry, ambiguous_call);
                }
                Err(error) => {
                    let context = CallContext::undecided(&entry.call);
                    let outcome = Err(error.with_context(context));
                    let call = entry.call;
                    recovered.push((entry.id, Recovered { call, outcome }));
                }
            }
        }
        let batches = by_resource.into_values();
        let found = join_all(batches.map(|batch| batch.run(&self.client))).await;
        recovered.extend(found.into_iter().flatten());
        recovered.sort_by_key(|(id, _)| *id);
        Ok(recovered.into_iter().map(|(_, one)| one).collect())
    }
}

/// The call as something to look for, or why its job cannot be found.
fn recoverable(
    client: &Client,
    call: &PendingCall,
    (until, held): (Instant, HeldEntry),
) -> Result<(&'static Jobs, AmbiguousCall), Error> {
    let Some(operation) = operation::find(call.operation()) else {
        return Err(not_described(call));
    };
    let undecided = |why: &str| {
        let problem = format!(
            "what became of the call stays undecided: {why}; look at the jobs of the account"
        );
        Error::configuration(problem).with_operation(operation.id)
    };
    match (operation.recovery(), operation.jobs) {
        (Recovery::ByName, Some(jobs)) => {
            if !call.is_unique {
                return Err(undecided(
                    "its job has no unique name. Settle it with `settle_pending` and `matching`, and build the client with `unique_names`",
                ));
            }
            let ambiguous_call = AmbiguousCall::of_pending(call, client, jobs)?;
            Ok((jobs, ambiguous_call.held_until(until, held)))
        }
        (Recovery::BySubject, Some(jobs)) => {
            let ambiguous_call = AmbiguousCall::of_pending(call, client, jobs)?;
            Ok((jobs, ambiguous_call.held_until(until, held)))
        }
        (Recovery::ByName | Recovery::BySubject, None)
        | (Recovery::Undecided | Recovery::NotNeeded, _) => Err(undecided(
            "nothing in the API shows it by itself. Settle it with `settle_pending` and `matching` where its resource has that, or close it with `close_unsettled`",
        )),
    }
}

/// The calls of one resource.
struct Batch {
    jobs: &'static Jobs,
    entries: Vec<Entry>,
    groups: Vec<Group>,
}

impl Batch {
    fn new(jobs: &'static Jobs) -> Self {
        Self {
            jobs,
            entries: Vec::new(),
            groups: Vec::new(),
        }
    }

    fn add(&mut self, entry: Entry, ambiguous_call: AmbiguousCall) {
        let group = Group::new(self.entries.len(), ambiguous_call);
        self.groups.push(group);
        self.entries.push(entry);
    }

    async fn run(self, client: &Client) -> Vec<(u64, Recovered)> {
        let jobs = self.jobs;
        let reconciliation = Reconciliation {
            client: client.clone(),
            jobs,
            // The unique names of the calls tell their jobs.
            matcher: None,
            groups: self.groups,
        };
        let mut findings = reconciliation.run().await;
        let entries = self.entries.into_iter().enumerate();
        let recovered = entries.map(|(index, entry)| {
            let nothing = || Err(Error::configuration("the call was not looked for"));
            let finding = findings.remove(&index).unwrap_or_else(nothing);
            let outcome = finding.map(|finding| outcome(jobs, finding));
            let call = entry.call;
            (entry.id, Recovered { call, outcome })
        });
        recovered.collect()
    }
}

fn outcome(jobs: &'static Jobs, finding: Finding) -> Settled<RecoveredJob> {
    let job = |record: Value| RecoveredJob {
        jobs: jobs.resource,
        id: record::id(&record).map(str::to_owned),
        record,
    };
    match finding {
        Finding::Found(record) => Settled::Found(job(record)),
        Finding::Several(records) => Settled::Several(records.into_iter().map(job).collect()),
        Finding::Uncertain(records) => Settled::Uncertain(records.into_iter().map(job).collect()),
        Finding::NotFound => Settled::NotFound,
    }
}

impl IntoFuture for Recover {
    type Output = Result<Vec<Recovered>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Recover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recover")
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}
