//! The pipeline of an API request: route, validate, handle, validate the response, inject a fault, log.
//! In: an HTTP request. Out: an HTTP response, none when a fault resets the connection.

use std::time::Instant;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{Response, header};
use hyper::body::Incoming;

use super::Shared;
use super::api::Target;
use super::auth;
use super::body::BufferedBody;
use super::check::{self, Finding};
use super::connection::ConnectionControl;
use super::fault::Kind;
use super::handlers::{self, Call};
use super::inject;
use super::reference;
use super::request::{self, ParsedRequest, RawRequest};
use super::response::{Content, Reply};
use super::server;
use super::store::{LoggedRequest, milliseconds};

/// What is known of a request while it is processed.
#[derive(Debug)]
struct RequestContext<'a> {
    shared: &'a Shared,
    parts: &'a Parts,
    number: u64,
    started: Instant,
    operation: Option<usize>,
    findings: Vec<Finding>,
}

impl RequestContext<'_> {
    /// Logs the request. A status of 0 stands for no response.
    fn log(self, status: u16) {
        let uri = &self.parts.uri;
        let path = uri
            .path_and_query()
            .map_or(uri.path(), |path| path.as_str());
        let mut state = self.shared.lock();
        let at = state.clock.now();
        state.history.log(LoggedRequest {
            number: self.number,
            at,
            method: self.parts.method.as_str().to_owned(),
            path: check::shorten(path.to_owned(), 500),
            operation: self.operation,
            status,
            milliseconds: milliseconds(self.started),
            findings: self.findings,
        });
    }
}

/// Serves a request to the API. One whose body does not arrive was never made.
pub(crate) async fn serve(
    shared: &Shared,
    connection: &ConnectionControl,
    parts: &Parts,
    body: Incoming,
) -> Response<Body> {
    let target = shared.api.route(parts.method.as_str(), parts.uri.path());
    let body = match &target {
        Target::Operation(..) => shared.bodies.read(body, &parts.headers).await,
        Target::WrongMethod(_) | Target::MissingSlash | Target::Unknown => shared
            .bodies
            .discard(body)
            .await
            .map(|()| BufferedBody::default()),
    };
    let body = match body {
        Ok(body) => body,
        Err(error) => return error.reply().into_response(),
    };
    let mut context = RequestContext {
        shared,
        parts,
        number: shared.lock().history.next(),
        started: Instant::now(),
        operation: None,
        findings: Vec::new(),
    };
    match target {
        Target::Operation(operation, values) => {
            serve_operation(context, operation, connection, &values, body).await
        }
        target => {
            let (reply, finding) = unrouted(target, parts);
            context.findings.push(finding);
            context.log(reply.status);
            reply.into_response()
        }
    }
}

async fn serve_operation(
    mut context: RequestContext<'_>,
    operation: usize,
    connection: &ConnectionControl,
    values: &[(String, String)],
    body: BufferedBody,
) -> Response<Body> {
    let (shared, parts) = (context.shared, context.parts);
    context.operation = Some(operation);
    let fault = {
        let id = shared.operation_id(operation);
        shared.lock().faults.next(id)
    };
    server::sleep(fault.as_ref().and_then(Kind::delay_before)).await;
    let parsed = validate(
        shared,
        operation,
        values,
        parts,
        &body.bytes,
        &mut context.findings,
    )
    .await;
    let number = context.number;
    let reply = process(fault.as_ref(), connection, || match parsed {
        Err(refusal) => *refusal,
        Ok((account, parsed)) => handle_checked(&Call {
            shared,
            operation,
            account,
            number,
            path_values: values,
            parsed: &parsed,
        }),
    });
    context.log(reply.as_ref().map_or(0, |reply| reply.status));
    drop(body);
    // Everything is logged by now: a client that does not wait for its response is charged.
    server::sleep(fault.as_ref().and_then(Kind::delay)).await;
    match (reply, fault) {
        // Nothing of it arrives.
        (None, _) => Reply::empty(500).into_response(),
        (Some(reply), None) => reply.into_response(),
        (Some(reply), Some(kind)) => {
            let item = &shared.api.plans[operation].item;
            inject::apply(&kind, reply, item, &shared.api.spec.schemas)
        }
    }
}

/// Processes a request as far as the fault lets it; none when the connection is reset.
pub(crate) fn process(
    fault: Option<&Kind>,
    connection: &ConnectionControl,
    handler: impl FnOnce() -> Reply,
) -> Option<Reply> {
    let replacement = fault.and_then(inject::replacement);
    if let Some((reply, false)) = replacement {
        return Some(reply);
    }
    if fault == Some(&Kind::ResetBefore) {
        connection.reset();
        return None;
    }
    let reply = handler();
    if fault == Some(&Kind::ResetAfter) {
        connection.reset();
        return None;
    }
    Some(replacement.map_or(reply, |(reply, _)| reply))
}

/// What the service says to a path or method that it does not know.
fn unrouted(target: Target, parts: &Parts) -> (Reply, Finding) {
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    match target {
        Target::MissingSlash => {
            let finding = Finding::new("/path", "has no slash at its end");
            let reply = if matches!(method, "GET" | "HEAD") {
                let query = parts.uri.query().map(|query| format!("?{query}"));
                let location = format!("{path}/{}", query.unwrap_or_default());
                Reply::empty(301).header(header::LOCATION, location)
            } else {
                // Django cannot redirect without losing the body.
                let text = format!(
                    "You called this URL via {method}, but the URL doesn't end in a slash."
                );
                Reply::html(500, "RuntimeError", &text)
            };
            (reply, finding)
        }
        Target::WrongMethod(known) => {
            let detail = format!("Method \"{method}\" not allowed.");
            let finding = Finding::new("/method", format!("{method} is none of {known}"));
            (
                Reply::detail(405, &detail).header(header::ALLOW, known),
                finding,
            )
        }
        Target::Unknown | Target::Operation(..) => {
            let text = "The requested resource was not found on this server.";
            let finding = Finding::new("/path", "leads to no operation");
            (Reply::html(404, "Not Found", text), finding)
        }
    }
}

/// The account and the request as understood, or the refusal. What is wrong is added to the findings.
async fn validate(
    shared: &Shared,
    operation: usize,
    values: &[(String, String)],
    parts: &Parts,
    body: &Bytes,
    findings: &mut Vec<Finding>,
) -> Result<(u32, ParsedRequest), Box<Reply>> {
    let described = &shared.api.spec.operations[operation];
    let api_id = match auth::authenticate(&described.key_headers, &parts.headers) {
        Ok(api_id) => api_id,
        Err(rejected) => {
            findings.extend(rejected.findings);
            return Err(Box::new(rejected.reply));
        }
    };
    let account = shared.lock().accounts.open(api_id, shared.credits);
    let raw_request = RawRequest {
        path_values: values,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body,
    };
    let contract = &shared.api.plans[operation].contract;
    let schemas = &shared.api.spec.schemas;
    let parsed = request::read(described, contract, schemas, &raw_request).await;
    findings.extend(parsed.findings.iter().chain(&parsed.ignored).cloned());
    if let Some(refusal) = parsed.refusal(shared.strict) {
        return Err(Box::new(refusal));
    }
    let unknown = reference::unknown(shared, account, &parsed.texts);
    if !unknown.is_empty() {
        let refusal = Reply::fields(&unknown);
        findings.extend(unknown);
        return Err(Box::new(refusal));
    }
    Ok((account, parsed))
}

/// Calls the handler and validates its response. One that breaks the document is a bug of the emulator,
/// and becomes a 500 response that says where.
fn handle_checked(call: &Call<'_>) -> Reply {
    let reply = handlers::handle(call);
    if !(200..300).contains(&reply.status) {
        return reply;
    }
    let findings = match (&call.plan().response, &reply.content) {
        (Some(check), Content::Json(value)) => check.findings(value, ""),
        (Some(_), _) => vec![Finding::new("", "there is no body")],
        (None, Content::Empty) => Vec::new(),
        (None, _) => return Reply::empty(reply.status),
    };
    match findings.first() {
        None => reply,
        Some(finding) => {
            let detail = format!(
                "The emulator's own answer breaks the document at `{}`: {}",
                finding.pointer, finding.reason
            );
            Reply::detail(500, &detail)
        }
    }
}
