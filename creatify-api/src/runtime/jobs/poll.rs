//! Polling one job. In: its id and the settings of a wait. Out: the record whenever it has changed,
//! until the job has ended. Depends on no type: records are JSON here.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::backoff::Backoff;
use super::fetch;
use super::inbox::{Listener, SPACING};
use super::polling::Pace;
use super::record;
use super::settings::{Settings, UnknownState, after, until};
use crate::runtime::clock::{self, Instant};
use crate::runtime::decode::DecodeError;
use crate::runtime::engine::{self, JsonResponse};
use crate::runtime::error::{CallContext, JobEnd};
use crate::runtime::raw_response::RawResponse;
use crate::runtime::redact::ServerText;
use crate::runtime::{Client, Error, JobOutcome, Jobs};

/// Which of the polls that succeed are worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// Those that show a change, and the last one.
    Changes,
    /// The last one.
    End,
}

/// A job as a poll shows it.
pub(super) struct Observation {
    pub(super) record: Value,
    pub(super) status: String,
    pub(super) outcome: Option<JobOutcome>,
}

/// The wait before the next poll.
enum Delay {
    /// The first poll is made at once.
    None,
    /// Ends early when the job's waiter is woken.
    Wakeable(Duration),
    /// After a failed poll: the server is left alone.
    Fixed(Duration),
}

pub(super) struct Poller {
    client: Client,
    jobs: &'static Jobs,
    id: Uuid,
    settings: Settings,
    state: Option<PollState>,
}

/// What is known once the wait has begun.
struct PollState {
    pace: Pace,
    backoff: Backoff,
    listener: Option<Listener>,
    deadline: Instant,
    polled_at: Instant,
    delay: Delay,
    unknown_state: Option<UnknownState>,
    record: Option<Value>,
    /// The response that the record came with, should it turn out to be unreadable.
    received: Option<(RawResponse, CallContext)>,
}

impl Poller {
    pub(super) fn new(client: Client, jobs: &'static Jobs, id: Uuid, settings: Settings) -> Self {
        Self {
            client,
            jobs,
            id,
            settings,
            state: None,
        }
    }

    /// The next poll that is of interest. After one that shows the job's end there is no other.
    pub(super) async fn next(&mut self, interest: Interest) -> Result<Observation, Error> {
        let state = self.state.get_or_insert_with(|| PollState {
            pace: self.settings.pace(),
            backoff: Backoff::new(self.settings.tolerated),
            listener: (self.settings.inbox.as_ref()).map(|inbox| inbox.listen([self.id])),
            deadline: after(self.settings.timeout),
            polled_at: Instant::now(),
            delay: Delay::None,
            unknown_state: None,
            record: None,
            received: None,
        });
        let left = until(state.deadline);
        let observation = clock::within(left, async {
            loop {
                state.wait().await;
                state.polled_at = Instant::now();
                let outcome = fetch::one(&self.client, self.jobs, self.id).await;
                let observation = match outcome {
                    Ok(response) => state.read(self.jobs, response, self.settings.unknown),
                    Err(error) => state.tolerate(error).map(|()| None),
                };
                if let Some(observation) = observation? {
                    let changed = state.record.as_ref() != Some(&observation.record);
                    let ended = observation
                        .outcome
                        .is_some_and(|outcome| outcome != JobOutcome::Running);
                    if ended || changed && interest == Interest::Changes {
                        state.record = Some(observation.record.clone());
                        return Ok(observation);
                    }
                    state.record = Some(observation.record);
                }
            }
        });
        let observation = observation
            .await
            .unwrap_or_else(|| Err(state.unfinished(self.jobs)));
        observation.map_err(|error| error.of_job(&self.id.to_string()))
    }

    /// The job that was told last has succeeded, and its record cannot be read: there is another
    /// poll, unless this happens too often.
    pub(super) fn unreadable(&mut self, error: DecodeError) -> Result<(), Error> {
        let Some(state) = &mut self.state else {
            return Ok(());
        };
        let error = match state.received.take() {
            Some(received) => engine::unreadable(self.jobs.poll, error, received),
            None => return Ok(()),
        };
        state.tolerate(error)
    }

    /// The error for the job that was told last, which has failed.
    pub(super) fn failed(&self, record: Value) -> Error {
        record::failed(self.jobs, record).of_job(&self.id.to_string())
    }
}

impl PollState {
    async fn wait(&mut self) {
        match (
            std::mem::replace(&mut self.delay, Delay::None),
            &self.listener,
        ) {
            (Delay::None, _) => {}
            (Delay::Fixed(wait), _) | (Delay::Wakeable(wait), None) => clock::sleep(wait).await,
            (Delay::Wakeable(wait), Some(listener)) => {
                let due = after(wait);
                if clock::within(wait, listener.notified()).await.is_some() {
                    clock::sleep(until(due.min(self.polled_at + SPACING))).await;
                }
            }
        }
        if let Some(listener) = &self.listener {
            // The poll that follows tells more than they do; what is heard during it counts anew.
            listener.take();
        }
    }

    /// What a poll shows; nothing when the record cannot be made out.
    fn read(
        &mut self,
        jobs: &'static Jobs,
        response: JsonResponse,
        unknown: super::UnknownStatus,
    ) -> Result<Option<Observation>, Error> {
        let received = (response.raw, response.context);
        let status = match record::status(jobs, &response.value) {
            Ok(status) => status.to_owned(),
            Err(error) => {
                self.tolerate(engine::unreadable(jobs.poll, error, received))?;
                return Ok(None);
            }
        };
        let outcome = jobs.outcome(&status);
        let mut wait = self.pace.next();
        match outcome {
            Some(JobOutcome::Running | JobOutcome::Failed) => self.unknown_state = None,
            // It may yet be unreadable, again and again: this poll is no success until it is read.
            Some(JobOutcome::Succeeded) => self.received = Some(received),
            None => match unknown.left(&status, &mut self.unknown_state) {
                Some(left) => wait = wait.min(left),
                None => return Err(record::unknown(jobs, &status, Some(response.value))),
            },
        }
        if outcome != Some(JobOutcome::Succeeded) {
            self.backoff.succeeded();
        }
        self.delay = Delay::Wakeable(wait);
        let record = response.value;
        Ok(Some(Observation {
            record,
            status,
            outcome,
        }))
    }

    /// Tolerates a failed poll, or returns its error when it is one too many.
    fn tolerate(&mut self, error: Error) -> Result<(), Error> {
        match self.backoff.failed(&error) {
            Some(wait) => {
                self.delay = Delay::Fixed(wait);
                Ok(())
            }
            None => Err(error),
        }
    }

    fn unfinished(&mut self, jobs: &Jobs) -> Error {
        let record = self.record.take();
        let status = record
            .as_ref()
            .and_then(|record| record::status(jobs, record).ok());
        let status = status.map(ServerText::new);
        record::ended(jobs, JobEnd::Unfinished { status }, record)
    }
}
