//! Spend limits that outlive the process: what earlier ones were charged, and what they left open, counts on.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use creatify_api::journal::{CallOutcome, Journal, MemoryJournal};
use creatify_api::{Client, Error};
use serde_json::json;

use crate::double::{Mode, Service, builder, open, request};

fn client(service: &Service, journal: impl Journal, limit: f64) -> Client {
    let builder = builder(service).journal(journal).unique_names();
    builder.spend_limit(limit).build().expect("a client")
}

/// Makes a video for 5 credits.
async fn spend(client: &Client) -> Result<(), Error> {
    client.lipsyncs().create(&request("x")).await.map(drop)
}

fn sums(client: &Client) -> (f64, f64) {
    let spending = client.spending().expect("a limit");
    (spending.charged, spending.reserved)
}

#[tokio::test]
async fn the_limit_goes_on_where_the_last_process_stopped() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let first = client(&service, Arc::clone(&journal), 12.0);
    spend(&first).await.expect("5 of 12");
    drop(first);
    let second = client(&service, Arc::clone(&journal), 12.0);
    spend(&second).await.expect("10 of 12");
    assert_eq!(sums(&second), (10.0, 0.0));
    let error = spend(&second).await.expect_err("15 of 12");
    assert!(error.is_spend_limit(), "{error}");
    let third = client(&service, Arc::clone(&journal), 12.0);
    assert!(spend(&third).await.expect_err("15 of 12").is_spend_limit());
    assert_eq!(service.paid_calls(), 2);
}

/// A program that is killed again and again must not get its limit anew each time.
#[tokio::test(start_paused = true)]
async fn what_was_left_open_is_set_aside_until_it_is_settled() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    for mode in [Mode::Hang, Mode::LoseCall] {
        service.set(mode);
        let killed = client(&service, Arc::clone(&journal), 12.0);
        let call = killed.lipsyncs().create(&request("x")).into_future();
        let _ = tokio::time::timeout(Duration::from_secs(1), call).await;
    }
    service.set(Mode::Answer);
    let next = client(&service, Arc::clone(&journal), 12.0);
    assert!(
        spend(&next)
            .await
            .expect_err("10 may be spent")
            .is_spend_limit()
    );
    assert_eq!(sums(&next), (0.0, 10.0));
    next.recover().await.expect("outcomes");
    assert_eq!(sums(&next), (5.0, 0.0), "one was made, one was not");
    spend(&next).await.expect("10 of 12");
    let last = client(&service, Arc::clone(&journal), 12.0);
    spend(&last).await.expect_err("15 of 12");
    assert_eq!(sums(&last), (10.0, 0.0));
}

#[tokio::test]
async fn a_job_of_an_earlier_process_is_charged_what_it_reports_at_its_end() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("spend.journal");
    let _ = std::fs::remove_file(&path);
    let service = Service::new();
    let first = client(&service, open(&path).await, 100.0);
    spend(&first).await.expect("within the limit");
    spend(&first).await.expect("within the limit");
    drop(first);
    let second = client(&service, open(&path).await, 100.0);
    second.recover().await.expect("nothing");
    assert_eq!(sums(&second), (10.0, 0.0));
    // The first ends dearer than estimated, the other goes on.
    service.change(
        0,
        json!({"status": "done", "credits_used": 35, "output": "https://x.example/"}),
    );
    second.lipsyncs().list().await.expect("a list");
    assert_eq!(sums(&second), (40.0, 0.0));
    drop(second);
    let third = client(&service, open(&path).await, 100.0);
    third.recover().await.expect("nothing");
    assert_eq!(sums(&third), (40.0, 0.0));
    // What has ended is final.
    service.change(0, json!({"credits_used": 90}));
    service.change(1, json!({"status": "failed", "credits_used": 1}));
    third.lipsyncs().list().await.expect("a list");
    assert_eq!(sums(&third), (36.0, 0.0));
}

#[tokio::test]
async fn a_period_that_is_over_counts_no_more_and_so_does_what_was_reset() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let first = client(&service, Arc::clone(&journal), 7.0);
    spend(&first).await.expect("5 of 7");
    let ended = json!({"status": "done", "credits_used": 5, "output": "https://x.example/"});
    service.change(0, ended.clone());
    first.lipsyncs().list().await.expect("a list");
    let second = client(&service, Arc::clone(&journal), 7.0);
    second.reset_spending().await.expect("reset");
    assert_eq!(sums(&second), (0.0, 0.0));
    spend(&second).await.expect("5 of 7");
    let third = client(&service, Arc::clone(&journal), 7.0);
    spend(&third).await.expect_err("10 of 7");
    // A job that runs counts on.
    third.reset_spending().await.expect("reset");
    assert_eq!(sums(&third), (5.0, 0.0));
    service.change(1, ended);
    third.lipsyncs().list().await.expect("a list");

    let short = builder(&service)
        .journal(Arc::clone(&journal))
        .spend_limit(7.0);
    let short = short
        .spend_period(Duration::from_millis(300))
        .build()
        .expect("a client");
    short.recover().await.expect("nothing");
    tokio::time::sleep(Duration::from_millis(310)).await;
    spend(&short).await.expect("a new period");
    assert_eq!(sums(&short), (5.0, 0.0));
}

/// Whatever a new process does first, what it finds and hears of is charged.
#[tokio::test(start_paused = true)]
async fn what_is_settled_first_in_a_new_process_is_charged() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let first = client(&service, Arc::clone(&journal), 100.0);
    spend(&first).await.expect("within the limit");
    service.set(Mode::LoseAnswer);
    spend(&first).await.expect_err("lost");
    service.set(Mode::Answer);
    let second = client(&service, Arc::clone(&journal), 100.0);
    let open = second.unsettled().await.expect("entries");
    let settled = second.lipsyncs().settle_pending(&open[0].call).await;
    assert!(settled.expect("settled").found().is_some());
    assert_eq!(sums(&second), (10.0, 0.0));
    service.change(
        0,
        json!({"status": "done", "credits_used": 35, "output": "https://x.example/"}),
    );
    let third = client(&service, Arc::clone(&journal), 100.0);
    third.lipsyncs().list().await.expect("a list");
    assert_eq!(sums(&third), (40.0, 0.0));
}

/// Two that begin at once on a new journal add up.
#[tokio::test]
async fn a_second_client_does_not_erase_what_the_first_was_charged() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let clients = [0, 1].map(|_| client(&service, Arc::clone(&journal), 100.0));
    for client in &clients {
        client.recover().await.expect("nothing");
    }
    for client in &clients {
        spend(client).await.expect("within the limit");
    }
    let next = client(&service, Arc::clone(&journal), 100.0);
    next.recover().await.expect("nothing");
    assert_eq!(sums(&next), (10.0, 0.0));
}

/// What nothing in the API shows is closed by who has looked, and its credits don't stay set aside for ever.
#[tokio::test]
async fn a_call_is_closed_by_who_knows_its_outcome() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new(), 100.0);
    service.set(Mode::LoseAnswer);
    spend(&client).await.expect_err("lost");
    spend(&client).await.expect_err("lost");
    assert_eq!(sums(&client), (0.0, 10.0));
    let open = client.unsettled().await.expect("entries");
    let outcomes = [
        CallOutcome::NotProcessed,
        CallOutcome::Processed { job: None },
    ];
    for (entry, outcome) in open.iter().zip(outcomes) {
        let close = || client.close_unsettled(&entry.call, outcome.clone());
        close().await.expect("closed");
        assert!(close().await.expect_err("closed before").is_journal());
    }
    assert_eq!(sums(&client), (5.0, 0.0));
    assert_eq!(client.unsettled().await.expect("entries"), []);
}
