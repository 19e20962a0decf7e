//! The start. In: ports that are taken, addresses of elsewhere, bad options. Out: sentences that say what
//! to do, the exit codes that are documented, both loopback addresses served, and time that passes.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use creatify_emulator::{Emulator, Options, StartError};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::raw::{read, start};

async fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emulator"));
    let output = command.args(arguments).kill_on_drop(true).output();
    // One that starts instead of failing would run forever.
    let output = tokio::time::timeout(Duration::from_secs(120), output).await;
    output.expect("it ends").expect("it starts")
}

async fn fails(arguments: &[&str], code: i32, words: &[&str]) {
    let output = program(arguments).await;
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
    for word in words {
        assert!(message.contains(word), "{arguments:?}: {message}");
    }
    // Words, not the debug form of a value.
    assert!(!message.contains("Os {"), "{message}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    fails(&["--port", &port], 1, &[&port, "taken", "--port"]).await;
    let options = Options::default()
        .strict()
        .port(port.parse().expect("a port"));
    let error = Emulator::start(options)
        .await
        .expect_err("the port is taken");
    assert!(matches!(error, StartError::Listen(..)), "{error:?}");
    // Of the other loopback address too: `localhost` would lead elsewhere.
    if let Ok(taken) = TcpListener::bind("[::1]:0").await {
        let port = taken.local_addr().expect("an address").port().to_string();
        fails(&["--port", &port], 1, &[&port, "::1", "taken", "--port"]).await;
    }
}

#[tokio::test]
async fn exit_codes_tell_bad_usage_from_a_failed_start() {
    // Of a network that is for documentation only.
    fails(
        &["--address", "192.0.2.1", "--port", "0"],
        1,
        &["192.0.2.1", "--address"],
    )
    .await;
    fails(&["--no-such-option"], 2, &["--no-such-option"]).await;
    fails(&["--port", "65536"], 2, &["65536"]).await;
    for speed in ["0", "-1x", "NaNx", "inf", "1e308x", "10001x", "fast"] {
        fails(&[&format!("--speed={speed}")], 2, &["--speed"]).await;
    }
    fails(&["--head-timeout", "0"], 2, &["--head-timeout"]).await;
    fails(&["--allow-host", "http://a.test"], 2, &["http://a.test"]).await;
    fails(&["--allow-origin", "a.test"], 2, &["a.test"]).await;
    fails(&["--credits", "NaN"], 2, &["NaN"]).await;
    fails(&["--spec", "no-such-file.yaml"], 2, &["no-such-file.yaml"]).await;
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-a-document.yaml");
    std::fs::write(&document, "a: [").expect("write a file");
    let document = document.to_str().expect("a path in UTF-8");
    let arguments = ["--port", "0", "--spec", document];
    fails(&arguments, 2, &["document"]).await;
}

#[tokio::test]
async fn wrong_usage_names_what_was_called() {
    let program = Path::new(env!("CARGO_BIN_EXE_emulator"));
    let own = program.file_name().expect("a name").to_string_lossy();
    for (task, usage) in [
        (
            Some("cargo xtask emulator"),
            "Usage: cargo xtask emulator [OPTIONS]",
        ),
        (None, &*format!("Usage: {own} [OPTIONS]")),
    ] {
        for (arguments, code) in [(["--port", "70000"], 2), (["--help", "--strict"], 0)] {
            let mut command = Command::new(program);
            match task {
                Some(task) => command.env("XTASK_TASK", task),
                None => command.env_remove("XTASK_TASK"),
            };
            let output = command.args(arguments).output().await.expect("it starts");
            let said = [output.stdout, output.stderr].concat();
            let said = String::from_utf8_lossy(&said);
            assert_eq!(output.status.code(), Some(code), "{said}");
            assert!(code == 0 || said.contains("70000"), "{said}");
            assert!(said.contains(usage), "{arguments:?}: {said}");
        }
    }
}

#[tokio::test]
async fn options_that_make_no_sense_do_not_start() {
    for options in [
        Options::default().strict().speed(f64::NAN),
        Options::default().strict().speed(1e308),
        Options::default().strict().speed(-1.0),
        Options::default().strict().credits(f64::INFINITY),
        Options::default().strict().head_timeout(Duration::ZERO),
        Options::default().strict().allow_host("a b"),
    ] {
        let error = Emulator::start(options).await.expect_err("nonsense");
        assert!(matches!(error, StartError::Options(_)), "{error:?}");
    }
}

#[tokio::test]
async fn both_loopback_addresses_are_served() {
    let emulator = start(Options::default().strict()).await;
    let port = emulator.base_url().rsplit_once(':').expect("a port").1;
    let mut hosts = vec![format!("127.0.0.1:{port}")];
    // A machine without IPv6 has no such address to serve.
    if TcpListener::bind("[::1]:0").await.is_ok() {
        hosts.push(format!("[::1]:{port}"));
    }
    for host in hosts {
        let mut stream = TcpStream::connect(&host).await.expect("a connection");
        let request =
            format!("GET /_emulator/state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("a request");
        assert_eq!(read(&mut stream).await.status, 200, "{host}");
    }
}

#[tokio::test]
async fn time_passes_unless_told_otherwise() {
    let emulator = start(Options::default().strict()).await;
    let state = emulator.state();
    let create = async || {
        let headers = [
            "X-API-ID: start",
            "X-API-KEY: any",
            "Content-Type: application/json",
        ];
        let body = r#"{"text": "Hello", "aspect_ratio": "9x16"}"#;
        crate::raw::send(&emulator, "POST /api/lipsyncs/", &headers, body)
            .await
            .status
    };
    assert_eq!(create().await, 201);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(create().await, 201);
    let requests = state.requests();
    assert!(requests[0].at < requests[1].at, "{requests:?}");
}
