//! The reason of a failed connection. In: ports where nobody listens, names that nobody knows, proxies that refuse. Out: the
//! reason in the first line of the error, of calls and of downloads, and of programs that end with it.

use std::process::Command;

use creatify_api::{Blocking, Client, ClientBuilder, Credentials, Error, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn builder(base_url: &str) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("id-6d0e1f52", "key-b1946ac92492"))
        .base_url(base_url)
        .retry(RetryPolicy::off())
}

/// The texts of a call and of a download that fail.
async fn texts(builder: ClientBuilder, url: &str) -> [String; 2] {
    let client = builder.build().expect("a client");
    let call = client.lipsyncs().list().await.expect_err("no answer");
    let download = client.download(format!("{url}/file?signature=very-secret"));
    let download = download.bytes().await.expect_err("no file");
    [call.to_string(), download.to_string()]
}

/// A port where nobody listens.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").port()
}

#[tokio::test]
async fn a_port_where_nobody_listens() {
    let port = closed_port().await;
    let url = format!("http://127.0.0.1:{port}");
    for text in texts(builder(&url), &url).await {
        let expected = format!("could not connect to 127.0.0.1:{port}: connection refused");
        assert!(text.contains(&expected), "{text}");
        assert!(!text.contains("very-secret"), "{text}");
    }
}

/// `.invalid` is a name that nobody can have (RFC 6761, 6.4).
#[tokio::test]
async fn a_host_that_nobody_knows() {
    let url = "https://api.invalid";
    let direct = builder(url).configure_http(reqwest::ClientBuilder::no_proxy);
    for text in texts(direct, url).await {
        let expected = "could not connect to api.invalid: its name could not be looked up (";
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut greeting = [0; 2048];
            let _ = stream.read(&mut greeting).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let url = format!("https://127.0.0.1:{port}");
    for text in texts(builder(&url), &url).await {
        assert!(text.contains("does not speak TLS"), "{text}");
    }
}

/// Who has to look at the proxy is not sent to the server.
#[tokio::test]
async fn a_proxy_that_refuses_and_one_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let refusing = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            let refusal =
                b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
            let _ = stream.write_all(refusal).await;
        }
    });
    let table = [
        (
            refusing,
            "the proxy gave no connection (proxy authorization required)",
        ),
        (
            closed_port().await,
            "the proxy gave no connection (connection refused, nothing listens there)",
        ),
    ];
    for (port, expected) in table {
        let url = "https://api.example";
        let by_proxy = builder(url).configure_http(move |http| {
            let proxy = reqwest::Proxy::all(format!("http://127.0.0.1:{port}"));
            http.proxy(proxy.expect("an address"))
        });
        for text in texts(by_proxy, url).await {
            let expected = format!("could not connect to api.example: {expected}");
            assert!(text.contains(&expected), "{text}");
        }
    }
}

/// What the server repeats, or a library, of the keys is in no reason.
#[test]
fn a_reason_shows_no_key() {
    use creatify_api::transport::TransportError;

    let _client = builder("https://api.example").build().expect("a client");
    for error in [
        TransportError::not_sent("proxy said key-b1946ac92492"),
        TransportError::interrupted("peer said id-6d0e1f52\r\n"),
    ] {
        let text = error.to_string();
        assert!(text.contains("said [redacted]"), "{text}");
        assert!(
            !text.contains("b1946ac92492") && !text.contains('\r'),
            "{text}"
        );
    }
}

/// The program that is started below: it ends with the error of its only call, as a `main` does that returns one.
#[test]
fn program_that_returns_its_error() -> Result<(), Error> {
    if std::env::var_os("CREATIFY_TEST_RETURNS").is_some() {
        let client = Client::from_env()?;
        client.remaining_credits().retrieve().blocking()?;
    }
    Ok(())
}

/// What a terminal shows of that program, with these variables.
fn shown(variables: &[(&str, &str)]) -> String {
    let mut program = Command::new(std::env::current_exe().expect("this program"));
    program.args([
        "--exact",
        "reasons::program_that_returns_its_error",
        "--nocapture",
    ]);
    for name in [
        "CREATIFY_API_ID",
        "CREATIFY_API_KEY",
        "CREATIFY_BASE_URL",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ] {
        program.env_remove(name);
    }
    program.env("CREATIFY_TEST_RETURNS", "yes");
    program.envs(variables.iter().copied());
    let output = program.output().expect("the program");
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find(|line| line.starts_with("Error: "));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test]
async fn a_program_that_ends_with_an_error_shows_the_message_first() {
    let missing = shown(&[]);
    let expected =
        "Error: the environment variable `CREATIFY_API_ID` is not set { kind: Configuration, .. }";
    assert_eq!(missing, expected);
    let port = closed_port().await;
    let url = format!("http://127.0.0.1:{port}");
    let keys = [
        ("CREATIFY_API_ID", "id-6d0e1f52"),
        ("CREATIFY_API_KEY", "key-b1946ac92492"),
        ("CREATIFY_BASE_URL", &url),
    ];
    let refused = shown(&keys);
    let expected = format!(
        "Error: remaining_credits_retrieve: could not connect to 127.0.0.1:{port}: connection refused, nothing listens there"
    );
    assert!(refused.starts_with(&expected), "{refused}");
    assert!(
        refused.contains("{ kind: Transport, attempts: "),
        "{refused}"
    );
    assert!(
        !refused.contains("b1946ac92492") && !refused.contains("6d0e1f52"),
        "{refused}"
    );
    // A slim container.
    #[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
    {
        let nowhere = ("SSL_CERT_FILE", "/nowhere/certificates.pem");
        let untrusting = shown(&[keys[0], keys[1], nowhere]);
        let expected = "Error: no `https://` server can be trusted: `SSL_CERT_FILE` is set, and no certificate";
        assert!(untrusting.starts_with(expected), "{untrusting}");
        assert!(untrusting.contains("`bundled-roots`"), "{untrusting}");
    }
}
