//! Calls that never reach a server, by a real network stack. In: a name that nobody knows, a port where
//! nobody listens, a server that cannot do TLS. Out: a paid call is tried again, and certainly unpaid.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use creatify_api::{Client, ClientBuilder, Credentials, RetryPolicy};
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::scripted_transport::paid;

/// How often a server was tried.
type Count = Arc<AtomicUsize>;

const ATTEMPTS: u32 = 3;

fn builder(base_url: impl Into<String>) -> ClientBuilder {
    let policy = RetryPolicy::new()
        .max_attempts(ATTEMPTS)
        .max_backoff(Duration::from_millis(1));
    Client::builder()
        .credentials(Credentials::new("id", "key"))
        .base_url(base_url)
        .retry(policy)
}

/// A paid call fails so that its caller knows that nothing was charged.
async fn is_certainly_unpaid(builder: ClientBuilder) {
    let client = builder.build().expect("a client");
    let outcome = client.lipsyncs().create(&paid()).await;
    let error = outcome.expect_err("nobody answers");
    assert!(error.is_connect() && !error.is_ambiguous(), "{error:?}");
}

/// Knows no name, and counts who asks.
struct Unknown(Count);

impl Resolve for Unknown {
    fn resolve(&self, _: Name) -> Resolving {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err(io::Error::other("no such host").into()) })
    }
}

#[tokio::test]
async fn a_name_that_nobody_knows() {
    let asked = Count::default();
    let resolver = asked.clone();
    let builder = builder("https://api.example")
        .configure_http(move |http| http.no_proxy().dns_resolver(Unknown(resolver.clone())));
    is_certainly_unpaid(builder).await;
    assert_eq!(asked.load(Ordering::Relaxed), ATTEMPTS as usize);
}

/// A port of its own whose server does this to every connection, and a count of them.
async fn serve(answer: &'static [u8]) -> (String, Count) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Count::default();
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let mut greeting = [0; 2048];
            // Whatever goes wrong here is the client's affair.
            let _ = stream.read(&mut greeting).await;
            let _ = stream.write_all(answer).await;
        }
    });
    (format!("https://{address}"), count)
}

#[tokio::test]
async fn a_server_that_cannot_do_tls() {
    let in_the_clear: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    // The second hangs up in the middle of the handshake.
    for answer in [in_the_clear, b""] {
        let (url, connections) = serve(answer).await;
        is_certainly_unpaid(builder(url)).await;
        assert_eq!(connections.load(Ordering::Relaxed), ATTEMPTS as usize);
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    is_certainly_unpaid(builder(format!("http://{address}"))).await;
}
