//! Redirects of media. In: servers on this machine, known by public names or by its own, that send a download elsewhere.
//! Out: the file where that is harmless, else an error before anything is sent.

use std::time::Duration;

use creatify_api::{Client, ClientBuilder, Error, RetryPolicy};

use crate::origin::{Answer, Origin};

/// A server that sends callers there.
async fn redirecting(status: u16, target: String) -> Origin {
    let location = format!("location: {target}");
    Origin::start(move |_, _| Answer::new(status, &[&location, "content-length: 0"], b"")).await
}

async fn serving() -> Origin {
    Origin::start(|_, _| Answer::new(200, &["content-length: 8"], b"the file")).await
}

/// A client that knows this server by a public name.
fn builder(origin: &Origin) -> ClientBuilder {
    let address = origin.address();
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    Client::builder().retry(policy).configure_http(move |http| {
        http.no_proxy()
            .resolve("media.example.com", address)
            .resolve("cdn.example.net", address)
    })
}

async fn download(builder: ClientBuilder, address: String) -> Result<bytes::Bytes, Error> {
    let client = builder.build().expect("a client");
    client.download(address).bytes().await
}

fn public(origin: &Origin) -> String {
    let port = origin.address().port();
    format!("http://media.example.com:{port}/a.mp4?signature=very-secret")
}

#[tokio::test]
async fn a_public_host_does_not_lead_to_this_machine_or_its_neighbours() {
    for target in [
        "http://127.0.0.1:PORT/b?signature=very-secret",
        "http://localhost:PORT/b",
        "http://LOCALHOST.:PORT/b",
        "http://a.localhost:PORT/b",
        "http://0.0.0.0:PORT/b",
        "http://2130706433:PORT/b",
        "http://[::1]:PORT/b",
        "http://[::ffff:127.0.0.1]:PORT/b",
        "http://10.1.2.3/b",
        "http://172.16.0.1/b",
        "http://192.168.0.1/b",
        "http://100.64.0.1/b",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:a9fe:a9fe]/latest/meta-data/",
        "http://[fe80::1]/b",
        "http://[fd00::1]/b",
        "http://intranet/b",
        "http://metadata.google.internal/b",
        "//127.0.0.1:PORT/b",
    ] {
        let there = serving().await;
        let target = target.replace("PORT", &there.address().port().to_string());
        let public_host = redirecting(302, target.clone()).await;
        let result = download(builder(&public_host).allow_http(), public(&public_host)).await;
        let error = result.expect_err(&target);
        let text = format!("{error} {error:?}");
        assert!(
            error.is_download() && text.contains("allow_private_redirects"),
            "{target}: {text}"
        );
        assert!(!text.contains("very-secret"), "{text}");
        assert!(there.heads().is_empty(), "{target}");
        assert_eq!(public_host.heads().len(), 1, "it would lead there again");
    }
}

#[tokio::test]
async fn whoever_allows_it_is_led_there() {
    let there = serving().await;
    let public_host = redirecting(307, format!("{}/b", there.url())).await;
    let builder = builder(&public_host).allow_http().allow_private_redirects();
    let bytes = download(builder, public(&public_host)).await;
    assert_eq!(bytes.expect("the file"), "the file");
}

/// What leads from one public host to the next is what content networks do.
#[tokio::test]
async fn public_hosts_and_relative_addresses_are_followed() {
    let origin = Origin::start(|number, head| {
        let target = match number {
            1 => "location: /b.mp4#t=5",
            2 => "location: c.mp4?signature=other",
            _ => {
                assert!(
                    head.starts_with("GET /c.mp4?signature=other HTTP/1.1"),
                    "{head}"
                );
                assert!(!head.contains("referer:"), "{head}");
                return Answer::new(200, &["content-length: 8"], b"the file");
            }
        };
        Answer::new(301, &[target, "content-length: 0"], b"")
    })
    .await;
    let bytes = download(builder(&origin).allow_http(), public(&origin)).await;
    assert_eq!(bytes.expect("the file"), "the file");
}

/// The machine itself may lead to itself, as the emulator does, and to nobody else in the house.
#[tokio::test]
async fn this_machine_leads_to_itself_and_not_to_its_neighbours() {
    let there = serving().await;
    for status in [301, 302, 303, 307, 308] {
        let here = redirecting(status, format!("{}/b", there.url())).await;
        let bytes = download(Client::builder(), here.url().to_owned()).await;
        assert_eq!(bytes.expect("the file"), "the file");
    }
    for (target, switch) in [
        ("http://media.example.com/b", "allow_http"),
        ("https://10.0.0.1/b", "allow_private_redirects"),
        ("https://user:very-secret@media.example.com/b", "password"),
        ("ftp://media.example.com/b", "neither"),
    ] {
        let here = redirecting(302, target.to_owned()).await;
        let error = download(Client::builder(), here.url().to_owned()).await;
        let text = error.expect_err(target).to_string();
        assert!(
            text.contains(switch) && !text.contains("very-secret"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let origin =
        Origin::start(|_, _| Answer::new(302, &["location: /again", "content-length: 0"], b""))
            .await;
    let error = download(Client::builder(), origin.url().to_owned()).await;
    let text = error.expect_err("a circle").to_string();
    assert!(text.contains("more than 10 redirects"), "{text}");
    assert_eq!(origin.heads().len(), 11);
}

/// A redirect that names no address is no reason to ask again.
#[tokio::test]
async fn redirects_without_a_target_are_told() {
    for lines in [
        &["content-length: 0"][..],
        &["location: http://", "content-length: 0"],
    ] {
        let origin = Origin::start(move |_, _| Answer::new(302, lines, b"")).await;
        let error = download(Client::builder(), origin.url().to_owned()).await;
        let error = error.expect_err("no target");
        assert!(error.to_string().contains("redirect"), "{error}");
        assert_eq!(origin.heads().len(), 1);
    }
}
