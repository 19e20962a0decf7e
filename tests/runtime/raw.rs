//! A server that answers any bytes. In: what it writes, request by request. Out: its address, and how many requests
//! it has read. Knows of HTTP only where a request ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use creatify_api::{Client, ClientBuilder, Credentials, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on a port of its own.
pub(crate) struct Raw {
    pub(crate) url: String,
    requests: Arc<AtomicUsize>,
}

impl Raw {
    /// Answers the first request with the first answer and closes the connection; the last answer goes on.
    pub(crate) async fn start(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if read_request(&mut stream).await.is_none() {
                    continue;
                }
                let number = count.fetch_add(1, Ordering::SeqCst);
                let answer = answers.get(number).or(answers.last());
                let answer = answer.expect("an answer").clone();
                tokio::spawn(async move {
                    // What the client does not want to read is the client's affair.
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                    let mut rest = [0; 1024];
                    while matches!(stream.read(&mut rest).await, Ok(1..)) {}
                });
            }
        });
        Self {
            url: format!("http://{address}"),
            requests,
        }
    }

    /// How many requests have come.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Settings of a client of this server that waits for nothing.
    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(&self.url)
    }
}

/// Settings of a client that waits for nothing between its attempts.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    let policy = RetryPolicy::new()
        .initial_backoff(Duration::ZERO)
        .max_backoff(Duration::ZERO);
    Client::builder()
        .credentials(Credentials::new("id", "key"))
        .base_url(url)
        .retry(policy)
}

/// An answer that ends with the connection.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} As scripted\r\nconnection: close\r\n{headers}\r\n{body}")
        .into_bytes()
}

/// Reads up to the end of a request; nothing when the connection ends before.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if is_whole(&request) {
            return Some(request);
        }
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|length| length.trim().parse().ok());
    request.len() >= end + 4 + length.unwrap_or(0)
}
