//! The browser as a transport. In: a request. Out: the browser's response. The browser connects and
//! follows redirects by itself, and does not report why a connection failed.

use std::sync::Arc;

use super::{
    Body, BoxFuture, Configure, MediaSettings, Request, Response, Settings, Transport,
    TransportError,
};
use crate::runtime::Error;

/// A client with these settings, as far as a browser lets one choose: the address of a response tells whether
/// it followed a redirect.
pub(crate) fn client(settings: &Settings<'_>) -> Result<reqwest::Client, Error> {
    built(settings.configure)
}

/// A transport of media with these settings: redirects are judged by where they ended.
pub(crate) fn media(settings: MediaSettings) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(built(settings.configure.as_deref())?))
}

fn built(configure: Option<&Configure>) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder();
    let builder = match configure {
        Some(configure) => configure(builder),
        None => builder,
    };
    builder
        .build()
        .map_err(|error| Error::configuration_by("the HTTP client cannot be built", error))
}

impl Transport for reqwest::Client {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let builder = self
            .request(request.method, request.url)
            .headers(request.headers);
        let builder = if request.body.is_empty() {
            builder
        } else {
            builder.body(request.body)
        };
        Box::pin(async move {
            let failed = |error: reqwest::Error| TransportError::interrupted(error.without_url());
            let mut response = builder.send().await.map_err(failed)?;
            let (status, url) = (response.status(), response.url().clone());
            let headers = std::mem::take(response.headers_mut());
            Ok(Response {
                status,
                headers,
                body: Body::from(response.bytes().await.map_err(failed)?),
                url: Some(url),
            })
        })
    }
}
