//! Encryption. In: the features this crate was built with. Out: an HTTP client that can speak
//! TLS, or an error. Knows neither keys nor operations.

use reqwest::ClientBuilder;

use super::Scheme;
use crate::runtime::Error;

/// rustls with ring and the certificates of the operating system. The provider is named here and
/// not taken from the process: reqwest panics when nobody has installed one.
#[cfg(feature = "rustls")]
pub(super) fn configure(builder: ClientBuilder, scheme: Scheme) -> Result<ClientBuilder, Error> {
    let config = rustls_config(scheme).map_err(|error| {
        Error::configuration_by("the certificates of this system cannot be used", error)
    })?;
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(feature = "rustls")]
fn rustls_config(scheme: Scheme) -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    // A client of an `http://` server never speaks TLS, so it works on a system that has no
    // certificates: it trusts nobody.
    let config = match scheme {
        Scheme::Http => config.with_root_certificates(rustls::RootCertStore::empty()),
        Scheme::Https => config.with_platform_verifier()?,
        Scheme::Either => match config.clone().with_platform_verifier() {
            Ok(config) => config,
            Err(_) => config.with_root_certificates(rustls::RootCertStore::empty()),
        },
    };
    let mut config = config.with_no_client_auth();
    if cfg!(feature = "http2") {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(config)
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
