//! The generated client against a recording server. In: calls a user makes. Out: what must be on
//! the wire and what must come back, one test for each way in which other generators' clients of
//! this API fail. Knows the public names of the client only.

use std::error::Error as _;
use std::time::Duration;

use creatify_api::types::{
    AspectRatio, JobStatus, Lipsync, LipsyncRequest, MultiAvatarLipsyncInput,
    SceneCharacterRequest, SceneCharacterType, SceneRequest, SceneVoiceRequest, SceneVoiceType,
    TextToSpeechRequest,
};
use creatify_api::{Client, Credentials, Error, RetryPolicy, Uuid};
use serde_json::{Value, json};
use tests::recorder::{Recorder, Reply};

const API_ID: &str = "id-6d0e1f52";
const API_KEY: &str = "key-b1946ac92492";
const JOB: Uuid = Uuid::from_u128(0x67e5504410b1426f9247bb680e5fe0c8);

/// A server with one answer, and a client of it.
async fn serve(reply: Reply) -> (Recorder, Client) {
    let server = Recorder::start([reply])
        .await
        .expect("a port on this machine");
    let client = client(&server.url());
    (server, client)
}

fn client(base_url: &str) -> Client {
    let credentials = Credentials::new(API_ID, API_KEY);
    Client::builder()
        .credentials(credentials)
        .base_url(base_url)
        // What one attempt does; `tests/runtime` shows what becomes of a failed one.
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

fn request() -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello")
}

/// A job as the server describes it while it waits, with some fields changed.
fn pending_job(changes: Value) -> Value {
    let mut job = json!({
        "id": JOB.to_string(), "name": null, "text": "Hello", "creator": null, "model_version": "standard",
        "output": null, "video_thumbnail": "", "aspect_ratio": "9x16", "green_screen": false,
        "created_at": "2025-09-01T10:00:00.123456Z", "updated_at": "2025-09-01T10:00:00Z",
        "credits_used": 0.5, "duration": 0, "progress": "0", "failed_reason": null,
        "media_job": null, "status": "pending", "is_hidden": false, "audio_url": null,
        "webhook_url": null, "preview": null, "editor_url": null, "preview_audio": null,
    });
    for (name, value) in changes.as_object().expect("an object of changes") {
        job[name] = value.clone();
    }
    job
}

async fn create(reply: Reply) -> Result<Lipsync, Error> {
    let (_server, client) = serve(reply).await;
    client.lipsyncs().create(&request()).await
}

#[tokio::test]
async fn both_keys_arrive_each_in_its_own_header() {
    let (server, client) = serve(Reply::json(200, json!([]))).await;
    assert!(client.lipsyncs().list().await.expect("a list").is_empty());
    let recorded = server.requests().remove(0);
    assert_eq!(recorded.header("X-API-ID"), [API_ID]);
    assert_eq!(recorded.header("X-API-KEY"), [API_KEY]);
    assert!(recorded.header("authorization").is_empty());
}

#[tokio::test]
async fn paths_keep_their_trailing_slash_and_the_prefix_of_the_base_url() {
    let replies = [(); 3].map(|()| Reply::json(200, pending_job(json!({}))));
    let server = Recorder::start(replies).await.expect("a port");
    client(&server.url())
        .lipsyncs()
        .create(&request())
        .await
        .expect("a job");
    client(&server.url())
        .lipsyncs()
        .retrieve(JOB)
        .await
        .expect("a job");
    client(&format!("{}/a%20proxy/", server.url()))
        .lipsyncs()
        .render(JOB)
        .await
        .expect("a job");
    let lines: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.request_line)
        .collect();
    let expected = [
        "POST /api/lipsyncs/ HTTP/1.1".to_owned(),
        format!("GET /api/lipsyncs/{JOB}/ HTTP/1.1"),
        format!("POST /a%20proxy/api/lipsyncs/{JOB}/render/ HTTP/1.1"),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn ids_are_one_comma_separated_query_parameter() {
    let (server, client) = serve(Reply::json(200, json!([]))).await;
    client
        .lipsyncs()
        .list()
        .ids([JOB, Uuid::nil()])
        .await
        .expect("a list");
    let expected = format!("GET /api/lipsyncs/?ids={JOB},{} HTTP/1.1", Uuid::nil());
    assert_eq!(server.requests()[0].request_line, expected);
}

#[tokio::test]
async fn a_pending_job_decodes_although_most_of_it_is_null() {
    let job = create(Reply::json(201, pending_job(json!({}))))
        .await
        .expect("a job");
    assert_eq!(
        (job.id, job.output, job.status),
        (JOB, None, JobStatus::Pending)
    );
    assert_eq!(job.created_at.timestamp_subsec_micros(), 123_456);
}

#[tokio::test]
async fn a_value_that_an_enum_does_not_know_decodes_and_keeps_its_text() {
    let reply = pending_job(json!({"aspect_ratio": "21x9", "status": "paused"}));
    let job = create(Reply::json(201, reply)).await.expect("a job");
    assert!(matches!(&job.aspect_ratio, AspectRatio::Unknown(value) if value.as_str() == "21x9"));
    assert_eq!(job.status.as_str(), "paused");
    assert_eq!(
        serde_json::to_value(&job.aspect_ratio).expect("JSON"),
        json!("21x9")
    );
}

#[tokio::test]
async fn an_empty_thumbnail_address_decodes() {
    let job = create(Reply::json(201, pending_job(json!({}))))
        .await
        .expect("a job");
    assert_eq!(job.video_thumbnail, "");
}

#[tokio::test]
async fn fields_that_are_not_known_yet_are_kept() {
    let reply = pending_job(json!({"mood": {"happy": true}}));
    let job = create(Reply::json(201, reply)).await.expect("a job");
    assert_eq!(job.extra.get("mood"), Some(&json!({"happy": true})));
}

#[tokio::test]
async fn a_preview_needs_the_aspect_ratio_and_a_text_and_sends_nothing_else() {
    let (server, client) = serve(Reply::json(200, pending_job(json!({})))).await;
    client.lipsyncs().preview(&request()).await.expect("a job");
    let recorded = server.requests().remove(0);
    assert_eq!(
        recorded.request_line,
        "POST /api/lipsyncs/preview/ HTTP/1.1"
    );
    assert_eq!(recorded.header("content-type"), ["application/json"]);
    let sent: Value = serde_json::from_str(&recorded.text()).expect("JSON");
    assert_eq!(sent, json!({"aspect_ratio": "9x16", "text": "Hello"}));
}

#[tokio::test]
async fn absent_null_and_set_differ_on_the_wire() {
    let (server, client) = serve(Reply::json(201, pending_job(json!({})))).await;
    let request = request().name(None).text("Grüße").green_screen(false);
    client.lipsyncs().create(&request).await.expect("a job");
    let sent: Value = serde_json::from_str(&server.requests()[0].text()).expect("JSON");
    let expected =
        json!({"aspect_ratio": "9x16", "name": null, "text": "Grüße", "green_screen": false});
    assert_eq!(sent, expected);
    assert_eq!(serde_json::to_value(&request).expect("JSON"), expected);
}

#[tokio::test]
async fn a_paid_job_is_not_lost_when_its_answer_cannot_be_read() {
    let body = pending_job(json!({"created_at": "soon"}));
    let reply = Reply::json(201, &body).header("x-request-id", "r-1");
    let error = create(reply).await.expect_err("the date cannot be read");
    assert!(error.is_decode() && !error.is_status());
    assert_eq!(
        error.decode_error().expect("a decode error").path(),
        "created_at"
    );
    assert_eq!(error.job_id(), Some(JOB.to_string().as_str()));
    assert_eq!(error.status().expect("a status"), 201);
    assert_eq!(error.headers().expect("headers")["x-request-id"], "r-1");
    assert_eq!(error.body(), Some(body.to_string().as_bytes()));
}

#[tokio::test]
async fn a_paid_job_is_not_lost_when_its_answer_breaks_off() {
    let reply = Reply::json(201, format!("{{\"id\": \"{JOB}\", \"output\": \"htt"));
    let error = create(reply.clone().break_off())
        .await
        .expect_err("the answer is not complete");
    assert_eq!(error.job_id(), Some(JOB.to_string().as_str()), "{error}");
    assert!(!error.is_decode() && !error.is_timeout() && error.status().is_some());

    let (_server, client) = serve(reply.stall()).await;
    let call = client
        .lipsyncs()
        .create(&request())
        .timeout(Duration::from_millis(500));
    let error = call.await.expect_err("the answer never becomes complete");
    assert_eq!(error.job_id(), Some(JOB.to_string().as_str()), "{error}");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_refusal_keeps_status_headers_and_body() {
    for status in [400, 402, 404, 418, 429, 500, 503] {
        let body = json!({"id": JOB.to_string(), "detail": "no\n credits"});
        let reply = Reply::json(status, &body).header("retry-after", "7");
        let error = create(reply).await.expect_err("not a success");
        assert!(error.is_status() && !error.is_redirect() && !error.is_decode());
        assert_eq!(error.status().expect("a status"), status);
        assert_eq!(error.headers().expect("headers")["retry-after"], "7");
        assert_eq!(error.body(), Some(body.to_string().as_bytes()));
        // The id in a refusal need not be that of a job.
        assert_eq!(error.job_id(), None);
        assert_eq!(error.operation(), Some("lipsyncs_create"));
        let message = error.to_string();
        assert!(message.contains("lipsyncs_create") && message.contains(&status.to_string()));
        assert!(
            message.contains("credits") && !message.contains('\n'),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_redirect_carries_neither_keys_nor_body_to_another_server() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Recorder::start([]).await.expect("a port");
        let location = format!("{}/api/lipsyncs/", elsewhere.url());
        let error = create(Reply::empty(status).header("location", &location)).await;
        let error = error.expect_err("a redirect is not followed");
        assert!(error.is_redirect() && error.is_status());
        assert_eq!(error.location(), Some(location.as_str()));
        assert_eq!(elsewhere.connections(), 0);
    }
}

#[tokio::test]
async fn a_form_is_sent_when_asked_for() {
    let (server, client) = serve(Reply::json(201, pending_job(json!({})))).await;
    let request = request().text("a b&c=ä+").no_music(true);
    client
        .lipsyncs()
        .create(&request)
        .form()
        .await
        .expect("a job");
    let recorded = server.requests().remove(0);
    assert_eq!(
        recorded.header("content-type"),
        ["application/x-www-form-urlencoded"]
    );
    let text = recorded.text();
    let mut pairs: Vec<_> = text.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "aspect_ratio=9x16",
            "no_music=true",
            "text=a+b%26c%3D%C3%A4%2B"
        ]
    );
}

#[tokio::test]
async fn multipart_is_sent_when_asked_for() {
    let (server, client) = serve(Reply::json(200, pending_job(json!({})))).await;
    client
        .lipsyncs()
        .preview(&request().text("ä\r\nb"))
        .multipart()
        .await
        .expect("a job");
    let recorded = server.requests().remove(0);
    let content_type = recorded.header("content-type")[0];
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let text = recorded.text();
    let parts: Vec<_> = text.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "{text}");
    assert!(
        text.contains("name=\"aspect_ratio\"\r\n\r\n9x16\r\n"),
        "{text}"
    );
    assert!(text.contains("name=\"text\"\r\n\r\nä\r\nb\r\n"), "{text}");
}

#[tokio::test]
async fn null_in_a_form_is_refused_because_it_cannot_be_written() {
    let (server, client) = serve(Reply::empty(500)).await;
    let call = client.lipsyncs().create(&request().name(None)).form();
    let error = call.await.expect_err("null has no form");
    assert!(
        error.is_validation() && error.violations()[0].path() == "name",
        "{error}"
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn every_limit_is_checked_before_a_connection_is_opened() {
    let (server, client) = serve(Reply::empty(500)).await;
    let request = request()
        .name("ä".repeat(256))
        .webhook_url("example.com")
        .caption_offset_x("5.5.5");
    let error = client
        .lipsyncs()
        .create(&request)
        .await
        .expect_err("limits are broken");
    assert!(error.is_validation());
    let mut paths: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| violation.path())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths, ["caption_offset_x", "name", "webhook_url"]);
    let message = error.to_string();
    assert!(
        message.contains("name: has 256 characters, at most 255 are allowed"),
        "{message}"
    );

    let too_many = client
        .lipsyncs()
        .list()
        .ids(vec![JOB; 101])
        .await
        .expect_err("100 is the limit");
    assert_eq!(too_many.violations()[0].path(), "ids");
    assert_eq!(server.connections(), 0);
}

/// What the document asks of several members at once, by path.
#[tokio::test]
async fn what_can_never_make_a_video_is_refused_before_a_connection_is_opened() {
    let (server, client) = serve(Reply::empty(500)).await;
    let bare = LipsyncRequest::new(AspectRatio::Ratio9x16);
    let (v1, v2) = (client.lipsyncs(), client.lipsyncs_v2());
    for request in [
        bare.clone(),
        bare.clone().text(" \n\u{a0}"),
        bare.clone().text(None).audio(None),
    ] {
        assert_eq!(refused(v1.create(&request).await), ["text"]);
        assert_eq!(refused(v1.preview(&request).await), ["text"]);
    }
    let empty = bare.clone().audio("");
    assert_eq!(refused(v1.create(&empty).await), ["audio", "text"]);
    let scenes = MultiAvatarLipsyncInput::new([]);
    assert_eq!(refused(v2.create(&scenes).await), ["video_inputs"]);
    assert_eq!(refused(v2.preview(&scenes).await), ["video_inputs"]);
    let voices = [
        SceneVoiceRequest::new(SceneVoiceType::Silence),
        SceneVoiceRequest::new(SceneVoiceType::Text),
        SceneVoiceRequest::new(SceneVoiceType::Text).input_text("  "),
    ];
    let scenes = voices.map(|voice| {
        let character = SceneCharacterRequest::new(SceneCharacterType::Avatar, "a");
        SceneRequest::new(character, voice)
    });
    let error = v2.create(&MultiAvatarLipsyncInput::new(scenes)).await;
    let paths = [1, 2].map(|scene| format!("video_inputs[{scene}].voice.input_text"));
    assert_eq!(refused(error), paths);
    for script in ["", "\t "] {
        let request = TextToSpeechRequest::new(script);
        let paths = refused(client.text_to_speech().create(&request).await);
        assert_eq!(paths, ["script"]);
    }
    assert_eq!(server.connections(), 0);
}

/// The paths of the violations of a call that was not sent.
fn refused<T: std::fmt::Debug>(result: Result<T, creatify_api::Error>) -> Vec<String> {
    let error = result.expect_err("it is not sent");
    assert!(error.is_validation(), "{error}");
    let violations = error.violations().iter();
    let mut paths: Vec<_> = violations.map(|one| one.path().to_owned()).collect();
    paths.sort_unstable();
    paths
}

#[tokio::test]
async fn silence_is_a_timeout_and_a_closed_port_is_a_failed_connection() {
    let (server, client) = serve(Reply::silence()).await;
    let call = client.lipsyncs().list().timeout(Duration::from_millis(200));
    let error = call.await.expect_err("there is no answer");
    assert!(
        error.is_timeout() && !error.is_connect() && error.status().is_none(),
        "{error}"
    );
    let url = server.url();
    drop(server);
    tokio::task::yield_now().await;
    let error = self::client(&url)
        .lipsyncs()
        .list()
        .await
        .expect_err("nobody listens");
    assert!(error.is_connect() && error.source().is_some(), "{error}");
}

#[tokio::test]
async fn the_whole_answer_is_at_hand() {
    let (_server, client) =
        serve(Reply::json(201, pending_job(json!({}))).header("x-a", "b")).await;
    let response = client
        .lipsyncs()
        .create(&request())
        .send()
        .await
        .expect("a job");
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(
        response.body(),
        pending_job(json!({})).to_string().as_bytes()
    );
    assert_eq!(response.into_value().id, JOB);
}
