//! Encryption. In: the features this crate was built with. Out: settings of an HTTP client that can speak
//! TLS, or an error. Knows neither keys nor operations.
//!
//! All else is left to reqwest, so that the certificates that a caller sets with its methods are used, or are
//! an error when the client is built. No provider of cryptography is installed: the process is not ours.

use reqwest::ClientBuilder;

use super::Scheme;
use crate::runtime::Error;

/// rustls with the certificates of the operating system.
#[cfg(feature = "rustls")]
pub(super) fn configure(builder: ClientBuilder, scheme: Scheme) -> Result<ClientBuilder, Error> {
    let builder = builder.tls_backend_rustls();
    // A client of an `http://` server never speaks TLS, so it works on a system that has no
    // certificates: it trusts nobody but whom the caller adds.
    let trusts_nobody = match scheme {
        Scheme::Http => true,
        Scheme::Https => false,
        Scheme::Either => !system_has_certificates(),
    };
    Ok(match trusts_nobody {
        true => builder.tls_certs_only([]),
        false => builder,
    })
}

/// Whether reqwest can build a client that trusts whom the operating system trusts.
#[cfg(feature = "rustls")]
fn system_has_certificates() -> bool {
    static KNOWN: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *KNOWN.get_or_init(|| {
        let builder = reqwest::Client::builder().no_proxy();
        builder.tls_backend_rustls().build().is_ok()
    })
}

/// The TLS library of the operating system.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(super) fn configure(builder: ClientBuilder, _: Scheme) -> Result<ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// No TLS at all: only `http://` base URLs can work.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(builder: ClientBuilder, scheme: Scheme) -> Result<ClientBuilder, Error> {
    match scheme {
        Scheme::Http | Scheme::Either => Ok(builder),
        Scheme::Https => Err(Error::configuration(
            "an `https://` base URL needs the feature `rustls` or `native-tls` of creatify-api",
        )),
    }
}
