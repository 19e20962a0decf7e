//! Webhooks. In: jobs with a `webhook_url`, and receivers that are well, late or broken. Out: what
//! is delivered, when, and how often.

use std::time::Duration;

use creatify_api::types::{Lipsync, TextToSpeechRequest};
use creatify_emulator::Emulator;
use serde_json::Value;
use tests::recorder::{Recorder, Reply};

use crate::fixture::{self, request};

/// What a receiver got, as JSON, once there is at least this much of it.
async fn received(receiver: &Recorder, least: usize) -> Vec<Value> {
    // Deliveries come from another task: by the wall clock, but at once.
    for _ in 0..500 {
        if receiver.requests().len() >= least {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let requests = receiver.requests().into_iter();
    let bodies = requests.map(|request| {
        assert!(
            request.request_line.starts_with("POST /hook "),
            "{request:?}"
        );
        assert_eq!(request.header("content-type"), ["application/json"]);
        assert!(request.header("x-api-key").is_empty(), "{request:?}");
        serde_json::from_slice(&request.body).expect("JSON")
    });
    let bodies: Vec<_> = bodies.collect();
    assert!(bodies.len() >= least, "{bodies:?}");
    bodies
}

async fn receiver(replies: usize) -> Recorder {
    let replies = (0..replies).map(|_| Reply::empty(204));
    Recorder::start(replies).await.expect("a port")
}

fn hook(receiver: &Recorder) -> String {
    format!("{}/hook", receiver.url())
}

async fn step(emulator: &Emulator, seconds: u64) {
    for _ in 0..seconds {
        emulator.state().advance(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// A job that is started, and the clock moved until long after its end.
async fn run(emulator: &Emulator, receiver: &Recorder, text: &str) -> Lipsync {
    let client = fixture::client(emulator, "suite");
    let request = request(text).webhook_url(hook(receiver));
    let job = client.lipsyncs().create(&request).await.expect("a job");
    step(emulator, 200).await;
    job
}

#[tokio::test]
async fn a_webhook_tells_how_the_job_ended() {
    let (emulator, client) = fixture::start().await;
    for (text, status) in [
        ("Hello", "done"),
        ("fail", "failed"),
        ("reject", "rejected"),
    ] {
        let receiver = receiver(50).await;
        let job = run(&emulator, &receiver, text).await;
        let all = received(&receiver, 1).await;
        let last = all.iter().rfind(|body| body["status"] == status);
        let last = last.unwrap_or_else(|| panic!("{status} is missing: {all:?}"));
        let read = client.lipsyncs().retrieve(job.id).await.expect("the job");
        assert_eq!(last["id"], job.id.to_string());
        assert_eq!(last["output"].as_str(), read.output.as_deref());
        assert_eq!(
            last["failed_reason"].as_str(),
            read.failed_reason.as_deref()
        );
        let mut names: Vec<_> = last.as_object().expect("an object").keys().collect();
        names.sort();
        assert_eq!(names, ["failed_reason", "id", "output", "status"]);
    }
}

#[tokio::test]
async fn speech_has_its_own_payload_and_a_job_without_an_address_sends_nothing() {
    let (emulator, client) = fixture::start().await;
    let receiver = receiver(50).await;
    let speech = client.text_to_speech();
    let request = TextToSpeechRequest::new("Hello");
    speech
        .create(&request)
        .await
        .expect("a job without an address");
    step(&emulator, 200).await;
    assert_eq!(receiver.connections(), 0);
    let request = request.webhook_url(hook(&receiver));
    let job = speech.create(&request).await.expect("a job");
    step(&emulator, 200).await;
    let all = received(&receiver, 1).await;
    let last = all
        .iter()
        .rfind(|body| body["status"] == "done")
        .expect("the end");
    let job = speech.retrieve(job.id).await.expect("the job");
    assert_eq!(last["video_output"].as_str(), job.output.as_deref());
}

#[tokio::test]
async fn webhooks_sometimes_come_twice_and_sometimes_late() {
    let (emulator, client) = fixture::start().await;
    emulator.state().set_balance("suite", 10_000.0);
    let receiver = receiver(2_000).await;
    let request = request("Hello").webhook_url(hook(&receiver));
    let mut ids = Vec::new();
    for _ in 0..40 {
        let job = client.lipsyncs().create(&request).await.expect("a job");
        ids.push(job.id.to_string());
    }
    step(&emulator, 400).await;
    let all = received(&receiver, 41).await;
    let ends = |id: &str| {
        let own = all.iter().filter(|body| body["id"] == id);
        own.filter(|body| body["status"] == "done").count()
    };
    let counts: Vec<_> = ids.iter().map(|id| ends(id)).collect();
    assert!(
        counts.iter().all(|count| (1..=2).contains(count)),
        "{counts:?}"
    );
    assert!(counts.contains(&2), "none came twice: {counts:?}");
    assert!(counts.contains(&1), "all came twice: {counts:?}");
    // Late: the end of one job is told before the end of another that ended at the same moment,
    // or a status of a job after a later one.
    let order: Vec<_> = all.iter().filter(|body| body["status"] == "done").collect();
    let sorted = order.is_sorted_by_key(|body| ids.iter().position(|id| body["id"] == *id));
    assert!(!sorted, "none came late");
}

#[tokio::test]
async fn a_receiver_that_fails_is_asked_again_until_it_takes_the_news() {
    let (emulator, _client) = fixture::start().await;
    let replies = (0..3).map(|_| Reply::empty(500));
    let replies = replies.chain((0..50).map(|_| Reply::empty(200)));
    let receiver = Recorder::start(replies).await.expect("a port");
    run(&emulator, &receiver, "Hello").await;
    step(&emulator, 2_000).await;
    let all = received(&receiver, 4).await;
    let first = all.first().expect("a request");
    let same = all.iter().filter(|body| *body == first).count();
    assert!(same >= 2, "what failed was not repeated: {all:?}");
    assert!(all.iter().any(|body| body["status"] == "done"), "{all:?}");
}
