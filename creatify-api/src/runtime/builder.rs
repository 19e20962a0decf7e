//! Settings of a client. In: what the caller chose. Out: a client, or the setting that is wrong.
//! Knows no operation.

mod base_url;
mod environment;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};

use super::client::Inner;
use super::credentials::Keys;
use super::journal::Journal;
use super::process::Process;
use super::retry::RetryBudget;
use super::spend::SpendBudget;
use super::times::ServerClock;
use super::transport::{
    self, Configure, Encryption, MediaSettings, Reach, RedirectPolicy, Scheme, is_loopback,
};
use super::{Client, Credentials, Error, Interceptor, RetryPolicy, Transport};
use crate::generated::security::DEFAULT_BASE_URL;

/// The time for one request and its response. Most operations answer within seconds, but the preview
/// of a custom template is made before its response comes, which takes a minute or two.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(180);

/// The time to reach the server, which does not depend on what is asked of it.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The most of a response that is read. Records and lists of them have some kilobytes.
const DEFAULT_MAX_RESPONSE_SIZE: usize = 16 * 1024 * 1024;

/// Settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    base_url: String,
    timeout: Duration,
    total_timeout: Option<Duration>,
    connect_timeout: Duration,
    max_response_size: usize,
    user_agent: String,
    encryption: Encryption,
    private_redirects: bool,
    retry: RetryPolicy,
    spend_limit: Option<f64>,
    spend_period: Option<Duration>,
    interceptors: Vec<Arc<dyn Interceptor>>,
    configure: Option<Arc<Configure>>,
    transport: Option<Arc<dyn Transport>>,
    media_transport: Option<Arc<dyn Transport>>,
    journal: Option<Arc<dyn Journal>>,
    unique_names: bool,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            credentials: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            max_response_size: DEFAULT_MAX_RESPONSE_SIZE,
            user_agent: concat!("creatify-api/", env!("CARGO_PKG_VERSION")).to_owned(),
            total_timeout: None,
            encryption: Encryption::Required,
            private_redirects: false,
            retry: RetryPolicy::default(),
            spend_limit: None,
            spend_period: None,
            interceptors: Vec::new(),
            configure: None,
            transport: None,
            media_transport: None,
            journal: None,
            unique_names: false,
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

    /// The time for one attempt of a call, the request and its response; three minutes unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time for all attempts of a call and the waits between them; without limit unless set.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// The time to reach the server; ten seconds unless set. When the time for the attempt is over sooner the
    /// error is the same: [`is_connect`](crate::Error::is_connect), and nothing was sent.
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// The most bytes of the body of a response that are read, success or not; 16 MiB unless set. A larger response
    /// is an error, [`is_response_too_large`](crate::Error::is_response_too_large), which keeps status, headers
    /// and as many bytes. Downloads of media have a limit of their own.
    ///
    /// A response that is read as JSON takes several times its size in memory.
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// The `User-Agent` header; the name and version of this crate unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Accepts `http://` base URLs of other machines, and media there: addresses that are given, and redirects from
    /// `https://` to `http://`. The keys and the files then travel in the clear.
    pub fn allow_http(mut self) -> Self {
        self.encryption = Encryption::Optional;
        self
    }

    /// Follows redirects of media to this machine and into private networks also from elsewhere; see
    /// [the module](crate::download#redirects). Whoever can redirect a download then chooses what this machine
    /// asks of its neighbours.
    pub fn allow_private_redirects(mut self) -> Self {
        self.private_redirects = true;
        self
    }

    /// How often calls are tried, and how long they wait in between.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The most that calls of this client and its clones may cost, in credits. A call is refused
    /// before it is sent when what was charged until then, plus its [estimate](crate::Call::estimate),
    /// would pass the limit. Prices by length are known only when a video is there: the limit can be
    /// passed by what the calls under way cost more than estimated, which
    /// [`Call::expected_seconds`](crate::Call::expected_seconds) makes small. A call whose price is not known
    /// counts as free until its job reports what it cost.
    ///
    /// With a [journal](Self::journal) the limit is one of the account and outlives the process: what earlier
    /// processes with the same journal were charged counts too, and so do calls whose outcome is not known. It is
    /// read before the first paid call and by [`Client::recover`]. Clients that run at the same time on one journal each
    /// count their own calls and what was there when they began. Counting begins anew after each
    /// [`spend_period`](Self::spend_period), and with [`Client::reset_spending`].
    pub fn spend_limit(mut self, credits: f64) -> Self {
        self.spend_limit = Some(credits);
        self
    }

    /// How long a period of the [spend limit](Self::spend_limit) lasts; without an end unless set. When a paid call is made
    /// after its end a new period begins with that call, by the clock of this machine; jobs that still run then count on.
    pub fn spend_period(mut self, period: Duration) -> Self {
        self.spend_period = Some(period);
        self
    }

    /// Writes every call that may cost credits into this journal before it is sent, so that its outcome can be found out
    /// whatever ends the process or drops its future: see [`journal`](crate::journal).
    ///
    /// A call is not sent when it cannot be written down, and fails with
    /// [`is_journal`](crate::Error::is_journal). Two writes that reach the disk belong to each such call, one before
    /// it is sent and one when it is answered; calls that are made at the same time share them.
    pub fn journal(mut self, journal: impl Journal) -> Self {
        self.journal = Some(Arc::new(journal));
        self
    }

    /// Puts a short random tag behind the name of every job that this client makes, such as `order-7 #k3f9w2hq`, so that
    /// [`Client::recover`] can tell whose job is whose without being told. The name of a job that was given none is
    /// the tag. It counts for the greatest length of a name.
    pub fn unique_names(mut self) -> Self {
        self.unique_names = true;
        self
    }

    /// Sees every attempt of every call; several see it in the order in which they were added.
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.interceptors.push(Arc::new(interceptor));
        self
    }

    /// Changes the settings of the HTTP clients, such as proxies and certificates: those of the caller's own
    /// authority (`tls_certs_merge`, or `tls_certs_only` in place of the system's) and that of the caller
    /// (`identity`). What cannot be kept is an error of [`build`](Self::build). The function may be called
    /// several times. Redirects and repetitions
    /// stay off. Both clients are changed, that for calls and that for media: add headers for the API
    /// with an [`interceptor`](Self::interceptor), so that no other server sees them.
    ///
    /// It is called once for calls and up to three times for media, whose clients for addresses that are given, for
    /// this machine and for redirects differ: [no proxy](crate::download#what-is-sent) is asked for what is on
    /// this machine, and decoders of `Content-Encoding` are off for media.
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure = Some(Arc::new(configure));
        self
    }

    /// Sends the calls by an HTTP client that is there already. Build it with
    /// `redirect(Policy::none())` and `retry(reqwest::retry::never())`: a redirect that it
    /// follows has carried the keys away before the call can fail with
    /// [`is_redirect`](crate::Error::is_redirect). Its connect timeout is its own.
    ///
    /// Media is downloaded by a client of its own all the same, or by
    /// [`media_transport`](Self::media_transport).
    ///
    /// It brings its own settings of TLS.
    pub fn http_client(self, client: reqwest::Client) -> Self {
        self.transport(client)
    }

    /// Sends the calls in another way: a double in tests, another HTTP library.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Downloads media in another way. No request for media carries a key. It must give bodies as they are
    /// sent: one that decodes `Content-Encoding` by itself could be given the parts of two files for one. Of redirects
    /// that it follows only the end is [checked](crate::download#redirects), when it says which address answered.
    pub fn media_transport(mut self, transport: impl Transport) -> Self {
        self.media_transport = Some(Arc::new(transport));
        self
    }

    /// The client, or an error that names the setting that is wrong.
    pub fn build(self) -> Result<Client, Error> {
        let keys = match &self.credentials {
            Some(credentials) => credentials.keys().map_err(Error::configuration)?,
            None => Keys::default(),
        };
        let base_url = base_url::checked(&self.base_url, self.encryption)?;
        if self
            .spend_limit
            .is_some_and(|limit| limit.is_nan() || limit < 0.0)
        {
            return Err(Error::configuration(
                "the spend limit is not a number of credits",
            ));
        }
        let redirects = self.redirects();
        Ok(Client {
            inner: Arc::new(Inner {
                transport: self.api_transport(&base_url)?,
                media: self.keyless_transport()?,
                interceptors: self.interceptors,
                account: keys.account(&base_url),
                journal: self.journal,
                unique_names: self.unique_names,
                base_url,
                redirects,
                headers: headers(&self.user_agent)?,
                keys,
                timeout: self.timeout,
                total_timeout: self.total_timeout,
                max_response_size: self.max_response_size,
                process: Process::default(),
                retry: self.retry,
                retry_budget: RetryBudget::default(),
                spend_budget: self
                    .spend_limit
                    .map(|limit| SpendBudget::new(limit, self.spend_period)),
                server_clock: ServerClock::default(),
            }),
        })
    }

    fn api_transport(&self, base_url: &Url) -> Result<Arc<dyn Transport>, Error> {
        match &self.transport {
            Some(transport) => Ok(Arc::clone(transport)),
            None => {
                let scheme = match base_url.scheme() {
                    "http" => Scheme::Http,
                    _ => Scheme::Https,
                };
                let settings = transport::Settings {
                    connect_timeout: self.connect_timeout,
                    scheme,
                    reach: if is_loopback(base_url) {
                        Reach::ThisMachine
                    } else {
                        Reach::Anywhere
                    },
                    configure: self.configure.as_deref(),
                };
                Ok(Arc::new(transport::client(&settings)?))
            }
        }
    }

    fn keyless_transport(&self) -> Result<Arc<dyn Transport>, Error> {
        match &self.media_transport {
            Some(transport) => Ok(Arc::clone(transport)),
            None => transport::media(MediaSettings {
                connect_timeout: self.connect_timeout,
                redirects: self.redirects(),
                configure: self.configure.clone(),
            }),
        }
    }

    fn redirects(&self) -> RedirectPolicy {
        RedirectPolicy {
            encryption: self.encryption,
            private: self.private_redirects,
        }
    }
}

/// What every request carries.
fn headers(user_agent: &str) -> Result<HeaderMap, Error> {
    let user_agent = HeaderValue::from_str(user_agent).map_err(|_| {
        Error::configuration("the user agent has a character that a header cannot carry")
    })?;
    let accept = HeaderValue::from_static("application/json");
    Ok(HeaderMap::from_iter([
        (ACCEPT, accept),
        (USER_AGENT, user_agent),
    ]))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_work_are_errors() {
        assert!(Client::new("", "key").is_err_and(|error| error.is_configuration()));
        assert!(Client::new("id", "key\n").is_err_and(|error| error.is_configuration()));
        let agent = Client::builder().user_agent("line\nbreak").build();
        assert!(agent.is_err_and(|error| error.to_string().contains("user agent")));
    }
}
