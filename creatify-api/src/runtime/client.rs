//! The client. In: settings that have been checked. Out: what every call needs. Knows no
//! operation: the generated half adds one method per resource.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::credentials::Keys;
use super::{ClientBuilder, Credentials, Error};

/// The way to the API. Cloning is cheap; clones share their connections.
///
/// Calls need a tokio runtime.
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) http: reqwest::Client,
    pub(super) base_url: Url,
    pub(super) keys: Keys,
    pub(super) timeout: Duration,
}

impl Client {
    /// A client with the API id and API key of an account, and defaults for everything else.
    pub fn new(api_id: impl Into<String>, api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder()
            .credentials(Credentials::new(api_id, api_key))
            .build()
    }

    /// A client with the keys in the environment variables `CREATIFY_API_ID` and
    /// `CREATIFY_API_KEY`, and the base URL in `CREATIFY_BASE_URL` if that is set.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_variables(|name| std::env::var(name).ok())?.build()
    }

    /// A client with other settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .field("timeout", &self.inner.timeout)
            .finish_non_exhaustive()
    }
}
