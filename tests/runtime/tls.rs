//! Certificates of the caller's own, and other programs' HTTP clients. In: a server by TLS on this machine,
//! whose authority nobody knows. Out: calls that reach it when they are told, and errors that say why not.

use std::sync::Arc;

use creatify_api::{Client, ClientBuilder, Credentials, Error, RetryPolicy};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

// Made for these tests; they are valid from 2020 to 2120, for `localhost` and 127.0.0.1.
const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");
const SERVER: &[u8] = include_bytes!("tls/server.pem");
const CALLER: &[u8] = include_bytes!("tls/client.pem");

// The same of another authority: one was valid in January 2020, one will be from 2110, and one has signed itself.
const SECOND_AUTHORITY: &[u8] = include_bytes!("tls/second_authority.pem");
const EXPIRED: &[u8] = include_bytes!("tls/expired.pem");
const NOT_YET: &[u8] = include_bytes!("tls/not_yet.pem");
const SELF_SIGNED: &[u8] = include_bytes!("tls/self_signed.pem");

/// What a server asks of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    ACertificate,
}

/// A server with this certificate and key.
fn config(server: &[u8], asks: Asks) -> ServerConfig {
    let certificate = |pem| CertificateDer::from_pem_slice(pem).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .expect("versions");
    let builder = match asks {
        Asks::Nothing => builder.with_no_client_auth(),
        Asks::ACertificate => {
            let mut roots = RootCertStore::empty();
            roots.add(certificate(AUTHORITY)).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
        }
    };
    let key = PrivateKeyDer::from_pem_slice(server).expect("a key");
    let chain = vec![certificate(server)];
    builder
        .with_single_cert(chain, key)
        .expect("a certificate and its key")
}

/// A server that answers every request with an empty list; gives its address.
async fn serve(asks: Asks) -> String {
    serve_as(config(SERVER, asks)).await
}

async fn serve_as(config: ServerConfig) -> String {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // Whoever does not trust the server hangs up.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut request = [0; 4096];
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    format!("https://localhost:{port}")
}

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("id", "key"))
        .retry(RetryPolicy::off())
        .base_url(base_url)
}

fn authority() -> reqwest::Certificate {
    reqwest::Certificate::from_pem(AUTHORITY).expect("a certificate")
}

/// What comes of a call and of a download.
async fn both(client: &Client, url: &str) -> (Result<(), Error>, Result<(), Error>) {
    let call = client.lipsyncs().list().await.map(drop);
    let address = format!("{url}/file");
    (call, client.download(address).bytes().await.map(drop))
}

#[tokio::test]
async fn a_server_is_trusted_when_the_caller_brings_its_authority() {
    let url = serve(Asks::Nothing).await;
    let (call, download) = both(&builder(&url).build().expect("a client"), &url).await;
    assert!(call.is_err_and(|error| error.is_connect() && !error.is_ambiguous()));
    assert!(download.is_err());
    type Configure = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    let ways: [Configure; 3] = [
        |http| http.no_proxy().tls_certs_only([authority()]),
        |http| http.no_proxy().tls_certs_merge([authority()]),
        |http| http.no_proxy().add_root_certificate(authority()),
    ];
    for configure in ways {
        let client = builder(&url)
            .configure_http(configure)
            .build()
            .expect("a client");
        let (call, download) = both(&client, &url).await;
        call.expect("an answer");
        download.expect("a file");
    }
}

#[tokio::test]
async fn a_caller_shows_its_certificate_when_it_is_asked_for() {
    let url = serve(Asks::ACertificate).await;
    let trusting = |http: reqwest::ClientBuilder| http.no_proxy().tls_certs_only([authority()]);
    let client = builder(&url)
        .configure_http(trusting)
        .build()
        .expect("a client");
    client
        .lipsyncs()
        .list()
        .await
        .expect_err("nobody is asked in");
    let known = move |http| {
        let identity = reqwest::Identity::from_pem(CALLER).expect("a certificate and its key");
        trusting(http).identity(identity)
    };
    let client = builder(&url)
        .configure_http(known)
        .build()
        .expect("a client");
    client.lipsyncs().list().await.expect("an answer");
}

/// Whoever reads only the first line of an error knows what to do about the certificate.
#[tokio::test]
async fn the_first_line_says_what_is_wrong_with_a_certificate() {
    let table: [(&[u8], &[u8], &str, &str); 5] = [
        (
            EXPIRED,
            SECOND_AUTHORITY,
            "localhost",
            "has expired: it was valid until 2020-02-01 00:00 UTC, and the clock of this machine says 20",
        ),
        (
            NOT_YET,
            SECOND_AUTHORITY,
            "localhost",
            "is not valid yet: it will be from 2110-01-01 00:00 UTC",
        ),
        (
            SERVER,
            AUTHORITY,
            "elsewhere.example",
            "is not for the host elsewhere.example, it is for: localhost, 127.0.0.1",
        ),
        (
            SERVER,
            SECOND_AUTHORITY,
            "localhost",
            "is of an unknown issuer: it is self-signed, or",
        ),
        (SELF_SIGNED, AUTHORITY, "localhost", "is self-signed"),
    ];
    for (server, authority, host, expected) in table {
        let url = serve_as(config(server, Asks::Nothing)).await;
        let url = url.replace("localhost", host);
        let port = url.rsplit(':').next().and_then(|port| port.parse().ok());
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], port.expect("a port")));
        let client = builder(&url).configure_http(move |http| {
            let authority = reqwest::Certificate::from_pem(authority).expect("a certificate");
            let http = http.no_proxy().tls_certs_only([authority]);
            http.resolve("elsewhere.example", address)
        });
        let (call, download) = both(&client.build().expect("a client"), &url).await;
        let start = format!(
            "could not connect to {host}:{}: the certificate of the server ",
            address.port()
        );
        for error in [call.expect_err("no answer"), download.expect_err("no file")] {
            let text = error.to_string();
            assert!(text.contains(&start) && text.contains(expected), "{text}");
        }
    }
}

/// What a client cannot do it says before it is used.
#[test]
fn settings_that_cannot_be_kept_are_errors() {
    type Configure = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    let wrong: [Configure; 2] = [
        // Nothing is left.
        |http| {
            http.tls_version_min(reqwest::tls::Version::TLS_1_3)
                .tls_version_max(reqwest::tls::Version::TLS_1_2)
        },
        // Only with certificates of one's own.
        |http| http.tls_danger_accept_invalid_hostnames(true),
    ];
    for configure in wrong {
        let built = builder("https://localhost:1")
            .configure_http(configure)
            .build();
        assert!(built.is_err_and(|error| error.is_configuration()));
    }
}

/// Another crate of the same program uses reqwest without TLS: it works as it did, and what it finds chosen
/// for the process is what it has chosen.
#[tokio::test]
async fn other_http_clients_of_the_program_are_left_alone() {
    let list = || tests::recorder::Reply::json(200, serde_json::json!([]));
    let server = tests::recorder::Recorder::start([list(), list(), list()])
        .await
        .expect("a port");
    let before = reqwest::Client::new();
    let client = builder(&server.url()).build().expect("a client");
    let after = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    client.lipsyncs().list().await.expect("a list");
    for other in [before, after] {
        let answer = other.get(server.url()).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
