//! Waiting for one job. In: a client, a job, timeout and polling interval. Out: the job as a type, or
//! an error. Polling is in `poll`; here the record is decoded.

use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use serde_json::Value;
use uuid::Uuid;

use super::poll::{Interest, Poller};
use super::settings::Settings;
use super::{Inbox, JobHandle, Polling, UnknownStatus};
use crate::runtime::redact::Redacted;
use crate::runtime::transport::{BoxFuture, BoxStream, MaybeSend};
use crate::runtime::{Client, Decode, Error, JobOutcome, JobRecord, Jobs};

/// Waits until a job has ended. Nothing happens until it is awaited; dropping it ends it.
///
/// Awaiting it gives the job once it has succeeded, or an [`Error`] which always has the
/// [`job_id`](Error::job_id):
///
/// - [`is_job_failed`](Error::is_job_failed): it has failed or was rejected;
///   [`failed_reason`](Error::failed_reason) says why, [`job`](Error::job) is the job.
/// - [`is_timeout`](Error::is_timeout): it has not ended [in time](Self::timeout). It goes on;
///   [`job`](Error::job) is the job as it was seen last.
/// - [`is_unknown_status`](Error::is_unknown_status): it is in a state that this version of the
///   crate does not know, see [`unknown_status`](Self::unknown_status).
/// - anything else: the job could not be polled, see [`tolerate`](Self::tolerate).
///
/// Whatever the error, the job is not touched and can be waited for again. Looks are free of
/// charge.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client, id: creatify_api::Uuid) {
/// use std::time::Duration;
///
/// let wait = client
///     .lipsyncs_v2()
///     .wait(id)
///     .timeout(Duration::from_secs(600))
///     .on_update(|update| println!("{}: {} %", update.status, update.job.progress));
/// match wait.await {
///     Ok(job) => println!("{:?}", job.output),
///     Err(error) if error.is_job_failed() => println!("{:?}", error.failed_reason()),
///     Err(error) if error.is_timeout() => println!("not yet, ask again for {id}"),
///     Err(error) => println!("{error}"),
/// }
/// # }
/// ```
#[must_use = "nothing is waited for before this is awaited"]
pub struct Wait<T: JobRecord> {
    client: Client,
    jobs: &'static Jobs,
    handle: JobHandle,
    settings: Settings,
    on_update: Option<OnUpdate<T>>,
}

#[cfg(not(target_arch = "wasm32"))]
type OnUpdate<T> = Box<dyn FnMut(&Update<T>) + Send>;
#[cfg(target_arch = "wasm32")]
type OnUpdate<T> = Box<dyn FnMut(&Update<T>)>;

/// A job that is waited for, as a poll shows it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Update<T: JobRecord> {
    /// The job.
    pub job: T,
    /// Its state, in the type that the field for it has: of a state that this version of the crate does not know a variant for
    /// such values.
    pub status: T::Status,
    /// What the state says about it; none for a state that this version of the crate does not know.
    pub outcome: Option<JobOutcome>,
}

impl<T: JobRecord + fmt::Debug> fmt::Debug for Update<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Update")
            .field("job", &Redacted(&self.job))
            .field("status", &Redacted(&self.status))
            .field("outcome", &self.outcome)
            .finish()
    }
}

impl<T: JobRecord> Wait<T> {
    pub(crate) fn new(client: &Client, jobs: &'static Jobs, id: Uuid) -> Self {
        Self::resume(client, jobs, &JobHandle::new(jobs.resource, id))
    }

    pub(crate) fn resume(client: &Client, jobs: &'static Jobs, handle: &JobHandle) -> Self {
        Self {
            client: client.clone(),
            jobs,
            handle: handle.clone(),
            settings: Settings::default(),
            on_update: None,
        }
    }

    /// The time for the whole wait, from when it is awaited; one hour unless set. A request under way
    /// is given up when it is over. [`Duration::MAX`] is no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How often the job is polled; at first after one second, later every 15 s, unless set. The
    /// first poll is made at once.
    pub fn polling(mut self, polling: Polling) -> Self {
        self.settings.polling = Some(polling);
        self
    }

    /// How many polls may fail in a row; 10 unless set, which takes a minute or more. With 0 the
    /// first failed poll ends the wait.
    ///
    /// A poll fails when there is no response or none that can be read, at 429 and 5xx and at
    /// redirects, after it was repeated as the client's
    /// [retry policy](crate::ClientBuilder::retry) says. The next one follows after a time that grows
    /// from 1 s to 15 s, or after `Retry-After`. A job that is not found (404) is looked for three
    /// more times: one that was just made may not be readable yet. A job that has succeeded in a
    /// shape that cannot be read counts as a failed poll too, one that has not ended does not. Errors that
    /// will not pass, such as refused keys, end the wait at once.
    pub fn tolerate(mut self, failures: u32) -> Self {
        self.settings.tolerated = failures;
        self
    }

    /// What becomes of a job in a state that this version of the crate does not know; it may stay
    /// there for ten minutes unless set.
    pub fn unknown_status(mut self, policy: UnknownStatus) -> Self {
        self.settings.unknown = policy;
        self
    }

    /// Looks at once when the inbox hears of the job. Unless [`polling`](Self::polling) is set, the
    /// job is then polled only every one to five minutes besides.
    pub fn woken_by(mut self, inbox: &Inbox) -> Self {
        self.settings.inbox = Some(inbox.clone());
        self
    }

    /// Calls this whenever the job has changed since the poll before, the first poll and the end of
    /// the job included, be it success or failure. A job that has not ended and cannot be read is left out.
    pub fn on_update(mut self, callback: impl FnMut(&Update<T>) + MaybeSend + 'static) -> Self {
        self.on_update = Some(Box::new(callback));
        self
    }

    /// The job as something to store, so that another process can
    /// wait on, with `resume` of the same resource.
    pub fn handle(&self) -> JobHandle {
        self.handle.clone()
    }

    fn poller(&self) -> Result<Poller, Error> {
        let (ours, theirs) = (self.jobs.resource, self.handle.resource());
        let id = self.handle.id();
        if ours != theirs {
            return Err(Error::configuration(format!(
                "a job of `{theirs}` cannot be waited for with `{ours}`"
            ))
            .with_job(&id.to_string()));
        }
        let settings = self.settings.clone();
        Ok(Poller::new(self.client.clone(), self.jobs, id, settings))
    }
}

impl<T: JobRecord + 'static> Wait<T> {
    /// The job as a stream: an item at the first poll and whenever it has changed. The stream ends
    /// with the job: after the item that shows its success, or after an error, which is the last item
    /// when it has failed or cannot be waited for any longer.
    pub fn updates(self) -> Updates<T> {
        let poller = self.poller().map(|poller| (poller, self.on_update));
        let updates = unfold(Some(poller), |poller| async move {
            let (mut poller, mut on_update) = match poller? {
                Ok(parts) => parts,
                Err(error) => return Some((Err(error), None)),
            };
            let update = step(&mut poller, &mut on_update, Interest::Changes).await;
            let goes_on = match &update {
                Ok(update) => update.outcome != Some(JobOutcome::Succeeded),
                Err(_) => false,
            };
            Some((update, goes_on.then_some(Ok((poller, on_update)))))
        });
        // Asking again after the end is no mistake.
        Updates(Box::pin(updates.fuse()))
    }
}

impl<T: JobRecord + 'static> IntoFuture for Wait<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let poller = self.poller();
        let mut on_update = self.on_update;
        let interest = match on_update {
            Some(_) => Interest::Changes,
            None => Interest::End,
        };
        Box::pin(async move {
            let mut poller = poller?;
            loop {
                let update = step(&mut poller, &mut on_update, interest).await?;
                if update.outcome == Some(JobOutcome::Succeeded) {
                    return Ok(update.job);
                }
            }
        })
    }
}

/// The next poll of interest that can be read.
async fn step<T: JobRecord>(
    poller: &mut Poller,
    on_update: &mut Option<OnUpdate<T>>,
    interest: Interest,
) -> Result<Update<T>, Error> {
    loop {
        let observation = poller.next(interest).await?;
        let failed = match observation.outcome {
            Some(JobOutcome::Failed) => Some(poller.failed(observation.record.clone())),
            Some(JobOutcome::Running | JobOutcome::Succeeded) | None => None,
        };
        let outcome = observation.outcome;
        let status = T::Status::decode(Value::String(observation.status));
        let update = T::decode(observation.record).and_then(|job| {
            Ok(Update {
                job,
                status: status?,
                outcome,
            })
        });
        if let (Some(on_update), Ok(update)) = (on_update.as_mut(), &update) {
            on_update(update);
        }
        match (update, outcome, failed) {
            (_, _, Some(error)) => return Err(error),
            (Ok(update), _, None) => return Ok(update),
            (Err(error), Some(JobOutcome::Succeeded), None) => poller.unreadable(error)?,
            // It goes on, and may be readable when it has ended.
            (Err(_), Some(JobOutcome::Running | JobOutcome::Failed) | None, None) => {}
        }
    }
}

/// The states of a job, one after the other: see [`Wait::updates`].
#[must_use = "nothing is waited for before this is read"]
pub struct Updates<T: JobRecord>(BoxStream<'static, Result<Update<T>, Error>>);

impl<T: JobRecord> Updates<T> {
    /// The next item; none after the last. The same as of the stream, without a further crate.
    pub async fn next(&mut self) -> Option<Result<Update<T>, Error>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<T: JobRecord> Stream for Updates<T> {
    type Item = Result<Update<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T: JobRecord> fmt::Debug for Wait<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wait")
            .field("handle", &self.handle)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<T: JobRecord> fmt::Debug for Updates<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Updates")
    }
}
