//! Foreign web pages. In: requests as browsers send them from elsewhere. Out: that no path answers
//! them, unless asked otherwise, and that everyone else is served.

use creatify_emulator::{Emulator, Options};

use crate::raw::{authority, send, start};

const BODY: &str = r#"{"text": "Hello", "aspect_ratio": "9x16"}"#;
const KEYS: [&str; 3] = [
    "X-API-ID: page",
    "X-API-KEY: any",
    "Content-Type: application/json",
];

/// One request for each kind of path.
const LINES: [(&str, &str); 9] = [
    ("POST /_emulator/reset", ""),
    ("POST /_emulator/clock", r#"{"advance": 60}"#),
    (
        "POST /_emulator/faults",
        r#"{"operation": "*", "fault": {"kind": "truncate"}}"#,
    ),
    ("GET /_emulator/state", ""),
    (
        "GET /_emulator/media/67e55044-10b1-426f-9247-bb680e5fe0c8/a.mp4",
        "",
    ),
    ("GET /", ""),
    ("POST /api/lipsyncs/", BODY),
    ("GET /api/lipsyncs/", ""),
    ("GET /nowhere", ""),
];

/// Sends every request with these headers; gives the statuses and the sentences.
async fn ask(emulator: &Emulator, headers: &[&str]) -> Vec<(u16, String)> {
    let headers: Vec<&str> = headers.iter().chain(&KEYS).copied().collect();
    let mut answers = Vec::new();
    for (line, body) in LINES {
        let response = send(emulator, line, &headers, body).await;
        answers.push((response.status, response.detail()));
    }
    answers
}

/// An emulator with one charge, of which a foreign page would like to know.
async fn charged() -> (Emulator, String) {
    let emulator = start(Options::default().strict()).await;
    let host = format!("Host: {}", authority(&emulator));
    let headers: Vec<&str> = [host.as_str()].into_iter().chain(KEYS).collect();
    let response = send(&emulator, "POST /api/lipsyncs/", &headers, BODY).await;
    assert_eq!(response.status, 201, "{}", response.body);
    (emulator, host)
}

async fn is_refused(emulator: &Emulator, headers: &[&str], remedy: &str) {
    let before = emulator.state().ledger();
    for ((status, detail), (line, _)) in ask(emulator, headers).await.iter().zip(LINES) {
        assert_eq!(*status, 403, "{line} {headers:?}: {detail}");
        assert!(detail.contains(remedy), "{line} {headers:?}: {detail}");
    }
    assert_eq!(emulator.state().ledger(), before);
    assert_eq!(emulator.state().requests().len(), 1);
}

#[tokio::test]
async fn foreign_hosts_are_refused_on_every_path() {
    let (emulator, own) = charged().await;
    for host in [
        "Host: evil.example",
        "Host: evil.example:8787",
        "Host: 127.0.0.1.evil.example",
        "Host: localhost.evil.example:8787",
        "Host: localhost@evil.example",
        "Host: 0.0.0.0:8787",
        "Host: 203.0.113.9",
        "Host: [2001:db8::1]:8787",
        "Host:",
    ] {
        is_refused(&emulator, &[host], "--allow-host").await;
    }
    // Two hosts, of which one is right.
    is_refused(
        &emulator,
        &[&own, "Host: evil.example"],
        "--allow-host evil.example",
    )
    .await;
    let target = "GET http://evil.example/_emulator/state";
    assert_eq!(send(&emulator, target, &[&own], "").await.status, 403);
}

#[tokio::test]
async fn foreign_origins_are_refused_on_every_path() {
    let (emulator, own) = charged().await;
    let port = authority(&emulator)
        .rsplit_once(':')
        .map(|(_, port)| port.to_owned());
    let port = port.expect("a port");
    let neighbour = format!(
        "Origin: http://127.0.0.1:{}",
        port.parse::<u16>().expect("a port") ^ 1
    );
    let lookalike = format!("Origin: http://127.0.0.1.evil.example:{port}");
    for origin in [
        "Origin: http://evil.example",
        "Origin: https://evil.example",
        "Origin: null",
        "Origin:",
        "Origin: http://127.0.0.1",
        "Origin: file://",
        "Origin: chrome-extension://abcdef",
        &neighbour,
        &lookalike,
    ] {
        is_refused(&emulator, &[&own, origin], "--allow-origin").await;
    }
    for site in ["cross-site", "same-site", "CROSS-SITE", "", "anything"] {
        let site = format!("Sec-Fetch-Site: {site}");
        is_refused(&emulator, &[&own, &site], "--allow-origin").await;
    }
}

#[tokio::test]
async fn programs_and_the_emulators_own_page_are_served() {
    let (emulator, own) = charged().await;
    let authority = authority(&emulator);
    let same = format!("Origin: http://{authority}");
    let port = authority.rsplit_once(':').expect("a port").1;
    let (name, name_origin) = (
        format!("Host: localhost:{port}"),
        format!("Origin: http://localhost:{port}"),
    );
    for headers in [
        &[own.as_str()][..],
        // Through a forwarded port.
        &["Host: localhost:9000"],
        &["Host: app.localhost"],
        &["Host: [::1]:9000"],
        &["Host: 127.0.0.1"],
        // HTTP/1.0, and libraries that leave it out.
        &[],
        &[&own, &same, "Sec-Fetch-Site: same-origin"],
        &[&name, &name_origin, "Sec-Fetch-Site: same-origin"],
        // An address that was typed.
        &[&own, "Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate"],
    ] {
        for ((status, detail), (line, _)) in ask(&emulator, headers).await.iter().zip(LINES) {
            assert_ne!(*status, 403, "{line} {headers:?}: {detail}");
        }
    }
}

#[tokio::test]
async fn who_is_allowed_at_the_start_is_served_and_may_read() {
    let emulator = start(
        Options::default()
            .strict()
            .allow_host("emulator.test")
            .allow_origin("http://app.test:3000"),
    )
    .await;
    let host = "Host: Emulator.test:8787";
    assert_eq!(
        send(&emulator, "GET /_emulator/state", &[host], "")
            .await
            .status,
        200
    );
    let origin = [
        host,
        "Origin: http://app.test:3000",
        "Sec-Fetch-Site: cross-site",
    ];
    let response = send(&emulator, "GET /_emulator/state", &origin, "").await;
    assert_eq!(response.status, 200, "{}", response.body);
    let read = "access-control-allow-origin: http://app.test:3000";
    assert!(response.head.contains(read), "{}", response.head);
    let asked = [
        host,
        "Origin: http://app.test:3000",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: x-api-id,x-api-key",
    ];
    let response = send(&emulator, "OPTIONS /api/lipsyncs/", &asked, "").await;
    assert_eq!(response.status, 204);
    assert!(
        response
            .head
            .contains("access-control-allow-headers: x-api-id,x-api-key")
    );
    for headers in [
        &["Host: other.test"][..],
        &[host, "Origin: http://app.test:3001"],
        &[host, "Origin: https://app.test:3000"],
        &[host, "Sec-Fetch-Site: cross-site"],
    ] {
        let response = send(&emulator, "GET /_emulator/state", headers, "").await;
        assert_eq!(response.status, 403, "{headers:?}");
        assert!(
            !response.head.contains("access-control"),
            "{}",
            response.head
        );
    }
    let emulator = start(
        Options::default()
            .strict()
            .allow_host("*")
            .allow_origin("*"),
    )
    .await;
    for headers in [
        &["Host: any.test", "Origin: null"][..],
        &["Host: any.test", "Sec-Fetch-Site: cross-site"],
    ] {
        assert_eq!(
            send(&emulator, "GET /_emulator/state", headers, "")
                .await
                .status,
            200
        );
    }
}
