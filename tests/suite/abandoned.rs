//! Calls whose client did not wait. In: clients that time out, are dropped or hang up. Out: what was
//! charged, listed and logged all the same.

use std::time::Duration;

use creatify_api::Client;
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::fixture::{self, request};

const BODY: &str = r#"{"text": "Hello", "aspect_ratio": "9x16"}"#;

/// An emulator on which one thing goes wrong with every creation, and a client of it.
async fn start(kind: Kind) -> (Emulator, Client) {
    let (emulator, client) = fixture::start().await;
    emulator
        .state()
        .fault(Fault::new("lipsyncs_create", When::Always, kind));
    (emulator, client)
}

/// Waits until there are this many charges; the request is on its way when its client leaves.
async fn charged(emulator: &Emulator, count: usize) {
    for _ in 0..3_000 {
        if emulator.state().ledger().len() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ledger = emulator.state().ledger();
    panic!("{} charges after half a minute, not {count}", ledger.len());
}

/// The one job is charged, listed and logged.
async fn is_complete(emulator: &Emulator, client: &Client) {
    charged(emulator, 1).await;
    let jobs = client.lipsyncs().list().await.expect("the jobs");
    let charge = emulator.state().ledger().remove(0);
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].id.to_string(), charge.job);
    let log = emulator.state().requests();
    let call = log.iter().find(|seen| seen.number == charge.request);
    let call = call.expect("the call in the log");
    assert_eq!((call.method.as_str(), call.status), ("POST", 201));
    let accepted = log.iter().filter(|seen| seen.method == "POST").count();
    assert_eq!(accepted, 1, "{log:?}");
}

#[tokio::test]
async fn a_call_whose_client_timed_out_is_charged_listed_and_logged() {
    for kind in [
        Kind::Delay {
            milliseconds: 600_000,
        },
        // Late, and nobody is there any more.
        Kind::DelayBefore { milliseconds: 500 },
    ] {
        let (emulator, client) = start(kind).await;
        let request = request("Hello");
        let call = client.lipsyncs().create(&request);
        let outcome = call.timeout(Duration::from_millis(200)).await;
        let error = outcome.expect_err("no answer in time");
        assert!(error.is_timeout() && error.is_ambiguous(), "{error}");
        is_complete(&emulator, &client).await;
    }
}

#[tokio::test]
async fn a_call_whose_future_was_dropped_is_charged_listed_and_logged() {
    for kind in [
        Kind::Delay {
            milliseconds: 600_000,
        },
        Kind::DelayBefore { milliseconds: 500 },
    ] {
        let (emulator, client) = start(kind).await;
        let request = request("Hello");
        let call = client.lipsyncs().create(&request).into_future();
        let waiting = tokio::time::timeout(Duration::from_millis(200), call);
        assert!(waiting.await.is_err(), "the answer came");
        is_complete(&emulator, &client).await;
    }
}

#[tokio::test]
async fn a_delay_before_charges_nothing_until_it_is_over() {
    let (emulator, client) = start(Kind::DelayBefore {
        milliseconds: 600_000,
    })
    .await;
    let request = request("Hello");
    let call = client.lipsyncs().create(&request);
    let outcome = call.timeout(Duration::from_millis(200)).await;
    assert!(outcome.expect_err("no answer in time").is_timeout());
    assert_eq!(emulator.state().ledger().len(), 0);
    assert_eq!(client.lipsyncs().list().await.expect("the jobs").len(), 0);
}

#[tokio::test]
async fn clients_that_hang_up_at_once_are_charged() {
    let (emulator, _client) = fixture::start().await;
    let address = emulator.base_url().trim_start_matches("http://").to_owned();
    for half in [true, false] {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(&address).await.expect("a connection");
            let request = format!(
                "POST /api/lipsyncs/ HTTP/1.1\r\nHost: {address}\r\nX-API-ID: suite\r\n\
                 X-API-KEY: key-of-the-suite\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n\r\n{BODY}",
                BODY.len()
            );
            // The last byte is not sent: this request was never read.
            let request = request.as_bytes();
            let bytes = &request[..request.len() - usize::from(half)];
            stream.write_all(bytes).await.expect("a request");
        }
    }
    charged(&emulator, 50).await;
}
