//! Requests as bytes. In: a head, a body, an emulator. Out: status and text of the response. Adds no
//! header that is not asked for.

use creatify_emulator::{Emulator, Options};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A response, read until the server closes the connection.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
    /// The sentence of a refusal.
    pub(crate) fn detail(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["detail"].as_str().unwrap_or_default().to_owned()
    }
}

pub(crate) async fn start(options: Options) -> Emulator {
    Emulator::start(options).await.expect("an emulator")
}

/// Host and port of an emulator.
pub(crate) fn authority(emulator: &Emulator) -> String {
    emulator.base_url().trim_start_matches("http://").to_owned()
}

pub(crate) async fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(authority(emulator)).await;
    stream.expect("a connection")
}

/// Sends a request with the headers, one a line, and a body, on a connection of its own.
pub(crate) async fn send(
    emulator: &Emulator,
    line: &str,
    headers: &[&str],
    body: &str,
) -> Response {
    let mut request = format!(
        "{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for header in headers {
        request.push_str(header);
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    request.push_str(body);
    let mut stream = connect(emulator).await;
    stream
        .write_all(request.as_bytes())
        .await
        .expect("a request");
    read(&mut stream).await
}

/// Sends an order to the control, as a program of this machine does.
pub(crate) async fn order(emulator: &Emulator, line: &str, body: &str) -> Response {
    let host = format!("Host: {}", authority(emulator));
    send(emulator, line, &[&host], body).await
}

/// Reads a response until the connection ends.
pub(crate) async fn read(stream: &mut TcpStream) -> Response {
    let mut bytes = Vec::new();
    // A server that closes early may reset the connection behind its response.
    let _ = stream.read_to_end(&mut bytes).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
    Response {
        status: status.unwrap_or_default(),
        head: head.to_ascii_lowercase(),
        body: body.to_owned(),
    }
}
