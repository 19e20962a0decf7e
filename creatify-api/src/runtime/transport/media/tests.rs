//! Media by name. In: names that stand for this machine, for a private network or for the world. Out: that a redirect
//! to them is followed only where they are public.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::runtime::transport::{Encryption, Method};

/// Public names of private addresses, as anybody can have them.
fn lookup(name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
    let addresses: &[&str] = match name.as_str() {
        "loopback.example.com" => &["127.0.0.1:0"],
        "private.example.com" => &["10.0.0.7:0", "[fd00::1]:0"],
        "cloud.example.com" => &["169.254.169.254:0"],
        "mixed.example.com" => &["10.0.0.7:0", "1.1.1.1:0", "[::1]:0"],
        "proxy.example.com" => &["10.0.0.1:0"],
        _ => &[],
    };
    let addresses = addresses.iter().map(|text| text.parse().expect(text));
    let addresses = addresses.collect();
    Box::pin(async { Ok(addresses) })
}

fn media(private: bool) -> Media {
    let redirects = RedirectPolicy {
        encryption: Encryption::Optional,
        private,
    };
    let settings = MediaSettings {
        connect_timeout: Duration::from_secs(10),
        redirects,
        configure: None,
    };
    Media::new(settings, lookup).expect("a transport")
}

/// A server that redirects whatever comes to this address, and the port where it does.
async fn redirecting(target: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let target = target.replace("PORT", &port.to_string());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            // Whatever goes wrong here is the client's affair.
            let _ = stream.read(&mut request).await;
            let head = format!(
                "HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
        }
    });
    port
}

fn request(url: &str) -> Request {
    Request::new(Method::GET, Url::parse(url).expect("a URL"))
}

fn problem(result: Result<Response, TransportError>) -> &'static str {
    let error = result.expect_err("it must not be followed");
    let source = StdError::source(&error).expect("a source");
    let refused = source.downcast_ref::<RefusedRedirect>();
    refused.unwrap_or_else(|| panic!("{source:?}")).problem
}

#[tokio::test]
async fn a_public_name_of_a_private_address_is_not_followed() {
    for name in ["loopback", "private", "cloud"] {
        let port = redirecting(format!("http://{name}.example.com:PORT/a?signature=s")).await;
        let result = media(false)
            .send(request(&format!("http://127.0.0.1:{port}/")))
            .await;
        let problem = problem(result);
        assert!(problem.contains("allow_private_redirects"), "{problem}");
    }
}

/// The machine itself may lead on to the machine itself, but not for ever.
#[tokio::test]
async fn redirects_end() {
    let port = redirecting("http://127.0.0.1:PORT/a".to_owned()).await;
    let result = media(false)
        .send(request(&format!("http://127.0.0.1:{port}/")))
        .await;
    assert!(problem(result).contains("more than 10"));
}

#[tokio::test]
async fn only_public_addresses_of_targets_are_known() {
    let resolver = PublicOnly {
        targets: Arc::default(),
        lookup,
    };
    let resolve = async |name: &str| {
        let found = resolver.resolve(name.parse().expect("a name")).await;
        found.map(|addresses| addresses.map(|address| address.to_string()).collect())
    };
    let all: Result<Vec<String>, _> = resolve("mixed.example.com").await;
    assert_eq!(all.expect("nobody was redirected there").len(), 3);
    for name in [
        "mixed.example.com",
        "private.example.com",
        "unknown.example.com",
    ] {
        resolver.targets.add(name);
    }
    let some: Result<Vec<String>, _> = resolve("mixed.example.com").await;
    assert_eq!(some.expect("one is public"), ["1.1.1.1:0"]);
    let none: Result<Vec<String>, _> = resolve("private.example.com").await;
    assert!(none.is_err_and(|error| error.is::<NotPublic>()));
    let unknown: Result<Vec<String>, _> = resolve("unknown.example.com").await;
    assert_eq!(unknown.expect("no address is a private one"), [""; 0]);
    // The proxy by which a public target is reached may well be in the house.
    let proxy: Result<Vec<String>, _> = resolve("proxy.example.com").await;
    assert_eq!(proxy.expect("it is no target").len(), 1);
}

#[test]
fn targets_do_not_grow_without_end() {
    let targets = Targets::default();
    for number in 0..2 * Targets::MOST {
        targets.add(&format!("{number}.example.com"));
        targets.add("often.example.com");
    }
    assert!(targets.contains("often.example.com") && !targets.contains("0.example.com"));
    let hosts = targets.0.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(hosts.len(), Targets::MOST);
}
