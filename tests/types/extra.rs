//! Members that are not described, on requests. In: a request with such members. Out: what is on the wire, and what is
//! kept. Knows the public names of the client only.

use crate::closed::client_of;
use creatify_api::Value;
use creatify_api::types::{
    AspectRatio, LipsyncRequest, SceneCaptionSetting, SceneVoiceRequest, SceneVoiceType,
};
use serde_json::json;
use tests::recorder::{Recorder, Reply};

/// A member that the service has come to take can be sent before this crate knows it.
#[tokio::test]
async fn members_that_are_not_described_are_sent_as_they_are() {
    let server = Recorder::start([Reply::empty(400)]).await.expect("a port");
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello")
        .extra_member("mood", json!({"happy": [true, null]}))
        .extra_member("tries", 3)
        // Fields that are set win.
        .extra_member("text", "Bye")
        .extra_member("aspect_ratio", "1x1");
    let error = client_of(&server.url()).lipsyncs().create(&request).await;
    assert!(error.expect_err("a refusal").is_status());
    let sent: Value = serde_json::from_slice(&server.requests()[0].body).expect("JSON");
    let expected = json!({
        "aspect_ratio": "9x16", "text": "Hello", "mood": {"happy": [true, null]}, "tries": 3,
    });
    assert_eq!(sent, expected);
}

/// A member that is a field after all is one: it is checked as the field would be.
#[tokio::test]
async fn a_member_with_the_name_of_a_field_is_that_field() {
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello")
        .extra_member("model_version", "aurora_v9");
    let error = crate::closed::client().lipsyncs().create(&request).await;
    let error = error.expect_err("a violation");
    let paths: Vec<_> = error.violations().iter().map(|one| one.path()).collect();
    assert_eq!(paths, ["model_version"]);
}

/// Requests come from files and queues: what they leave out, set to null and set stays apart, and nothing is lost.
#[test]
fn a_request_is_read_as_it_was_written() {
    let kept = json!({
        "aspect_ratio": "9x16", "text": null, "name": "spring", "mood": 1,
        "video_inputs": [{"later": true}],
    });
    let request: LipsyncRequest = serde_json::from_value(kept.clone()).expect("a request");
    assert!(request.text.is_null() && request.accent.is_absent());
    assert_eq!(request.name.value().map(String::as_str), Some("spring"));
    assert_eq!(serde_json::to_value(&request).expect("JSON"), kept);
    let error = serde_json::from_str::<LipsyncRequest>("{\"text\": 1}").expect_err("no request");
    assert!(
        error.to_string().starts_with("text: expected a string"),
        "{error}"
    );
}

#[test]
fn parts_of_requests_take_them_too() {
    let voice = SceneVoiceRequest::new(SceneVoiceType::Text).extra_member("pitch", 0.5);
    let caption = SceneCaptionSetting::default().extra_member("layer", "front");
    let voice = serde_json::to_value(&voice).expect("JSON");
    let caption = serde_json::to_value(&caption).expect("JSON");
    assert_eq!(voice, json!({"type": "text", "pitch": 0.5}));
    assert_eq!(caption, json!({"layer": "front"}));
}
