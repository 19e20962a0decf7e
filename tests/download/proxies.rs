//! Proxies of the environment. In: programs of their own, whose environment names a proxy for everything. Out: the proxy
//! sees what leads away from this machine, and never what stays on it.

use std::process::Stdio;

use creatify_api::{Client, RetryPolicy};
use tokio::process::Command;

use crate::origin::{Answer, Origin};

/// What the program downloads, and whether its client's base URL is on this machine.
const ADDRESS: &str = "DOWNLOAD_TEST_ADDRESS";
const BASE: &str = "DOWNLOAD_TEST_BASE";

/// Runs one test of this program again, with a proxy in its environment; gives what the proxy saw.
async fn seen_by_a_proxy(test: &str, address: &str, base: &str) -> (bool, Vec<String>) {
    let proxy = Origin::start(|_, _| Answer::new(502, &["content-length: 0"], b"")).await;
    let mut program = Command::new(std::env::current_exe().expect("this program"));
    program
        .args(["--exact", test, "--nocapture"])
        .env(ADDRESS, address)
        .env(BASE, base)
        .env_remove("REQUEST_METHOD")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        program.env(name, proxy.url());
        program.env(name.to_lowercase(), proxy.url());
    }
    for name in ["NO_PROXY", "no_proxy"] {
        program.env_remove(name);
    }
    let status = program.status().await.expect("the program");
    (status.success(), proxy.heads())
}

/// In the program: whether the file could be had.
async fn download(address: String) -> bool {
    let base = std::env::var(BASE).expect("a base URL");
    let client = Client::builder()
        .base_url(base)
        .allow_http()
        .retry(RetryPolicy::off())
        .build()
        .expect("a client");
    let bytes = client.download(address).bytes().await;
    bytes.is_ok_and(|bytes| bytes == "the file")
}

const BASES: [&str; 2] = ["https://api.example.com", "http://127.0.0.1:1"];

/// Its signature is a key to the file, and a proxy could not even reach it.
#[tokio::test]
async fn what_stays_on_this_machine_is_seen_by_no_proxy() {
    if let Ok(address) = std::env::var(ADDRESS) {
        assert!(download(address).await);
        return;
    }
    let origin = Origin::start(|_, head| {
        if head.starts_with("GET /moved") {
            return Answer::new(
                302,
                &["location: /a.mp4?signature=s", "content-length: 0"],
                b"",
            );
        }
        Answer::new(200, &["content-length: 8"], b"the file")
    })
    .await;
    let port = origin.address().port();
    let test = "proxies::what_stays_on_this_machine_is_seen_by_no_proxy";
    for base in BASES {
        for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"] {
            let address = format!("http://{host}:{port}/a.mp4?signature=s");
            let seen = seen_by_a_proxy(test, &address, base).await;
            assert_eq!(seen, (true, Vec::new()), "{host}, {base}");
        }
    }
    let moved = format!("http://127.0.0.1:{port}/moved");
    assert_eq!(
        seen_by_a_proxy(test, &moved, BASES[0]).await,
        (true, Vec::new())
    );
}

/// Proxies for everything else stay as the environment says, also for a client of the emulator.
#[tokio::test]
async fn what_leaves_this_machine_takes_the_proxy() {
    if let Ok(address) = std::env::var(ADDRESS) {
        assert!(!download(address).await, "the proxy refuses");
        return;
    }
    let test = "proxies::what_leaves_this_machine_takes_the_proxy";
    for base in BASES {
        for (address, line) in [
            (
                "https://media.example.com/a.mp4?signature=s",
                "CONNECT media.example.com:443",
            ),
            (
                "http://media.example.com/a.mp4",
                "GET http://media.example.com/a.mp4",
            ),
        ] {
            let (done, heads) = seen_by_a_proxy(test, address, base).await;
            assert!(done, "{address}, {base}");
            assert!(
                heads.len() == 1 && heads[0].starts_with(line),
                "{address}, {base}: {heads:?}"
            );
            assert!(!address.starts_with("https") || !heads[0].contains("signature"));
        }
    }
}
