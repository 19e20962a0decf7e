//! Fault injection into responses. In: a valid response, a fault. Out: the response that the client gets.
//! Reads schemas only to find a member that a fault can change.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Response, header};
use http_body::{Frame, SizeHint};
use serde_json::{Value, json};
use tokio::time::Sleep;

use super::fault::Kind;
use super::response::{Content, Reply};
use super::spec::Schemas;

/// A body that is shorter than its `Content-Length`.
#[derive(Debug)]
struct TruncatedBody {
    bytes: Option<Bytes>,
    ending: Ending,
    /// What was sent has to leave before the connection closes.
    pause: Pin<Box<Sleep>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// The connection is closed.
    Cut,
    /// Nothing more comes.
    Stall,
}

impl HttpBody for TruncatedBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.ending {
            Ending::Stall => Poll::Pending,
            Ending::Cut => {
                std::task::ready!(self.pause.as_mut().poll(context));
                Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionAborted.into())))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// The response that replaces the real one, and whether the request is processed all the same; none when
/// the fault comes later.
pub(crate) fn replacement(kind: &Kind) -> Option<(Reply, bool)> {
    match kind {
        Kind::Status {
            status,
            retry_after,
            processed,
        } => {
            let reply = Reply::detail(*status, "This answer was asked for as a fault.");
            let reply = match retry_after {
                Some(seconds) => reply.header(header::RETRY_AFTER, seconds.to_string()),
                None => reply,
            };
            Some((reply, *processed))
        }
        Kind::Html { status, processed } => {
            let title = format!("{status} Bad Gateway");
            Some((Reply::html(*status, &title, "nginx"), *processed))
        }
        Kind::Redirect { location, status } => {
            let reply = Reply::empty(*status).header(header::LOCATION, location.clone());
            Some((reply, false))
        }
        Kind::Delay { .. }
        | Kind::DelayBefore { .. }
        | Kind::ResetBefore
        | Kind::ResetAfter
        | Kind::Truncate
        | Kind::InvalidJson
        | Kind::UnknownEnum { .. }
        | Kind::UnknownField
        | Kind::MissingField { .. }
        | Kind::StallDownload
        | Kind::CutDownload => None,
    }
}

/// The response with the fault applied.
pub(crate) fn apply(
    kind: &Kind,
    mut reply: Reply,
    item: &Value,
    schemas: &Schemas,
) -> Response<Body> {
    match kind {
        Kind::Truncate | Kind::CutDownload => return truncated(reply, Ending::Cut),
        Kind::StallDownload => return truncated(reply, Ending::Stall),
        Kind::InvalidJson => {
            let text = "{\"id\": 'not JSON'".to_owned();
            reply.content = Content::Text("application/json", text);
        }
        Kind::UnknownEnum { field } => {
            let name = field.clone().or_else(|| enum_member(item, schemas));
            each_record(&mut reply, |member| {
                if let Some(name) = &name {
                    member.insert(name.clone(), json!("not_known_yet"));
                }
            });
        }
        Kind::UnknownField => each_record(&mut reply, |member| {
            let value = json!({"since": "tomorrow"});
            member.insert("not_known_yet".to_owned(), value);
        }),
        Kind::MissingField { field } => each_record(&mut reply, |member| {
            let name = field.clone().or_else(|| optional_member(member, item));
            if let Some(name) = name {
                member.remove(&name);
            }
        }),
        Kind::Status { .. }
        | Kind::Delay { .. }
        | Kind::DelayBefore { .. }
        | Kind::ResetBefore
        | Kind::ResetAfter
        | Kind::Html { .. }
        | Kind::Redirect { .. } => {}
    }
    reply.into_response()
}

fn truncated(reply: Reply, ending: Ending) -> Response<Body> {
    let bytes = reply.bytes();
    let length = bytes.len();
    let bytes = Some(bytes.slice(..length / 2));
    let reply = reply.header(header::CONTENT_LENGTH, length.to_string());
    let pause = Box::pin(tokio::time::sleep(Duration::from_millis(20)));
    reply.with_body(Body::new(TruncatedBody {
        bytes,
        ending,
        pause,
    }))
}

/// Changes the record of a response, or every record of a list or page.
fn each_record(reply: &mut Reply, mut change: impl FnMut(&mut serde_json::Map<String, Value>)) {
    let Content::Json(value) = &mut reply.content else {
        return;
    };
    let paged = value.get("results").is_some();
    let value = if paged { &mut value["results"] } else { value };
    let records = match value {
        Value::Array(records) => records.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    records
        .iter_mut()
        .filter_map(Value::as_object_mut)
        .for_each(&mut change);
}

/// The first member with a list of values.
fn enum_member(item: &Value, schemas: &Schemas) -> Option<String> {
    let mut properties = item["properties"].as_object()?.iter();
    let found = properties.find(|(_, property)| schemas.flat(property)["enum"].is_array());
    found.map(|(name, _)| name.clone())
}

/// The first member that is there and need not be.
fn optional_member(member: &serde_json::Map<String, Value>, item: &Value) -> Option<String> {
    let required = item["required"].as_array();
    let needed =
        |name: &&String| required.is_some_and(|all| all.iter().any(|known| known == *name));
    member.keys().find(|name| !needed(name)).cloned()
}
