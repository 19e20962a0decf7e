//! Settings of a client. In: what the caller chose. Out: a client, or the setting that is wrong.
//! Knows no operation.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use super::client::Inner;
use super::credentials::Keys;
use super::{Client, Credentials, Error, tls};
use crate::generated::security::DEFAULT_BASE_URL;

/// The time for one request and its answer. Most operations answer within seconds, but the preview
/// of a custom template is made before its answer comes, which takes a minute or two.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(180);

/// The time to reach the server, which does not depend on what is asked of it.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    base_url: String,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    transport: Transport,
}

/// Which base URLs are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transport {
    /// `https://`, and `http://` to this machine.
    Encrypted,
    /// `http://` to any machine as well.
    Any,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            user_agent: concat!("creatify-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            transport: Transport::Encrypted,
        }
    }
}

impl ClientBuilder {
    /// The keys of the account.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Where the API is: another server, or a path that a proxy puts in front. Must be `https://`,
    /// or `http://` to this machine.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The time for one request and its answer; three minutes unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time to reach the server; ten seconds unless set.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// The `User-Agent` header; the name and version of this crate unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Accepts `http://` base URLs of other machines. The keys then travel in the clear.
    pub fn allow_http(mut self) -> Self {
        self.transport = Transport::Any;
        self
    }

    /// The client, or an error that names the setting that is wrong.
    pub fn build(self) -> Result<Client, Error> {
        let keys = match &self.credentials {
            Some(credentials) => credentials.keys().map_err(Error::configuration)?,
            None => Keys::default(),
        };
        let base_url = checked_base_url(&self.base_url, self.transport)?;
        let http = self.http_client(&base_url)?;
        Ok(Client {
            inner: Arc::new(Inner {
                http,
                base_url,
                keys,
                timeout: self.timeout,
            }),
        })
    }

    pub(super) fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let required = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| {
                    Error::configuration(format!("the environment variable `{name}` is not set"))
                })
        };
        let credentials =
            Credentials::new(required("CREATIFY_API_ID")?, required("CREATIFY_API_KEY")?);
        let mut builder = Self::default().credentials(credentials);
        if let Some(base_url) = variable("CREATIFY_BASE_URL").filter(|value| !value.is_empty()) {
            builder = builder.base_url(base_url);
        }
        Ok(builder)
    }

    fn http_client(&self, base_url: &Url) -> Result<reqwest::Client, Error> {
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            Error::configuration("the user agent has a character that a header cannot carry")
        })?;
        let accept = HeaderValue::from_static("application/json");
        let mut builder = reqwest::Client::builder()
            // A redirect would carry the keys and the body to whatever address it names.
            .redirect(reqwest::redirect::Policy::none())
            // Whether a request may be repeated is decided in one place, and not below it.
            .retry(reqwest::retry::never())
            .default_headers(HeaderMap::from_iter([(ACCEPT, accept)]))
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout);
        if is_loopback(base_url) {
            // What is meant for this machine must not leave it by way of a proxy.
            builder = builder.no_proxy();
        }
        let builder = tls::configure(builder, base_url)?;
        builder
            .build()
            .map_err(|error| Error::configuration_by("the HTTP client cannot be built", error))
    }
}

impl fmt::Debug for ClientBuilder {
    /// The base URL stays out: before it is checked it may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// The messages do not repeat the URL, which may hold a password.
fn checked_base_url(text: &str, transport: Transport) -> Result<Url, Error> {
    let url = Url::parse(text)
        .map_err(|error| Error::configuration(format!("the base URL is not a URL: {error}")))?;
    let problem = match url.scheme() {
        "https" => None,
        "http" if transport == Transport::Any || is_loopback(&url) => None,
        "http" => {
            Some("would send the keys unencrypted; use `https://`, or allow it with `allow_http`")
        }
        _ => Some("must begin with `https://`"),
    };
    let problem = problem
        .or((!url.username().is_empty() || url.password().is_some())
            .then_some("must not carry a user name or password"))
        .or((url.query().is_some() || url.fragment().is_some())
            .then_some("must end with its path, without `?` and `#`"));
    match problem {
        Some(problem) => Err(Error::configuration(format!("the base URL {problem}"))),
        None => Ok(url),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        let table = [
            ("https://api.example.com", Transport::Encrypted, ""),
            ("https://example.com/creatify/", Transport::Encrypted, ""),
            ("http://127.0.0.1:8080", Transport::Encrypted, ""),
            ("http://[::1]:8080", Transport::Encrypted, ""),
            ("http://localhost", Transport::Encrypted, ""),
            ("http://example.com", Transport::Any, ""),
            ("http://example.com", Transport::Encrypted, "unencrypted"),
            (
                "http://localhost.example.com",
                Transport::Encrypted,
                "unencrypted",
            ),
            (
                "http://127.0.0.1.example.com",
                Transport::Encrypted,
                "unencrypted",
            ),
            ("ftp://example.com", Transport::Any, "https"),
            ("api.example.com", Transport::Any, "not a URL"),
            ("", Transport::Any, "not a URL"),
            ("https://name:word@example.com", Transport::Any, "password"),
            ("https://example.com/?a=b", Transport::Any, "path"),
            ("https://example.com/#a", Transport::Any, "path"),
        ];
        for (text, transport, expected) in table {
            match checked_base_url(text, transport) {
                Ok(_) => assert_eq!(expected, "", "{text}"),
                Err(error) => {
                    assert!(error.is_configuration());
                    let message = error.to_string();
                    assert!(
                        !expected.is_empty() && message.contains(expected),
                        "{text}: {message}"
                    );
                    assert!(!message.contains("word@"), "{message}");
                }
            }
        }
    }

    #[test]
    fn the_environment_needs_both_keys() {
        let complete = |name: &str| match name {
            "CREATIFY_API_ID" => Some("id".to_owned()),
            "CREATIFY_API_KEY" => Some("key".to_owned()),
            "CREATIFY_BASE_URL" => Some("http://127.0.0.1:9/v1".to_owned()),
            _ => None,
        };
        let builder = ClientBuilder::from_variables(complete).expect("a builder");
        assert_eq!(builder.base_url, "http://127.0.0.1:9/v1");
        assert_eq!(builder.credentials, Some(Credentials::new("id", "key")));
        for missing in ["CREATIFY_API_ID", "CREATIFY_API_KEY"] {
            for value in [None, Some(String::new())] {
                let variable = |name: &str| {
                    if name == missing {
                        value.clone()
                    } else {
                        complete(name)
                    }
                };
                let error = ClientBuilder::from_variables(variable).expect_err("a key is missing");
                assert!(
                    error.is_configuration() && error.to_string().contains(missing),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn settings_that_cannot_work_are_errors() {
        assert!(Client::new("", "key").is_err_and(|error| error.is_configuration()));
        assert!(Client::new("id", "key\n").is_err_and(|error| error.is_configuration()));
        let agent = Client::builder().user_agent("line\nbreak").build();
        assert!(agent.is_err_and(|error| error.to_string().contains("user agent")));
    }
}
