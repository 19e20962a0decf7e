//! What the API says. In: events, true and forged. Out: the job as it is, by the resource that has it.

use std::time::Duration;

use creatify_api::operation::JobOutcome;
use creatify_api::transport::{BoxFuture, Request, Response, Transport, TransportError};
use creatify_api::types::{
    AspectRatio, Lipsync, LipsyncRequest, TextToSpeech, TextToSpeechRequest,
};
use creatify_api::{Client, Credentials, RetryPolicy, StatusCode, Uuid};
use creatify_emulator::{Emulator, Fault, Options, fault};
use serde_json::json;

use crate::parse::{JOB, event};

async fn start() -> (Emulator, Client) {
    let emulator = Emulator::start(Options::stepped().strict())
        .await
        .expect("an emulator");
    let client = client(&emulator, "webhook");
    (emulator, client)
}

fn client(emulator: &Emulator, api_id: &str) -> Client {
    let credentials = Credentials::new(api_id, "key-of-the-webhooks");
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    let builder = Client::builder().credentials(credentials).retry(policy);
    builder
        .base_url(emulator.base_url())
        .build()
        .expect("a client")
}

async fn lipsync(client: &Client, text: &str) -> Uuid {
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text(text);
    client.lipsyncs().create(&request).await.expect("a job").id
}

fn reads(emulator: &Emulator) -> usize {
    let requests = emulator.state().requests();
    requests
        .iter()
        .filter(|request| request.method == "GET")
        .count()
}

/// A forged address must not be downloaded as the customer's video.
#[tokio::test]
async fn what_the_event_says_besides_its_id_is_not_believed() {
    let (emulator, client) = start().await;
    let id = lipsync(&client, "Hello").await;
    let forged = event(
        &json!({"id": id.to_string(), "status": "done", "output": "https://evil.example.com"}),
    );
    let job = forged.confirm(&client).await.expect("the job");
    assert_eq!(
        (job.id(), job.resource(), job.status()),
        (id, "lipsyncs", "pending")
    );
    assert_eq!(
        (job.outcome(), job.output()),
        (Some(JobOutcome::Running), None)
    );
    emulator.state().advance(Duration::from_secs(3_600));
    let job = forged.confirm(&client).await.expect("the job");
    assert_eq!(job.outcome(), Some(JobOutcome::Succeeded));
    let read = client.lipsyncs().retrieve(id).await.expect("the job");
    assert_eq!(job.output(), read.output.as_deref());
    assert!(
        job.output()
            .is_some_and(|output| output.starts_with(emulator.base_url()))
    );
    assert_eq!(job.job::<Lipsync>().expect("a lipsync").id, id);
    assert!(!format!("{job:?}").contains("http"), "{job:?}");
}

#[tokio::test]
async fn why_a_job_failed_is_the_apis_to_say() {
    let (emulator, client) = start().await;
    let id = lipsync(&client, "fail").await;
    emulator.state().advance(Duration::from_secs(3_600));
    let job = event(&json!({"id": id.to_string(), "status": "running"}))
        .confirm(&client)
        .await;
    let job = job.expect("the job");
    assert_eq!(
        (job.status(), job.outcome()),
        ("failed", Some(JobOutcome::Failed))
    );
    let read = client.lipsyncs().retrieve(id).await.expect("the job");
    assert!(read.failed_reason.is_some());
    assert_eq!(job.failed_reason(), read.failed_reason.as_deref());
}

/// Every resource is found, the likely one at once.
#[tokio::test]
async fn the_resource_is_found_by_asking() {
    let (emulator, client) = start().await;
    let request = TextToSpeechRequest::new("Hello");
    let speech = client
        .text_to_speech()
        .create(&request)
        .await
        .expect("a job")
        .id;
    // As the service sends it for speech.
    let told = event(
        &json!({"id": speech.to_string(), "status": "done", "failed_reason": null, "video_output": "x"}),
    );
    let job = told.confirm(&client).await.expect("the job");
    assert_eq!(job.resource(), "text_to_speech");
    assert_eq!(job.job::<TextToSpeech>().expect("speech").id, speech);
    let id = lipsync(&client, "Hello").await;
    let before = reads(&emulator);
    let told = event(
        &json!({"id": id.to_string(), "status": "done", "failed_reason": null, "output": "x"}),
    );
    told.confirm(&client).await.expect("the job");
    assert_eq!(
        reads(&emulator) - before,
        1,
        "jobs with an `output` are looked for first"
    );
    assert!(emulator.state().violations().is_empty());
    assert!(emulator.state().ledger().len() == 2, "asking is free");
}

/// Somebody else's job, or none: the event is a forgery.
#[tokio::test]
async fn a_job_that_is_not_there_is_not_found() {
    let (emulator, mine) = start().await;
    let theirs = lipsync(&client(&emulator, "somebody-else"), "Hello").await;
    for id in [theirs, JOB] {
        let forged = event(&json!({"id": id.to_string(), "status": "done", "output": "x"}));
        let error = forged.confirm(&mine).await.expect_err("not ours");
        assert!(error.is_not_found(), "{error}");
        assert_eq!(error.job_id(), Some(id.to_string().as_str()));
    }
    assert_eq!(reads(&emulator), 2 * 4, "each resource was asked once");
}

/// When the API is down nothing is known of the event: to drop it would lose the job's end.
#[tokio::test]
async fn other_failures_say_nothing_of_the_event() {
    let (emulator, client) = start().await;
    let id = lipsync(&client, "Hello").await;
    let told = event(&json!({"id": id.to_string(), "status": "done", "output": "x"}));
    for (status, times) in [(503, 4), (401, 1)] {
        emulator.state().fault(Fault::new(
            "*",
            fault::When::Always,
            fault::Kind::Status {
                status,
                retry_after: Some(0),
                processed: false,
            },
        ));
        let error = told.confirm(&client).await.expect_err("the API is down");
        assert!(!error.is_not_found(), "{error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(
            (error.attempts(), error.job_id()),
            (times, Some(id.to_string().as_str()))
        );
        emulator.state().clear_faults();
    }
    told.confirm(&client).await.expect("the job");
}

/// A server that mixes up its answers must not make another customer's video of this one.
#[tokio::test]
async fn the_answer_about_another_job_is_not_taken_for_the_job() {
    let (emulator, client) = start().await;
    let other = lipsync(&client, "Hello").await;
    let record = client.lipsyncs().retrieve(other).send().await;
    let record = record.expect("a job").body().to_vec();
    for body in [
        record,
        br#"{"id": 7, "status": "done"}"#.to_vec(),
        br#"{"status": "done"}"#.to_vec(),
    ] {
        let client = Client::builder()
            .credentials(Credentials::new("webhook", "key-of-the-webhooks"))
            .base_url(emulator.base_url())
            .transport(Same(body));
        let client = client.build().expect("a client");
        let told = event(&json!({"id": JOB.to_string(), "status": "done", "output": "x"}));
        let error = told.confirm(&client).await.expect_err("another job");
        assert!(error.is_decode() && !error.is_not_found(), "{error}");
        assert_eq!(error.job_id(), Some(JOB.to_string().as_str()));
        assert!(
            !format!("{error} {error:?}").contains(&other.to_string()),
            "{error}"
        );
    }
}

/// However the service writes an id, it is the same job.
#[tokio::test]
async fn an_id_may_be_written_in_any_way() {
    let (emulator, client) = start().await;
    let id = lipsync(&client, "Hello").await;
    let record = client.lipsyncs().retrieve(id).send().await.expect("a job");
    for way in [
        id.to_string().to_uppercase(),
        id.simple().to_string(),
        id.braced().to_string(),
    ] {
        let mut record: serde_json::Value = serde_json::from_slice(record.body()).expect("JSON");
        record["id"] = json!(way);
        let client = Client::builder()
            .credentials(Credentials::new("webhook", "key-of-the-webhooks"))
            .base_url(emulator.base_url())
            .transport(Same(record.to_string().into_bytes()));
        let told = event(&json!({"id": id.to_string(), "status": "done", "output": "x"}));
        let job = told.confirm(&client.build().expect("a client")).await;
        assert_eq!(job.expect("the job").id(), id);
    }
}

/// Gives the same answer to everything.
struct Same(Vec<u8>);

impl Transport for Same {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = Response::new(StatusCode::OK, self.0.clone());
        Box::pin(async move { Ok(response) })
    }
}

/// A single fault on the way is not the user's concern.
#[tokio::test]
async fn asking_is_repeated_like_any_free_call() {
    let (emulator, client) = start().await;
    let id = lipsync(&client, "Hello").await;
    for kind in [fault::Kind::ResetAfter, fault::Kind::Truncate] {
        emulator
            .state()
            .fault(Fault::new("*", fault::When::Nth(1), kind));
        let told = event(&json!({"id": id.to_string(), "status": "done"}));
        assert_eq!(told.confirm(&client).await.expect("the job").id(), id);
        emulator.state().clear_faults();
    }
}
