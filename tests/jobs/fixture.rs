//! An emulator in step with the clock of the test. In: how many credits there are. Out: an emulator
//! and a client of it, for which an hour passes in no time.

use std::sync::{Arc, Mutex, PoisonError};

use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{
    Attempt, Client, ClientBuilder, Credentials, Interceptor, Outcome, RetryPolicy,
};
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options, State};
use tokio::time::Instant;

pub(crate) struct Fixture {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
}

impl Fixture {
    /// The test must have begun with its clock paused.
    pub(crate) async fn start() -> Self {
        // It begins now, and moves only when it is moved.
        let options = Options::default()
            .strict()
            .speed(f64::MIN_POSITIVE)
            .credits(1e6);
        let emulator = Emulator::start(options);
        let emulator = emulator.await.expect("an emulator");
        let client = client(&emulator).build().expect("a client");
        Self { emulator, client }
    }

    pub(crate) fn fault(&self, operation: &str, when: When, kind: Kind) {
        let operation = operation.to_owned();
        self.emulator
            .state()
            .fault(Fault::new(operation, when, kind));
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        let requests = self.emulator.state().requests();
        let of_it = requests
            .iter()
            .filter(|request| request.operation.as_deref() == Some(operation));
        of_it.count()
    }

    pub(crate) fn charges(&self) -> usize {
        self.emulator.state().ledger().len()
    }
}

/// A client that repeats nothing by itself: what is borne here is borne by the wait.
pub(crate) fn client(emulator: &Emulator) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("jobs", "key-of-the-jobs"))
        .base_url(emulator.base_url())
        .retry(RetryPolicy::off())
        .interceptor(InStep::new(emulator.state().clone()))
}

/// A video with a name of its own, which also says how it ends.
pub(crate) fn request(name: &str) -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello")
        .name(name)
}

/// Moves the emulator's clock by what has passed on the test's, which stands while no request is
/// under way, except to jump to the next timer.
struct InStep {
    state: State,
    now: Arc<Mutex<(Instant, usize)>>,
}

impl InStep {
    fn new(state: State) -> Self {
        let now = Arc::new(Mutex::new((Instant::now(), 0)));
        Self { state, now }
    }
}

impl Interceptor for InStep {
    fn before(&self, _: &mut Attempt<'_>) {
        let mut guard = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let (then, under_way) = &mut *guard;
        let now = Instant::now();
        self.state.advance(now.duration_since(*then));
        *then = now;
        if *under_way == 0 {
            tokio::time::resume();
        }
        *under_way += 1;
    }

    fn after(&self, _: &Outcome<'_>) {
        let mut guard = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        guard.1 -= 1;
        if guard.1 == 0 {
            tokio::time::pause();
        }
    }
}
