//! Requests. In: the arguments and settings of a call. Out: the complete HTTP request, or every
//! violation that keeps it from being sent. Sends nothing.

use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::body::{self, Body};
use super::callee::{Callee, RawOperation};
use super::check::{self, UnknownValues};
use super::credentials::Keys;
use super::error::Violation;
use super::journal::{Beginning, PendingCall, unique_number};
use super::operation::{Location, MediaType, Operation};
use super::spend::Estimate;
use super::times::CallTimes;
use super::url::{self, Argument};
use super::{Client, Error, RetryPolicy, Rule, journal, transport};

/// The arguments and settings of a call that is not sent yet.
#[derive(Clone)]
pub(crate) struct RequestBuilder {
    pub(crate) client: Client,
    pub(crate) callee: Callee,
    pub(crate) arguments: Vec<(&'static str, Value)>,
    pub(crate) body: Option<(Value, &'static [Rule])>,
    pub(crate) media_type: Option<MediaType>,
    /// What a raw call is given besides.
    pub(crate) raw: RawParts,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) total_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    /// Whether values that closed lists do not have are sent.
    pub(crate) unknown_values: UnknownValues,
    /// How long the result will be, as far as the caller knows.
    pub(crate) seconds: Option<f64>,
    /// What tells this call from every other one.
    pub(crate) key: u128,
}

/// What only a raw call has.
#[derive(Clone, Default)]
pub(crate) struct RawParts {
    /// Names and values after the question mark, in this order.
    pub(crate) query: Vec<(String, String)>,
    /// A body that is sent as it is.
    pub(crate) body: Option<Body>,
    /// What was wrong with what was given.
    pub(crate) violations: Vec<Violation>,
}

impl RequestBuilder {
    /// A call of an operation, with the settings of the client.
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            media_type: operation.body.first().copied(),
            ..Self::of(client, Callee::Described(operation))
        }
    }

    /// A call of what is not described.
    pub(crate) fn raw(client: &Client, operation: RawOperation) -> Self {
        Self::of(client, Callee::Raw(operation.into()))
    }

    fn of(client: &Client, callee: Callee) -> Self {
        Self {
            client: client.clone(),
            callee,
            arguments: Vec::new(),
            body: None,
            media_type: None,
            raw: RawParts::default(),
            headers: Vec::new(),
            timeout: None,
            total_timeout: None,
            retry: None,
            unknown_values: UnknownValues::Refused,
            seconds: None,
            key: unique_number(),
        }
    }

    /// Makes the name of the job that the call makes its own, when the client was asked to.
    pub(crate) fn tag_name(&mut self, before: Option<u128>) {
        let member = self
            .callee
            .job_name()
            .filter(|_| self.client.inner.unique_names);
        if let (Some(member), Some((body, _))) = (member, &mut self.body) {
            journal::tag::put(body, member, before, self.key);
        }
    }

    /// Another call like this one.
    pub(crate) fn copy(&self) -> Self {
        let mut copy = self.clone();
        copy.key = unique_number();
        copy.tag_name(Some(self.key));
        copy
    }

    /// The name that is sent for the job, if the call makes one.
    fn job_name(&self) -> Option<&str> {
        let (body, _) = self.body.as_ref()?;
        body.get(self.callee.job_name()?)?.as_str()
    }

    /// Sets an argument; the last one of a name counts.
    pub(crate) fn set_argument(&mut self, name: &'static str, value: Value) {
        self.arguments.retain(|(known, _)| *known != name);
        self.arguments.push((name, value));
    }

    /// What the call will cost at least, as far as prices and the length of the result are known.
    pub(crate) fn estimate(&self) -> Option<Estimate> {
        let body = self.body.as_ref().map(|(value, _)| value);
        self.callee.estimate(body)
    }

    /// The call as something to keep, when it may cost credits.
    pub(crate) fn pending(&self) -> Option<PendingCall> {
        if !self.callee.needs_settling() {
            return None;
        }
        let client = &self.client.inner;
        let times = CallTimes::now(&client.server_clock);
        let beginning = Beginning {
            began: times.wall,
            server_began: times.server,
            timeout: self.timeout.unwrap_or(client.timeout),
        };
        let mut pending = PendingCall::new(self.key, &self.callee, &client.account, beginning);
        pending.subject = self.subject();
        pending.name = self.job_name().map(str::to_owned);
        pending.is_unique = pending.name.is_some() && client.unique_names;
        pending.estimate = self
            .estimate()
            .map(|estimate| estimate.for_seconds(self.seconds.unwrap_or_default()));
        Some(pending)
    }

    /// The id of the existing job that the call is about.
    pub(crate) fn subject(&self) -> Option<String> {
        let subject = self.callee.subject()?;
        let argument = self.arguments.iter().find(|(name, _)| *name == subject);
        argument.map(|(_, value)| url::text(value))
    }
}

/// A request, ready to be sent any number of times. It holds the keys, so it has no debug output.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) callee: Callee,
    pub(crate) url: Url,
    /// What may be seen and changed before it is sent.
    pub(crate) headers: HeaderMap,
    /// What may not.
    pub(crate) keys: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Body,
}

impl Request {
    /// What is sent. The keys and what describes the body come last, so that nothing set before
    /// can take their place.
    pub(crate) fn outgoing(&self, mut headers: HeaderMap, keys: &Keys) -> transport::Request {
        for name in RESERVED {
            headers.remove(*name);
        }
        keys.remove_from(&mut headers);
        headers.extend(self.keys.iter().cloned());
        let content_type = self.body.content_type.as_ref();
        if let Some(value) = content_type.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(CONTENT_TYPE, value);
        }
        let mut request = transport::Request::new(self.callee.method(), self.url.clone());
        request.headers = headers;
        request.body = self.body.bytes.clone();
        request
    }
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
pub(crate) fn prepare(builder: &RequestBuilder) -> Result<Request, Error> {
    let client = &builder.client.inner;
    let mut violations = builder.raw.violations.clone();
    let arguments = arguments(builder, &mut violations);
    let url = match &builder.callee {
        Callee::Described(operation) => {
            url::build(&client.base_url, operation, &arguments, &mut violations)
        }
        Callee::Raw(raw) => {
            let parts = (raw.path.as_str(), builder.raw.query.as_slice());
            url::raw(&client.base_url, parts, &mut violations)
        }
    };
    let mut headers = client.headers.clone();
    header_arguments(&arguments, &mut headers, &mut violations);
    add_headers(builder, &mut headers, &mut violations);
    let body = match (&builder.body, builder.media_type) {
        (Some((value, rules)), Some(media_type)) => {
            check::body(value, rules, builder.unknown_values, &mut violations);
            body::write(value, media_type, &mut violations)
        }
        (Some(_), None) | (None, _) => builder.raw.body.clone().unwrap_or_default(),
    };
    if !violations.is_empty() {
        return Err(Error::validation(violations));
    }
    let keys = match builder.callee.security() {
        Some(security) => client.keys.choose(security).map_err(Error::configuration)?,
        None => client.keys.all(),
    };
    Ok(Request {
        callee: builder.callee.clone(),
        url,
        headers,
        keys,
        body,
    })
}

/// The arguments with their parameters, in the order of the operation.
fn arguments<'a>(
    builder: &'a RequestBuilder,
    violations: &mut Vec<Violation>,
) -> Vec<Argument<'a>> {
    let mut arguments = Vec::new();
    for parameter in builder.callee.parameters() {
        let argument = builder
            .arguments
            .iter()
            .find(|(name, _)| *name == parameter.name);
        if let Some((name, value)) = argument {
            let rule = parameter.rule.as_ref();
            check::parameter(name, value, rule, builder.unknown_values, violations);
            arguments.push((parameter, value));
        }
    }
    arguments
}

fn header_arguments(
    arguments: &[Argument<'_>],
    headers: &mut HeaderMap,
    violations: &mut Vec<Violation>,
) {
    for (parameter, value) in arguments {
        if parameter.location == Location::Header && !value.is_null() {
            let value = url::simple(value).join(",");
            insert(headers, parameter.name, &value, violations);
        }
    }
}

fn add_headers(builder: &RequestBuilder, headers: &mut HeaderMap, violations: &mut Vec<Violation>) {
    let keys = &builder.client.inner.keys;
    for (name, value) in &builder.headers {
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
