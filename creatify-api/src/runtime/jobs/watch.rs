//! One job, looked at again and again. In: its id and the settings of the wait. Out: the job
//! whenever it has changed, until it has ended. Knows no type: records are JSON here.

use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::inbox::{Listener, SPACING};
use super::look;
use super::patience::Patience;
use super::polling::Pace;
use super::record;
use super::settings::{Settings, Stranger, after, until};
use crate::runtime::answer::Answer;
use crate::runtime::clock::{self, Instant};
use crate::runtime::decode::DecodeError;
use crate::runtime::engine::{self, Reply};
use crate::runtime::error::{JobEnd, Trail};
use crate::runtime::redact::ServerText;
use crate::runtime::{Client, Error, JobOutcome, Jobs};

/// Which of the looks that succeed are worth telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interest {
    /// Those that show a change, and the last one.
    Changes,
    /// The last one.
    End,
}

/// A job as a look shows it.
pub(super) struct Seen {
    pub(super) record: Value,
    pub(super) status: String,
    pub(super) outcome: Option<JobOutcome>,
}

/// The wait before the next look.
enum Rest {
    /// The first look is made at once.
    None,
    /// Ends early when the job's waiter is woken.
    Light(Duration),
    /// After a failed look: the server is left alone.
    Deep(Duration),
}

pub(super) struct Watch {
    client: Client,
    jobs: &'static Jobs,
    id: Uuid,
    settings: Settings,
    course: Option<Course>,
}

/// What is known once the wait has begun.
struct Course {
    pace: Pace,
    patience: Patience,
    listener: Option<Listener>,
    deadline: Instant,
    looked: Instant,
    rest: Rest,
    stranger: Option<Stranger>,
    record: Option<Value>,
    /// The answer that the record came with, should it turn out to be unreadable.
    came: Option<(Answer, Trail)>,
}

impl Watch {
    pub(super) fn new(client: Client, jobs: &'static Jobs, id: Uuid, settings: Settings) -> Self {
        Self {
            client,
            jobs,
            id,
            settings,
            course: None,
        }
    }

    /// The next look that is of interest. After one that shows the job's end there is no other.
    pub(super) async fn next(&mut self, interest: Interest) -> Result<Seen, Error> {
        let course = self.course.get_or_insert_with(|| Course {
            pace: self.settings.pace(),
            patience: Patience::new(self.settings.tolerated),
            listener: (self.settings.inbox.as_ref()).map(|inbox| inbox.listen([self.id])),
            deadline: after(self.settings.timeout),
            looked: Instant::now(),
            rest: Rest::None,
            stranger: None,
            record: None,
            came: None,
        });
        let left = until(course.deadline);
        let seen = clock::within(left, async {
            loop {
                course.rest().await;
                course.looked = Instant::now();
                let outcome = look::one(&self.client, self.jobs, self.id).await;
                let seen = match outcome {
                    Ok(reply) => course.read(self.jobs, reply, self.settings.unknown),
                    Err(error) => course.bear(error).map(|()| None),
                };
                if let Some(seen) = seen? {
                    let changed = course.record.as_ref() != Some(&seen.record);
                    let ended = seen
                        .outcome
                        .is_some_and(|outcome| outcome != JobOutcome::Running);
                    if ended || changed && interest == Interest::Changes {
                        course.record = Some(seen.record.clone());
                        return Ok(seen);
                    }
                    course.record = Some(seen.record);
                }
            }
        });
        let seen = seen
            .await
            .unwrap_or_else(|| Err(course.unfinished(self.jobs)));
        seen.map_err(|error| error.of_job(&self.id.to_string()))
    }

    /// The job that was told last has succeeded, and its record cannot be read: there is another
    /// look, unless this happens too often.
    pub(super) fn unreadable(&mut self, error: DecodeError) -> Result<(), Error> {
        let Some(course) = &mut self.course else {
            return Ok(());
        };
        let error = match course.came.take() {
            Some(came) => engine::unreadable(self.jobs.poll, error, came),
            None => return Ok(()),
        };
        course.bear(error)
    }

    /// The error for the job that was told last, which has failed.
    pub(super) fn failed(&self, record: Value) -> Error {
        record::failed(self.jobs, record).of_job(&self.id.to_string())
    }
}

impl Course {
    async fn rest(&mut self) {
        match (
            std::mem::replace(&mut self.rest, Rest::None),
            &self.listener,
        ) {
            (Rest::None, _) => {}
            (Rest::Deep(wait), _) | (Rest::Light(wait), None) => clock::sleep(wait).await,
            (Rest::Light(wait), Some(listener)) => {
                let due = after(wait);
                if clock::within(wait, listener.rung()).await.is_some() {
                    clock::sleep(until(due.min(self.looked + SPACING))).await;
                }
            }
        }
        if let Some(listener) = &self.listener {
            // The look that follows tells more than they do; what is heard during it counts anew.
            listener.take();
        }
    }

    /// What a look shows; nothing when the record cannot be made out.
    fn read(
        &mut self,
        jobs: &'static Jobs,
        reply: Reply,
        unknown: super::UnknownStatus,
    ) -> Result<Option<Seen>, Error> {
        let came = (reply.answer, reply.trail);
        let status = match record::status(jobs, &reply.value) {
            Ok(status) => status.to_owned(),
            Err(error) => {
                self.bear(engine::unreadable(jobs.poll, error, came))?;
                return Ok(None);
            }
        };
        let outcome = jobs.outcome(&status);
        let mut wait = self.pace.next();
        match outcome {
            Some(JobOutcome::Running | JobOutcome::Failed) => self.stranger = None,
            // It may yet be unreadable, again and again: this look is no success until it is read.
            Some(JobOutcome::Succeeded) => self.came = Some(came),
            None => match unknown.left(&status, &mut self.stranger) {
                Some(left) => wait = wait.min(left),
                None => return Err(record::unknown(jobs, &status, Some(reply.value))),
            },
        }
        if outcome != Some(JobOutcome::Succeeded) {
            self.patience.succeeded();
        }
        self.rest = Rest::Light(wait);
        let record = reply.value;
        Ok(Some(Seen {
            record,
            status,
            outcome,
        }))
    }

    /// Bears a failed look, or gives it back when it is one too many.
    fn bear(&mut self, error: Error) -> Result<(), Error> {
        match self.patience.failed(&error) {
            Some(wait) => {
                self.rest = Rest::Deep(wait);
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
