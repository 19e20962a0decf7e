//! The retry budget of a client. In: retries and successes. Out: whether another retry is allowed.
//! Reads no clock and no request.

use std::sync::atomic::{AtomicU32, Ordering};

/// What the budget holds at most.
const CAPACITY: u32 = 500;

/// What a retry takes.
const RETRY: u32 = 5;

/// What a success at the first attempt gives back.
const SUCCESS: u32 = 1;

/// A budget that all calls of a client and its clones share. When most retries fail it runs
/// dry, and a service that is down is not burdened further; a retry that succeeds gives back what
/// it took, so that single faults never use it up.
pub(crate) struct RetryBudget(AtomicU32);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Takes what a retry costs; false when there is not enough left.
    pub(crate) fn take(&self) -> bool {
        let less = |left: u32| left.checked_sub(RETRY);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }

    /// Gives back after a call that succeeded at this attempt, the first being 1.
    pub(crate) fn succeeded(&self, attempt: u32) {
        let gain = if attempt > 1 { RETRY } else { SUCCESS };
        let more = |left: u32| Some(left.saturating_add(gain).min(CAPACITY));
        // Never fails: there always is a next value.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failing_retries_use_it_up_and_successes_fill_it() {
        let budget = RetryBudget::default();
        let retries = std::iter::repeat_with(|| budget.take()).take_while(|taken| *taken);
        assert_eq!(retries.count(), 100);
        (0..5).for_each(|_| budget.succeeded(1));
        assert!(budget.take() && !budget.take());
        (0..1000).for_each(|_| budget.succeeded(2));
        let retries = std::iter::repeat_with(|| budget.take()).take_while(|taken| *taken);
        assert_eq!(retries.count(), 100, "there is a most");
    }
}
