//! Encryption. In: the features this crate was built with. Out: an HTTP client that can speak
//! TLS, or an error. Knows neither keys nor operations.

use reqwest::{ClientBuilder, Url};

use super::Error;

/// rustls with ring and the certificates of the operating system. The provider is named here and
/// not taken from the process: reqwest panics when nobody has installed one.
#[cfg(feature = "rustls")]
pub(super) fn configure(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    let config = rustls_config(base_url).map_err(|error| {
        Error::configuration_by("the certificates of this system cannot be used", error)
    })?;
    Ok(builder.tls_backend_preconfigured(config))
}

#[cfg(feature = "rustls")]
fn rustls_config(base_url: &Url) -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    // A client of an `http://` server never speaks TLS, so it works on a system that has no
    // certificates: it trusts nobody.
    let config = match base_url.scheme() {
        "http" => config.with_root_certificates(rustls::RootCertStore::empty()),
        _ => config.with_platform_verifier()?,
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
pub(super) fn configure(builder: ClientBuilder, _: &Url) -> Result<ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// No TLS at all: only `http://` base URLs can work.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(builder: ClientBuilder, base_url: &Url) -> Result<ClientBuilder, Error> {
    if base_url.scheme() == "http" {
        return Ok(builder);
    }
    Err(Error::configuration(
        "an `https://` base URL needs the feature `rustls` or `native-tls` of creatify-api",
    ))
}
