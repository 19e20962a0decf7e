//! Requests. In: a described call. Out: exactly what will be sent, or every reason not to send
//! it. Knows nothing of the network.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::body::{self, Body};
use super::error::Violation;
use super::operation::{Location, MediaType, Operation};
use super::url::{self, Argument};
use super::{Client, Error, Rule, check};

/// A described call.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) client: Client,
    pub(crate) operation: &'static Operation,
    pub(crate) arguments: Vec<(&'static str, Value)>,
    pub(crate) body: Option<(Value, &'static [Rule])>,
    pub(crate) media_type: Option<MediaType>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
}

impl Draft {
    /// Sets an argument; the last one of a name counts.
    pub(crate) fn set_argument(&mut self, name: &'static str, value: Value) {
        self.arguments.retain(|(known, _)| *known != name);
        self.arguments.push((name, value));
    }
}

/// A request, ready to be sent any number of times. It holds the keys, so it has no debug output.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) timeout: Duration,
}

/// Headers that are not the caller's to set: they say where the body begins and ends, and what it
/// is.
const RESERVED: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Makes the request, or tells everything that is wrong with it.
pub(crate) fn prepare(draft: &Draft) -> Result<Request, Error> {
    let client = &draft.client.inner;
    let mut violations = Vec::new();
    let arguments = arguments(draft, &mut violations);
    let url = url::build(
        &client.base_url,
        draft.operation,
        &arguments,
        &mut violations,
    );
    let mut headers = header_arguments(&arguments, &mut violations);
    add_headers(draft, &mut headers, &mut violations);
    let body = match (&draft.body, draft.media_type) {
        (Some((value, rules)), Some(media_type)) => {
            check::body(value, rules, &mut violations);
            body::write(value, media_type, &mut violations)
        }
        (Some(_), None) | (None, _) => Body::Empty,
    };
    if !violations.is_empty() {
        return Err(Error::validation(violations));
    }
    // The keys come last, so that nothing set before can take their place.
    for (name, value) in client
        .keys
        .choose(draft.operation.security)
        .map_err(Error::configuration)?
    {
        headers.insert(name, value);
    }
    let timeout = draft.timeout.unwrap_or(client.timeout);
    Ok(Request {
        operation: draft.operation,
        url,
        headers,
        body,
        timeout,
    })
}

/// The arguments with their parameters, in the order of the operation.
fn arguments<'a>(draft: &'a Draft, violations: &mut Vec<Violation>) -> Vec<Argument<'a>> {
    let mut arguments = Vec::new();
    for parameter in draft.operation.parameters {
        let argument = draft
            .arguments
            .iter()
            .find(|(name, _)| *name == parameter.name);
        if let Some((name, value)) = argument {
            check::parameter(name, value, parameter.rule.as_ref(), violations);
            arguments.push((parameter, value));
        }
    }
    arguments
}

fn header_arguments(arguments: &[Argument<'_>], violations: &mut Vec<Violation>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (parameter, value) in arguments {
        if parameter.location == Location::Header && !value.is_null() {
            insert(
                &mut headers,
                parameter.name,
                &url::simple(value).join(","),
                violations,
            );
        }
    }
    headers
}

fn add_headers(draft: &Draft, headers: &mut HeaderMap, violations: &mut Vec<Violation>) {
    let keys = &draft.client.inner.keys;
    for (name, value) in &draft.headers {
        let lower = name.to_ascii_lowercase();
        let is_key = HeaderName::try_from(lower.as_str()).is_ok_and(|name| keys.holds(&name));
        if is_key || RESERVED.contains(&lower.as_str()) {
            violations.push(Violation::new(
                header_path(name),
                "is set by the client itself",
            ));
        } else {
            insert(headers, name, value, violations);
        }
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str, violations: &mut Vec<Violation>) {
    match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
        (Ok(name), Ok(value)) => {
            headers.insert(name, value);
        }
        (Err(_), _) => violations.push(Violation::new(header_path(name), "is not a header name")),
        (Ok(_), Err(_)) => violations.push(Violation::new(
            header_path(name),
            "has a value with a character that a header cannot carry",
        )),
    }
}

fn header_path(name: &str) -> String {
    format!("header {name:?}")
}
