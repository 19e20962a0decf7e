//! Time. In: durations. Out: waiting, and the present moment. The only place that knows which
//! clock this platform has.

use std::future::Future;
use std::time::Duration;

use super::Timestamp;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use tokio::time::Instant;
#[cfg(target_arch = "wasm32")]
pub(crate) use web_time::Instant;

/// Waits.
pub(crate) async fn sleep(duration: Duration) {
    #[cfg(not(target_arch = "wasm32"))]
    tokio::time::sleep(duration).await;
    #[cfg(target_arch = "wasm32")]
    gloo_timers::future::sleep(duration).await;
}

/// What the future gives, or nothing when it takes longer than the duration.
pub(crate) async fn within<F: Future>(duration: Duration, future: F) -> Option<F::Output> {
    #[cfg(not(target_arch = "wasm32"))]
    return tokio::time::timeout(duration, future).await.ok();
    #[cfg(target_arch = "wasm32")]
    {
        let (future, sleep) = (std::pin::pin!(future), std::pin::pin!(sleep(duration)));
        match futures_util::future::select(future, sleep).await {
            futures_util::future::Either::Left((output, _)) => Some(output),
            futures_util::future::Either::Right(((), _)) => None,
        }
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
