//! The way of a call. In: a described call. Out: the answer to it, if it is a success. Decides
//! what is tried again. Knows no types: decoding is left to the call, so this code exists once.

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::client::Inner;
use super::clock::{self, Instant};
use super::decode::{Content, DecodeError};
use super::error::{Kind, Trail};
use super::fate::Fate;
use super::intercept::{Attempt, Outcome};
use super::journal::{CallOutcome, HeldEntry, PendingCall};
use super::operation::Operation;
use super::redact::ServerText;
use super::request::{Draft, Request, prepare};
use super::retry::retry_after;
use super::spend::{Origin, Ticket, TicketFate};
use super::times::CallTimes;
use super::transport::{BoxFuture, TransportError};
use super::{Error, journal, report, trace, transport};

/// A success: the answer, its body as JSON, and what was done for it.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) value: Value,
    pub(crate) trail: Trail,
}

/// Sends a call until it is answered or must not be repeated; every status but 2xx is an error.
///
/// The future is boxed so that a caller's crate compiles none of what it holds.
pub(crate) fn send(draft: Draft, content: Content) -> BoxFuture<'static, Result<Reply, Error>> {
    let operation = draft.operation;
    trace::call(operation, async move {
        let can_wait = clock::can_wait().and_then(|()| draft.client.inner.process.enter());
        let request = can_wait
            .map_err(Error::configuration)
            .and_then(|()| prepare(&draft));
        let answer = match request {
            Ok(request) => run(&draft, &request, content).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| match error.trail() {
            Some(_) => error.with_operation(operation.id),
            None => unsent(error, &draft).with_operation(operation.id),
        })
    })
}

/// The error for a success that is not what the specification describes.
pub(crate) fn unreadable(
    operation: &'static Operation,
    error: DecodeError,
    (answer, mut trail): (Answer, Trail),
) -> Error {
    let error = Error::decode(error, answer).with_operation(operation.id);
    trail.ambiguous = operation.needs_settling();
    error.with_trail(trail)
}

/// The error of a call that came to nothing before anything was sent.
fn unsent(error: Error, draft: &Draft) -> Error {
    error.with_trail(Trail {
        attempts: 0,
        times: CallTimes::now(&draft.client.inner.server_clock),
        ended: Instant::now(),
        may_last: Some(Instant::now()),
        operation: Some(draft.operation),
        account: draft.client.inner.account.clone(),
        ambiguous: false,
        subject: draft.subject(),
        ticket: None,
        pending: None,
        entry: None,
    })
}

async fn run(draft: &Draft, request: &Request, content: Content) -> Result<Reply, Error> {
    let client = &draft.client.inner;
    if !draft.operation.is_free() {
        draft.client.restore_spending().await?;
    }
    let mut call = Progress::begin(draft)?;
    call.write_down().await?;
    loop {
        call.begin_attempt().await?;
        let error = match attempt(client, request, &mut call, content).await {
            Ok((answer, value)) => {
                client.budget.succeeded(call.attempts);
                call.charge(&value);
                draft.client.store_spending().await;
                call.note_success(&answer, &value).await;
                let trail = call.trail(false);
                return Ok(Reply {
                    answer,
                    value,
                    trail,
                });
            }
            Err(error) => error,
        };
        let fate = Fate::of(&error);
        if fate.was_not_processed() {
            call.set_aside(TicketFate::Release);
        }
        match call.wait(&error, fate) {
            Some(wait) => {
                trace::retry(&error, wait);
                clock::sleep(wait).await;
            }
            None => {
                if fate.was_not_processed() {
                    call.note(CallOutcome::NotProcessed).await;
                }
                return Err(call.failed(error, fate));
            }
        }
    }
}

/// A call on its way.
struct Progress<'a> {
    draft: &'a Draft,
    attempts: u32,
    times: CallTimes,
    deadline: Option<Instant>,
    /// Until when the attempt under way is waited for; none when that has no end.
    may_last: Option<Instant>,
    ticket: Option<Ticket>,
    pending: Option<PendingCall>,
    /// The entry in the journal, until the outcome of the call is known.
    entry: Option<HeldEntry>,
}

impl<'a> Progress<'a> {
    /// Sets the credits aside, or refuses the call.
    fn begin(draft: &'a Draft) -> Result<Self, Error> {
        let client = &draft.client.inner;
        let total = draft.total_timeout.or(client.total_timeout);
        let ticket = match &client.guard {
            Some(guard) if !draft.operation.is_free() => {
                let estimate = draft.estimate().map_or(0.0, |estimate| {
                    estimate.for_seconds(draft.seconds.unwrap_or_default())
                });
                let refused = |spending| Error::new(Kind::SpendLimit(spending, estimate));
                Some(guard.reserve(draft.key, estimate).map_err(refused)?)
            }
            Some(_) | None => None,
        };
        Ok(Self {
            draft,
            attempts: 0,
            times: CallTimes::now(&client.server_clock),
            // A time that cannot be reached is no limit.
            deadline: total.and_then(|total| Instant::now().checked_add(total)),
            may_last: Some(Instant::now()),
            ticket,
            pending: draft.pending(),
            entry: None,
        })
    }

    /// Stores the call before it is sent, when there is a journal.
    async fn write_down(&mut self) -> Result<(), Error> {
        if let (Some(journal), Some(pending)) = (&self.draft.client.inner.journal, &self.pending) {
            self.entry = Some(journal::open(journal, pending).await?);
        }
        Ok(())
    }

    /// Closes the entry of a call that was answered. One whose job is not named stays open.
    async fn note_success(&mut self, answer: &Answer, value: &Value) {
        let jobs = self.draft.operation.jobs;
        let report = jobs.and_then(|jobs| report::of(jobs, value).into_iter().next());
        let job = report.map(|report| report.id).or_else(|| answer.job_id());
        let job = job.or_else(|| self.draft.subject());
        if jobs.is_none() || job.is_some() {
            self.note(CallOutcome::Processed { job }).await;
        }
    }

    async fn note(&mut self, outcome: CallOutcome) {
        if let Some(entry) = self.entry.take() {
            entry.note(&outcome).await;
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

    /// Says what becomes of the credits set aside when the call is dropped now.
    fn set_aside(&mut self, fate: TicketFate) {
        if let Some(ticket) = &mut self.ticket {
            ticket.on_drop(fate);
        }
    }

    /// Books what the answer reports.
    fn charge(&mut self, value: &Value) {
        let client = &self.draft.client.inner;
        let Some(guard) = &client.guard else { return };
        let reports = match self.draft.operation.jobs {
            Some(jobs) => report::of(jobs, value),
            None => Vec::new(),
        };
        match &self.ticket {
            Some(ticket) => ticket.charge(reports.first(), self.origin()),
            None => guard.observe(&reports),
        }
    }

    fn origin(&self) -> Origin {
        match self.draft.subject() {
            Some(_) => Origin::Existing,
            None => Origin::New,
        }
    }

    /// The time for the next attempt.
    fn timeout(&self) -> Duration {
        let timeout = self
            .draft
            .timeout
            .unwrap_or(self.draft.client.inner.timeout);
        match self.deadline {
            Some(deadline) => timeout.min(deadline.saturating_duration_since(Instant::now())),
            None => timeout,
        }
    }

    /// How long to wait before the next attempt; none when there is none.
    fn wait(&self, error: &Error, fate: Fate) -> Option<Duration> {
        let client = &self.draft.client.inner;
        if !fate.may_repeat(self.draft.operation) {
            return None;
        }
        let asked = error
            .headers()
            .and_then(|headers| retry_after(headers, clock::now()));
        let policy = self.draft.retry.as_ref().unwrap_or(&client.retry);
        let wait = policy.wait(self.attempts, asked)?;
        let in_time = self.deadline.is_none_or(|deadline| {
            Instant::now()
                .checked_add(wait)
                .is_some_and(|then| then < deadline)
        });
        (in_time && client.budget.take()).then_some(wait)
    }

    /// The error with all that is known of the call.
    fn failed(mut self, error: Error, fate: Fate) -> Error {
        if fate.was_not_processed() {
            // Whoever keeps the error keeps no credits set aside.
            self.ticket = None;
        }
        let ambiguous = self.draft.operation.needs_settling() && !fate.was_not_processed();
        error.with_trail(self.trail(ambiguous))
    }

    fn trail(self, ambiguous: bool) -> Trail {
        Trail {
            attempts: self.attempts,
            times: self.times,
            ended: Instant::now(),
            may_last: self.may_last,
            operation: Some(self.draft.operation),
            account: self.draft.client.inner.account.clone(),
            ambiguous,
            subject: self.draft.subject(),
            ticket: self.ticket,
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
) -> Result<(Answer, Value), Error> {
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
        call.set_aside(TicketFate::Keep);
        let answer = exchange(client, request, outgoing, call.timeout()).await?;
        judge(answer, content)
    };
    let outcome = trace::attempt(request, number, exchange).await;
    for interceptor in &client.interceptors {
        let (status, error) = match &outcome {
            Ok((answer, _)) => (Some(answer.status), None),
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
) -> Result<Answer, Error> {
    let started = Instant::now();
    let left = || timeout.saturating_sub(started.elapsed());
    let handover = outgoing.handover.clone();
    let mut response = match clock::within(left(), client.transport.send(outgoing)).await {
        Some(response) => response.map_err(failed)?,
        // What was on its way to a connection has been dropped by now.
        None if handover.never_happened() => return Err(Error::new(Kind::ConnectTimeout)),
        None => return Err(Error::new(Kind::Timeout)),
    };
    let came = Instant::now();
    let mut answer = Answer {
        status: response.status,
        headers: std::mem::take(&mut response.headers),
        body: Vec::new(),
    };
    if let Some(url) = response.url.filter(|url| *url != request.url) {
        let error = Error::new(Kind::Redirect(ServerText::new(url.as_str())));
        return Err(error.with_answer(answer));
    }
    client.server_clock.saw(&answer.headers, came);
    let most = client.max_response_size;
    let mut pace = clock::Pace::default();
    loop {
        // A body that is always there would be read past its time, and nobody else would have a turn.
        let next = match left() {
            Duration::ZERO => None,
            left => clock::within(left, response.body.chunk()).await,
        };
        let error = match next {
            Some(Some(Ok(chunk))) => {
                let fits = most - answer.body.len();
                answer
                    .body
                    .extend_from_slice(&chunk[..fits.min(chunk.len())]);
                if chunk.len() <= fits {
                    pace.keep().await;
                    continue;
                }
                Error::new(Kind::TooLarge(most))
            }
            Some(None) => return Ok(answer),
            Some(Some(Err(error))) => failed(error),
            None => Error::new(Kind::Timeout),
        };
        // What has come until here may hold the id of a job that was paid for.
        return Err(error.with_answer(answer));
    }
}

/// Whatever a transport says, it does not show the keys that it was given.
fn failed(error: TransportError) -> Error {
    Error::new(Kind::Transport(error.redacted()))
}

/// The answer as JSON, if it is a success.
fn judge(answer: Answer, content: Content) -> Result<(Answer, Value), Error> {
    if !answer.status.is_success() {
        return Err(Error::refused(answer));
    }
    match content.read(&answer.body) {
        Ok(value) => Ok((answer, value)),
        Err(error) => Err(Error::new(Kind::Text(error)).with_answer(answer)),
    }
}
