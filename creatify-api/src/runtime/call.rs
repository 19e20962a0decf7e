//! Calls that are not sent yet. In: arguments from the generated methods and settings from the caller.
//! Out: a value or an error. Depends on no operation.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use super::check::UnknownValues;
use super::journal::PendingCall;
use super::request::RequestBuilder;
use super::transport::BoxFuture;
use super::{
    Client, Decode, Encode, Error, Estimate, MediaType, Operation, Response, RetryPolicy, engine,
};

/// A call of the API, described and not yet sent. Nothing happens until it is awaited.
///
/// A call that costs credits should be awaited to its end: when its future is dropped on the way, by a
/// `select!` or a timeout around it, nobody learns whether it was processed. Limit its time with
/// [`timeout`](Self::timeout) or [`total_timeout`](Self::total_timeout), which end in an error that can be settled.
///
/// Awaiting it gives the value of type `T`; [`send`](Self::send) gives the whole response. `O` marks
/// operations that take optional parameters, which are set by methods of their own.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T, O = ()> {
    operation: &'static Operation,
    builder: RequestBuilder,
    // The call holds neither; it only knows what it will give.
    types: PhantomData<fn() -> (T, O)>,
}

impl<T, O> Call<T, O> {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            operation,
            builder: RequestBuilder::new(client, operation),
            types: PhantomData,
        }
    }

    pub(crate) fn into_builder(self) -> RequestBuilder {
        self.builder
    }

    pub(crate) fn parameter<V: Encode + ?Sized>(mut self, name: &'static str, value: &V) -> Self {
        self.builder.set_argument(name, value.encode());
        self
    }

    pub(crate) fn body<B: Encode>(mut self, body: &B) -> Self {
        self.builder.body = Some((body.encode(), B::rules()));
        self.builder.tag_name(None);
        self
    }

    pub(crate) fn content_type(mut self, media_type: MediaType) -> Self {
        self.builder.media_type = Some(media_type);
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

    /// Sends values that this version of the crate does not know, such as `"4x5".into()` for an aspect ratio that the service has
    /// come to take. Without it a value that is not on the list of an enum is a violation, where the specification gives the list as
    /// complete, and nothing is sent. All other limits hold as before.
    pub fn allow_unknown_values(mut self) -> Self {
        self.builder.unknown_values = UnknownValues::Allowed;
        self
    }

    /// How long the result will be, in seconds, for the spend limit: without it the shortest length
    /// that can be paid for is assumed. It is not sent.
    pub fn expected_seconds(mut self, seconds: f64) -> Self {
        self.builder.seconds = Some(seconds);
        self
    }

    /// What the call will cost, from the prices in the specification and the body given; none when
    /// they are not known. Nothing is sent.
    pub fn estimate(&self) -> Option<Estimate> {
        self.builder.estimate()
    }

    /// The call as something to keep before it is sent: all that is needed to find out later whether it was processed.
    /// None for a call that costs nothing. A [clone](Clone) of the call is another call, with a key and a unique name of its own: keep what the
    /// call gives that is sent. With a [`journal`](crate::ClientBuilder::journal) the client does this by itself.
    pub fn pending(&self) -> Option<PendingCall> {
        self.builder.pending()
    }

    /// One more header. A header that cannot be sent, or that the client sets itself (the keys,
    /// `Content-Type`), makes the call fail with a validation error.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.builder.headers.push((name.into(), value.into()));
        self
    }

    /// What is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl<T: Decode, O> Call<T, O> {
    /// Sends the request and gives the response with its status, headers and bytes.
    pub async fn send(self) -> Result<Response<T>, Error> {
        let operation = self.operation;
        let response = engine::send(self.builder, T::CONTENT).await?;
        match T::decode(response.value) {
            Ok(value) => Ok(Response::new(response.raw, value)),
            Err(error) => {
                let received = (response.raw, response.context);
                Err(engine::unreadable(operation, error, received))
            }
        }
    }
}

impl<T: Decode + 'static, O: 'static> IntoFuture for Call<T, O> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send().await.map(Response::into_value) })
    }
}

impl<T, O> Clone for Call<T, O> {
    fn clone(&self) -> Self {
        Self {
            operation: self.operation,
            builder: self.builder.copy(),
            types: PhantomData,
        }
    }
}

impl<T, O> fmt::Debug for Call<T, O> {
    /// The arguments stay out: they are the caller's.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Call")
            .field("operation", &self.operation.id)
            .field("method", &self.operation.method)
            .field("path", &self.operation.path)
            .finish_non_exhaustive()
    }
}
