//! Sending a call. In: a request builder. Out: the successful response as JSON, or an error with the
//! context of the call. Retries, charges the spend budget and keeps the journal entry; decoding to a
//! type is left to the call, so that this code exists once.

use std::time::Duration;

use serde_json::Value;

use super::classify::Classification;
use super::client::Inner;
use super::clock::{self, Instant};
use super::decode::{Content, DecodeError};
use super::error::{CallContext, Kind};
use super::intercept::{Attempt, Outcome};
use super::journal::{CallOutcome, HeldEntry, PendingCall};
use super::operation::Operation;
use super::raw_response::RawResponse;
use super::redact::ServerText;
use super::request::{Request, RequestBuilder, prepare};
use super::retry::retry_after;
use super::spend::{OnDrop, Origin, Reservation};
use super::times::CallTimes;
use super::transport::{BoxFuture, TransportError};
use super::{Error, journal, trace, transport, usage_report};

/// A success: the response, its body as JSON, and what was done for it.
pub(crate) struct JsonResponse {
    pub(crate) raw: RawResponse,
    pub(crate) value: Value,
    pub(crate) context: CallContext,
}

/// Sends a call until it is answered or must not be repeated; every status but 2xx is an error.
///
/// The future is boxed so that a caller's crate compiles none of what it holds.
pub(crate) fn send(
    builder: RequestBuilder,
    content: Content,
) -> BoxFuture<'static, Result<JsonResponse, Error>> {
    let operation = builder.operation;
    trace::call(operation, async move {
        let can_wait = clock::can_wait().and_then(|()| builder.client.inner.process.enter());
        let request = can_wait
            .map_err(Error::configuration)
            .and_then(|()| prepare(&builder));
        let response = match request {
            Ok(request) => run(&builder, &request, content).await,
            Err(error) => Err(error),
        };
        response.map_err(|error| match error.context() {
            Some(_) => error.with_operation(operation.id),
            None => unsent(error, &builder).with_operation(operation.id),
        })
    })
}

/// The error for a success that is not what the specification describes.
pub(crate) fn unreadable(
    operation: &'static Operation,
    error: DecodeError,
    (response, mut context): (RawResponse, CallContext),
) -> Error {
    let error = Error::decode(error, response).with_operation(operation.id);
    context.ambiguous = operation.needs_settling();
    error.with_context(context)
}

/// The error of a call that came to nothing before anything was sent.
fn unsent(error: Error, builder: &RequestBuilder) -> Error {
    error.with_context(CallContext {
        attempts: 0,
        times: CallTimes::now(&builder.client.inner.server_clock),
        ended: Instant::now(),
        may_last: Some(Instant::now()),
        operation: Some(builder.operation),
        account: builder.client.inner.account.clone(),
        ambiguous: false,
        subject: builder.subject(),
        reservation: None,
        pending: None,
        entry: None,
    })
}

async fn run(
    builder: &RequestBuilder,
    request: &Request,
    content: Content,
) -> Result<JsonResponse, Error> {
    let client = &builder.client.inner;
    // Whatever a job reports counts, also before the first paid call.
    let restored = builder.client.restore_spending().await;
    if !builder.operation.is_free() {
        restored?;
    }
    let mut call = Progress::begin(builder)?;
    call.open_entry().await?;
    loop {
        if let Err(error) = call.begin_attempt().await {
            // Somebody settles the call, and may have said that it can be sent again: this one does not say so, too.
            return Err(call.taken_over(error));
        }
        if call.timeout().is_zero() {
            call.close_entry(CallOutcome::NotProcessed).await;
            call.set_on_drop(OnDrop::Release);
            return Err(call.failed(Error::new(Kind::ConnectTimeout), Classification::NotSent));
        }
        let error = match attempt(client, request, &mut call, content).await {
            Ok((response, value)) => {
                client.retry_budget.succeeded(call.attempts);
                call.charge(&value);
                builder.client.store_spending().await;
                call.close_entry_processed(&response, &value).await;
                let context = call.context(false);
                return Ok(JsonResponse {
                    raw: response,
                    value,
                    context,
                });
            }
            Err(error) => error,
        };
        let classification = Classification::of(&error);
        if classification.was_not_processed() {
            call.set_on_drop(OnDrop::Release);
        }
        match call.retry_delay(&error, classification) {
            Some(wait) => {
                trace::retry(&error, wait);
                if let Err(error) = call.hold_for(wait).await {
                    return Err(call.taken_over(error));
                }
                clock::sleep(wait).await;
            }
            None => {
                if classification.was_not_processed() {
                    call.close_entry(CallOutcome::NotProcessed).await;
                }
                return Err(call.failed(error, classification));
            }
        }
    }
}

/// A call on its way.
struct Progress<'a> {
    builder: &'a RequestBuilder,
    attempts: u32,
    times: CallTimes,
    deadline: Option<Instant>,
    /// Until when the attempt under way is waited for; none when that has no end.
    may_last: Option<Instant>,
    reservation: Option<Reservation>,
    pending: Option<PendingCall>,
    /// The entry in the journal, until the outcome of the call is known.
    entry: Option<HeldEntry>,
}

impl<'a> Progress<'a> {
    /// Sets the credits aside, or refuses the call.
    fn begin(builder: &'a RequestBuilder) -> Result<Self, Error> {
        let client = &builder.client.inner;
        let total = builder.total_timeout.or(client.total_timeout);
        let reservation = match &client.spend_budget {
            Some(spend_budget) if !builder.operation.is_free() => {
                let estimate = builder.estimate().map_or(0.0, |estimate| {
                    estimate.for_seconds(builder.seconds.unwrap_or_default())
                });
                let refused = |spending| Error::new(Kind::SpendLimit(spending, estimate));
                Some(
                    spend_budget
                        .reserve(builder.key, estimate)
                        .map_err(refused)?,
                )
            }
            Some(_) | None => None,
        };
        Ok(Self {
            builder,
            attempts: 0,
            times: CallTimes::now(&client.server_clock),
            // A time that cannot be reached is no limit.
            deadline: total.and_then(|total| Instant::now().checked_add(total)),
            may_last: Some(Instant::now()),
            reservation,
            pending: builder.pending(),
            entry: None,
        })
    }

    /// Stores the call before it is sent, when there is a journal.
    async fn open_entry(&mut self) -> Result<(), Error> {
        if let (Some(journal), Some(pending)) = (&self.builder.client.inner.journal, &self.pending)
        {
            self.entry = Some(journal::open(journal, pending).await?);
        }
        Ok(())
    }

    /// Closes the entry of a call that was answered. One whose job is not named stays open.
    async fn close_entry_processed(&mut self, response: &RawResponse, value: &Value) {
        let jobs = self.builder.operation.jobs;
        let report = jobs.and_then(|jobs| usage_report::of(jobs, value).into_iter().next());
        let named = || report.map(|report| report.id);
        let job = self.builder.subject().or_else(named);
        let job = job.or_else(|| response.job_id());
        if jobs.is_none() || job.is_some() {
            self.close_entry(CallOutcome::Processed { job }).await;
        }
    }

    async fn close_entry(&mut self, outcome: CallOutcome) {
        if let Some(entry) = self.entry.take() {
            entry.note(&outcome).await;
        }
    }

    /// Holds the entry while nothing is sent.
    async fn hold_for(&self, wait: Duration) -> Result<(), Error> {
        match &self.entry {
            Some(entry) => entry.renew(wait.saturating_add(self.timeout())).await,
            None => Ok(()),
        }
    }

    async fn begin_attempt(&mut self) -> Result<(), Error> {
        if let Some(entry) = self.entry.as_ref().filter(|_| self.attempts > 0) {
            entry.renew(self.timeout()).await?;
        }
        self.attempts += 1;
        self.may_last = Instant::now().checked_add(self.timeout());
        Ok(())
    }

    /// Sets what becomes of the reservation when the call is dropped now.
    fn set_on_drop(&mut self, on_drop: OnDrop) {
        if let Some(reservation) = &mut self.reservation {
            reservation.set_on_drop(on_drop);
        }
    }

    /// Charges what the response reports.
    fn charge(&mut self, value: &Value) {
        let client = &self.builder.client.inner;
        let Some(spend_budget) = &client.spend_budget else {
            return;
        };
        let reports = match self.builder.operation.jobs {
            Some(jobs) => usage_report::of(jobs, value),
            None => Vec::new(),
        };
        match &self.reservation {
            Some(reservation) => reservation.charge(reports.first(), self.origin()),
            None => spend_budget.observe(&reports),
        }
    }

    fn origin(&self) -> Origin {
        match self.builder.subject() {
            Some(_) => Origin::Existing,
            None => Origin::New,
        }
    }

    /// The time for the next attempt.
    fn timeout(&self) -> Duration {
        let timeout = self
            .builder
            .timeout
            .unwrap_or(self.builder.client.inner.timeout);
        match self.deadline {
            Some(deadline) => timeout.min(deadline.saturating_duration_since(Instant::now())),
            None => timeout,
        }
    }

    /// How long to wait before the next attempt; none when there is none.
    fn retry_delay(&self, error: &Error, classification: Classification) -> Option<Duration> {
        let client = &self.builder.client.inner;
        if !classification.may_repeat(self.builder.operation) {
            return None;
        }
        let asked = error
            .headers()
            .and_then(|headers| retry_after(headers, clock::now()));
        let policy = self.builder.retry.as_ref().unwrap_or(&client.retry);
        let wait = policy.wait(self.attempts, asked)?;
        let in_time = self.deadline.is_none_or(|deadline| {
            Instant::now()
                .checked_add(wait)
                .is_some_and(|then| then < deadline)
        });
        (in_time && client.retry_budget.take()).then_some(wait)
    }

    /// The error with all that is known of the call.
    fn failed(mut self, error: Error, classification: Classification) -> Error {
        if classification.was_not_processed() {
            // Whoever keeps the error keeps no credits set aside.
            self.reservation = None;
        }
        let ambiguous =
            self.builder.operation.needs_settling() && !classification.was_not_processed();
        error.with_context(self.context(ambiguous))
    }

    /// The error of a call whose entry somebody else holds by now: only who settles it may say what became of it.
    fn taken_over(self, error: Error) -> Error {
        let ambiguous = self.attempts > 0 && self.builder.operation.needs_settling();
        error.with_context(self.context(ambiguous))
    }

    fn context(self, ambiguous: bool) -> CallContext {
        CallContext {
            attempts: self.attempts,
            times: self.times,
            ended: Instant::now(),
            may_last: self.may_last,
            operation: Some(self.builder.operation),
            account: self.builder.client.inner.account.clone(),
            ambiguous,
            subject: self.builder.subject(),
            reservation: self.reservation,
            pending: self.pending,
            // Whoever settles the call takes it from here.
            entry: self.entry.as_ref().map(HeldEntry::entry),
        }
    }
}

/// Sends a request once.
async fn attempt(
    client: &Inner,
    request: &Request,
    call: &mut Progress<'_>,
    content: Content,
) -> Result<(RawResponse, Value), Error> {
    let started = Instant::now();
    let number = call.attempts;
    let mut headers = request.headers.clone();
    for interceptor in &client.interceptors {
        interceptor.before(&mut Attempt {
            operation: request.operation,
            number,
            url: &request.url,
            headers: &mut headers,
        });
    }
    let exchange = async {
        let outgoing = request.outgoing(headers, &client.keys);
        // From now on the call may be processed.
        call.set_on_drop(OnDrop::Keep);
        let response = exchange(client, request, outgoing, call.timeout()).await?;
        parse_success(response, content)
    };
    let outcome = trace::attempt(request, number, exchange).await;
    for interceptor in &client.interceptors {
        let (status, error) = match &outcome {
            Ok((response, _)) => (Some(response.status), None),
            Err(error) => (error.status(), Some(error)),
        };
        interceptor.after(&Outcome {
            operation: request.operation,
            number,
            elapsed: started.elapsed(),
            status,
            error,
        });
    }
    outcome
}

/// Sends a request and reads whatever comes back. This is the only place that uses the network.
async fn exchange(
    client: &Inner,
    request: &Request,
    outgoing: transport::Request,
    timeout: Duration,
) -> Result<RawResponse, Error> {
    let started = Instant::now();
    let left = || timeout.saturating_sub(started.elapsed());
    let handover = outgoing.handover.clone();
    let mut incoming = match clock::within(left(), client.transport.send(outgoing)).await {
        Some(incoming) => incoming.map_err(failed)?,
        // What was on its way to a connection has been dropped by now.
        None if handover.never_happened() => return Err(Error::new(Kind::ConnectTimeout)),
        None => return Err(Error::new(Kind::Timeout)),
    };
    let received_at = Instant::now();
    let mut response = RawResponse {
        status: incoming.status,
        headers: std::mem::take(&mut incoming.headers),
        body: Vec::new(),
    };
    if let Some(url) = incoming.url.filter(|url| *url != request.url) {
        let error = Error::new(Kind::Redirect(ServerText::new(url.as_str())));
        return Err(error.with_response(response));
    }
    client.server_clock.observe(&response.headers, received_at);
    let most = client.max_response_size;
    let mut yields = clock::YieldCounter::default();
    loop {
        // A body that is always there would be read past its time, and nobody else would have a turn.
        let next = match left() {
            Duration::ZERO => None,
            left => clock::within(left, incoming.body.chunk()).await,
        };
        let error = match next {
            Some(Some(Ok(chunk))) => {
                let fits = most - response.body.len();
                response
                    .body
                    .extend_from_slice(&chunk[..fits.min(chunk.len())]);
                if chunk.len() <= fits {
                    yields.tick().await;
                    continue;
                }
                Error::new(Kind::TooLarge(most))
            }
            Some(None) => return Ok(response),
            Some(Some(Err(error))) => failed(error),
            None => Error::new(Kind::Timeout),
        };
        // What has come until here may hold the id of a job that was paid for.
        return Err(error.with_response(response));
    }
}

/// Whatever a transport says, it does not show the keys that it was given.
fn failed(error: TransportError) -> Error {
    Error::new(Kind::Transport(error.redacted()))
}

/// The response as JSON, if it is a success.
fn parse_success(response: RawResponse, content: Content) -> Result<(RawResponse, Value), Error> {
    if !response.status.is_success() {
        return Err(Error::refused(response));
    }
    match content.read(&response.body) {
        Ok(value) => Ok((response, value)),
        Err(error) => Err(Error::new(Kind::Text(error)).with_response(response)),
    }
}
