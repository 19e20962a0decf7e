//! Time. In: durations. Out: waiting, and the present moment. The only place that knows which
//! clock this platform has.

use std::future::Future;
use std::task::Poll;
use std::time::Duration;

use super::Timestamp;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use tokio::time::Instant;
#[cfg(target_arch = "wasm32")]
pub(crate) use web_time::Instant;

/// Waits. Where nothing [can wait](can_wait) it does not: whoever called says so with the next call that is made.
pub(crate) async fn sleep(duration: Duration) {
    #[cfg(not(target_arch = "wasm32"))]
    if let Ok(timer) = timer(duration) {
        timer.await;
    }
    #[cfg(target_arch = "wasm32")]
    {
        let started = Instant::now();
        while let Some(piece) = piece(duration, started.elapsed()) {
            gloo_timers::future::sleep(piece).await;
        }
    }
}

/// The next part of a wait. The timers of a browser hold 31 bits of milliseconds, and one that is set to more rings
/// at once.
#[cfg(any(target_arch = "wasm32", test))]
fn piece(whole: Duration, elapsed: Duration) -> Option<Duration> {
    const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);
    let left = whole.saturating_sub(elapsed);
    // Timers count whole milliseconds: less than one would be asked for again and again.
    (left >= Duration::from_millis(1) || (elapsed.is_zero() && !left.is_zero()))
        .then(|| left.min(LONGEST))
}

/// A timer, or what is missing for one.
#[cfg(not(target_arch = "wasm32"))]
fn timer(duration: Duration) -> Result<tokio::time::Sleep, &'static str> {
    if tokio::runtime::Handle::try_current().is_err() {
        return Err("calls need a tokio runtime: nothing can be awaited outside of one");
    }
    // A runtime tells by nothing but a panic that it has no timers; nothing is held across it.
    std::panic::catch_unwind(|| tokio::time::sleep(duration)).map_err(|_| {
        "the tokio runtime has no timers, without which no call can end in time: build it with `enable_time` \
         or `enable_all`"
    })
}

/// Whether there is a runtime that can wait, or what is missing.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn can_wait() -> Result<(), &'static str> {
    timer(Duration::ZERO).map(drop)
}

/// A browser always can.
#[cfg(target_arch = "wasm32")]
pub(crate) fn can_wait() -> Result<(), &'static str> {
    Ok(())
}

/// Gives others a turn now and then in a loop that never has to wait.
#[derive(Debug, Default)]
pub(crate) struct YieldCounter(u8);

impl YieldCounter {
    /// One iteration of the loop.
    pub(crate) async fn tick(&mut self) {
        const TICKS: u8 = 16;
        self.0 += 1;
        if self.0 < TICKS {
            return;
        }
        self.0 = 0;
        let mut waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

/// What the future gives, or nothing when it takes longer than the duration. Where nothing
/// [can wait](can_wait), what it gives.
pub(crate) async fn within<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
    #[cfg(not(target_arch = "wasm32"))]
    let timer = match timer(duration) {
        // The future may have used up its turn: that must not hold up the timer, too.
        Ok(timer) => tokio::task::unconstrained(timer),
        Err(_) => return Some(future.await),
    };
    #[cfg(target_arch = "wasm32")]
    let timer = sleep(duration);
    let (future, timer) = (std::pin::pin!(future), std::pin::pin!(timer));
    match futures_util::future::select(future, timer).await {
        futures_util::future::Either::Left((output, _)) => Some(output),
        futures_util::future::Either::Right(((), _)) => None,
    }
}

/// The present moment, by the clock of this machine.
pub(crate) fn now() -> Timestamp {
    #[cfg(not(target_arch = "wasm32"))]
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    #[cfg(target_arch = "wasm32")]
    let since = web_time::SystemTime::now().duration_since(web_time::UNIX_EPOCH);
    // A clock before 1970 is no clock; whatever is compared with it then counts as new.
    let since = since.unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_timestamp(seconds, since.subsec_nanos()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_waits_are_waited_in_pieces_that_a_browser_can_hold() {
        for whole in [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_millis(7),
            Duration::from_secs(24 * 86_400),
            Duration::from_secs(100 * 86_400),
            Duration::from_millis(u64::from(u32::MAX) * 3),
        ] {
            let (mut elapsed, mut pieces) = (Duration::ZERO, 0);
            while let Some(piece) = piece(whole, elapsed) {
                assert!(piece.as_millis() <= 2_147_483_647, "{whole:?}: {piece:?}");
                elapsed += piece;
                pieces += 1;
            }
            assert_eq!(elapsed, whole);
            assert_eq!(
                pieces,
                whole
                    .as_millis()
                    .div_ceil(2_147_483_647)
                    .max(u128::from(!whole.is_zero()))
            );
        }
        assert!(piece(Duration::MAX, Duration::from_secs(1)).is_some());
    }
}
