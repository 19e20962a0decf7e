//! Sending a call. In: a request builder. Out: the successful response as JSON, or an error with the
//! context of the call. Retries, charges the spend budget and keeps the journal entry; decoding to a
//! type is left to the call, so that this code exists once.

mod progress;

use std::time::Duration;

use serde_json::Value;

use super::callee::Callee;
use super::classify::Classification;
use super::client::Inner;
use super::clock::{self, Instant};
use super::decode::{Content, DecodeError};
use super::error::{CallContext, Kind};
use super::intercept::{Attempt, Outcome};
use super::journal::CallOutcome;
use super::raw_response::RawResponse;
use super::redact::ServerText;
use super::request::{Request, RequestBuilder, prepare};
use super::spend::OnDrop;
use super::times::CallTimes;
use super::transport::{BoxFuture, TransportError};
use super::{Error, trace, transport};
use progress::Progress;

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
    let name = builder.callee.name();
    trace::call(name.clone(), async move {
        let can_wait = clock::can_wait().and_then(|()| builder.client.inner.process.enter());
        let request = can_wait
            .map_err(Error::configuration)
            .and_then(|()| prepare(&builder));
        let response = match request {
            Ok(request) => run(&builder, &request, content).await,
            Err(error) => Err(error),
        };
        response.map_err(|error| match error.context() {
            Some(_) => error.with_operation(name),
            None => unsent(error, &builder).with_operation(name),
        })
    })
}

/// The error for a success that is not what the specification describes.
pub(crate) fn unreadable(
    callee: impl Into<Callee>,
    error: DecodeError,
    (response, mut context): (RawResponse, CallContext),
) -> Error {
    let callee = callee.into();
    let error = Error::decode(error, response).with_operation(callee.name());
    context.ambiguous = callee.needs_settling();
    error.with_context(context)
}

/// The error of a call that came to nothing before anything was sent.
fn unsent(error: Error, builder: &RequestBuilder) -> Error {
    error.with_context(CallContext {
        attempts: 0,
        times: CallTimes::now(&builder.client.inner.server_clock),
        ended: Instant::now(),
        may_last: Some(Instant::now()),
        operation: builder.callee.operation(),
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
    if !builder.callee.is_free() {
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

/// Sends a request once.
async fn attempt(
    client: &Inner,
    request: &Request,
    call: &mut Progress<'_>,
    content: Content,
) -> Result<(RawResponse, Value), Error> {
    let started = Instant::now();
    let number = call.attempts;
    let name = request.callee.name();
    let mut headers = request.headers.clone();
    for interceptor in &client.interceptors {
        interceptor.before(&mut Attempt {
            operation: request.callee.operation(),
            name: &name,
            number,
            url: &request.url,
            headers: &mut headers,
            body: &request.body,
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
            operation: request.callee.operation(),
            name: &name,
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
