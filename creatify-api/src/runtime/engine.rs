//! The network. In: a described call. Out: the answer to it, if it is a success. Knows no types:
//! decoding is left to the call, so this code exists once.

use std::future::Future;
use std::pin::Pin;

use super::answer::Answer;
use super::body::Body;
use super::decode::DecodeError;
use super::operation::{Method, Operation};
use super::request::{Draft, Request, prepare};
use super::{Client, Error};

/// Sends a call and waits for its answer; every status but 2xx is an error.
///
/// The future is boxed so that a caller's crate compiles none of what it holds.
pub(crate) fn send(draft: Draft) -> Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>> {
    Box::pin(async move {
        let answer = match prepare(&draft) {
            Ok(request) => attempt(&draft.client, &request).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| error.with_operation(draft.operation.id))
    })
}

/// The error for a success that could not be read.
pub(crate) fn unreadable(
    client: &Client,
    operation: &Operation,
    error: DecodeError,
    answer: Answer,
) -> Error {
    Error::decode(error, answer, &client.inner.keys).with_operation(operation.id)
}

/// Sends a request once.
async fn attempt(client: &Client, request: &Request) -> Result<Answer, Error> {
    let answer = exchange(client, request).await?;
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(Error::refused(answer, &client.inner.keys))
    }
}

/// Sends a request and reads whatever comes back. This is the only place that uses the network.
async fn exchange(client: &Client, request: &Request) -> Result<Answer, Error> {
    let builder = client
        .inner
        .http
        .request(method(request.operation.method), request.url.clone())
        .headers(request.headers.clone())
        .timeout(request.timeout);
    let builder = match &request.body {
        Body::Empty => builder,
        Body::Bytes(media_type, bytes) => builder
            .header(reqwest::header::CONTENT_TYPE, media_type.as_str())
            .body(bytes.clone()),
        Body::Parts(parts) => builder.multipart(multipart(parts)),
    };
    let mut response = builder.send().await.map_err(Error::transport)?;
    let mut answer = Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: Vec::new(),
    };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => answer.body.extend_from_slice(&chunk),
            Ok(None) => return Ok(answer),
            // What has come until here may hold the id of a job that was paid for.
            Err(error) => {
                return Err(Error::transport(error).with_answer(answer, &client.inner.keys));
            }
        }
    }
}

fn multipart(parts: &[(String, String)]) -> reqwest::multipart::Form {
    parts
        .iter()
        .fold(reqwest::multipart::Form::new(), |form, (name, value)| {
            form.text(name.clone(), value.clone())
        })
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
        Method::Head => reqwest::Method::HEAD,
        Method::Options => reqwest::Method::OPTIONS,
        Method::Trace => reqwest::Method::TRACE,
    }
}
