//! reqwest as a transport. In: a request. Out: reqwest's response, or its error mapped to what is
//! known: not sent, not processed, interrupted.

use std::time::Duration;

use futures_util::stream;
use reqwest::redirect::Policy;
use reqwest::{ClientBuilder, Url};

use super::{
    Body, BoxFuture, Handover, Reach, Request, Response, Settings, Transport, TransportError,
};
use crate::runtime::Error;

/// Idle connections are closed before a server is likely to close them: a paid call that is
/// written to a connection just closed at the other end cannot be repeated.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// How many headers a response may have: past the limit of an HTTP library nothing is left of a response,
/// neither its status nor the id of what was paid for. (Their bytes are limited too: HTTP/1 reads 408 KiB of
/// them, which cannot be set.)
const HEADERS: usize = 4096;
#[cfg(feature = "http2")]
const HEADER_BYTES: u32 = 408 * 1024;

/// A client with these settings.
pub(crate) fn client(settings: &Settings<'_>) -> Result<reqwest::Client, Error> {
    build(settings, |builder| builder, |builder| builder)
}

/// A client with these settings. What is changed first the caller's own changes may replace; afterwards redirects and
/// repetitions are switched off, and what is changed last holds.
pub(super) fn build(
    settings: &Settings<'_>,
    first: impl Fn(ClientBuilder) -> ClientBuilder,
    last: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Result<reqwest::Client, Error> {
    super::tls::build(settings.scheme, |roots| {
        let builder = roots.apply(first(basis(settings)));
        let builder = match settings.configure {
            Some(configure) => configure(builder),
            None => builder,
        };
        let builder = builder
            // The keys and the body would go to whatever address the response names; redirects of media are
            // checked and followed one by one.
            .redirect(Policy::none())
            // Whether a request may be repeated is decided in one place, and not below it.
            .retry(reqwest::retry::never());
        last(builder)
    })
}

fn basis(settings: &Settings<'_>) -> ClientBuilder {
    let builder = reqwest::Client::builder()
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .connect_timeout(settings.connect_timeout)
        .http1_max_headers(HEADERS);
    #[cfg(feature = "http2")]
    let builder = builder.http2_max_header_list_size(HEADER_BYTES);
    match settings.reach {
        Reach::Anywhere => builder,
        Reach::ThisMachine => builder.no_proxy(),
    }
}

/// The client must not follow redirects and must not repeat requests: build it with
/// `redirect(Policy::none())` and `retry(reqwest::retry::never())`.
impl Transport for reqwest::Client {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let url = request.url;
        let method_is_safe = request.method.is_safe();
        let builder = self
            .request(request.method, url.clone())
            .headers(request.headers);
        let handover = request.handover;
        let builder = match method_is_safe {
            // It does no harm twice, so nobody asks.
            true if request.body.is_empty() => builder,
            true => builder.body(request.body),
            false => builder.body(reqwest::Body::wrap(handover.observe(request.body))),
        };
        Box::pin(async move {
            let failed = |error| failed(error, &url, &handover);
            let mut response = builder.send().await.map_err(failed)?;
            let (status, url) = (response.status(), response.url().clone());
            let headers = std::mem::take(response.headers_mut());
            Ok(Response {
                status,
                headers,
                body: body(response),
                url: Some(url),
            })
        })
    }
}

fn body(response: reqwest::Response) -> Body {
    Body::stream(stream::unfold(Some(response), |response| async {
        let mut response = response?;
        match response.chunk().await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some(response))),
            Ok(None) => None,
            Err(error) => Some((Err(TransportError::interrupted(error.without_url())), None)),
        }
    }))
}

/// The URL stays out of the message: a media URL is signed, and its query is a key to the file.
fn failed(error: reqwest::Error, asked: &Url, handover: &Handover) -> TransportError {
    // A client that follows redirects may have been answered before it failed to connect elsewhere.
    let elsewhere = error.url().is_some_and(|url| url != asked);
    let at = error.url().unwrap_or(asked).clone();
    let failed = if handover.never_happened() || error.is_connect() && !elsewhere {
        TransportError::not_sent(error.without_url())
    } else if refused_by_protocol(&error) {
        TransportError::not_processed(error.without_url())
    } else {
        TransportError::interrupted(error.without_url())
    };
    failed.at(&at)
}

/// Whether HTTP/2 guarantees that the request was not processed (RFC 9113, 8.7): its stream was refused, or
/// is above the last one that a `GOAWAY` says may be.
#[cfg(feature = "http2")]
fn refused_by_protocol(error: &reqwest::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        if let Some(error) = source.downcast_ref::<h2::Error>() {
            let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            // h2 gives this error to streams above the last one only.
            return error.is_remote() && (refused || error.is_go_away());
        }
        cause = source.source();
    }
    false
}

/// HTTP/1 has no word for it.
#[cfg(not(feature = "http2"))]
fn refused_by_protocol(_: &reqwest::Error) -> bool {
    false
}

#[cfg(all(test, feature = "http2"))]
mod refused;
