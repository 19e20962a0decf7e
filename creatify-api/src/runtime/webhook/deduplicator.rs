//! Repetitions. In: events. Out: whether one is new. Knows neither clients nor what events mean.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Event;
use crate::runtime::Uuid;

/// Remembers the events of late, so that a repetition is handled once.
///
/// Two events are the same when they say the same: equal members with equal values, in
/// whatever order they are written. A job's next state, or the same state with something new, is another
/// event. Only what is the same twice is dropped: webhooks also come in any order, so an event that
/// is new may tell of a state that is old.
///
/// It spares work and is no protection: who knows your URL can send as many different events as he likes,
/// which push the remembered ones out. For several processes, remember events where all of them
/// look, such as a database.
///
/// Threads and tasks can share it.
pub struct Deduplicator {
    capacity: usize,
    hasher: RandomState,
    seen: Mutex<Seen>,
}

/// What an event says. The id stands as it is, so that no two jobs are ever taken for each other.
type Digest = (Uuid, u64);

#[derive(Default)]
struct Seen {
    /// The oldest first.
    order: VecDeque<Digest>,
    all: HashSet<Digest>,
}

impl Deduplicator {
    /// Remembers this many events, and forgets the oldest one for each that comes on top; 0 counts as 1. An event
    /// takes about 100 bytes, from when it comes.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            hasher: RandomState::new(),
            seen: Mutex::default(),
        }
    }

    /// Whether the event is seen for the first time, from now on it is not new any more.
    ///
    /// When handling it fails, [`forget`](Self::forget) it: else the repetition that the service
    /// may send would be dropped.
    #[must_use = "an event that is not new was handled before"]
    pub fn is_new(&self, event: &Event) -> bool {
        let digest = self.digest(event);
        let mut seen = self.lock();
        if !seen.all.insert(digest) {
            return false;
        }
        seen.order.push_back(digest);
        if seen.order.len() > self.capacity
            && let Some(oldest) = seen.order.pop_front()
        {
            seen.all.remove(&oldest);
        }
        true
    }

    /// Makes the event new again, because handling it failed. Takes time in proportion to what is remembered.
    pub fn forget(&self, event: &Event) {
        let digest = self.digest(event);
        let mut seen = self.lock();
        if seen.all.remove(&digest) {
            seen.order.retain(|known| *known != digest);
        }
    }

    /// Whoever sends events does not know the keys of the hash, and cannot make two of them look alike.
    fn digest(&self, event: &Event) -> Digest {
        // Equal objects have equal hashes, whatever the order of their members.
        (event.id(), self.hasher.hash_one(event.fields()))
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        // Nothing panics between the changes of the two collections.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Deduplicator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Deduplicator")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
