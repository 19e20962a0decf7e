//! A media host on this machine. In: what to answer to the n-th request. Out: those very bytes on the wire, and what it
//! was asked. Knows nothing of downloads, and writes whatever it is told, right or wrong.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A response: its head as text, without the line ends behind it, and the bytes that follow it. Then the connection
/// closes, early if the head promised more.
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// With this status and these header lines.
    pub(crate) fn new(status: u16, lines: &[&str], body: &[u8]) -> Self {
        let head = [format!("HTTP/1.1 {status} Scripted").as_str()]
            .iter()
            .chain(lines)
            .map(|line| format!("{line}\r\n"))
            .collect();
        Self {
            head,
            body: body.to_vec(),
        }
    }
}

type Script = dyn Fn(usize, &str) -> Answer + Send + Sync;

/// A server on a port of its own, stopped when it is dropped.
pub(crate) struct Origin {
    url: String,
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Origin {
    /// Answers as this says, given the number of the request, from 1, and its head.
    pub(crate) async fn start(
        script: impl Fn(usize, &str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://{address}");
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let record = Arc::clone(&heads);
        let script: Arc<Script> = Arc::new(script);
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&script), Arc::clone(&record)));
            }
        });
        Self {
            url,
            address,
            heads,
            server,
        }
    }

    /// Where it is, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of the requests until now.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(stream: TcpStream, script: Arc<Script>, record: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    // The empty line ends it. A client that is gone is no matter of this server.
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let number = {
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.push(head.clone());
        record.len()
    };
    let Answer { head, body } = script(number, &head);
    let bytes = [head.as_bytes(), b"connection: close\r\n\r\n", &body].concat();
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}

/// What a request asked for: the first byte of its range, if it has one.
pub(crate) fn start(head: &str) -> Option<usize> {
    let (_, range) = head.split_once("\r\nrange: bytes=")?;
    range.split_once('-')?.0.parse().ok()
}
