//! Values that a closed list does not have. In: requests with such values. Out: refused before anything is sent, unless
//! the caller knows better. Knows the public names of the client only.

use creatify_api::types::{AspectRatio, LipsyncRequest, PersonaGender};
use creatify_api::{Client, Credentials, RetryPolicy};
use tests::recorder::{Recorder, Reply};

pub(crate) const API_KEY: &str = "key-of-the-types-5f1c0a77";

/// A client that reaches nobody.
pub(crate) fn client() -> Client {
    client_of("http://127.0.0.1:9")
}

pub(crate) fn client_of(base_url: &str) -> Client {
    Client::builder()
        .credentials(Credentials::new("id-of-the-types", API_KEY))
        .base_url(base_url)
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

/// `16:9` in place of `16x9` would be paid for as whatever the service makes of it, or refused after a round trip.
#[tokio::test]
async fn a_value_that_is_not_on_the_list_is_not_sent() {
    let server = Recorder::start([Reply::empty(400), Reply::empty(400)])
        .await
        .expect("a port");
    let client = client_of(&server.url());
    let request = LipsyncRequest::new("16:9".into()).text("Hello");
    let error = client
        .lipsyncs()
        .create(&request)
        .await
        .expect_err("a violation");
    assert!(error.is_validation(), "{error}");
    let said: Vec<_> = error.violations().iter().map(ToString::to_string).collect();
    let expected =
        "aspect_ratio: is `16:9`, not one of `16x9`, `1x1`, `9x16`; did you mean `16x9`?";
    assert_eq!(said, [expected]);
    assert!(server.requests().is_empty(), "it was sent");

    let call = client.lipsyncs().create(&request).allow_unknown_values();
    assert!(call.await.expect_err("a refusal").is_status());
    assert!(server.requests()[0].text().contains("\"16:9\""));
}

#[tokio::test]
async fn parameters_are_held_to_their_lists_too() {
    let gender = [PersonaGender::Male, "other".into()];
    let call = client().personas().list().gender(gender.to_vec());
    let error = call.clone().await.expect_err("a violation");
    let said: Vec<_> = error.violations().iter().map(ToString::to_string).collect();
    assert_eq!(said, ["gender[1]: is `other`, not one of `m`, `f`, `nb`"]);
    // Nobody listens there: what is allowed fails later.
    let error = call.allow_unknown_values().await.expect_err("no server");
    assert!(!error.is_validation(), "{error}");
}

/// What else is wrong with the request stays wrong.
#[tokio::test]
async fn other_limits_hold_all_the_same() {
    let request = LipsyncRequest::new(AspectRatio::from("4x5")).text("x".repeat(8001));
    let call = client().lipsyncs().create(&request).allow_unknown_values();
    let error = call.await.expect_err("a violation");
    let paths: Vec<_> = error.violations().iter().map(|one| one.path()).collect();
    assert_eq!(paths, ["text"]);
}
