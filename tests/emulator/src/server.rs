//! Dispatches requests. In: an HTTP request. Out: the response of the API, the control interface, the media
//! or the page, after requests of foreign web pages were refused. Decides nothing itself.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use serde_json::Value;

use super::Shared;
use super::clock;
use super::connection::ConnectionControl;
use super::control;
use super::fault::MEDIA;
use super::inject;
use super::media;
use super::pipeline;
use super::response::Reply;

const PAGE: &str = include_str!("../page.html");

/// Responds to any request. Once its body was read, nothing that becomes of the connection stops it.
pub(crate) async fn respond(
    shared: Arc<Shared>,
    connection: ConnectionControl,
    request: Request<Incoming>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let response = serve(&shared, &connection, &parts, body).await;
    shared.allowlist.add_cors_headers(&parts.headers, response)
}

/// Dispatches before the body is read: only operations and the control interface use the body.
async fn serve(
    shared: &Shared,
    connection: &ConnectionControl,
    parts: &Parts,
    body: Incoming,
) -> Response<Body> {
    let local = connection.local().map(|local| local.ip());
    let refusal = shared.allowlist.refusal(parts, local);
    if let Some(reply) = refusal.or_else(|| shared.allowlist.preflight(parts)) {
        return without_body(shared, body, reply).await;
    }
    let path = parts.uri.path();
    if let Some(rest) = path.strip_prefix("/_emulator/media/") {
        return match shared.bodies.discard(body).await {
            Ok(()) => serve_media(shared, connection, rest, parts).await,
            Err(error) => error.reply().into_response(),
        };
    }
    if let Some(rest) = path.strip_prefix("/_emulator/") {
        return match shared.bodies.read(body, &parts.headers).await {
            Ok(body) => control::respond(shared, parts.method.as_str(), rest, &body.bytes),
            Err(error) => error.reply(),
        }
        .into_response();
    }
    match path {
        "/" => without_body(shared, body, Reply::page(PAGE)).await,
        // Browsers ask for it on their own.
        "/favicon.ico" => without_body(shared, body, Reply::empty(204)).await,
        _ => dated(
            shared,
            pipeline::serve(shared, connection, parts, body).await,
        ),
    }
}

/// The response with a `Date` header, by the clock that also dates the records: a server has one clock.
fn dated(shared: &Shared, mut respond: Response<Body>) -> Response<Body> {
    let now = clock::http_date(shared.lock().clock.now());
    if let Ok(now) = HeaderValue::from_str(&now) {
        respond.headers_mut().insert(header::DATE, now);
    }
    respond
}

/// Responds when the body has arrived, which is discarded.
async fn without_body(shared: &Shared, body: Incoming, reply: Reply) -> Response<Body> {
    let outcome = shared.bodies.discard(body).await;
    outcome
        .map_or_else(|error| error.reply(), |()| reply)
        .into_response()
}

async fn serve_media(
    shared: &Shared,
    connection: &ConnectionControl,
    rest: &str,
    parts: &Parts,
) -> Response<Body> {
    let serve = || media::serve(shared, rest, &parts.headers);
    let fault = shared.lock().faults.next(MEDIA);
    let Some(kind) = fault else {
        return serve().into_response();
    };
    sleep(kind.delay_before()).await;
    let Some(reply) = pipeline::process(Some(&kind), connection, serve) else {
        return Reply::empty(500).into_response();
    };
    sleep(kind.delay()).await;
    inject::apply(&kind, reply, &Value::Null, &shared.api.spec.schemas)
}

pub(crate) async fn sleep(time: Option<Duration>) {
    if let Some(time) = time {
        tokio::time::sleep(time).await;
    }
}
