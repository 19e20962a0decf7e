//! The transport interface. In: a complete request. Out: the response, or an error that says whether
//! the request was sent. Depends on no operation and never retries.

#[cfg(target_arch = "wasm32")]
mod browser;
mod error;
mod handover;
#[cfg(not(target_arch = "wasm32"))]
mod http;
#[cfg(not(target_arch = "wasm32"))]
mod media;
mod message;
mod network;
mod reason;
mod recorder;
#[cfg(not(target_arch = "wasm32"))]
mod tls;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;

use super::redact::ServerText;

pub use bytes::Bytes;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use reqwest::{Method, StatusCode, Url};

#[cfg(target_arch = "wasm32")]
pub(crate) use browser::{client, media};
pub use error::TransportError;
pub(crate) use handover::Handover;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use http::client;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use media::media;
pub use message::{Body, Request, Response};
pub(crate) use network::{Encryption, RedirectPolicy, is_loopback};

pub use recorder::{Recorder, Reply};

/// A future behind a pointer; it can be sent to other threads except in a browser.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A future behind a pointer; it can be sent to other threads except in a browser.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A stream behind a pointer; it can be sent to other threads except in a browser.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + Send + 'a>>;
/// A stream behind a pointer; it can be sent to other threads except in a browser.
#[cfg(target_arch = "wasm32")]
pub type BoxStream<'a, T> = Pin<Box<dyn Stream<Item = T> + 'a>>;

/// `Send`, except in a browser, where nothing can be sent to another thread.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}
/// `Send`, except in a browser, where nothing can be sent to another thread.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// Whatever carries a request to the server: [`reqwest::Client`], another HTTP library, or a
/// double in a test, which then sees exactly what would be sent.
///
/// It sits below authentication, retries and timeouts: one call of [`send`](Self::send) is one
/// attempt. A transport must not repeat requests and must not follow redirects of API calls: both
/// would do with a paid call, or with the keys, what nobody asked for.
///
/// A double for a test, which needs no network and no credits:
///
/// ```
/// use creatify_api::transport::{BoxFuture, Request, Response, StatusCode, Transport, TransportError};
/// use creatify_api::{Client, Credentials, Error};
///
/// struct Rich;
///
/// impl Transport for Rich {
///     fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
///         assert_eq!(request.url.path(), "/api/remaining_credits/");
///         let response = Response::new(StatusCode::OK, r#"{"remaining_credits": 1000}"#);
///         Box::pin(async { Ok(response) })
///     }
/// }
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Error> {
/// let keys = Credentials::new("id", "key");
/// let client = Client::builder().credentials(keys).transport(Rich).build()?;
/// let balance = client.remaining_credits().retrieve().await?;
/// assert_eq!(balance.remaining_credits, 1000.0);
/// # Ok(())
/// # }
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends the request once; gives the response as soon as its head is there.
    ///
    /// The future is dropped when the time for the attempt is over.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// How an HTTP client is built. A browser takes none of it but the caller's changes.
#[cfg_attr(target_arch = "wasm32", allow(dead_code))]
pub(crate) struct Settings<'a> {
    pub(crate) connect_timeout: Duration,
    pub(crate) scheme: Scheme,
    pub(crate) reach: Reach,
    pub(crate) configure: Option<&'a Configure>,
}

/// How the client for media is built.
#[cfg_attr(target_arch = "wasm32", allow(dead_code))]
pub(crate) struct MediaSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) redirects: RedirectPolicy,
    pub(crate) configure: Option<Arc<Configure>>,
}

/// What a caller changes of the HTTP clients.
pub(crate) type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;

/// How a server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// In the clear.
    Http,
    /// By TLS.
    Https,
    /// By TLS where this machine can, and in the clear where the caller allows it.
    Either,
}

/// Where connections may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anywhere, by way of the proxy that the environment names.
    Anywhere,
    /// What is meant for this machine must not leave it by way of a proxy.
    ThisMachine,
}

/// A redirect of media that is not followed, and will not be the next time either.
pub(crate) struct RefusedRedirect {
    /// Where it leads. Its query may be a key to the file.
    pub(crate) target: Url,
    pub(crate) problem: &'static str,
}

impl fmt::Debug for RefusedRedirect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefusedRedirect")
    }
}

impl fmt::Display for RefusedRedirect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a redirect was not followed: {}", self.problem)
    }
}

impl std::error::Error for RefusedRedirect {}

/// Headers as they may be printed: the values of a few that are known to hold no secret, and the
/// names of the others.
pub(crate) struct Shown<'a>(pub(crate) &'a HeaderMap);

/// The headers whose values may be printed.
const HARMLESS: &[&str] = &[
    "accept",
    "accept-ranges",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "range",
    "retry-after",
    "user-agent",
];

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.iter().map(|(name, value)| {
            let harmless = HARMLESS.contains(&name.as_str());
            let value = value.to_str().ok().filter(|_| harmless);
            // A server may write into any header what it likes.
            let value = value.map_or_else(ServerText::redacted, ServerText::new);
            (ServerText::new(name), value)
        });
        formatter.debug_map().entries(shown).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_an_allow_list() {
        let url = Url::parse("https://example.com/path?token=secret-1").expect("a URL");
        let mut request = Request::new(Method::GET, url);
        for (name, value) in [
            ("x-api-key", "secret-2"),
            ("x-new-header", "secret-3"),
            ("accept", "application/json"),
        ] {
            request
                .headers
                .insert(name, HeaderValue::from_static(value));
        }
        let shown = format!("{request:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("application/json") && shown.contains("x-new-header"));
        let response = Response::new(StatusCode::OK, "secret-4").with_header(
            reqwest::header::SET_COOKIE,
            HeaderValue::from_static("secret-5"),
        );
        let shown = format!("{response:?} {:?}", response.body);
        assert!(!shown.contains("secret"), "{shown}");
    }
}
