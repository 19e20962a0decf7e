//! Calls of what the document does not describe. In: method, path, body and price from the caller. Out: the response, by the
//! same engine as every other call. Checks no value.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::body::Body;
use super::callee::{Callee, RawOperation, RawPrice};
use super::decode::DecodeError;
use super::error::Violation;
use super::journal::PendingCall;
use super::request::RequestBuilder;
use super::transport::Method;
use super::{Client, Decode, Error, MediaType, Response, RetryPolicy, engine};

impl Client {
    /// A call of what this crate does not describe yet: a method, and a path below the base URL. See [`RawCall`].
    ///
    /// ```no_run
    /// use creatify_api::Value;
    /// use creatify_api::transport::Method;
    ///
    /// # async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
    /// let body = serde_json::json!({"name": "order-7", "style": "new"});
    /// let call = client.request(Method::POST, "/api/new/").json(&body).costs(5.0);
    /// let job = call.send::<Value>().await?;
    /// println!("{}", job.value()["id"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawCall {
        let operation = RawOperation {
            method,
            path: path.into(),
            price: RawPrice::Unknown,
            idempotent: false,
        };
        let mut call = RawCall {
            operation: operation.clone(),
            builder: RequestBuilder::raw(self, operation),
        };
        if call.operation.method == Method::CONNECT {
            call.refuse(
                "method",
                "`CONNECT` asks for a tunnel, and is no call".to_owned(),
            );
        }
        call
    }
}

/// A call of what this crate does not describe yet, which is not sent before [`send`](Self::send).
///
/// It goes the way of every other call: the client's keys, timeouts, limit for responses, retries, interceptors, spend limit and
/// journal hold for it. No value is checked before it is sent, since nothing says what may be sent.
///
/// # Where it goes
///
/// The path begins with `/` and stands below the [base URL](crate::ClientBuilder::base_url), whose server alone sees the keys. An
/// address, a path that begins with `//`, one with a segment `.` or `..` however it is escaped, and one with `?`, `#`, a backslash, a
/// space or a control character is refused with [`is_validation`](Error::is_validation), and nothing is sent.
///
/// # What it costs, and whether it is repeated
///
/// | | free | may be sent again after it may have been processed |
/// |---|---|---|
/// | `GET`, `HEAD`, `OPTIONS`, `TRACE` | yes, unless it [`costs`](Self::costs) something | if it is free, or [`idempotent`](Self::idempotent) |
/// | all others | if [`free`](Self::free) or `costs(0.0)` says so | if `idempotent` says so |
///
/// A call that is not both is [ambiguous](Error::is_ambiguous) when its response is lost, and with a
/// [journal](crate::ClientBuilder::journal) it is stored before it is sent. Of one for which neither `costs` nor `free` says something nobody
/// knows the price: where the client has a [spend limit](crate::ClientBuilder::spend_limit) it is refused with
/// [`is_configuration`](Error::is_configuration), and nothing is sent.
///
/// No resource shows what became of it. So a lost one stays [unsettled](Client::unsettled) until its caller has found that out and says it with
/// [`close_unsettled`](Client::close_unsettled); [`recover`](Client::recover) and `settle` give an error, and never say that it can be sent
/// again. What it costs is set aside until then. When it is answered, what it `costs` is charged to the spend limit.
#[must_use = "a call is sent by `send`"]
pub struct RawCall {
    operation: RawOperation,
    builder: RequestBuilder,
}

impl RawCall {
    /// One more parameter after the question mark, escaped as needed. Names may come several times.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let pair = (name.into(), value.to_string());
        self.builder.raw.query.push(pair);
        self
    }

    /// One more header. A header that cannot be sent, or that the client sets itself (the keys, `Content-Type`), makes the call fail
    /// with a validation error.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.builder.headers.push((name.into(), value.into()));
        self
    }

    /// The body, as JSON. A value that JSON cannot write, such as a map whose keys are no texts, makes the call fail with a
    /// validation error. (What is not a number is null in JSON.)
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_value(body) {
            Ok(value) => {
                self.builder.body = Some((value, &[]));
                self.builder.media_type = Some(MediaType::Json);
                self.builder.raw.body = None;
            }
            Err(error) => self.refuse("body", format!("cannot be written as JSON: {error}")),
        }
        self
    }

    /// The body as it is, and what it is: its `Content-Type`.
    pub fn body(mut self, content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let content_type = content_type.into();
        if reqwest::header::HeaderValue::from_str(&content_type).is_err() {
            self.refuse(
                "content_type",
                "has a character that a header cannot carry".to_owned(),
            );
            return self;
        }
        self.builder.body = None;
        self.builder.raw.body = Some(Body {
            content_type: Some(content_type),
            bytes: bytes.into(),
        });
        self
    }

    /// What it costs at least, in credits: for the spend limit, and so that it is paid for once.
    pub fn costs(mut self, credits: f64) -> Self {
        if !credits.is_finite() || credits < 0.0 {
            self.refuse("costs", "is not a number of credits".to_owned());
        }
        self.operation.price = RawPrice::Credits(credits);
        self
    }

    /// That it costs nothing. It may still have an effect that must not happen twice: see [`idempotent`](Self::idempotent).
    pub fn free(mut self) -> Self {
        self.operation.price = RawPrice::Credits(0.0);
        self
    }

    /// That sending it twice has the effect of once, so that it may be repeated after it may have been processed.
    pub fn idempotent(mut self) -> Self {
        self.operation.idempotent = true;
        self
    }

    /// The time for one attempt: the request and its response. In place of the client's.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.builder.timeout = Some(timeout);
        self
    }

    /// The time for all attempts and the waits between them. In place of the client's.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.builder.total_timeout = Some(timeout);
        self
    }

    /// How often the call is tried, and how long it waits in between. In place of the client's.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.builder.retry = Some(policy);
        self
    }

    /// The call as something to keep before it is sent: see [`Call::pending`](crate::Call::pending). None for a call that is free and may
    /// be sent again.
    pub fn pending(&self) -> Option<PendingCall> {
        self.described().pending()
    }

    /// Sends the request and gives the response with its status, headers and bytes. `T` is [`Value`](crate::Value), a type of this crate,
    /// `()` for whatever comes, also for nothing (`HEAD`, 204), or [`Json`] of a type that serde can read.
    pub async fn send<T: Decode>(self) -> Result<Response<T>, Error> {
        let builder = self.described();
        let callee = builder.callee.clone();
        let response = engine::send(builder, T::CONTENT).await?;
        match T::decode(response.value) {
            Ok(value) => Ok(Response::new(response.raw, value)),
            Err(error) => {
                let received = (response.raw, response.context);
                Err(engine::unreadable(callee, error, received))
            }
        }
    }

    /// The request with all that was said of it.
    fn described(&self) -> RequestBuilder {
        let mut builder = self.builder.clone();
        builder.callee = Callee::Raw(Arc::new(self.operation.clone()));
        builder
    }

    fn refuse(&mut self, path: &str, problem: String) {
        let violation = Violation::new(path, problem);
        self.builder.raw.violations.push(violation);
    }
}

impl fmt::Debug for RawCall {
    /// Path, parameters and body stay out: they are the caller's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawCall")
            .field("method", &self.operation.method)
            .field("price", &self.operation.price)
            .field("idempotent", &self.operation.idempotent)
            .finish_non_exhaustive()
    }
}

/// A value that serde reads, as the response of a [`RawCall`]: `send::<Json<MyType>>()`.
///
/// What is wrong with a response is then said in serde's words, without the path that errors of this crate's own types have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> Decode for Json<T> {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        match serde_json::from_value(value) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(DecodeError::new(error.to_string())),
        }
    }
}
