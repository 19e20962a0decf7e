//! Many jobs, asked for by the hundred, round after round. In: their ids and the settings of the
//! wait. Out: each job once, as it ends. Knows no type but asks whether a record can be read.
//!
//! Per job it holds an id and a few counters; records are dropped with the answer they came in,
//! unless they show the end of their job.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::Value;
use uuid::Uuid;

use super::inbox::{Listener, SPACING};
use super::patience::{ABSENCES, Failure, asked, back_off};
use super::polling::Pace;
use super::settings::{Settings, Stranger, after, until};
use super::split::Part;
use super::{look, record, split};
use crate::runtime::answer::Answer;
use crate::runtime::clock::{self, Instant};
use crate::runtime::decode::DecodeError;
use crate::runtime::error::JobEnd;
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

pub(super) struct Rounds {
    task: Task,
    waiting: BTreeMap<Uuid, Waiting>,
    /// Jobs in unknown states, of which there should be none.
    strangers: BTreeMap<Uuid, Option<Stranger>>,
    listener: Option<Listener>,
    pace: Pace,
    deadline: Instant,
    round: Round,
    plan: Plan,
    under_way: FuturesUnordered<BoxFuture<'static, Vec<Part>>>,
    ended: VecDeque<(Uuid, Result<Value, Error>)>,
}

/// What is known of a job that has not ended.
#[derive(Default)]
struct Waiting {
    /// Its place in the list of states; none while it is not known.
    state: Option<u8>,
    failures: u32,
    absences: u8,
}

/// The requests that belong together.
struct Round {
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
    /// The next round of all jobs.
    all: Instant,
    /// Another look at those that could not be seen.
    failed: Option<Instant>,
    failing: BTreeSet<Uuid>,
    /// The server wants to be left alone until then.
    quiet: Instant,
}

impl Rounds {
    /// Begins: the time runs, and the first round follows at once.
    pub(super) fn begin(task: Task, ids: Vec<Uuid>) -> Self {
        let settings = &task.settings;
        let waiting: BTreeMap<_, _> = ids.into_iter().map(|id| (id, Waiting::default())).collect();
        let all: Vec<Uuid> = waiting.keys().copied().collect();
        let now = Instant::now();
        Self {
            strangers: BTreeMap::new(),
            listener: (settings.inbox.as_ref()).map(|inbox| inbox.listen(all.iter().copied())),
            pace: settings.pace(),
            deadline: after(settings.timeout),
            round: Round::new(Breadth::All, batches(all, task.jobs)),
            plan: Plan {
                all: now,
                failed: None,
                failing: BTreeSet::new(),
                quiet: now,
            },
            under_way: FuturesUnordered::new(),
            ended: VecDeque::new(),
            waiting,
            task,
        }
    }

    /// The next job that has ended; none when all have.
    pub(super) async fn next(&mut self) -> Option<(Uuid, Result<Value, Error>)> {
        loop {
            if let Some(ended) = self.ended.pop_front() {
                return Some(ended);
            }
            if self.waiting.is_empty() {
                return None;
            }
            let left = until(self.deadline);
            if clock::within(left, self.advance()).await.is_none() {
                self.give_up();
            }
        }
    }

    /// Rests until a round begins, or goes on with the present one.
    async fn advance(&mut self) {
        if self.under_way.is_empty() && self.round.left.len() == 0 {
            self.rest().await;
        }
        while self.under_way.len() < self.task.concurrency.max(1) {
            let Some(ids) = self.round.left.next() else {
                break;
            };
            self.under_way.push(ask(&self.task, ids));
        }
        for part in self.under_way.next().await.unwrap_or_default() {
            self.absorb(part);
        }
        if self.under_way.is_empty() && self.round.left.len() == 0 {
            self.plan_next();
        }
    }

    /// Waits until somebody is to be asked for, and begins that round.
    async fn rest(&mut self) {
        let due = self.plan.next();
        let mut woken = BTreeSet::new();
        match &self.listener {
            None => clock::sleep(until(due)).await,
            Some(listener) => {
                if clock::within(until(due), listener.rung()).await.is_some() {
                    let soon = (self.round.began + SPACING).max(self.plan.quiet);
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
        self.round = if now >= self.plan.all.max(self.plan.quiet) {
            let all = self.waiting.keys().copied().filter(may_be_asked);
            Round::new(Breadth::All, self.apart(all.collect()))
        } else {
            woken.retain(|id| self.waiting.contains_key(id) && may_be_asked(id));
            due.append(&mut woken);
            Round::new(Breadth::Some, self.apart(due.into_iter().collect()))
        };
    }

    /// Who is asked for together. Those that could not be seen of late spoil no answer of the others.
    fn apart(&self, ids: Vec<Uuid>) -> Vec<Vec<Uuid>> {
        let failed = |id: &Uuid| self.waiting.get(id).is_some_and(|job| job.failures > 0);
        let (failed, seen): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(failed);
        let mut all = batches(seen, self.task.jobs);
        all.extend(batches(failed, self.task.jobs));
        all
    }

    /// Decides when the next round begins, now that this one is over.
    fn plan_next(&mut self) {
        if self.round.breadth == Breadth::All {
            let wait = match self.round.progress {
                true => self.pace.again(),
                false => self.pace.next(),
            };
            // Those that could not be seen are asked for when their back-off is over.
            let seen = |(id, _): &(&Uuid, _)| !self.plan.failing.contains(*id);
            let patience = self.strangers.iter().filter(seen);
            let patience = patience.filter_map(|(_, stranger)| stranger.as_ref());
            let patience =
                patience.filter_map(|stranger| stranger.ends(self.task.settings.unknown));
            self.plan.all = patience.fold(after(wait), Instant::min);
        }
    }

    /// Takes in what came of a request.
    fn absorb(&mut self, part: Part) {
        let records = match part.records {
            Ok(records) => records,
            Err(error) => return self.absorb_failure(&part.ids, error),
        };
        // The first record of an id counts, and those that nobody asked for don't.
        let mut found = BTreeMap::new();
        for record in records {
            if let Some(id) = record::id_of(&record) {
                found.entry(id).or_insert(record);
            }
        }
        for id in part.ids {
            match found.remove(&id) {
                Some(record) => self.see(id, record),
                None => self.miss(id),
            }
        }
    }

    /// A request failed, and with it the look at all of its jobs.
    fn absorb_failure(&mut self, ids: &[Uuid], error: Error) {
        if let Some(wait) = asked(Some(&error)) {
            self.plan.quiet = self.plan.quiet.max(after(wait));
        }
        let failure = Failure::of(&error);
        for id in ids {
            let borne = match failure {
                Failure::Lasting => false,
                // Asked for alone, it is not there: it was made just now, or is no job.
                Failure::Absent if ids.len() == 1 => self.was_seldom_absent(*id),
                Failure::Absent | Failure::Passing => true,
            };
            if !(borne && self.bears(*id, Some(&error))) {
                self.end(*id, Err(error.repeat()));
            }
        }
    }

    /// Counts that a job was not there; false when that was once too often.
    fn was_seldom_absent(&mut self, id: Uuid) -> bool {
        let Some(waiting) = self.waiting.get_mut(&id) else {
            return true;
        };
        waiting.absences = waiting.absences.saturating_add(1);
        u32::from(waiting.absences) <= ABSENCES
    }

    /// Counts a failed look at a job; false when it was one too many.
    fn bears(&mut self, id: Uuid, error: Option<&Error>) -> bool {
        let Some(waiting) = self.waiting.get_mut(&id) else {
            return true;
        };
        waiting.failures = waiting.failures.saturating_add(1);
        let again = after(back_off(waiting.failures, error));
        self.plan.failed = Some(self.plan.failed.map_or(again, |due| due.max(again)));
        self.plan.failing.insert(id);
        waiting.failures <= self.task.settings.tolerated
    }

    /// An answer does not mention a job that it was asked for.
    fn miss(&mut self, id: Uuid) {
        if self.round.breadth == Breadth::Some {
            return;
        }
        if let Some(waiting) = self.waiting.get_mut(&id) {
            waiting.absences = waiting.absences.saturating_add(1);
            if u32::from(waiting.absences) >= ABSENCES {
                let error = record::ended(self.task.jobs, JobEnd::Missing, None);
                self.end(id, Err(error));
            }
        }
    }

    /// An answer shows a job.
    fn see(&mut self, id: Uuid, record: Value) {
        let jobs = self.task.jobs;
        let status = match record::status(jobs, &record) {
            Ok(status) => status,
            Err(error) => return self.unreadable(id, &record, error),
        };
        match jobs.outcome(status) {
            Some(JobOutcome::Running) => {
                let place = jobs.states.iter().position(|state| state.name == status);
                let state = place.and_then(|place| u8::try_from(place).ok());
                self.strangers.remove(&id);
                self.still(id, state);
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
                let stranger = self.strangers.entry(id).or_default();
                if self.task.settings.unknown.left(status, stranger).is_some() {
                    self.still(id, None);
                } else {
                    let status = status.to_owned();
                    let error = record::unknown(jobs, &status, Some(record));
                    self.end(id, Err(error));
                }
            }
        }
    }

    fn still(&mut self, id: Uuid, state: Option<u8>) {
        if let Some(waiting) = self.waiting.get_mut(&id) {
            *waiting = Waiting {
                state,
                ..Waiting::default()
            };
        }
    }

    /// A record cannot be read. The others of its answer are none the worse.
    fn unreadable(&mut self, id: Uuid, record: &Value, error: DecodeError) {
        if self.bears(id, None) {
            return;
        }
        // The error keeps what came of this job, not what came of a hundred.
        let answer = Answer {
            status: reqwest::StatusCode::OK,
            headers: reqwest::header::HeaderMap::new(),
            body: record.to_string().into_bytes(),
        };
        self.end(id, Err(Error::decode(error, answer)));
    }

    fn end(&mut self, id: Uuid, outcome: Result<Value, Error>) {
        if self.waiting.remove(&id).is_none() {
            return;
        }
        self.strangers.remove(&id);
        self.plan.failing.remove(&id);
        if let Some(listener) = &mut self.listener {
            listener.forget(id);
        }
        self.round.progress = true;
        let operation = self
            .task
            .jobs
            .list
            .map_or(self.task.jobs.poll, |list| list.operation);
        let name = |error: Error| error.of_job(&id.to_string()).with_operation(operation.id);
        self.ended.push_back((id, outcome.map_err(name)));
    }

    /// The time is over.
    fn give_up(&mut self) {
        self.under_way.clear();
        let jobs = self.task.jobs;
        let ids: Vec<Uuid> = self.waiting.keys().copied().collect();
        for id in ids {
            let stranger = self.strangers.get(&id).and_then(Option::as_ref);
            let known = self.waiting.get(&id).and_then(|waiting| waiting.state);
            let known = known.and_then(|place| jobs.states.get(usize::from(place)));
            let status = match (stranger, known) {
                (Some(stranger), _) => Some(ServerText::new(stranger.status())),
                (None, known) => known.map(|state| ServerText::new(state.name)),
            };
            let error = record::ended(jobs, JobEnd::Unfinished { status }, None);
            self.end(id, Err(error));
        }
    }
}

impl Round {
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
        self.all.min(failed).max(self.quiet)
    }
}

fn ask(task: &Task, ids: Vec<Uuid>) -> BoxFuture<'static, Vec<Part>> {
    let (client, jobs) = (task.client.clone(), task.jobs);
    Box::pin(async move { split::read(&client, jobs, ids).await })
}

/// As many jobs a request as the list operation takes.
fn batches(ids: Vec<Uuid>, jobs: &Jobs) -> Vec<Vec<Uuid>> {
    ids.chunks(look::most(jobs)).map(<[Uuid]>::to_vec).collect()
}
