//! The way of a request. In: HTTP. Out: who answers it, after what a foreign page sent was refused.
//! Knows every other part, decides nothing itself.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use serde_json::Value;

use super::Shared;
use super::answer::Reply;
use super::clock;
use super::control;
use super::fault::MEDIA;
use super::handle;
use super::line::Scissors;
use super::media;
use super::spoil;

const PAGE: &str = include_str!("page.html");

/// Answers any request. Once its body was read, nothing that becomes of the connection stops it.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    scissors: Scissors,
    request: Request<Incoming>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let response = serve(&shared, &scissors, &parts, body).await;
    shared.allowed.release(&parts.headers, response)
}

/// Finds out who answers, before the body is read: only an operation and the control want to have it.
async fn serve(
    shared: &Shared,
    scissors: &Scissors,
    parts: &Parts,
    body: Incoming,
) -> Response<Body> {
    let local = scissors.local().map(|local| local.ip());
    let refusal = shared.allowed.refusal(parts, local);
    if let Some(reply) = refusal.or_else(|| shared.allowed.preflight(parts)) {
        return without_body(shared, body, reply).await;
    }
    let path = parts.uri.path();
    if let Some(rest) = path.strip_prefix("/_emulator/media/") {
        return match shared.bodies.discard(body).await {
            Ok(()) => serve_media(shared, scissors, rest, parts).await,
            Err(unread) => unread.reply().into_response(),
        };
    }
    if let Some(rest) = path.strip_prefix("/_emulator/") {
        return match shared.bodies.read(body, &parts.headers).await {
            Ok(body) => control::answer(shared, parts.method.as_str(), rest, &body.bytes),
            Err(unread) => unread.reply(),
        }
        .into_response();
    }
    match path {
        "/" => without_body(shared, body, Reply::page(PAGE)).await,
        // Browsers ask for it on their own.
        "/favicon.ico" => without_body(shared, body, Reply::empty(204)).await,
        _ => dated(shared, handle::serve(shared, scissors, parts, body).await),
    }
}

/// The answer with the moment at which it was given, by the clock that also dates the records: a server
/// has one clock.
fn dated(shared: &Shared, mut answer: Response<Body>) -> Response<Body> {
    let now = clock::http_date(shared.lock().clock.now());
    if let Ok(now) = HeaderValue::from_str(&now) {
        answer.headers_mut().insert(header::DATE, now);
    }
    answer
}

/// Answers when the body has arrived, which is forgotten.
async fn without_body(shared: &Shared, body: Incoming, reply: Reply) -> Response<Body> {
    let outcome = shared.bodies.discard(body).await;
    outcome
        .map_or_else(|unread| unread.reply(), |()| reply)
        .into_response()
}

async fn serve_media(
    shared: &Shared,
    scissors: &Scissors,
    rest: &str,
    parts: &Parts,
) -> Response<Body> {
    let serve = || media::serve(shared, rest, &parts.headers);
    let fault = shared.lock().faults.next(MEDIA);
    let Some(kind) = fault else {
        return serve().into_response();
    };
    sleep(kind.delay_before()).await;
    let Some(reply) = handle::settle(Some(&kind), scissors, serve) else {
        return Reply::empty(500).into_response();
    };
    sleep(kind.delay()).await;
    spoil::spoil(&kind, reply, &Value::Null, &shared.api.spec.schemas)
}

pub(crate) async fn sleep(time: Option<Duration>) {
    if let Some(time) = time {
        tokio::time::sleep(time).await;
    }
}
