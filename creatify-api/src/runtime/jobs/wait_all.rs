//! Waiting for many jobs. In: a client, ids, timeout and polling interval. Out: each job as a type, or
//! an error. Polling is in `batch_poll`; here the records are decoded.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use futures_util::StreamExt;
use futures_util::stream::unfold;
use uuid::Uuid;

use super::batch_poll::{BatchPoller, Task};
use super::settings::Settings;
use super::{Inbox, Polling, UnknownStatus};
use crate::runtime::error::Kind;
use crate::runtime::transport::{BoxFuture, BoxStream, MaybeSend};
use crate::runtime::{Client, Decode, Error, Jobs};

/// Waits until each of many jobs has ended. Nothing happens until it is read; dropping it ends it.
///
/// It is a stream that gives each job once, as it ends: its id, and the job or an [`Error`] as
/// [`Wait`](super::Wait) would give it. [`next`](Self::next) reads it without a further crate.
/// Awaited as a whole it gives a map of all of them. Ids are taken by value or by reference: `wait_all([id])`, `wait_all(&ids)`,
/// `wait_all(jobs.iter().map(|job| job.id))`. An id that is given twice is waited for once.
///
/// Jobs are polled in cycles, with one request per hundred jobs (as many as the list operation
/// takes). A job that fails, or whose record cannot be read, and a request that fails keep no other
/// job from being waited for: a list that is refused because of one job, by 4xx, 5xx or a response that cannot be
/// read, is asked for in halves until that job stands alone. Looks are free of charge.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client, ids: Vec<creatify_api::Uuid>) {
/// let mut jobs = client.lipsyncs_v2().wait_all(ids);
/// while let Some((id, outcome)) = jobs.next().await {
///     match outcome {
///         Ok(job) => println!("{id}: {:?}", job.output),
///         Err(error) => println!("{id}: {error}"),
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is waited for before this is read"]
pub struct WaitAll<T> {
    client: Client,
    jobs: &'static Jobs,
    ids: Vec<Uuid>,
    settings: Settings,
    concurrency: usize,
    /// Once reading has begun; what is set after that changes nothing.
    going: Option<BoxStream<'static, (Uuid, Result<T, Error>)>>,
}

/// How many requests are under way at most, unless it is set.
const CONCURRENCY: usize = 4;

impl<T> WaitAll<T> {
    pub(crate) fn new(
        client: &Client,
        jobs: &'static Jobs,
        ids: impl IntoIterator<Item = impl Borrow<Uuid>>,
    ) -> Self {
        Self {
            client: client.clone(),
            jobs,
            ids: ids.into_iter().map(|id| *id.borrow()).collect(),
            settings: Settings::default(),
            concurrency: CONCURRENCY,
            going: None,
        }
    }

    /// The time for all jobs together, from when reading begins; one hour unless set. The jobs that
    /// have not ended by then are given as errors for which
    /// [`is_timeout`](Error::is_timeout) holds. [`Duration::MAX`] is no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// The time between two cycles, from the end of one to the beginning of the next; at first one
    /// second, later 15 s, unless set. It does not grow after a cycle in which a job has ended.
    pub fn polling(mut self, polling: Polling) -> Self {
        self.settings.polling = Some(polling);
        self
    }

    /// How many polls of the same job may fail in a row; 10 unless set. What counts as a failed poll,
    /// and when the next one follows, is said at [`Wait::tolerate`](super::Wait::tolerate); but a job
    /// that the responses of three cycles running do not mention ends as
    /// [`is_not_found`](Error::is_not_found).
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

    /// Looks at a job at once when the inbox hears of it, though not more than once a second. Unless
    /// [`polling`](Self::polling) is set, there is then a cycle only every one to five minutes
    /// besides.
    pub fn woken_by(mut self, inbox: &Inbox) -> Self {
        self.settings.inbox = Some(inbox.clone());
        self
    }

    /// How many requests may be under way at once; 4 unless set. 0 counts as 1.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }
}

impl<T: Decode + 'static> WaitAll<T> {
    /// The next job that has ended; none when all have. Nothing is lost when this is dropped before it
    /// gives one. The same as of the stream, without a further crate.
    pub async fn next(&mut self) -> Option<(Uuid, Result<T, Error>)> {
        poll_fn(|context| self.going().as_mut().poll_next(context)).await
    }

    fn going(&mut self) -> &mut BoxStream<'static, (Uuid, Result<T, Error>)> {
        self.going.get_or_insert_with(|| {
            let task = Task {
                client: self.client.clone(),
                jobs: self.jobs,
                settings: self.settings.clone(),
                concurrency: self.concurrency,
                readable: |record| T::decode(record.clone()).map(drop),
            };
            let poller = BatchPoller::begin(task, std::mem::take(&mut self.ids));
            let jobs = unfold(poller, |mut poller| async {
                let (id, outcome) = poller.next().await?;
                // Nothing is given that could not be read before.
                let unreadable = |error| Error::new(Kind::Decode(error)).of_job(&id.to_string());
                let outcome = outcome.and_then(|record| T::decode(record).map_err(unreadable));
                Some(((id, outcome), poller))
            });
            // Asking again after the end is no mistake.
            Box::pin(jobs.fuse())
        })
    }
}

impl<T: Decode + 'static> Stream for WaitAll<T> {
    type Item = (Uuid, Result<T, Error>);

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.going().as_mut().poll_next(context)
    }
}

impl<T: Decode + MaybeSend + 'static> IntoFuture for WaitAll<T> {
    type Output = BTreeMap<Uuid, Result<T, Error>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut all = BTreeMap::new();
            while let Some((id, outcome)) = self.next().await {
                all.insert(id, outcome);
            }
            all
        })
    }
}

impl<T> fmt::Debug for WaitAll<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("WaitAll")
            .field("resource", &self.jobs.resource)
            .field("settings", &self.settings)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
