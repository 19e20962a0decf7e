//! The media transport. In: a request for a file at a given address. Out: the response at the end of
//! its redirects, each of which was checked before it was followed. Has no key.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::LOCATION;
use reqwest::{ClientBuilder, Url};

use super::network::{Network, RedirectPolicy};
use super::{
    BoxFuture, MediaSettings, Reach, RefusedRedirect, Request, Response, Scheme, Settings,
    Transport, TransportError, http,
};
use crate::runtime::Error;

/// How many redirects lead to a file at most.
const REDIRECTS: usize = 10;

/// A transport with these settings.
pub(crate) fn media(settings: MediaSettings) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(Media::new(settings, system_lookup)?))
}

/// Follows redirects by itself, because what may be asked for, and by which way, depends on how an address was come by.
struct Media {
    redirects: RedirectPolicy,
    /// For the addresses that callers give, by way of the proxies that the environment names.
    given: reqwest::Client,
    /// For this machine, past all proxies.
    loopback: Lazy,
    /// For the public addresses that redirects name: without a proxy it connects to nothing that is not public.
    public: Lazy,
    targets: Arc<Targets>,
}

/// A client that is built when it is needed, as most programs never do.
type Lazy = LazyLock<
    Result<reqwest::Client, String>,
    Box<dyn FnOnce() -> Result<reqwest::Client, String> + Send>,
>;

impl Media {
    fn new(settings: MediaSettings, lookup: Lookup) -> Result<Self, Error> {
        let targets = Arc::<Targets>::default();
        let resolver = PublicOnly {
            targets: Arc::clone(&targets),
            lookup,
        };
        let given = client(&settings, Way::Any)?;
        let redirects = settings.redirects;
        let settings = Arc::new(settings);
        let lazy = |way: Way| -> Lazy {
            let settings = Arc::clone(&settings);
            LazyLock::new(Box::new(move || {
                client(&settings, way).map_err(|error| error.to_string())
            }))
        };
        Ok(Self {
            redirects,
            given,
            loopback: lazy(Way::NoProxy),
            public: lazy(Way::PublicOnly(resolver)),
            targets,
        })
    }

    /// What asks at this address.
    fn client(&self, url: &Url, trusted: bool) -> Result<&reqwest::Client, TransportError> {
        let lazy = match Network::of(url) {
            Network::Loopback => &self.loopback,
            Network::Public if !trusted => {
                self.targets.add(url.host_str().unwrap_or_default());
                &self.public
            }
            Network::Public | Network::Private | Network::LinkLocal => return Ok(&self.given),
        };
        match &**lazy {
            Ok(client) => Ok(client),
            Err(problem) => Err(TransportError::not_sent(problem.as_str())),
        }
    }

    async fn follow(&self, mut request: Request) -> Result<Response, TransportError> {
        // Whether the host is the one that the caller named: its network is the caller's affair.
        let mut trusted = true;
        for _ in 0..=REDIRECTS {
            let client = self.client(&request.url, trusted)?;
            let response = client.send(request.clone()).await;
            let response = response.map_err(|error| not_public(error, &request.url))?;
            let Some(target) = target(&response, &request.url)? else {
                return Ok(response);
            };
            if let Some(problem) = self.redirects.problem(&request.url, &target) {
                return Err(refused(&target, problem));
            }
            let same_host = target.host_str() == request.url.host_str();
            trusted = self.redirects.private || (trusted && same_host);
            request.url = target;
        }
        Err(refused(&request.url, "more than 10 redirects led there"))
    }
}

impl Transport for Media {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.follow(request))
    }
}

/// How a client reaches what it asks.
enum Way {
    /// As the environment and the caller say.
    Any,
    /// Directly, whatever they say.
    NoProxy,
    /// Directly only what this resolver knows.
    PublicOnly(PublicOnly),
}

fn client(settings: &MediaSettings, way: Way) -> Result<reqwest::Client, Error> {
    let settings = Settings {
        connect_timeout: settings.connect_timeout,
        scheme: Scheme::Either,
        reach: Reach::Anywhere,
        configure: settings.configure.as_deref(),
    };
    // Another crate may have switched decoders on, which would take the parts of a coded file for parts of
    // the file itself.
    let undecoded = |builder: ClientBuilder| builder.no_gzip().no_brotli().no_zstd().no_deflate();
    match way {
        Way::Any => http::build(&settings, |builder| builder, undecoded),
        Way::NoProxy => http::build(
            &settings,
            |builder| builder,
            |builder| undecoded(builder.no_proxy()),
        ),
        Way::PublicOnly(resolver) => {
            let resolver = Arc::new(resolver);
            let resolved = |builder: ClientBuilder| builder.dns_resolver(Arc::clone(&resolver));
            http::build(&settings, resolved, undecoded)
        }
    }
}

/// Where a response sends the client, if it does.
fn target(response: &Response, from: &Url) -> Result<Option<Url>, TransportError> {
    if !matches!(response.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers.get(LOCATION) else {
        return Ok(None);
    };
    let target = std::str::from_utf8(location.as_bytes()).ok();
    let target = target.and_then(|target| from.join(target).ok());
    let Some(mut target) = target else {
        return Err(refused(from, "its `Location` is not an address"));
    };
    target.set_fragment(None);
    Ok(Some(target))
}

fn refused(target: &Url, problem: &'static str) -> TransportError {
    TransportError::interrupted(RefusedRedirect {
        target: target.clone(),
        problem,
    })
}

/// The error, or what it means when the resolver found no public address.
fn not_public(error: TransportError, url: &Url) -> TransportError {
    let mut cause = StdError::source(&error);
    while let Some(found) = cause {
        if found.is::<NotPublic>() {
            let problem = "the name of its host stands for this machine or a private network; \
                           `allow_private_redirects` of the client's builder allows it";
            return refused(url, problem);
        }
        cause = found.source();
    }
    error
}

/// The hosts that redirects named, the latest last. A resolver is asked for them and for proxies alike, and only they
/// must be public.
#[derive(Default)]
struct Targets(Mutex<VecDeque<String>>);

impl Targets {
    /// More are not asked for at the same time.
    const MOST: usize = 1024;

    fn add(&self, host: &str) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|known| known != host);
        hosts.push_back(host.to_owned());
        if hosts.len() > Self::MOST {
            hosts.pop_front();
        }
    }

    fn contains(&self, host: &str) -> bool {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

/// The addresses of a name.
type Lookup = fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;

/// Asks the operating system.
fn system_lookup(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    Box::pin(async move {
        let found = tokio::task::spawn_blocking(move || (name.as_str(), 0).to_socket_addrs());
        Ok(found.await.map_err(io::Error::other)??.collect())
    })
}

/// A resolver that knows no private address of a host that a redirect named. The connection is made to what it
/// returns, so a second response for the same name changes nothing.
struct PublicOnly {
    targets: Arc<Targets>,
    lookup: Lookup,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let is_target = self.targets.contains(name.as_str());
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let mut addresses = found.await?;
            if is_target && !addresses.is_empty() {
                addresses.retain(|address| Network::of_address(address.ip()) == Network::Public);
                if addresses.is_empty() {
                    return Err(NotPublic.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug)]
struct NotPublic;

impl fmt::Display for NotPublic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name has no public address")
    }
}

impl StdError for NotPublic {}

#[cfg(test)]
mod tests;
