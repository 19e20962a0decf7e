//! What is written down of a call, and when.

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use creatify_api::journal::{CallOutcome, Entry, EntryState, MemoryJournal, PendingCall};
use creatify_api::{Client, Credentials, Uuid};

use crate::double::{Failing, Mode, Service, builder, client, request};

fn states(entries: &[Entry]) -> Vec<&EntryState> {
    entries.iter().map(|entry| &entry.state).collect()
}

async fn unsettled(client: &Client) -> Vec<Entry> {
    client.unsettled().await.expect("entries")
}

#[tokio::test]
async fn a_call_is_written_down_before_it_is_sent_and_closed_with_its_job() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let client = client(&service, Arc::clone(&journal));
    let (seen, watched) = (std::sync::mpsc::channel(), client.clone());
    service.on_paid_call(move || {
        // The journal is in memory: it answers at once.
        let open = futures_util::FutureExt::now_or_never(watched.unsettled());
        seen.0
            .send(open.expect("at once").expect("entries"))
            .expect("sent");
    });
    let job = client
        .lipsyncs()
        .create(&request("order-7"))
        .await
        .expect("a job");
    let entries = seen.1.try_recv().expect("it was seen");
    assert_eq!(states(&entries), [&EntryState::InFlight]);
    let call = &entries[0].call;
    let said = (call.operation(), call.method(), call.path(), call.subject());
    assert_eq!(said, ("lipsyncs_create", "POST", "/api/lipsyncs/", None));
    assert_eq!((call.estimate(), call.has_unique_name()), (Some(5.0), true));
    let name = call.name().expect("a name");
    assert_eq!(job.name.as_deref(), Some(name));
    assert!(name.starts_with("order-7 #") && name.len() == 17, "{name}");

    assert_eq!(unsettled(&client).await, []);
    let settled = client.settled().await.expect("entries");
    let made = CallOutcome::Processed {
        job: Some(job.id.to_string()),
    };
    assert!(matches!(&settled[..], [one] if one.call == *call
        && matches!(&one.state, EntryState::Closed(outcome, _) if *outcome == made)));
}

#[tokio::test]
async fn free_calls_are_not_written_down() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    journal.open.store(true, Ordering::SeqCst);
    let client = client(&service, journal);
    client.lipsyncs().list().await.expect("a list");
    assert!(client.lipsyncs().list().pending().is_none());
}

#[tokio::test]
async fn nothing_is_sent_that_cannot_be_written_down() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    let spender = builder(&service)
        .journal(Arc::clone(&journal))
        .spend_limit(5.0);
    let client = spender.build().expect("a client");
    journal.open.store(true, Ordering::SeqCst);
    let error = client
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect_err("refused");
    assert!(error.is_journal() && !error.is_ambiguous(), "{error}");
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(service.paid_calls(), 0);
    assert_eq!(client.spending().expect("a limit").reserved, 0.0);
    journal.open.store(false, Ordering::SeqCst);
    client
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect("a job");
}

/// What was paid for is never kept from its caller.
#[tokio::test(start_paused = true)]
async fn a_response_is_given_although_its_entry_cannot_be_closed() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    let client = client(&service, Arc::clone(&journal));
    journal.close.store(true, Ordering::SeqCst);
    client
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect("a job");
    journal.hang.store(true, Ordering::SeqCst);
    client
        .lipsyncs()
        .create(&request("b"))
        .await
        .expect("a job");
    let open = unsettled(&client).await;
    assert_eq!(states(&open), [&EntryState::Undecided; 2]);
}

#[tokio::test]
async fn a_refused_call_is_closed_as_not_processed() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    service.set(Mode::Refuse);
    let error = client
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect_err("refused");
    assert_eq!(error.pending_call(), None);
    assert_eq!(unsettled(&client).await, []);
    let settled = client.settled().await.expect("entries");
    let nothing = |entry: &Entry| {
        matches!(
            entry.state,
            EntryState::Closed(CallOutcome::NotProcessed, _)
        )
    };
    assert!(settled.iter().all(nothing) && settled.len() == 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_future_is_dropped_is_unsettled_at_once_and_stays_reserved() {
    let service = Service::new();
    let spender = builder(&service)
        .journal(MemoryJournal::new())
        .spend_limit(20.0);
    let client = spender.build().expect("a client");
    service.set(Mode::Hang);
    let call = client.lipsyncs().create(&request("a")).into_future();
    tokio::time::timeout(Duration::from_secs(1), call)
        .await
        .expect_err("it hangs");
    let open = unsettled(&client).await;
    assert_eq!(states(&open), [&EntryState::Undecided]);
    assert_eq!(client.spending().expect("a limit").reserved, 5.0);
    assert_eq!(service.names().len(), 1, "it was paid for");
}

/// Dropped at any moment, a call is either not begun, unsettled, or not to be found out about.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_its_entry_is_closed_is_unsettled() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    let client = client(&service, Arc::clone(&journal));
    journal.hang.store(true, Ordering::SeqCst);
    let call = client.lipsyncs().create(&request("a")).into_future();
    tokio::time::timeout(Duration::from_secs(1), call)
        .await
        .expect_err("closing hangs");
    assert_eq!(states(&unsettled(&client).await), [&EntryState::Undecided]);
}

#[tokio::test]
async fn the_same_call_is_the_same_before_it_is_sent_in_the_journal_and_in_its_error() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    service.set(Mode::LoseAnswer);
    let call = client.lipsyncs().create(&request("order-7"));
    let (before, copy) = (call.pending().expect("it costs"), call.clone());
    let error = call.await.expect_err("lost");
    let after = error.pending_call().expect("it may be charged").clone();
    assert_eq!((before.key(), before.name()), (after.key(), after.name()));
    assert_eq!(unsettled(&client).await[0].call, after);
    // Sent again it is another call, with a name of its own.
    let copy = copy.pending().expect("it costs");
    assert_ne!((copy.key(), copy.name()), (before.key(), before.name()));
    assert!(
        copy.name()
            .is_some_and(|name| name.starts_with("order-7 #"))
    );
}

#[tokio::test]
async fn a_pending_call_is_plain_json_without_keys_that_later_versions_can_read() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    let call = client
        .lipsyncs()
        .render(Uuid::nil())
        .pending()
        .expect("it costs");
    let text = serde_json::to_string(&call).expect("JSON");
    assert!(
        !text.contains("the-key-of-it") && !text.contains("the-account"),
        "{text}"
    );
    assert_eq!(
        serde_json::from_str::<PendingCall>(&text).expect("a call"),
        call
    );
    let id = Uuid::nil().to_string();
    assert_eq!((call.subject(), call.name()), (Some(id.as_str()), None));
    // What is stored today must be read by every version from now on.
    let stored = r#"{"version": 1, "key": "00000000000000000000000000000007",
        "operation": "lipsyncs_create", "method": "POST", "path": "/api/lipsyncs/", "subject": null,
        "name": "order-7 #10000000", "unique": true, "began": "2026-01-02T03:04:05.678Z",
        "server_began": "2026-01-02T03:04:06Z", "timeout_ms": 180000, "account": "ab", "estimate": 5.0,
        "added later": [1]}"#;
    let read: PendingCall = serde_json::from_str(stored).expect("a call");
    assert_eq!(read.name(), Some("order-7 #10000000"));
    assert!(read.server_began() > Some(read.began()));
    let later = stored.replace(r#""version": 1"#, r#""version": 2"#);
    let error = serde_json::from_str::<PendingCall>(&later).expect_err("too new");
    assert!(error.to_string().contains("later release"), "{error}");
}

#[tokio::test]
async fn the_account_stays_when_its_key_is_replaced_and_no_other_account_sees_its_calls() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    service.set(Mode::LoseAnswer);
    let first = client(&service, Arc::clone(&journal));
    first
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect_err("lost");
    for (id, key, count) in [
        ("the-account", "another-key", 1),
        ("another-account", "the-key-of-it", 0),
    ] {
        let other = builder(&service).credentials(Credentials::new(id, key));
        let other = other
            .journal(Arc::clone(&journal))
            .build()
            .expect("a client");
        assert_eq!(unsettled(&other).await.len(), count, "{id}");
    }
}

#[tokio::test]
async fn a_client_without_a_journal_says_so() {
    let client = builder(&Service::new()).build().expect("a client");
    let error = client.unsettled().await.expect_err("none");
    assert!(
        error.is_configuration() && error.to_string().contains("journal"),
        "{error}"
    );
    client.recover().await.expect_err("none");
}
