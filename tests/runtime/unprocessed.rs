//! What is known of paid calls that were not answered with success, by a real network stack. In: statuses, connections
//! that never stand, heads that no library likes. Out: which calls are sent again, and which may have been charged.

use std::time::Duration;

use reqwest::dns::{Name, Resolve, Resolving};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::raw::{Raw, answer, builder, read_request};
use crate::scripted_transport::{JOB, job, paid};

/// What the client makes of a status.
#[derive(Debug, PartialEq)]
enum Known {
    /// It was not processed, and is sent again.
    Later,
    /// It was not processed, and would be refused again.
    Refused,
    /// Nobody knows.
    Ambiguous,
}

#[tokio::test]
async fn a_status_says_what_may_have_been_charged() {
    let later = [425, 429];
    let refused = [
        307, 308, 400, 401, 402, 403, 404, 409, 413, 421, 422, 431, 451,
    ];
    // 100, 102 and 103 are no ends of an answer: what follows them counts, and here nothing does.
    let ambiguous = [
        100, 101, 102, 103, 199, 300, 301, 302, 303, 304, 305, 399, 408, 499, 500, 501, 502, 503,
        504, 511, 520, 524, 599, 600, 601, 799, 900, 999,
    ];
    let table = later
        .map(|status| (status, Known::Later))
        .into_iter()
        .chain(refused.map(|status| (status, Known::Refused)))
        .chain(ambiguous.map(|status| (status, Known::Ambiguous)));
    let success = answer(201, "", &job(json!({})).to_string());
    for (status, expected) in table {
        let server = Raw::start(vec![answer(status, "", ""), success.clone()]).await;
        let client = server.builder().build().expect("a client");
        let outcome = client.lipsyncs().create(&paid()).await;
        let known = match (&outcome, server.requests()) {
            (Ok(_), 2) => Known::Later,
            (Err(error), 1) if error.is_ambiguous() => Known::Ambiguous,
            (Err(_), 1) => Known::Refused,
            (outcome, requests) => panic!("{status}: {outcome:?} after {requests} requests"),
        };
        assert_eq!(known, expected, "{status}: {outcome:?}");
    }
}

/// Knows no address, and never says so.
struct Undecided;

impl Resolve for Undecided {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

/// Takes connections and says nothing.
async fn silent_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut connections: Vec<TcpStream> = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.push(stream);
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_time_that_is_over_before_the_connection_stands_means_that_nothing_was_sent() {
    let handshake = format!("https://{}", silent_server().await);
    let short = Duration::from_millis(50);
    // Longer than the time for an attempt, so that it cannot be what ends it.
    let long = Duration::from_secs(600);
    let unresolved = builder("https://api.example")
        .configure_http(|http| http.no_proxy().dns_resolver(Undecided));
    for builder in [unresolved, builder(&handshake)] {
        let client = builder.timeout(short).connect_timeout(long);
        let client = client.spend_limit(100.0).build().expect("a client");
        let lipsyncs = client.lipsyncs();
        let made = lipsyncs.create(&paid()).await.expect_err("nobody answers");
        // A paid call without a body has nothing to be asked for but its head.
        let rendered = lipsyncs.render(JOB.parse().expect("an id")).await;
        for error in [made, rendered.expect_err("nobody answers")] {
            assert!(error.is_connect() && error.is_timeout(), "{error:?}");
            assert!(!error.is_ambiguous() && error.attempts() == 4, "{error}");
        }
        // A time for one call, and one for all attempts of it, end it in the same way.
        let call = lipsyncs.create(&paid()).timeout(short * 2);
        let error = call.total_timeout(short).await.expect_err("no time");
        assert!(error.is_connect() && !error.is_ambiguous(), "{error:?}");
        let spending = client.spending().expect("a limit");
        assert_eq!((spending.charged, spending.reserved), (0.0, 0.0));
    }
}

#[tokio::test]
async fn a_time_that_is_over_after_the_request_was_sent_leaves_it_ambiguous() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        let mut requests = 0;
        let mut connections = Vec::new();
        // Two are read and never answered.
        while requests < 2 {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            if read_request(&mut stream).await.is_some() {
                requests += 1;
                connections.push(stream);
            }
        }
        connections
    });
    let client = builder(&format!("http://{address}"))
        .timeout(Duration::from_secs(2))
        .build()
        .expect("a client");
    let lipsyncs = client.lipsyncs();
    let create = lipsyncs.create(&paid());
    let render = lipsyncs.render(JOB.parse().expect("an id"));
    let (made, rendered) = tokio::join!(create.into_future(), render.into_future());
    for error in [
        made.expect_err("no answer"),
        rendered.expect_err("no answer"),
    ] {
        assert!(error.is_timeout() && !error.is_connect(), "{error:?}");
        assert!(error.is_ambiguous() && error.attempts() == 1, "{error:?}");
    }
    server.await.expect("both requests");
}

/// So many headers that none repeats another.
fn headers(count: usize, value: &str) -> String {
    (0..count)
        .map(|number| format!("x-header-{number}: {value}\r\n"))
        .collect()
}

#[tokio::test]
async fn an_answer_with_many_headers_keeps_its_status_and_its_id() {
    let long = "v".repeat(1000);
    for (count, value) in [(101, "v"), (1000, "v"), (4000, "v"), (300, long.as_str())] {
        let headers = headers(count, value);
        let success = job(json!({})).to_string();
        let server = Raw::start(vec![answer(201, &headers, &success)]).await;
        let client = server.builder().build().expect("a client");
        let made = client.lipsyncs().create(&paid()).await.expect("a job");
        assert_eq!(made.id.to_string(), JOB);

        let unreadable = json!({"id": JOB, "status": 5}).to_string();
        for (status, body, id) in [(201, unreadable.as_str(), Some(JOB)), (503, "down", None)] {
            let server = Raw::start(vec![answer(status, &headers, body)]).await;
            let client = server.builder().build().expect("a client");
            let outcome = client.lipsyncs().create(&paid()).await;
            let error = outcome.expect_err("no job");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            assert_eq!(error.job_id(), id, "{error}");
            assert!(error.is_ambiguous() && server.requests() == 1);
        }
    }
    // Past what the HTTP library reads nothing is left of an answer, and nobody knows what it was.
    for headers in [headers(10_000, "v"), headers(1, &"v".repeat(1_000_000))] {
        let server = Raw::start(vec![answer(400, &headers, "")]).await;
        let client = server.builder().build().expect("a client");
        let error = client.lipsyncs().create(&paid()).await.expect_err("no job");
        assert!(error.is_ambiguous() && error.status().is_none(), "{error}");
        assert_eq!(server.requests(), 1);
    }
}
