//! Waking waiters. In: ids of jobs, from whoever hears of them, such as a receiver of webhooks. Out:
//! the waiters of those jobs poll at once. Sends no request and reads no message.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use uuid::Uuid;

/// However often a waiter is woken, its polls are at least this far apart.
pub(super) const SPACING: Duration = Duration::from_secs(1);

/// Where whoever hears of jobs, such as the receiver of webhooks, tells it to those who wait for
/// them. Cloning is cheap; clones are the same inbox.
///
/// A message is never trusted, as anybody can send one: the waiter polls the job by itself, at
/// once, though not more than once a second. Messages make polling rare (every minute to every five
/// minutes), not unnecessary: a message can be lost.
///
/// ```no_run
/// # async fn example(client: creatify_api::Client, id: creatify_api::Uuid) -> Result<(), creatify_api::Error> {
/// use creatify_api::jobs::Inbox;
///
/// let inbox = Inbox::new();
/// // To be kept by the receiver of webhooks, which calls `for_webhooks.wake(id)`.
/// let for_webhooks = inbox.clone();
/// # drop(for_webhooks);
///
/// let job = client.lipsyncs_v2().wait(id).woken_by(&inbox).await?;
/// println!("{:?}", job.output);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Inbox {
    registry: Arc<Mutex<Registry>>,
}

#[derive(Default)]
struct Registry {
    next_number: u64,
    /// Who waits for a job: by its id, and the number of the waiter.
    notifiers: BTreeMap<(Uuid, u64), Arc<Notifier>>,
}

/// What wakes one waiter.
#[derive(Default)]
struct Notifier(Mutex<Notified>);

#[derive(Default)]
struct Notified {
    ids: BTreeSet<Uuid>,
    waker: Option<Waker>,
}

/// A panic elsewhere leaves sets that are still sets.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inbox {
    /// An inbox for which nobody waits yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes everybody who waits for this job poll it. Does nothing when nobody does: a wait
    /// that begins later begins with a poll.
    pub fn wake(&self, id: Uuid) {
        let notifiers: Vec<_> = {
            let registry = lock(&self.registry);
            let waiters = registry.notifiers.range((id, 0)..=(id, u64::MAX));
            waiters.map(|(_, notifier)| Arc::clone(notifier)).collect()
        };
        for notifier in notifiers {
            notifier.notify(id);
        }
    }

    /// How many jobs are waited for by way of this inbox; one that two wait for counts twice.
    pub fn waiting(&self) -> usize {
        lock(&self.registry).notifiers.len()
    }

    /// Hears of these jobs until it is dropped.
    pub(super) fn listen(&self, ids: impl IntoIterator<Item = Uuid>) -> Listener {
        let notifier = Arc::new(Notifier::default());
        let ids: BTreeSet<Uuid> = ids.into_iter().collect();
        let mut registry = lock(&self.registry);
        let number = registry.next_number;
        registry.next_number += 1;
        for id in &ids {
            registry
                .notifiers
                .insert((*id, number), Arc::clone(&notifier));
        }
        drop(registry);
        Listener {
            inbox: self.clone(),
            number,
            notifier,
            ids,
        }
    }
}

impl Notifier {
    fn notify(&self, id: Uuid) {
        let waker = {
            let mut notified = lock(&self.0);
            notified.ids.insert(id);
            notified.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Inbox")
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}

/// A waiter's place in an inbox.
pub(super) struct Listener {
    inbox: Inbox,
    number: u64,
    notifier: Arc<Notifier>,
    ids: BTreeSet<Uuid>,
}

impl Listener {
    /// Waits until something was heard of a job since [`take`](Self::take).
    pub(super) async fn notified(&self) {
        poll_fn(|context| {
            let mut notified = lock(&self.notifier.0);
            if notified.ids.is_empty() {
                notified.waker = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    /// The jobs that something was heard of since it was asked last.
    pub(super) fn take(&self) -> BTreeSet<Uuid> {
        std::mem::take(&mut lock(&self.notifier.0).ids)
    }

    /// Nobody waits for this job here any more.
    pub(super) fn forget(&mut self, id: Uuid) {
        self.ids.remove(&id);
        lock(&self.inbox.registry)
            .notifiers
            .remove(&(id, self.number));
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut registry = lock(&self.inbox.registry);
        for id in &self.ids {
            registry.notifiers.remove(&(*id, self.number));
        }
    }
}
