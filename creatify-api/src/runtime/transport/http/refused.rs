//! Requests that HTTP/2 reports as not processed. In: REFUSED_STREAM and GOAWAY frames of a test
//! server. Out: the transport errors made of them. Implements frame headers only.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::runtime::transport::{
    Method, Reach, Request, Scheme, Settings, Transport, TransportError, Url,
};

const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// Ends the first stream with this error (RFC 9113, 7).
fn reset(error: u8) -> Vec<u8> {
    [SETTINGS, &[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, error]].concat()
}

/// Goes away after this stream.
fn go_away(last: u8, error: u8) -> Vec<u8> {
    let frame = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, last, 0, 0, 0, error];
    [SETTINGS, &frame].concat()
}

/// Reads until the head of a request is there.
async fn read_head(stream: &mut TcpStream) {
    const PREFACE: usize = 24;
    const HEADERS: u8 = 1;
    let mut read = Vec::new();
    loop {
        let mut rest = read.get(PREFACE..).unwrap_or_default();
        while let [a, b, c, kind, ..] = *rest {
            if kind == HEADERS {
                return;
            }
            let length = u32::from_be_bytes([0, a, b, c]) as usize;
            rest = rest.get(9 + length..).unwrap_or_default();
        }
        let count = stream.read_buf(&mut read).await.expect("a request");
        assert!(count > 0, "the client hung up");
    }
}

/// What a client gets whose request is answered so, before the connection ends.
async fn answered(frames: Vec<u8>) -> TransportError {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        stream.write_all(&frames).await.expect("a client");
        stream.shutdown().await.expect("a client");
        let mut rest = Vec::new();
        // How the client ends it does not matter.
        let _ = stream.read_to_end(&mut rest).await;
    });
    let settings = Settings {
        connect_timeout: Duration::from_secs(10),
        scheme: Scheme::Http,
        reach: Reach::ThisMachine,
        configure: Some(&|builder: reqwest::ClientBuilder| builder.http2_prior_knowledge()),
    };
    let client = super::client(&settings).expect("a client");
    let url = Url::parse(&format!("http://{address}/")).expect("a URL");
    let mut request = Request::new(Method::POST, url);
    request.body = "{}".into();
    let outcome = Transport::send(&client, request).await;
    outcome.expect_err("no answer")
}

#[tokio::test]
async fn a_stream_that_was_refused_was_not_processed() {
    let (no_error, internal, refused, cancel) = (0, 2, 7, 8);
    let table = [
        (reset(refused), true),
        (reset(internal), false),
        (reset(cancel), false),
        (reset(no_error), false),
        (go_away(0, no_error), true),
        (go_away(0, internal), true),
        // The first stream may have been processed.
        (go_away(1, no_error), false),
        (go_away(1, internal), false),
        (SETTINGS.to_vec(), false),
    ];
    for (frames, unprocessed) in table {
        let error = answered(frames.clone()).await;
        assert_eq!(
            error.is_not_processed(),
            unprocessed,
            "{frames:?}: {error:?}"
        );
        assert!(!error.is_not_sent(), "{frames:?}: {error:?}");
    }
}
