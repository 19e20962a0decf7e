//! Settling one call. In: its error or its `PendingCall`, and a predicate for its job. Out: the job,
//! several, or that there is none. The search is in `reconcile`.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use serde_json::Value;

use super::ambiguous_call::AmbiguousCall;
use super::candidates::{EffectCheck, Finding, Group, Matcher};
use super::reconcile::Reconciliation;
use super::record;
use crate::runtime::error::{CallContext, Kind};
use crate::runtime::journal::PendingCall;
use crate::runtime::redact::Redacted;
use crate::runtime::transport::{BoxFuture, MaybeSend};
use crate::runtime::{Client, Decode, Error, Jobs, Timestamp};

/// Finds out what became of a call whose response was lost. Nothing happens until it is awaited.
///
/// - **A call that makes a job** is looked for in the list of all jobs: it is the one that
///   [`matching`](Self::matching) says, so give every job a name of its own. It is
///   [`Found`](Settled::Found) when its `created_at` lies in the time in which the call can have made it, from two minutes
///   before the call began to two minutes after it can last have been processed. A job that matches and is of
///   another time is [`Uncertain`](Settled::Uncertain): no job that matches ever ends in
///   [`NotFound`](Settled::NotFound). Without `matching` it fails with
///   [`is_configuration`](Error::is_configuration).
///   Of a call whose name the client made [unique](crate::ClientBuilder::unique_names) the tag tells, whatever
///   `matching` says.
/// - **A call about an existing job**, such as rendering a preview, shows in that job: it is found
///   when the job works, has failed, or has a result. A job that had a result before needs
///   `matching`, to tell the new result from the old.
/// - **An error that names its job**, because only the response could not be read: the job is read.
/// - **An error that is not [`is_ambiguous`](Error::is_ambiguous)**: nothing was
///   charged, so it is [`NotFound`](Settled::NotFound), without a request. But the error of a free call, such
///   as one of waiting, tells nothing of the call before it, and cannot be settled.
///
/// It takes a client with the keys and the base URL of the one that made the call: others see other jobs.
///
/// A request may arrive after its sender gave up. So before it says `NotFound` it goes on looking, at
/// growing intervals, until some time after the failure: 10 s when the server itself had answered (500),
/// else as long as the response would have been waited for, and 30 s at least; or [`grace`](Self::grace). For a call
/// without a limit of time, or with one of more than a day, that is a day after the failure: nothing between a client
/// and a job works on one request for longer.
///
/// The time of a job is held against the server's own clock, as the `Date` of its responses before and after the
/// call shows it, with the monotonic clock in between: this machine's clock may be wrong, and be set meanwhile. When
/// no response has a `Date`, this machine's clock has to do; when it and the server's differ by more than two
/// minutes, the job of the call is `Uncertain`.
///
/// What it cannot know: jobs that match are taken to be of this call alone. Settle calls that may be lost under one name
/// together, by `settle_all`: settled one by one, each of them would find the same job. And a job that was deleted before it was looked
/// for, or that the list leaves out for another reason, is not found. A list that says itself that it is
/// a part (`Link` to a next page, `X-Total-Count`, 206), or that comes from a cache (`Age`), is an error and never `NotFound`.
///
/// A preview that is still being made looks like a render under way: wait for the preview before it is
/// rendered, or say with `matching` what a render looks like.
///
/// It fails when the jobs cannot be read, after as many attempts as a [`Wait`](super::Wait) makes;
/// when an existing job is not there; and when no job matches but one of those in question cannot be
/// read. Then nothing is known: do not send the call again, settle it again later with the same error.
///
/// With a [spend limit](crate::ClientBuilder::spend_limit), the credits that were set aside for the
/// call are charged when it is found, and given back when it is not.
///
/// ```no_run
/// # use creatify_api::{Client, Error, types::{AspectRatio, LipsyncRequest}};
/// # async fn example(client: Client) -> Result<(), Error> {
/// use creatify_api::jobs::Settled;
///
/// let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello!").name("order-7");
/// let job = match client.lipsyncs().create(&request).await {
///     Err(error) if error.is_ambiguous() => {
///         let settle = client.lipsyncs().settle(&error);
///         match settle.matching(|job| job.name.as_deref() == Some("order-7")).await? {
///             Settled::Found(job) => job,
///             Settled::NotFound => client.lipsyncs().create(&request).await?,
///             // The name was not unique, or the clocks do not tell: look at the jobs.
///             Settled::Several(_) | Settled::Uncertain(_) => return Err(error),
///         }
///     }
///     outcome => outcome?,
/// };
/// println!("{}", job.id);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is found out before this is awaited"]
pub struct Settle<T> {
    client: Client,
    jobs: &'static Jobs,
    call: Result<AmbiguousCall, Error>,
    matcher: Option<Matcher>,
    types: PhantomData<fn() -> T>,
}

/// What became of a call whose response was lost.
#[derive(Clone, PartialEq)]
pub enum Settled<T> {
    /// The call took effect: this is its job. Do not send it again.
    Found(T),
    /// These jobs match, the oldest first; at most one of them is the call's. Do not send it again:
    /// look which of them are wanted, as each may have been charged.
    Several(Vec<T>),
    /// These jobs match, the oldest first, and of none is it certain that the call made it: its
    /// `created_at` lies outside the time in which the call can have made a job, by some clock or by all,
    /// or does not tell (it is missing, or has no offset from UTC). The call may have been charged. Do not send it
    /// again, before you know these jobs: when one of them is the one you wanted, take it; when each of them is of
    /// another call, such as last year's of the same name, settle the same error once more with a
    /// [`matching`](Settle::matching) that leaves them out. What a
    /// [spend limit](crate::ClientBuilder::spend_limit) has set aside for the call stays so.
    Uncertain(Vec<T>),
    /// No job matches. The call took no effect and was not charged. It can be sent again.
    NotFound,
}

impl<T: fmt::Debug> fmt::Debug for Settled<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, jobs): (_, &dyn fmt::Debug) = match self {
            Self::Found(job) => ("Found", &Redacted(job)),
            Self::Several(jobs) => ("Several", &Redacted(jobs)),
            Self::Uncertain(jobs) => ("Uncertain", &Redacted(jobs)),
            Self::NotFound => return formatter.write_str("NotFound"),
        };
        formatter.debug_tuple(name).field(jobs).finish()
    }
}

impl<T> Settled<T> {
    /// The job of the call, if there is exactly one that can be its own.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(job) => Some(job),
            Self::Several(_) | Self::Uncertain(_) | Self::NotFound => None,
        }
    }

    /// Whether sending the call again can charge nothing twice.
    pub fn is_safe_to_resend(&self) -> bool {
        match self {
            Self::NotFound => true,
            Self::Found(_) | Self::Several(_) | Self::Uncertain(_) => false,
        }
    }
}

impl<T> Settle<T> {
    pub(crate) fn new(client: &Client, jobs: &'static Jobs, error: &Error) -> Self {
        Self {
            client: client.clone(),
            jobs,
            call: AmbiguousCall::of(error, client, jobs),
            matcher: None,
            types: PhantomData,
        }
    }

    pub(crate) fn of_pending(client: &Client, jobs: &'static Jobs, call: &PendingCall) -> Self {
        Self {
            client: client.clone(),
            jobs,
            call: AmbiguousCall::of_pending(call, client, jobs),
            matcher: None,
            types: PhantomData,
        }
    }

    /// How long after the failure of the call it may still show in the jobs, in place of the above. `NotFound`
    /// is said no earlier.
    pub fn grace(mut self, grace: Duration) -> Self {
        if let Ok(call) = &mut self.call {
            call.set_grace(grace);
        }
        self
    }

    /// Since when the job can have been made, by the clock of this machine; two minutes before
    /// the call began unless set. A difference to the server's clock, where that is known, is allowed for. Jobs that match
    /// and are older are [`Uncertain`](Settled::Uncertain).
    pub fn since(mut self, moment: Timestamp) -> Self {
        if let Ok(call) = &mut self.call {
            call.set_since(moment);
        }
        self
    }
}

impl<T: Decode + 'static> Settle<T> {
    /// Which job is the call's own: one whose name, or whatever else the call has given it, is that
    /// of the call. Of a call about an existing job: whether the job shows that the call took effect.
    pub fn matching(mut self, is_it: impl Fn(&T) -> bool + MaybeSend + 'static) -> Self {
        self.matcher = Some(Box::new(move |record: &Value| {
            let job = T::decode(record.clone())?;
            Ok(is_it(&job).then_some(0))
        }));
        self
    }
}

#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
impl<T: Decode + 'static> Settle<T> {
    /// Waits on the calling thread, as [`Blocking`](crate::runtime::blocking::Blocking) does for everything else. Inside an async
    /// runtime this is an error, after which the call is as ambiguous as before.
    pub fn blocking(self) -> Result<Settled<T>, Error> {
        let context = match &self.call {
            Ok(call) => Some(call.context()),
            Err(error) => error.context().map(CallContext::share),
        };
        let settled = crate::runtime::blocking::Blocking::blocking(self);
        settled.map_err(|error| match (error.context(), context) {
            (None, Some(context)) => error.with_context(context),
            (_, _) => error,
        })
    }
}

impl<T: Decode + 'static> IntoFuture for Settle<T> {
    type Output = Result<Settled<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let call = self.call?;
            let context = call.context();
            let mut group = Group::new(0, call);
            if self.matcher.is_some() {
                group.effect_check = EffectCheck::Match;
            }
            let reconciliation = Reconciliation {
                client: self.client,
                jobs: self.jobs,
                matcher: self.matcher,
                groups: vec![group],
            };
            let finding = reconciliation.run().await.remove(&0);
            settled(self.jobs, finding, Some(&context))
        })
    }
}

/// A finding with its type. A job that cannot be read leaves its call as it was: not to be repeated.
pub(super) fn settled<T: Decode>(
    jobs: &Jobs,
    finding: Option<Result<Finding, Error>>,
    context: Option<&CallContext>,
) -> Result<Settled<T>, Error> {
    let nothing = || Err(Error::configuration("the call was not looked for"));
    let finding = finding.unwrap_or_else(nothing)?;
    let decode = |record: Value| {
        let id = record::id(&record).map(str::to_owned);
        T::decode(record).map_err(|error| {
            let error = Error::new(Kind::Decode(error)).with_operation(jobs.poll.id);
            let error = match id {
                Some(id) => error.with_job(&id),
                None => error,
            };
            match context {
                Some(context) => error.with_context(context.share()),
                None => error,
            }
        })
    };
    Ok(match finding {
        Finding::Found(record) => Settled::Found(decode(record)?),
        Finding::Several(records) => {
            Settled::Several(records.into_iter().map(decode).collect::<Result<_, _>>()?)
        }
        Finding::Uncertain(records) => {
            Settled::Uncertain(records.into_iter().map(decode).collect::<Result<_, _>>()?)
        }
        Finding::NotFound => Settled::NotFound,
    })
}

impl<T> fmt::Debug for Settle<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settle")
            .field("resource", &self.jobs.resource)
            .finish_non_exhaustive()
    }
}
