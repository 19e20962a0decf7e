//! A request to the API. In: HTTP. Out: HTTP, judged on the way in, checked on the way out, spoiled
//! where a fault asks for it, and written down.

use std::time::Instant;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Response, header};
use hyper::body::Incoming as IncomingBody;

use super::Shared;
use super::act::{self, Call};
use super::answer::{Content, Reply};
use super::api::Target;
use super::body::Held;
use super::check::{self, Finding};
use super::fault::Kind;
use super::keys;
use super::line::Scissors;
use super::reference;
use super::request::{self, Incoming, Reading};
use super::server;
use super::spoil;
use super::world::{Seen, milliseconds};

/// What becomes known of a request on its way.
#[derive(Debug)]
struct Passage<'a> {
    shared: &'a Shared,
    parts: &'a Parts,
    number: u64,
    started: Instant,
    operation: Option<usize>,
    findings: Vec<Finding>,
}

impl Passage<'_> {
    /// Writes the request down. A status of 0 stands for no answer.
    fn remember(self, status: u16) {
        let uri = &self.parts.uri;
        let path = uri
            .path_and_query()
            .map_or(uri.path(), |path| path.as_str());
        let mut world = self.shared.lock();
        let at = world.clock.now();
        world.history.remember(Seen {
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
    scissors: &Scissors,
    parts: &Parts,
    body: IncomingBody,
) -> Response<Body> {
    let target = shared.api.route(parts.method.as_str(), parts.uri.path());
    let body = match &target {
        Target::Operation(..) => shared.bodies.read(body, &parts.headers).await,
        Target::WrongMethod(_) | Target::MissingSlash | Target::Unknown => {
            shared.bodies.discard(body).await.map(|()| Held::default())
        }
    };
    let body = match body {
        Ok(body) => body,
        Err(unread) => return unread.reply().into_response(),
    };
    let mut passage = Passage {
        shared,
        parts,
        number: shared.lock().history.next(),
        started: Instant::now(),
        operation: None,
        findings: Vec::new(),
    };
    match target {
        Target::Operation(operation, values) => {
            operate(passage, operation, scissors, &values, body).await
        }
        target => {
            let (reply, finding) = astray(target, parts);
            passage.findings.push(finding);
            passage.remember(reply.status);
            reply.into_response()
        }
    }
}

async fn operate(
    mut passage: Passage<'_>,
    operation: usize,
    scissors: &Scissors,
    values: &[(String, String)],
    body: Held,
) -> Response<Body> {
    let (shared, parts) = (passage.shared, passage.parts);
    passage.operation = Some(operation);
    let fault = {
        let id = shared.operation_id(operation);
        shared.lock().faults.next(id)
    };
    server::sleep(fault.as_ref().and_then(Kind::delay_before)).await;
    let reading = judge(
        shared,
        operation,
        values,
        parts,
        &body.bytes,
        &mut passage.findings,
    );
    let number = passage.number;
    let reply = settle(fault.as_ref(), scissors, || match reading {
        Err(refusal) => *refusal,
        Ok((account, reading)) => checked(&Call {
            shared,
            operation,
            account,
            number,
            path_values: values,
            reading: &reading,
        }),
    });
    passage.remember(reply.as_ref().map_or(0, |reply| reply.status));
    drop(body);
    // Everything is written down by now: a client that does not wait for its answer is charged.
    server::sleep(fault.as_ref().and_then(Kind::delay)).await;
    match (reply, fault) {
        // Nothing of it arrives.
        (None, _) => Reply::empty(500).into_response(),
        (Some(reply), None) => reply.into_response(),
        (Some(reply), Some(kind)) => {
            let item = &shared.api.plans[operation].item;
            spoil::spoil(&kind, reply, item, &shared.api.spec.schemas)
        }
    }
}

/// Processes a request as far as the fault lets it; none when the connection is cut.
pub(crate) fn settle(
    fault: Option<&Kind>,
    scissors: &Scissors,
    process: impl FnOnce() -> Reply,
) -> Option<Reply> {
    let instead = fault.and_then(spoil::instead);
    if let Some((reply, false)) = instead {
        return Some(reply);
    }
    if fault == Some(&Kind::ResetBefore) {
        scissors.cut();
        return None;
    }
    let reply = process();
    if fault == Some(&Kind::ResetAfter) {
        scissors.cut();
        return None;
    }
    Some(instead.map_or(reply, |(reply, _)| reply))
}

/// What the service says to a path or method that it does not know.
fn astray(target: Target, parts: &Parts) -> (Reply, Finding) {
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
fn judge(
    shared: &Shared,
    operation: usize,
    values: &[(String, String)],
    parts: &Parts,
    body: &[u8],
    findings: &mut Vec<Finding>,
) -> Result<(u32, Reading), Box<Reply>> {
    let described = &shared.api.spec.operations[operation];
    let api_id = match keys::read(&described.key_headers, &parts.headers) {
        Ok(api_id) => api_id,
        Err(refused) => {
            findings.extend(refused.findings);
            return Err(Box::new(refused.reply));
        }
    };
    let account = shared.lock().accounts.open(api_id, shared.credits);
    let incoming = Incoming {
        path_values: values,
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        body,
    };
    let contract = &shared.api.plans[operation].contract;
    let reading = request::read(described, contract, &shared.api.spec.schemas, &incoming);
    findings.extend(reading.findings.iter().chain(&reading.ignored).cloned());
    if let Some(refusal) = reading.refusal(shared.strict) {
        return Err(Box::new(refusal));
    }
    let unknown = reference::unknown(shared, account, &reading.texts);
    if !unknown.is_empty() {
        let refusal = Reply::fields(&unknown);
        findings.extend(unknown);
        return Err(Box::new(refusal));
    }
    Ok((account, reading))
}

/// Acts, and holds the answer against the document. An answer that breaks it is the emulator's own
/// fault, and says where.
fn checked(call: &Call<'_>) -> Reply {
    let reply = act::act(call);
    if !(200..300).contains(&reply.status) {
        return reply;
    }
    let findings = match (&call.plan().answer, &reply.content) {
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
