//! Slow, large and broken requests. In: clients that never finish, bodies that are too much, chunks that
//! are none. Out: that each is answered for what it is, and that everyone else is served.

use std::time::Duration;

use creatify_emulator::{Emulator, Options};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::raw::{Response, authority, connect, read, send, start};

const MEBIBYTE: usize = 1024 * 1024;
const KEYS: &str = "X-API-ID: limits\r\nX-API-KEY: any\r\nContent-Type: application/json\r\n";

/// An emulator that waits for no part of a request longer than this.
async fn hasty() -> Emulator {
    start(
        Options::default()
            .strict()
            .head_timeout(Duration::from_millis(300))
            .body_timeout(Duration::from_millis(300)),
    )
    .await
}

/// Sends bytes, and waits for what the server says or for the end of the connection.
async fn exchange(emulator: &Emulator, bytes: &str) -> Response {
    let mut stream = connect(emulator).await;
    stream.write_all(bytes.as_bytes()).await.expect("to send");
    let response = tokio::time::timeout(Duration::from_secs(60), read(&mut stream));
    response.await.expect("the connection ends")
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let emulator = hasty().await;
    for head in [
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: local",
        "POST /api/lipsyncs/ HTTP/1.1\r\n",
    ] {
        assert_eq!(exchange(&emulator, head).await.status, 408, "{head:?}");
    }
    // One byte after another does not help.
    let mut stream = connect(&emulator).await;
    for byte in b"GET / HTTP/1.1\r\nX-Long: "
        .iter()
        .chain([b'a'; 600].iter())
    {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let read = tokio::time::timeout(Duration::from_secs(60), read(&mut stream)).await;
    assert!(matches!(read.expect("the connection ends").status, 0 | 408));
    // The second head of a connection neither.
    let host = authority(&emulator);
    let two = format!("GET /favicon.ico HTTP/1.1\r\nHost: {host}\r\n\r\nGET / HT");
    let mut stream = connect(&emulator).await;
    let (first, second) = two.split_at(two.len() - 8);
    stream.write_all(first.as_bytes()).await.expect("to send");
    stream.readable().await.expect("a response");
    stream.write_all(second.as_bytes()).await.expect("to send");
    let response = tokio::time::timeout(Duration::from_secs(60), self::read(&mut stream)).await;
    let response = response.expect("the connection ends");
    assert_eq!(response.status, 204);
    assert!(response.body.contains("408"), "{response:?}");
}

#[tokio::test]
async fn a_connection_between_two_requests_may_rest() {
    let emulator = hasty().await;
    let mut stream = connect(&emulator).await;
    for pause in [0, 900] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let request = "GET /_emulator/faults HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(request.as_bytes()).await.expect("to send");
        let mut answer = [0; 1024];
        let length = tokio::io::AsyncReadExt::read(&mut stream, &mut answer).await;
        let length = length.expect("an answer");
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"), "{pause}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_timeout() {
    let emulator = hasty().await;
    for path in ["/api/lipsyncs/", "/nowhere", "/_emulator/clock", "/"] {
        for framing in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
            let part = if framing.contains("100") {
                "{\"text\""
            } else {
                "7\r\n{\"text\"\r\n"
            };
            let request =
                format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{KEYS}{framing}\r\n\r\n{part}");
            let response = exchange(&emulator, &request).await;
            assert_eq!(response.status, 408, "{path} {framing}: {}", response.body);
        }
    }
    assert!(emulator.state().ledger().is_empty());
}

#[tokio::test]
async fn a_broken_chunk_is_a_bad_request() {
    let emulator = start(Options::default().strict()).await;
    for path in ["/api/lipsyncs/", "/nowhere", "/_emulator/clock"] {
        for chunks in [
            "zz\r\nabc\r\n0\r\n\r\n",
            "3\r\nabcd\r\n0\r\n\r\n",
            "-1\r\n",
            "ffffffffffffffffff\r\na\r\n",
        ] {
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\n{KEYS}Transfer-Encoding: chunked\r\n\r\n{chunks}"
            );
            let response = exchange(&emulator, &request).await;
            assert_eq!(response.status, 400, "{path} {chunks:?}: {}", response.body);
        }
    }
    assert!(emulator.state().ledger().is_empty());
}

#[tokio::test]
async fn a_body_that_is_too_large_is_told_so() {
    let emulator = start(Options::default().strict()).await;
    for path in ["/api/lipsyncs/", "/nowhere"] {
        // It is told at once, before any of it is sent.
        let length = 33 * MEBIBYTE;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\n{KEYS}Content-Length: {length}\r\n\r\n"
        );
        let response = exchange(&emulator, &request).await;
        assert_eq!(response.status, 413, "{path}: {}", response.body);
        assert!(response.detail().contains("32 MiB"), "{}", response.body);
    }
}

/// Sends a large body in pieces; gives the response.
async fn large(address: String, path: &str, content_type: &str, size: usize) -> Response {
    let mut stream = TcpStream::connect(&address).await.expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-API-ID: limits\r\n\
         X-API-KEY: any\r\nContent-Type: {content_type}\r\nContent-Length: {size}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("a head");
    let piece = vec![b' '; 64 * 1024];
    let mut left = size;
    while left > 0 {
        let length = left.min(piece.len());
        stream.write_all(&piece[..length]).await.expect("a piece");
        left -= length;
    }
    read(&mut stream).await
}

const FORM: &str = "multipart/form-data; boundary=x";

#[tokio::test]
async fn text_that_is_too_large_is_read_to_its_end_and_told_so() {
    let emulator = start(Options::default().strict()).await;
    for path in ["/api/lipsyncs/", "/_emulator/clock"] {
        let size = 5 * MEBIBYTE;
        let response = large(authority(&emulator), path, "application/json", size).await;
        assert_eq!(response.status, 413, "{path}: {}", response.body);
        assert!(response.detail().contains("4 MiB"), "{}", response.body);
    }
    let size = 5 * MEBIBYTE;
    let response = large(authority(&emulator), "/api/lipsyncs/", FORM, size).await;
    assert!(matches!(response.status, 400 | 415), "{}", response.body);
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_with_the_reason_and_costs_nothing() {
    let emulator = start(Options::default().strict()).await;
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let whole = format!(
        "{}{}--x--\r\n",
        part("text", "Hello"),
        part("aspect_ratio", "9x16")
    );
    let broken = &whole[..whole.len() - 30];
    let nameless = whole.replace("; name=\"text\"", "");
    let keys = ["X-API-ID: limits", "X-API-KEY: any"];
    for (content_type, body, status, reason) in [
        (FORM, &*whole, 201, ""),
        (FORM, broken, 400, "incomplete"),
        (FORM, "", 400, "No data"),
        (FORM, "no form", 400, "incomplete"),
        (FORM, &nameless, 400, "no name"),
        ("multipart/form-data", &whole, 400, "boundary"),
    ] {
        let content_type = format!("Content-Type: {content_type}");
        let headers = [keys[0], keys[1], &content_type];
        let response = send(&emulator, "POST /api/lipsyncs/", &headers, body).await;
        assert_eq!(response.status, status, "{body}: {}", response.body);
        assert!(response.body.contains(reason), "{body}: {}", response.body);
    }
    assert_eq!(emulator.state().ledger().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_wait_for_each_other_and_small_ones_for_none() {
    let emulator = start(Options::default().strict()).await;
    let address = authority(&emulator);
    // A part of a body that is large: it has its turn.
    let mut slow = connect(&emulator).await;
    let size = 32 * MEBIBYTE;
    let head = format!(
        "POST /api/lipsyncs/ HTTP/1.1\r\nHost: {address}\r\nContent-Type: {FORM}\r\nContent-Length: {size}\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).await.expect("a head");
    slow.write_all(&vec![b' '; MEBIBYTE]).await.expect("a part");
    let headers = [
        "X-API-ID: limits",
        "X-API-KEY: any",
        "Content-Type: application/json",
    ];
    let body = r#"{"text": "Hello", "aspect_ratio": "9x16"}"#;
    let small = send(&emulator, "POST /api/lipsyncs/", &headers, body).await;
    assert_eq!(small.status, 201, "{}", small.body);
    let mut clients = tokio::task::JoinSet::new();
    for number in 0..6 {
        let path = if number % 2 == 0 {
            "/nowhere"
        } else {
            "/api/lipsyncs/"
        };
        clients.spawn(large(address.clone(), path, FORM, 8 * MEBIBYTE));
    }
    // Those that lead nowhere are not kept, and so wait for no turn.
    for _ in 0..3 {
        let response = clients
            .join_next()
            .await
            .expect("a client")
            .expect("an end");
        assert_eq!(response.status, 404);
    }
    drop(slow);
    while let Some(response) = clients.join_next().await {
        let status = response.expect("an end").status;
        assert!(matches!(status, 400 | 415), "{status}");
    }
}
