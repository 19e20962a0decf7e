//! Where keys go. In: redirects and base URLs. Out: that keys reach the configured server and
//! nobody else.

use std::error::Error as _;

use creatify_api::transport::{BoxFuture, Request, Response, Transport, TransportError};
use creatify_api::{Client, Credentials, StatusCode};
use serde_json::json;
use tests::recorder::{Recorder, Reply};

use crate::scripted_transport::{Part, ScriptedTransport, paid};

fn credentials() -> Credentials {
    Credentials::new("id-6d0e1f52", "key-b1946ac92492")
}

/// Settings of a client of the caller's own.
fn own() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy()
}

/// A server that sends callers elsewhere, and the place where they would arrive.
async fn redirecting(status: u16) -> (Recorder, Recorder) {
    let elsewhere = Recorder::start([Reply::json(200, json!([]))])
        .await
        .expect("a port");
    let target = format!("{}/api/lipsyncs/", elsewhere.url());
    let reply = Reply::json(status, json!({})).header("Location", &target);
    let server = Recorder::start([reply]).await.expect("a port");
    (server, elsewhere)
}

#[tokio::test]
async fn no_redirect_is_followed_and_the_error_names_its_target() {
    for status in [301, 302, 303, 307, 308] {
        let (server, elsewhere) = redirecting(status).await;
        let client = Client::builder()
            .credentials(credentials())
            .base_url(server.url());
        let client = client.build().expect("a client");
        let error = client
            .lipsyncs()
            .create(&paid())
            .await
            .expect_err("a redirect");
        assert!(error.is_redirect(), "{error}");
        // These two ask for the same again elsewhere; the others may point to a result.
        assert_eq!(
            error.is_ambiguous(),
            !matches!(status, 307 | 308),
            "{error}"
        );
        let target = error.location().expect("a target");
        assert!(target.starts_with(&elsewhere.url()) && error.to_string().contains(target));
        assert!(elsewhere.requests().is_empty());
    }
}

/// Nobody can take a redirect back that another library has followed, but it is no success.
#[tokio::test]
async fn a_client_that_follows_redirects_is_found_out() {
    let (server, elsewhere) = redirecting(307).await;
    let follows = own().build().expect("a client");
    let client = Client::builder()
        .credentials(credentials())
        .base_url(server.url());
    let client = client.http_client(follows).build().expect("a client");
    let error = client.lipsyncs().list().await.expect_err("a redirect");
    assert!(error.is_redirect(), "{error}");
    assert!(
        error
            .location()
            .is_some_and(|target| target.starts_with(&elsewhere.url()))
    );
}

#[tokio::test]
async fn a_supplied_client_is_used() {
    let server = Recorder::start([Reply::json(200, json!([]))])
        .await
        .expect("a port");
    let own = own()
        .redirect(reqwest::redirect::Policy::none())
        .default_headers(
            [(reqwest::header::VIA, "mine".parse().expect("a value"))]
                .into_iter()
                .collect(),
        )
        .build()
        .expect("a client");
    let client = Client::builder()
        .credentials(credentials())
        .base_url(server.url());
    let client = client.http_client(own).build().expect("a client");
    client.lipsyncs().list().await.expect("a list");
    assert_eq!(server.requests()[0].header("via"), ["mine"]);
}

/// A proxy or a certificate can be had without giving up what keeps the keys at home.
#[tokio::test]
async fn settings_of_the_http_client_cannot_undo_what_keeps_keys_at_home() {
    let (server, elsewhere) = redirecting(307).await;
    let via: reqwest::header::HeaderValue = "mine".parse().expect("a value");
    let configure = move |builder: reqwest::ClientBuilder| {
        let headers = [(reqwest::header::VIA, via.clone())].into_iter().collect();
        let follow = reqwest::redirect::Policy::limited(5);
        builder.redirect(follow).default_headers(headers)
    };
    let client = Client::builder()
        .credentials(credentials())
        .base_url(server.url())
        .configure_http(configure)
        .build()
        .expect("a client");
    let error = client.lipsyncs().list().await.expect_err("a redirect");
    assert!(
        error.is_redirect() && elsewhere.requests().is_empty(),
        "{error}"
    );
    assert_eq!(server.requests()[0].header("via"), ["mine"]);
}

#[test]
fn keys_are_not_sent_in_the_clear_unless_that_is_asked_for() {
    let build = |builder: creatify_api::ClientBuilder| {
        builder
            .credentials(credentials())
            .base_url("http://api.example.com")
            .build()
    };
    let error = build(Client::builder()).expect_err("in the clear");
    assert!(
        error.is_configuration() && error.to_string().contains("allow_http"),
        "{error}"
    );
    build(Client::builder().allow_http()).expect("asked for");
}

/// Panics with whatever it is given to print.
struct Panics;

impl Transport for Panics {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        panic!("{request:?}")
    }
}

#[tokio::test]
async fn a_panic_in_a_transport_reveals_nothing() {
    let client = Client::builder()
        .credentials(credentials())
        .transport(Panics);
    let client = client.build().expect("a client");
    let call = client
        .lipsyncs()
        .create(&paid().name("a secret name"))
        .into_future();
    let panic = tokio::spawn(call).await.expect_err("a panic").into_panic();
    let message = panic.downcast_ref::<String>().expect("a text");
    assert!(
        message.contains("/api/lipsyncs/") && message.contains("x-api-key"),
        "{message}"
    );
    assert!(
        !message.contains("b1946ac92492") && !message.contains("secret"),
        "{message}"
    );
}

#[tokio::test]
async fn an_answer_that_sets_headers_of_its_own_is_not_printed() {
    let secret = vec![("set-cookie", "session=s3cret".to_owned())];
    let scripted = ScriptedTransport::new([Part::Answer(200, secret, "[]".to_owned())]);
    let response = scripted
        .client()
        .lipsyncs()
        .list()
        .send()
        .await
        .expect("a list");
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!format!("{response:?}").contains("s3cret"));
}

/// Says in its errors what it was given.
struct Tells;

impl Transport for Tells {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let key = request.headers["x-api-key"]
            .to_str()
            .expect("a text")
            .to_owned();
        Box::pin(async move { Err(TransportError::interrupted(format!("could not send {key}"))) })
    }
}

#[tokio::test]
async fn an_error_of_a_transport_is_printed_without_the_keys() {
    let client = Client::builder()
        .credentials(credentials())
        .transport(Tells);
    let client = client.build().expect("a client");
    let error = client.lipsyncs().create(&paid()).await.expect_err("broken");
    let cause = error.source().expect("a cause").to_string();
    assert_eq!(cause, "could not send [redacted]");
    assert!(
        !format!("{error:?} {error:#?}").contains("b1946ac92492"),
        "{error:?}"
    );
}
