//! Calls of what the crate does not describe, in a journal: nothing that the API returns shows them, so only their caller can say
//! what became of them. One that was called not processed by mistake would be paid for twice.

use std::sync::Arc;
use std::time::Duration;

use creatify_api::journal::{CallOutcome, EntryState, MemoryJournal, PendingCall};
use creatify_api::transport::{Method, Recorder, Reply};
use creatify_api::{Client, Credentials, Error, Value};
use serde_json::json;

const PATH: &str = "/api/new/";

fn client(recorder: &Recorder, journal: &Arc<MemoryJournal>) -> Client {
    Client::builder()
        .credentials(Credentials::new("id", "key"))
        .transport(recorder.clone())
        .journal(Arc::clone(journal))
        .unique_names()
        .spend_limit(12.0)
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client")
}

/// A paid call for 5 credits.
async fn call(client: &Client) -> Result<Value, Error> {
    let call = client
        .request(Method::POST, PATH)
        .json(&json!({"name": "order-7"}));
    call.costs(5.0)
        .send::<Value>()
        .await
        .map(|response| response.into_value())
}

fn reserved(client: &Client) -> f64 {
    client.spending().expect("a limit").reserved
}

/// A journal with one lost call, whose process has ended, and what lists would show.
async fn lost() -> (Recorder, Arc<MemoryJournal>) {
    let recorder = Recorder::new();
    recorder.on(Method::POST, PATH, Reply::silence());
    recorder.on(Method::GET, "/api/lipsyncs/", Reply::json(200, &json!([])));
    let journal = Arc::new(MemoryJournal::new());
    let killed = client(&recorder, &journal);
    let outcome = tokio::time::timeout(Duration::from_secs(1), call(&killed)).await;
    assert!(outcome.is_err(), "it is dropped on its way");
    (recorder, journal)
}

#[tokio::test(start_paused = true)]
async fn a_lost_call_stays_undecided_until_its_caller_closes_it() {
    let (recorder, journal) = lost().await;
    let next = client(&recorder, &journal);
    for _ in 0..2 {
        let recovered = next.recover().await.expect("all");
        assert_eq!(recovered.len(), 1);
        let call = recovered[0].call();
        assert!(
            call.is_raw() && call.operation() == "POST /api/new/",
            "{call:?}"
        );
        assert_eq!(
            (call.method(), call.path(), call.estimate()),
            ("POST", PATH, Some(5.0))
        );
        let error = recovered[0].outcome().expect_err("nobody can know");
        assert!(
            error.is_ambiguous() && error.to_string().contains("close_unsettled"),
            "{error}"
        );
        assert_eq!(reserved(&next), 5.0, "it may have been charged");
    }
    let open = next.unsettled().await.expect("the journal");
    assert_eq!((open.len(), &open[0].state), (1, &EntryState::Undecided));
    next.close_unsettled(&open[0].call, CallOutcome::NotProcessed)
        .await
        .expect("closed");
    assert_eq!(reserved(&next), 0.0);
    assert!(next.unsettled().await.expect("the journal").is_empty());
    assert!(next.settled().await.expect("the journal")[0].was_not_processed());
    assert_eq!(
        recorder.requests_to(Method::POST, PATH).len(),
        1,
        "nothing was sent again"
    );
}

/// No list of another resource is evidence of anything.
#[tokio::test(start_paused = true)]
async fn no_resource_settles_it() {
    let (recorder, journal) = lost().await;
    let next = client(&recorder, &journal);
    let pending = next.unsettled().await.expect("the journal").remove(0).call;
    let stored = serde_json::to_string(&pending).expect("JSON");
    let read: PendingCall = serde_json::from_str(&stored).expect("a call");
    assert!(read == pending && read.is_raw());
    let settled = next
        .lipsyncs()
        .settle_pending(&read)
        .matching(|_| false)
        .await;
    let error = settled.expect_err("a list of other jobs");
    assert!(error.is_ambiguous() && error.is_configuration(), "{error}");
    recorder.on(Method::POST, "/api/other/", Reply::interrupted("reset"));
    let other = next
        .request(Method::POST, "/api/other/")
        .costs(1.0)
        .send::<Value>()
        .await;
    let lost = other.expect_err("a lost response");
    let error = next
        .lipsyncs()
        .settle(&lost)
        .matching(|_| false)
        .await
        .expect_err("no job of its own");
    assert!(error.is_ambiguous() && error.is_configuration(), "{error}");
    assert_eq!(next.unsettled().await.expect("the journal").len(), 2);
    assert_eq!(reserved(&next), 6.0);
}

#[tokio::test]
async fn an_answered_call_is_closed_with_the_job_that_the_response_names() {
    let recorder = Recorder::new();
    recorder.on(
        Method::POST,
        PATH,
        Reply::json(201, &json!({"id": "job-7"})),
    );
    recorder.on(
        Method::POST,
        PATH,
        Reply::json(400, &json!({"detail": "No."})),
    );
    let journal = Arc::new(MemoryJournal::new());
    let client = client(&recorder, &journal);
    call(&client).await.expect("a job");
    call(&client).await.expect_err("a refusal");
    let settled = client.settled().await.expect("the journal");
    let jobs: Vec<_> = settled
        .iter()
        .map(|entry| (entry.job(), entry.was_not_processed()))
        .collect();
    assert_eq!(jobs, [(Some("job-7"), false), (None, true)]);
    assert!(client.unsettled().await.expect("the journal").is_empty());
    let spending = client.spending().expect("a limit");
    assert_eq!((spending.charged, spending.reserved), (5.0, 0.0));
}

/// Neither what is free and may be repeated nor what only reads fills the journal.
#[tokio::test]
async fn harmless_calls_are_not_written_down() {
    let recorder = Recorder::new();
    recorder.on(Method::POST, PATH, Reply::interrupted("reset"));
    let journal = Arc::new(MemoryJournal::new());
    let client = client(&recorder, &journal);
    let harmless = client.request(Method::POST, PATH).free().idempotent();
    harmless
        .send::<()>()
        .await
        .expect_err("a broken connection");
    client
        .request(Method::GET, PATH)
        .send::<()>()
        .await
        .expect_err("nothing there");
    assert!(client.unsettled().await.expect("the journal").is_empty());
    // What has an effect that must not happen twice does.
    client
        .request(Method::POST, PATH)
        .free()
        .send::<()>()
        .await
        .expect_err("a broken connection");
    assert_eq!(client.unsettled().await.expect("the journal").len(), 1);
}
