//! The guide of the crate's documentation, run. In: the examples of `creatify-api/src/lib.rs`. Out:
//! that each does on the emulator what its chapter says. Knows what a newcomer knows.

#[path = "guide/chapters.rs"]
mod chapters;
#[path = "guide/killed.rs"]
mod killed;

use std::path::Path;

use creatify_api::transport::{Method, Recorder, Reply};
use creatify_api::types::{AspectRatio, JobStatus, LipsyncRequest};
use creatify_api::webhook::Deduplicator;
use creatify_api::{Client, ClientBuilder, Credentials, Error};
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options};
use serde_json::json;

const CHAPTERS: &str = include_str!("guide/chapters.rs");
const GUIDE: &str = include_str!("../creatify-api/src/lib.rs");

/// The lines of the examples as a reader sees them, without indentation.
fn examples() -> Vec<Vec<&'static str>> {
    let lines = GUIDE.lines().filter_map(|line| line.strip_prefix("//!"));
    let lines: Vec<_> = lines.map(str::trim).collect();
    let blocks = lines.split(|line| line.starts_with("```"));
    // Text and code take turns.
    let code = blocks.skip(1).step_by(2);
    let shown = code.map(|block| {
        let shown = block
            .iter()
            .filter(|line| !line.starts_with("# ") && !line.is_empty());
        shown.copied().collect()
    });
    shown.collect()
}

/// The text without what a formatter may change: spaces, line ends and commas.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != ',');
    kept.collect()
}

/// Every example of the guide stands in the chapters that are run here, line by line.
#[test]
fn what_is_run_is_what_is_printed() {
    let run = bare(CHAPTERS);
    let examples = examples();
    assert_eq!(
        examples.len(),
        9,
        "an example without a run, or a run without an example"
    );
    for example in examples {
        let code: Vec<_> = example
            .iter()
            .filter(|line| !line.starts_with("use "))
            .copied()
            .collect();
        let code = code.join("\n");
        assert!(run.contains(&bare(&code)), "no chapter runs:\n{code}");
    }
}

fn settings(emulator: &Emulator) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("newcomer", "any"))
        .base_url(emulator.base_url())
}

async fn start() -> (Emulator, Client) {
    let options = Options::default().strict().speed(1000.0);
    let emulator = Emulator::start(options).await.expect("an emulator");
    let client = settings(&emulator).build().expect("a client");
    (emulator, client)
}

fn request(text: &str) -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16).text(text)
}

#[tokio::test]
async fn from_a_key_to_a_video() {
    let (emulator, client) = start().await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // The example names no folder.
    std::env::set_current_dir(folder).expect("a folder");
    chapters::video(&client).await.expect("a video");
    let file = folder.join("video.mp4");
    let original = include_bytes!("emulator/sample.mp4").as_slice();
    assert_eq!(std::fs::read(file).expect("a file"), original);
    assert_eq!(emulator.state().ledger().len(), 2);
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    let (emulator, client) = start().await;
    chapters::errors(client.clone(), request("Hello")).await;
    chapters::errors(client.clone(), request("Hello").name("x".repeat(300))).await;
    emulator.state().set_balance("newcomer", 0.0);
    chapters::errors(client, request("Hello")).await;
    assert_eq!(emulator.state().ledger().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_paid_for_once() {
    let (emulator, client) = start().await;
    emulator.state().fault(Fault::new(
        "lipsyncs_create",
        When::Nth(1),
        Kind::ResetAfter,
    ));
    // The time of a job is held against the last answer before its call, as the emulator's clock runs faster than this
    // machine's.
    let credits = client.remaining_credits().retrieve().await;
    credits.expect("a balance");
    chapters::settle(client).await.expect("one job");
    assert_eq!(emulator.state().ledger().len(), 1);
}

#[tokio::test]
async fn a_policy_is_the_clients_or_the_calls() {
    let (emulator, _) = start().await;
    chapters::retries(settings(&emulator))
        .await
        .expect("a balance");
}

#[tokio::test]
async fn a_limit_holds() {
    let (emulator, _) = start().await;
    for (limit_left, charges) in [("first", 1), ("second", 2)] {
        let outcome = chapters::limit(settings(&emulator), request(limit_left)).await;
        outcome.expect("below the limit");
        assert_eq!(emulator.state().ledger().len(), charges);
    }
}

#[tokio::test]
async fn one_job_and_many_are_waited_for() {
    let (_emulator, client) = start().await;
    let mut ids = Vec::new();
    for text in ["one", "two", "this will fail"] {
        ids.push(
            client
                .lipsyncs()
                .create(&request(text))
                .await
                .expect("a job")
                .id,
        );
    }
    for id in ids.clone() {
        chapters::wait(client.clone(), id, ids.clone())
            .await
            .expect("an end");
    }
    let statuses = client.lipsyncs().list().await.expect("a list");
    let failed = statuses
        .iter()
        .filter(|job| job.status == JobStatus::Failed);
    assert_eq!(failed.count(), 1);
}

#[tokio::test]
async fn a_webhook_is_confirmed_and_not_believed() -> Result<(), Error> {
    let (emulator, client) = start().await;
    let id = client.lipsyncs().create(&request("Hello")).await?.id;
    let body = json!({"id": id.to_string(), "status": "done", "failed_reason": null, "output": "https://evil.example/"});
    let (body, seen) = (body.to_string(), Deduplicator::new(10));
    for _ in 0..2 {
        chapters::webhook(client.clone(), &seen, body.as_bytes()).await?;
    }
    let reads = emulator.state().requests();
    let reads = reads
        .iter()
        .filter(|read| read.method == "GET" && read.status == 200);
    assert_eq!(reads.count(), 1, "the second delivery is known");
    Ok(())
}

/// The emulator knows no operation that is not described: a double stands for the service.
#[tokio::test]
async fn what_is_not_described_is_called_all_the_same() -> Result<(), Error> {
    let recorder = Recorder::new();
    let job = json!({"id": "67e55044-10b1-426f-9247-bb680e5fe0c8"});
    recorder.on(Method::POST, "/api/new/", Reply::json(201, &job));
    recorder.on(Method::GET, "/api/new/", Reply::json(200, &json!([job])));
    let builder = Client::builder().credentials(Credentials::new("newcomer", "any"));
    let client = builder.transport(recorder.clone()).build()?;
    chapters::raw(client).await?;
    let sent = recorder.requests();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].json().expect("JSON"), json!({"name": "order-7"}));
    assert_eq!(sent[1].url.query(), Some("page=2"));
    Ok(())
}
