//! The client. In: settings that have been checked. Out: what every call needs. Knows no
//! operation: the generated half adds one method per resource.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;

use super::credentials::Keys;
use super::journal::{Account, Journal};
use super::process::Process;
use super::retry::RetryBudget;
use super::spend::SpendBudget;
use super::times::ServerClock;
use super::transport::RedirectPolicy;
use super::{ClientBuilder, Credentials, Error, Interceptor, RetryPolicy, Spending, Transport};
use super::{clock, journal, trace};

/// The way to the API. Cloning is cheap; clones share their connections, their retry budget and
/// their spend limit.
///
/// Calls need a tokio runtime.
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) transport: Arc<dyn Transport>,
    /// Sees no key.
    pub(super) media: Arc<dyn Transport>,
    pub(super) interceptors: Vec<Arc<dyn Interceptor>>,
    pub(super) base_url: Url,
    /// Where files may be asked for.
    pub(super) redirects: RedirectPolicy,
    /// What every request carries.
    pub(super) headers: HeaderMap,
    pub(super) keys: Keys,
    pub(super) timeout: Duration,
    pub(super) total_timeout: Option<Duration>,
    pub(super) max_response_size: usize,
    /// Where its connections are.
    pub(super) process: Process,
    pub(super) retry: RetryPolicy,
    pub(super) retry_budget: RetryBudget,
    pub(super) spend_budget: Option<Arc<SpendBudget>>,
    pub(super) server_clock: ServerClock,
    /// Whose jobs this client sees.
    pub(super) account: Account,
    pub(super) journal: Option<Arc<dyn Journal>>,
    pub(super) unique_names: bool,
}

impl Client {
    /// A client with the API id and API key of an account, and defaults for everything else.
    pub fn new(api_id: impl Into<String>, api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder()
            .credentials(Credentials::new(api_id, api_key))
            .build()
    }

    /// A client with the keys in the environment variables `CREATIFY_API_ID` and
    /// `CREATIFY_API_KEY`, and the base URL in `CREATIFY_BASE_URL` if that is set. A variable that is empty or not
    /// UTF-8 is an error, which names it and does not show it. [`ClientBuilder::from_env`] takes other settings as well.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client with other settings.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// What the calls of this client and its clones have cost; none for a client without a
    /// [spend limit](ClientBuilder::spend_limit), which keeps no accounts.
    pub fn spending(&self) -> Option<Spending> {
        self.inner
            .spend_budget
            .as_ref()
            .map(|spend_budget| spend_budget.spending())
    }

    /// Begins a new period of the [spend limit](ClientBuilder::spend_limit): what was charged until now counts no more,
    /// except for jobs that still run. With a [journal](ClientBuilder::journal) this holds for later processes, too.
    pub async fn reset_spending(&self) -> Result<(), Error> {
        self.restore_spending().await?;
        if let Some(spend_budget) = &self.inner.spend_budget {
            spend_budget.reset();
            if let Some(journal) = &self.inner.journal {
                spend_budget
                    .store(&**journal, self.inner.account.as_str())
                    .await?;
            }
        }
        Ok(())
    }

    /// Reads what earlier processes were charged, once.
    pub(super) async fn restore_spending(&self) -> Result<(), Error> {
        if let (Some(spend_budget), Some(journal)) = (&self.inner.spend_budget, &self.inner.journal)
        {
            spend_budget
                .restore(&**journal, self.inner.account.as_str())
                .await?;
        }
        Ok(())
    }

    /// Stores what was charged, for later processes. What cannot be stored is stored with the next change.
    pub(super) async fn store_spending(&self) {
        if let (Some(spend_budget), Some(journal)) = (&self.inner.spend_budget, &self.inner.journal)
        {
            let storing = spend_budget.store(&**journal, self.inner.account.as_str());
            // A response that is there already is not kept from its caller for longer.
            if let Some(Err(error)) = clock::within(journal::CLOSING, storing).await {
                trace::journal(&error.into());
            }
        }
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
