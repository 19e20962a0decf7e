//! Traces. In: calls and attempts. Out: spans and events with the attribute names of
//! OpenTelemetry's conventions for HTTP clients, when the feature `tracing` is on; nothing otherwise. Sees no
//! key, no header and no body.

use std::borrow::Cow;
use std::future::Future;
use std::time::Duration;

use reqwest::Url;
use serde_json::Value;

use super::Error;
use super::raw_response::RawResponse;
#[cfg(feature = "tracing")]
use super::redact::ServerText;
use super::request::Request;
use super::transport::{BoxFuture, MaybeSend};

/// Runs a call inside a span of its own.
pub(crate) fn call<'a, T>(
    operation: Cow<'static, str>,
    future: impl Future<Output = T> + MaybeSend + 'a,
) -> BoxFuture<'a, T> {
    #[cfg(feature = "tracing")]
    {
        use tracing::Instrument;
        let span = tracing::info_span!(
            "creatify.call",
            creatify.operation = ServerText::new(&*operation).as_str()
        );
        Box::pin(future.instrument(span))
    }
    #[cfg(not(feature = "tracing"))]
    {
        let _ = operation;
        Box::pin(future)
    }
}

/// Runs one attempt, the first being 1, inside a span of its own.
pub(crate) async fn attempt(
    request: &Request,
    number: u32,
    future: impl Future<Output = Result<(RawResponse, Value), Error>>,
) -> Result<(RawResponse, Value), Error> {
    #[cfg(feature = "tracing")]
    {
        use tracing::Instrument;
        use tracing::field::Empty;
        // The path of a raw call is no template: it may hold ids.
        let template = request.callee.operation().map(|operation| operation.path);
        let method = request.callee.method();
        let method = method.as_str();
        let span_name =
            template.map_or_else(|| method.to_owned(), |path| format!("{method} {path}"));
        let span = tracing::info_span!(
            "creatify.attempt",
            otel.name = %span_name,
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = method,
            http.request.resend_count = Empty,
            http.response.status_code = Empty,
            url.template = template,
            url.path = %ServerText::new(request.url.path()),
            server.address = request.url.host_str().map(host),
            server.port = request.url.port_or_known_default(),
            error.type = Empty,
        );
        if number > 1 {
            span.record("http.request.resend_count", number - 1);
        }
        let outcome = future.instrument(span.clone()).await;
        let status = match &outcome {
            Ok((response, _)) => Some(response.status),
            Err(error) => error.status(),
        };
        if let Some(status) = status {
            span.record("http.response.status_code", status.as_u16());
        }
        if let Err(error) = &outcome {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error_type(error).as_ref());
        }
        outcome
    }
    #[cfg(not(feature = "tracing"))]
    {
        let _ = (request, number);
        future.await
    }
}

/// Runs a download inside a span of its own. Addresses of files are signed: of this one only the host is shown.
pub(crate) async fn download<T>(
    url: &Url,
    future: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    #[cfg(feature = "tracing")]
    {
        use tracing::Instrument;
        use tracing::field::Empty;
        let span = tracing::info_span!(
            "creatify.download",
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = "GET",
            http.response.status_code = Empty,
            server.address = url.host_str().map(host),
            server.port = url.port_or_known_default(),
            error.type = Empty,
        );
        let outcome = future.instrument(span.clone()).await;
        if let Err(error) = &outcome {
            if let Some(status) = error.status() {
                span.record("http.response.status_code", status.as_u16());
            }
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error_type(error).as_ref());
        }
        outcome
    }
    #[cfg(not(feature = "tracing"))]
    {
        let _ = url;
        future.await
    }
}

/// An attempt failed and will be made again.
pub(crate) fn retry(error: &Error, wait: Duration) {
    #[cfg(feature = "tracing")]
    tracing::warn!(%error, wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), "trying again");
    #[cfg(not(feature = "tracing"))]
    let _ = (error, wait);
}

/// The outcome of a call is known, and its journal could not be told.
pub(crate) fn journal(error: &Error) {
    #[cfg(feature = "tracing")]
    tracing::warn!(%error, "the journal keeps a call open whose outcome is known");
    #[cfg(not(feature = "tracing"))]
    let _ = error;
}

/// A host as it may be traced: that of a file is what a server says.
#[cfg(feature = "tracing")]
fn host(host: &str) -> String {
    ServerText::new(host).into_string()
}

/// The value of `error.type`: the status, or one word of few.
#[cfg(feature = "tracing")]
fn error_type(error: &Error) -> std::borrow::Cow<'static, str> {
    match error.status() {
        Some(status) if !status.is_success() => status.as_str().to_owned().into(),
        _ if error.is_timeout() => "timeout".into(),
        _ if error.is_connect() => "connect".into(),
        _ if error.is_decode() => "decode".into(),
        _ => "connection".into(),
    }
}
