//! Batch polling. In: ids of jobs and the settings of a wait. Out: each job once, as it ends. Depends
//! on no type, but asks whether a record can be decoded.
//!
//! Per job it holds an id and a few counters; records are dropped with the response they came in,
//! unless they show the end of their job.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::Value;
use uuid::Uuid;

use super::backoff::{ABSENCES, Failure, backoff_delay, requested_delay};
use super::bisect::BatchResult;
use super::inbox::{Listener, SPACING};
use super::polling::Pace;
use super::settings::{Settings, UnknownState, after, until};
use super::{bisect, fetch, record};
use crate::runtime::clock::{self, Instant};
use crate::runtime::decode::DecodeError;
use crate::runtime::error::JobEnd;
use crate::runtime::raw_response::RawResponse;
use crate::runtime::redact::ServerText;
use crate::runtime::transport::BoxFuture;
use crate::runtime::{Client, Error, JobOutcome, Jobs};

/// What is waited for, and how.
pub(super) struct Task {
    pub(super) client: Client,
    pub(super) jobs: &'static Jobs,
    pub(super) settings: Settings,
    /// How many requests are under way at most.
    pub(super) concurrency: usize,
    /// Whether the record of a job that has succeeded can be read.
    pub(super) readable: fn(&Value) -> Result<(), DecodeError>,
}

pub(super) struct BatchPoller {
    task: Task,
    pending: BTreeMap<Uuid, PendingJob>,
    /// Jobs in unknown states, of which there should be none.
    unknown_states: BTreeMap<Uuid, Option<UnknownState>>,
    listener: Option<Listener>,
    pace: Pace,
    deadline: Instant,
    cycle: Cycle,
    plan: Plan,
    under_way: FuturesUnordered<BoxFuture<'static, Vec<BatchResult>>>,
    ended: VecDeque<(Uuid, Result<Value, Error>)>,
}

/// What is known of a job that has not ended.
#[derive(Default)]
struct PendingJob {
    /// Its index in the list of states; none while it is not known.
    state: Option<u8>,
    failures: u32,
    absences: u8,
}

/// The requests that belong together.
struct Cycle {
    breadth: Breadth,
    began: Instant,
    /// Whom to ask for yet, those of one request together.
    left: std::vec::IntoIter<Vec<Uuid>>,
    /// Whether a job has ended in it.
    progress: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breadth {
    /// All jobs.
    All,
    /// Those that failed to be seen, or that something was heard of.
    Some,
}

/// When there will be requests again.
struct Plan {
    /// The next cycle of all jobs.
    all: Instant,
    /// Another poll of those that could not be seen.
    failed: Option<Instant>,
    failing: BTreeSet<Uuid>,
    /// The server wants to be left alone until then.
    not_before: Instant,
}

impl BatchPoller {
    /// Begins: the time runs, and the first cycle follows at once.
    pub(super) fn begin(task: Task, ids: Vec<Uuid>) -> Self {
        let settings = &task.settings;
        let pending: BTreeMap<_, _> = ids
            .into_iter()
            .map(|id| (id, PendingJob::default()))
            .collect();
        let all: Vec<Uuid> = pending.keys().copied().collect();
        let now = Instant::now();
        Self {
            unknown_states: BTreeMap::new(),
            listener: (settings.inbox.as_ref()).map(|inbox| inbox.listen(all.iter().copied())),
            pace: settings.pace(),
            deadline: after(settings.timeout),
            cycle: Cycle::new(Breadth::All, batches(all, task.jobs)),
            plan: Plan {
                all: now,
                failed: None,
                failing: BTreeSet::new(),
                not_before: now,
            },
            under_way: FuturesUnordered::new(),
            ended: VecDeque::new(),
            pending,
            task,
        }
    }

    /// The next job that has ended; none when all have.
    pub(super) async fn next(&mut self) -> Option<(Uuid, Result<Value, Error>)> {
        loop {
            if let Some(ended) = self.ended.pop_front() {
                return Some(ended);
            }
            if self.pending.is_empty() {
                return None;
            }
            let left = until(self.deadline);
            if clock::within(left, self.advance()).await.is_none() {
                self.time_out();
            }
        }
    }

    /// Rests until a cycle begins, or goes on with the present one.
    async fn advance(&mut self) {
        if self.under_way.is_empty() && self.cycle.left.len() == 0 {
            self.wait_for_cycle().await;
        }
        while self.under_way.len() < self.task.concurrency.max(1) {
            let Some(ids) = self.cycle.left.next() else {
                break;
            };
            self.under_way.push(fetch_batch(&self.task, ids));
        }
        for result in self.under_way.next().await.unwrap_or_default() {
            self.apply_batch(result);
        }
        if self.under_way.is_empty() && self.cycle.left.len() == 0 {
            self.plan_next();
        }
    }

    /// Waits until somebody is to be asked for, and begins that cycle.
    async fn wait_for_cycle(&mut self) {
        let due = self.plan.next();
        let mut woken = BTreeSet::new();
        match &self.listener {
            None => clock::sleep(until(due)).await,
            Some(listener) => {
                if clock::within(until(due), listener.notified())
                    .await
                    .is_some()
                {
                    let soon = (self.cycle.began + SPACING).max(self.plan.not_before);
                    clock::sleep(until(due.min(soon))).await;
                    woken = listener.take();
                }
            }
        }
        let now = Instant::now();
        let mut due = BTreeSet::new();
        if self.plan.failed.is_some_and(|failed| now >= failed) {
            due = std::mem::take(&mut self.plan.failing);
        }
        if self.plan.failing.is_empty() {
            self.plan.failed = None;
        }
        // The server is not asked for those that could not be seen before their back-off is over.
        let may_be_asked = |id: &Uuid| !self.plan.failing.contains(id);
        self.cycle = if now >= self.plan.all.max(self.plan.not_before) {
            let all = self.pending.keys().copied().filter(may_be_asked);
            Cycle::new(Breadth::All, self.split_failed(all.collect()))
        } else {
            woken.retain(|id| self.pending.contains_key(id) && may_be_asked(id));
            due.append(&mut woken);
            Cycle::new(Breadth::Some, self.split_failed(due.into_iter().collect()))
        };
    }

    /// Who is asked for together. Those that could not be seen of late spoil no response of the others.
    fn split_failed(&self, ids: Vec<Uuid>) -> Vec<Vec<Uuid>> {
        let failed = |id: &Uuid| self.pending.get(id).is_some_and(|job| job.failures > 0);
        let (failed, healthy): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(failed);
        let mut all = batches(healthy, self.task.jobs);
        all.extend(batches(failed, self.task.jobs));
        all
    }

    /// Decides when the next cycle begins, now that this one is over.
    fn plan_next(&mut self) {
        if self.cycle.breadth == Breadth::All {
            let wait = match self.cycle.progress {
                true => self.pace.again(),
                false => self.pace.next(),
            };
            // Those that could not be seen are asked for when their back-off is over.
            let may_be_asked = |(id, _): &(&Uuid, _)| !self.plan.failing.contains(*id);
            let deadlines = self.unknown_states.iter().filter(may_be_asked);
            let deadlines = deadlines.filter_map(|(_, unknown_state)| unknown_state.as_ref());
            let deadlines = deadlines
                .filter_map(|unknown_state| unknown_state.ends(self.task.settings.unknown));
            self.plan.all = deadlines.fold(after(wait), Instant::min);
        }
    }

    /// Takes in what came of a request.
    fn apply_batch(&mut self, result: BatchResult) {
        let records = match result.records {
            Ok(records) => records,
            Err(error) => return self.apply_failure(&result.ids, error),
        };
        // The first record of an id counts, and those that nobody asked for don't.
        let mut found = BTreeMap::new();
        for record in records {
            if let Some(id) = record::id_of(&record) {
                found.entry(id).or_insert(record);
            }
        }
        for id in result.ids {
            match found.remove(&id) {
                Some(record) => self.apply_record(id, record),
                None => self.apply_absence(id),
            }
        }
    }

    /// A request failed, and with it the poll of all of its jobs.
    fn apply_failure(&mut self, ids: &[Uuid], error: Error) {
        if let Some(wait) = requested_delay(Some(&error)) {
            self.plan.not_before = self.plan.not_before.max(after(wait));
        }
        let failure = Failure::of(&error);
        for id in ids {
            let tolerated = match failure {
                Failure::Permanent => false,
                // Asked for alone, it is not there: it was made just now, or is no job.
                Failure::NotFound if ids.len() == 1 => self.tolerates_absence(*id),
                Failure::NotFound | Failure::Transient => true,
            };
            if !(tolerated && self.tolerates(*id, Some(&error))) {
                self.end(*id, Err(error.repeat()));
            }
        }
    }

    /// Counts that a job was not there; false when that was once too often.
    fn tolerates_absence(&mut self, id: Uuid) -> bool {
        let Some(pending) = self.pending.get_mut(&id) else {
            return true;
        };
        pending.absences = pending.absences.saturating_add(1);
        u32::from(pending.absences) <= ABSENCES
    }

    /// Counts a failed poll of a job; false when it was one too many.
    fn tolerates(&mut self, id: Uuid, error: Option<&Error>) -> bool {
        let Some(pending) = self.pending.get_mut(&id) else {
            return true;
        };
        pending.failures = pending.failures.saturating_add(1);
        let again = after(backoff_delay(pending.failures, error));
        self.plan.failed = Some(self.plan.failed.map_or(again, |due| due.max(again)));
        self.plan.failing.insert(id);
        pending.failures <= self.task.settings.tolerated
    }

    /// A response does not mention a job that it was asked for.
    fn apply_absence(&mut self, id: Uuid) {
        if self.cycle.breadth == Breadth::Some {
            return;
        }
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.absences = pending.absences.saturating_add(1);
            if u32::from(pending.absences) >= ABSENCES {
                let error = record::ended(self.task.jobs, JobEnd::Missing, None);
                self.end(id, Err(error));
            }
        }
    }

    /// A response shows a job.
    fn apply_record(&mut self, id: Uuid, record: Value) {
        let jobs = self.task.jobs;
        let status = match record::status(jobs, &record) {
            Ok(status) => status,
            Err(error) => return self.unreadable(id, &record, error),
        };
        match jobs.outcome(status) {
            Some(JobOutcome::Running) => {
                let index = jobs.states.iter().position(|state| state.name == status);
                let state = index.and_then(|index| u8::try_from(index).ok());
                self.unknown_states.remove(&id);
                self.note_running(id, state);
            }
            Some(JobOutcome::Succeeded) => match (self.task.readable)(&record) {
                Ok(()) => self.end(id, Ok(record)),
                Err(error) => self.unreadable(id, &record, error),
            },
            Some(JobOutcome::Failed) => {
                let error = record::failed(jobs, record);
                self.end(id, Err(error));
            }
            None => {
                let unknown_state = self.unknown_states.entry(id).or_default();
                if self
                    .task
                    .settings
                    .unknown
                    .left(status, unknown_state)
                    .is_some()
                {
                    self.note_running(id, None);
                } else {
                    let status = status.to_owned();
                    let error = record::unknown(jobs, &status, Some(record));
                    self.end(id, Err(error));
                }
            }
        }
    }

    fn note_running(&mut self, id: Uuid, state: Option<u8>) {
        if let Some(pending) = self.pending.get_mut(&id) {
            *pending = PendingJob {
                state,
                ..PendingJob::default()
            };
        }
    }

    /// A record cannot be read. The others of its response are none the worse.
    fn unreadable(&mut self, id: Uuid, record: &Value, error: DecodeError) {
        if self.tolerates(id, None) {
            return;
        }
        // The error keeps what came of this job, not what came of a hundred.
        let response = RawResponse {
            status: reqwest::StatusCode::OK,
            headers: reqwest::header::HeaderMap::new(),
            body: record.to_string().into_bytes(),
        };
        self.end(id, Err(Error::decode(error, response)));
    }

    fn end(&mut self, id: Uuid, outcome: Result<Value, Error>) {
        if self.pending.remove(&id).is_none() {
            return;
        }
        self.unknown_states.remove(&id);
        self.plan.failing.remove(&id);
        if let Some(listener) = &mut self.listener {
            listener.forget(id);
        }
        self.cycle.progress = true;
        let operation = self
            .task
            .jobs
            .list
            .map_or(self.task.jobs.poll, |list| list.operation);
        let name = |error: Error| error.of_job(&id.to_string()).with_operation(operation.id);
        self.ended.push_back((id, outcome.map_err(name)));
    }

    /// The time is over.
    fn time_out(&mut self) {
        self.under_way.clear();
        let jobs = self.task.jobs;
        let ids: Vec<Uuid> = self.pending.keys().copied().collect();
        for id in ids {
            let unknown_state = self.unknown_states.get(&id).and_then(Option::as_ref);
            let known = self.pending.get(&id).and_then(|pending| pending.state);
            let known = known.and_then(|index| jobs.states.get(usize::from(index)));
            let status = match (unknown_state, known) {
                (Some(unknown_state), _) => Some(ServerText::new(unknown_state.status())),
                (None, known) => known.map(|state| ServerText::new(state.name)),
            };
            let error = record::ended(jobs, JobEnd::Unfinished { status }, None);
            self.end(id, Err(error));
        }
    }
}

impl Cycle {
    fn new(breadth: Breadth, batches: Vec<Vec<Uuid>>) -> Self {
        Self {
            breadth,
            began: Instant::now(),
            left: batches.into_iter(),
            progress: false,
        }
    }
}

impl Plan {
    fn next(&self) -> Instant {
        let failed = self.failed.unwrap_or(self.all);
        self.all.min(failed).max(self.not_before)
    }
}

fn fetch_batch(task: &Task, ids: Vec<Uuid>) -> BoxFuture<'static, Vec<BatchResult>> {
    let (client, jobs) = (task.client.clone(), task.jobs);
    Box::pin(async move { bisect::read(&client, jobs, ids).await })
}

/// As many jobs a request as the list operation takes.
fn batches(ids: Vec<Uuid>, jobs: &Jobs) -> Vec<Vec<Uuid>> {
    ids.chunks(fetch::most(jobs))
        .map(<[Uuid]>::to_vec)
        .collect()
}
