//! Encryption. In: the features this crate was built with. Out: HTTP clients that can speak TLS, or an error that
//! says what is missing. Knows neither keys nor operations.
//!
//! All else is left to reqwest, so that the certificates that a caller sets with its methods are used, or are
//! an error when the client is built. No provider of cryptography is installed: the process is not ours.

use reqwest::{Client, ClientBuilder};

use super::{Scheme, reason};
use crate::runtime::Error;

#[cfg(feature = "rustls")]
mod roots;

/// Whom a client trusts besides those whom the caller adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Roots {
    /// Whom the operating system trusts.
    System,
    /// The authorities that this crate was built with.
    #[cfg(feature = "bundled-roots")]
    Bundled,
    /// Nobody.
    None,
}

impl Roots {
    #[cfg(feature = "rustls")]
    pub(super) fn apply(self, builder: ClientBuilder) -> ClientBuilder {
        let builder = builder.tls_backend_rustls();
        match self {
            Self::System => builder,
            #[cfg(feature = "bundled-roots")]
            Self::Bundled => builder.tls_certs_only(roots::bundled()),
            Self::None => builder.tls_certs_only([]),
        }
    }

    #[cfg(all(feature = "native-tls", not(feature = "rustls")))]
    pub(super) fn apply(self, builder: ClientBuilder) -> ClientBuilder {
        builder.tls_backend_native()
    }

    #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
    pub(super) fn apply(self, builder: ClientBuilder) -> ClientBuilder {
        builder
    }
}

/// Builds a client by rustls. The attempt is made again with other roots only where the first one finds nobody to
/// trust: a caller's own certificates never get company.
#[cfg(feature = "rustls")]
pub(super) fn build(
    scheme: Scheme,
    attempt: impl Fn(Roots) -> ClientBuilder,
) -> Result<Client, Error> {
    // A client of an `http://` server never speaks TLS, so it works on a system that has no
    // certificates: it trusts nobody but whom the caller adds.
    let roots = match scheme {
        Scheme::Http => Roots::None,
        Scheme::Https | Scheme::Either => Roots::System,
    };
    let error = match attempt(roots).build() {
        Ok(client) => return Ok(client),
        Err(error) => error,
    };
    if !roots::are_missing(&error) {
        return Err(cannot_be_built(error));
    }
    match (roots::substitute(), scheme) {
        (Some(substitute), _) => attempt(substitute).build().map_err(cannot_be_built),
        // It can still load what is in the clear.
        (None, Scheme::Either) => attempt(Roots::None).build().map_err(cannot_be_built),
        (None, Scheme::Https | Scheme::Http) => Err(roots::missing(error)),
    }
}

/// Builds a client by the TLS library of the operating system.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(super) fn build(_: Scheme, attempt: impl Fn(Roots) -> ClientBuilder) -> Result<Client, Error> {
    attempt(Roots::System).build().map_err(cannot_be_built)
}

/// No TLS at all: only `http://` base URLs can work.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn build(
    scheme: Scheme,
    attempt: impl Fn(Roots) -> ClientBuilder,
) -> Result<Client, Error> {
    match scheme {
        Scheme::Http | Scheme::Either => attempt(Roots::None).build().map_err(cannot_be_built),
        Scheme::Https => Err(Error::configuration(
            "an `https://` base URL needs the feature `rustls` or `native-tls` of creatify-api",
        )),
    }
}

fn cannot_be_built(error: reqwest::Error) -> Error {
    let problem = format!("the HTTP client cannot be built: {}", reason::of(&error));
    Error::configuration_by(&problem, error)
}
