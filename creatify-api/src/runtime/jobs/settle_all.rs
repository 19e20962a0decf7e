//! Settling many calls. In: their errors, and a key that each shares with its job. Out: for each call
//! the job, several, or that there is none. The search is in `reconcile`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use super::ambiguous_call::{AmbiguousCall, Target};
use super::candidates::Group;
use super::reconcile::Reconciliation;
use super::settle::{Settled, settled};
use crate::runtime::transport::{BoxFuture, MaybeSend};
use crate::runtime::{Client, Decode, Error, Jobs};

/// Finds out what became of many calls whose responses were lost, with one list of all jobs for all of
/// them. Nothing happens until it is awaited.
///
/// Each call comes with a key that its job shares, such as the unique name that it was given;
/// [`by`](Self::by) says how the key is read from a job. The result has as many items as there were
/// calls, in their order. What each item means, when it is an error, and how long is polled, is said
/// at [`Settle`](super::Settle): it is the same as settling the calls one by one.
///
/// Of calls with the same key nobody can tell whose job is whose: the jobs with this key which they can have made
/// are given to them in turn, the oldest to the first. When there are fewer than calls, the others are
/// [`Uncertain`](Settled::Uncertain) if further jobs have the key, else [`NotFound`](Settled::NotFound).
/// Calls about existing jobs are known by their job; their keys are left alone.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client, lost: Vec<(String, creatify_api::Error)>) {
/// use creatify_api::jobs::Settled;
///
/// let calls = lost.iter().map(|(name, error)| (name.clone(), error));
/// let settled = client.lipsyncs().settle_all(calls).by(|job| job.name.clone()).await;
/// for ((name, _), settled) in lost.iter().zip(settled) {
///     match settled {
///         Ok(Settled::Found(job)) => println!("{name} is job {}", job.id),
///         Ok(Settled::NotFound) => println!("{name} can be sent again"),
///         Ok(Settled::Several(jobs)) => println!("{name} exists {} times", jobs.len()),
///         // Do not send it again: look which call these jobs are of.
///         Ok(Settled::Uncertain(jobs)) => println!("{name}: {} may be others", jobs.len()),
///         Err(error) => println!("nothing is known of {name}: {error}"),
///     }
/// }
/// # }
/// ```
#[must_use = "nothing is found out before this is awaited"]
pub struct SettleAll<K, T> {
    client: Client,
    jobs: &'static Jobs,
    calls: Vec<(K, Result<AmbiguousCall, Error>)>,
    key: Option<Key<K, T>>,
    types: PhantomData<fn() -> T>,
}

#[cfg(not(target_arch = "wasm32"))]
type Key<K, T> = Box<dyn Fn(&T) -> Option<K> + Send>;
#[cfg(target_arch = "wasm32")]
type Key<K, T> = Box<dyn Fn(&T) -> Option<K>>;

impl<K, T> SettleAll<K, T> {
    pub(crate) fn new<'e>(
        client: &Client,
        jobs: &'static Jobs,
        calls: impl IntoIterator<Item = (K, &'e Error)>,
    ) -> Self {
        let calls = calls.into_iter();
        Self {
            client: client.clone(),
            jobs,
            calls: calls
                .map(|(key, error)| (key, AmbiguousCall::of(error, client, jobs)))
                .collect(),
            key: None,
            types: PhantomData,
        }
    }

    /// How long after its failure a call may still show, as
    /// [for one](super::Settle::grace).
    pub fn grace(mut self, grace: Duration) -> Self {
        for (_, call) in &mut self.calls {
            if let Ok(call) = call {
                call.set_grace(grace);
            }
        }
        self
    }

    /// Since when the jobs can have been made, as [for one](super::Settle::since).
    pub fn since(mut self, moment: crate::runtime::Timestamp) -> Self {
        for (_, call) in &mut self.calls {
            if let Ok(call) = call {
                call.set_since(moment);
            }
        }
        self
    }

    /// The key of a job; none for a job that has none, which is the job of no call.
    pub fn by(mut self, key: impl Fn(&T) -> Option<K> + MaybeSend + 'static) -> Self {
        self.key = Some(Box::new(key));
        self
    }
}

impl<K: Ord + MaybeSend + 'static, T: Decode + MaybeSend + 'static> IntoFuture for SettleAll<K, T> {
    type Output = Vec<Result<Settled<T>, Error>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (mut groups, mut numbers) = (Vec::<Group>::new(), BTreeMap::new());
        let (mut refused, mut seen) = (BTreeMap::new(), BTreeSet::new());
        let count = self.calls.len();
        let context = |(_, call): &(K, Result<AmbiguousCall, Error>)| {
            call.as_ref().ok().map(AmbiguousCall::context)
        };
        let contexts: Vec<_> = self.calls.iter().map(context).collect();
        for (index, (key, call)) in self.calls.into_iter().enumerate() {
            let call = match call {
                Ok(call) => call,
                Err(error) => {
                    refused.insert(index, error);
                    continue;
                }
            };
            if let Some(pending) = call.pending()
                && !seen.insert(pending.key)
            {
                let error = Error::configuration("the same call was given before");
                refused.insert(index, call.keep_ambiguous(error));
                continue;
            }
            let known = match call.target {
                // Its tag tells it from the others of the same key.
                Target::New if call.is_unique => None,
                Target::New => Some(*numbers.entry(key).or_insert(groups.len())),
                Target::NoEffect | Target::Existing(_) | Target::Known(_) => None,
            };
            match known.and_then(|number| groups.get_mut(number)) {
                Some(group) => group.add(index, call),
                None => groups.push(Group::new(index, call)),
            }
        }
        let matcher = self.key.map(|key| {
            let matcher = move |record: &serde_json::Value| {
                let job = T::decode(record.clone())?;
                Ok(key(&job).and_then(|key| numbers.get(&key).copied()))
            };
            Box::new(matcher) as _
        });
        let reconciliation = Reconciliation {
            client: self.client,
            jobs: self.jobs,
            matcher,
            groups,
        };
        Box::pin(async move {
            let mut findings = reconciliation.run().await;
            let finding = |index| match (refused.remove(&index), findings.remove(&index)) {
                (Some(error), _) => Err(error),
                (None, finding) => {
                    let context = contexts.get(index).and_then(Option::as_ref);
                    settled(self.jobs, finding, context)
                }
            };
            (0..count).map(finding).collect()
        })
    }
}

impl<K, T> fmt::Debug for SettleAll<K, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SettleAll")
            .field("resource", &self.jobs.resource)
            .field("calls", &self.calls.len())
            .finish_non_exhaustive()
    }
}
