//! What recovery makes of open entries.

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use creatify_api::jobs::{Recovered, RecoveredJob, Settled};
use creatify_api::journal::MemoryJournal;
use creatify_api::types::Lipsync;
use creatify_api::{Client, Error};
use tokio::time::Instant;

use crate::double::{Failing, Mode, Service, builder, client, open, request};

type Outcome = Result<Settled<RecoveredJob>, Error>;

/// The outcomes by the name that the caller gave.
fn by_name(recovered: Vec<Recovered>) -> BTreeMap<String, Outcome> {
    let outcomes = recovered.into_iter().map(|one| {
        let name = one.call().name().unwrap_or_default();
        let name = name.split(" #").next().unwrap_or_default().to_owned();
        (name, one.into_outcome())
    });
    outcomes.collect()
}

/// Calls whose futures are dropped, as if their process had been killed.
async fn abandon(client: &Client, service: &Service, mode: Mode, names: &[&str]) {
    service.set(mode);
    for name in names {
        let call = client.lipsyncs().create(&request(name)).into_future();
        let _ = tokio::time::timeout(Duration::from_secs(1), call).await;
    }
    service.set(Mode::Answer);
}

#[tokio::test(start_paused = true)]
async fn what_was_processed_is_found_by_its_unique_name_and_what_was_not_can_be_sent_again() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    // Somebody else's job has the name that the caller gave.
    service.add("a", "pending");
    abandon(&client, &service, Mode::Hang, &["a", "b"]).await;
    abandon(&client, &service, Mode::LoseCall, &["c"]).await;
    let start = Instant::now();
    let recovered = by_name(
        client
            .recover()
            .grace(Duration::from_secs(7))
            .await
            .expect("all"),
    );
    assert_eq!(start.elapsed().as_secs(), 7, "one wait for all");
    for name in ["a", "b"] {
        let Ok(Settled::Found(job)) = &recovered[name] else {
            panic!("{name}: {:?}", recovered[name]);
        };
        assert_eq!(job.resource(), "lipsyncs");
        let typed: Lipsync = job.job().expect("a job");
        assert_eq!(Some(typed.id.to_string().as_str()), job.id());
        assert!(
            typed
                .name
                .is_some_and(|own| own.starts_with(&format!("{name} #")))
        );
    }
    assert!(matches!(recovered["c"], Ok(Settled::NotFound)));
    assert_eq!(client.unsettled().await.expect("entries"), []);
    assert_eq!(client.recover().await.expect("nothing").len(), 0);
    assert_eq!(service.paid_calls(), 3, "recovery pays for nothing");
}

#[tokio::test(start_paused = true)]
async fn grace_begins_anew_and_lasts_as_long_as_the_calls_would_have_been_waited_for() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    service.set(Mode::LoseCall);
    let call = client.lipsyncs().create(&request("a"));
    call.timeout(Duration::from_secs(77))
        .await
        .expect_err("lost");
    tokio::time::sleep(Duration::from_secs(10_000)).await;
    let start = Instant::now();
    let recovered = client.recover().await.expect("all");
    assert!(matches!(recovered[0].outcome(), Ok(Settled::NotFound)));
    assert_eq!(start.elapsed().as_secs(), 77);
}

#[tokio::test(start_paused = true)]
async fn a_call_in_flight_is_left_alone_until_it_can_have_ended() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let (first, second) = (
        client(&service, Arc::clone(&journal)),
        client(&service, Arc::clone(&journal)),
    );
    service.set(Mode::Hang);
    let call = first
        .lipsyncs()
        .create(&request("a"))
        .timeout(Duration::from_secs(60));
    let task = tokio::spawn(call.into_future());
    tokio::time::sleep(Duration::from_secs(50)).await;
    assert!(second.recover().await.expect("none").is_empty());
    let error = task.await.expect("no panic").expect_err("no response");
    assert!(error.is_ambiguous(), "{error}");
    let recovered = second.recover().await.expect("one");
    assert!(
        matches!(recovered[0].outcome(), Ok(Settled::Found(_))),
        "{recovered:?}"
    );

    // Whoever has the error learns that it was settled, and not that it can be sent again.
    let own = first
        .lipsyncs()
        .settle(&error)
        .matching(|_| false)
        .grace(Duration::ZERO);
    let error = own.await.expect_err("it is settled");
    assert!(error.is_journal() && error.is_ambiguous(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn of_two_who_recover_at_once_only_one_may_send_again() {
    for seed in 0..20 {
        let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
        let clients: Vec<Client> = (0..3)
            .map(|_| client(&service, Arc::clone(&journal)))
            .collect();
        let names = ["a", "b", "c", "d"];
        abandon(&clients[0], &service, Mode::LoseCall, &names).await;
        let tasks: Vec<_> = clients
            .iter()
            .enumerate()
            .map(|(place, client)| {
                let recover = client.recover().grace(Duration::from_secs(5));
                let late = Duration::from_millis(seed * place as u64 * 150);
                tokio::spawn(async move {
                    tokio::time::sleep(late).await;
                    recover.await
                })
            })
            .collect();
        let mut told = Vec::new();
        for task in tasks {
            for (name, outcome) in by_name(task.await.expect("no panic").expect("outcomes")) {
                if matches!(outcome, Ok(Settled::NotFound)) {
                    told.push(name);
                }
            }
        }
        told.sort();
        assert_eq!(told, names, "{seed}");
    }
}

/// A process that hangs for longer than its claim lasts comes back: its word counts no more.
#[tokio::test(start_paused = true)]
async fn who_was_overtaken_is_not_told_that_it_can_be_sent_again() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let (slow, fast) = (
        client(&service, Arc::clone(&journal)),
        client(&service, Arc::clone(&journal)),
    );
    abandon(&slow, &service, Mode::LoseCall, &["a"]).await;
    // Its first look is made; then it sleeps.
    let mut recover = slow.recover().grace(Duration::from_secs(5)).into_future();
    let first = tokio::time::timeout(Duration::from_millis(10), &mut recover).await;
    first.expect_err("it waits");
    tokio::time::sleep(Duration::from_secs(3_600)).await;
    let other = fast
        .recover()
        .grace(Duration::ZERO)
        .await
        .expect("outcomes");
    assert!(matches!(other[0].outcome(), Ok(Settled::NotFound)));
    let own = recover.await.expect("outcomes");
    let error = own[0].outcome().expect_err("it was overtaken");
    assert!(error.is_journal() && error.is_ambiguous(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_told_to_send_again_when_the_entry_cannot_be_closed() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    let client = client(&service, Arc::clone(&journal));
    abandon(&client, &service, Mode::LoseCall, &["lost"]).await;
    abandon(&client, &service, Mode::LoseAnswer, &["made"]).await;
    journal.close.store(true, Ordering::SeqCst);
    let recovered = by_name(client.recover().await.expect("outcomes"));
    let error = recovered["lost"].as_ref().expect_err("not closed");
    assert!(error.is_journal() && error.is_ambiguous(), "{error}");
    assert!(matches!(recovered["made"], Ok(Settled::Found(_))));
    journal.close.store(false, Ordering::SeqCst);
    let again = by_name(client.recover().await.expect("outcomes"));
    assert!(matches!(again["lost"], Ok(Settled::NotFound)));
    assert!(matches!(again["made"], Ok(Settled::Found(_))));
}

#[tokio::test(start_paused = true)]
async fn a_render_is_found_in_its_job() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    let (shown, idle) = (service.add("x", "done"), service.add("y", "done"));
    for (id, mode) in [(shown, Mode::LoseAnswer), (idle, Mode::LoseCall)] {
        service.set(mode);
        client.lipsyncs().render(id).await.expect_err("lost");
    }
    let recovered = client.recover().await.expect("outcomes");
    let Ok(Settled::Found(job)) = recovered[0].outcome() else {
        panic!("{recovered:?}");
    };
    assert_eq!(job.id(), Some(shown.to_string().as_str()));
    assert!(matches!(recovered[1].outcome(), Ok(Settled::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn without_a_unique_name_a_call_stays_undecided_until_it_is_settled_by_its_caller() {
    let service = Service::new();
    let client = builder(&service)
        .journal(MemoryJournal::new())
        .build()
        .expect("a client");
    service.set(Mode::LoseAnswer);
    client
        .lipsyncs()
        .create(&request("order-7"))
        .await
        .expect_err("lost");
    let recovered = client.recover().await.expect("outcomes");
    let error = recovered[0].outcome().expect_err("undecided").to_string();
    assert!(
        error.contains("unique_names") && error.contains("settle_pending"),
        "{error}"
    );
    let open = client.unsettled().await.expect("entries");
    let settle = client.lipsyncs().settle_pending(&open[0].call);
    let settled = settle
        .matching(|job| job.name.as_deref() == Some("order-7"))
        .await;
    assert!(settled.expect("settled").found().is_some());
    assert_eq!(client.unsettled().await.expect("entries"), []);
    // Asked again it is the same job, and no other.
    let again = client.lipsyncs().settle_pending(&open[0].call);
    let again = again.matching(|_| false).await.expect("settled");
    assert!(again.found().is_some());
}

#[tokio::test(start_paused = true)]
async fn settling_an_error_closes_its_entry_and_only_once() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    service.set(Mode::LoseCall);
    let error = client
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect_err("lost");
    let settle = || client.lipsyncs().settle(&error).matching(|_| false);
    assert_eq!(settle().await.expect("settled"), Settled::NotFound);
    assert_eq!(client.unsettled().await.expect("entries"), []);
    let again = settle().await.expect_err("it can be sent again once");
    assert!(again.is_journal(), "{again}");
    let calls = [("a".to_owned(), &error)];
    let all = client
        .lipsyncs()
        .settle_all(calls)
        .by(|job| job.name.clone())
        .await;
    assert!(all[0].is_err());
}

/// A future that settles and is dropped leaves the call to others at once.
#[tokio::test(start_paused = true)]
async fn a_settlement_that_is_dropped_holds_nothing() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    abandon(&client, &service, Mode::LoseCall, &["a"]).await;
    let recover = client.recover().into_future();
    tokio::time::timeout(Duration::from_secs(1), recover)
        .await
        .expect_err("grace is longer");
    let recovered = client
        .recover()
        .grace(Duration::ZERO)
        .await
        .expect("outcomes");
    assert!(matches!(recovered[0].outcome(), Ok(Settled::NotFound)));
}

/// One process after the other on one file.
#[tokio::test]
async fn a_journal_in_a_file_is_recovered_by_the_next_process() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("recovered.journal");
    let _ = std::fs::remove_file(&path);
    let service = Service::new();
    let first = client(&service, open(&path).await);
    abandon(&first, &service, Mode::LoseAnswer, &["a"]).await;
    abandon(&first, &service, Mode::LoseCall, &["b"]).await;
    drop(first);
    let second = client(&service, open(&path).await);
    let recovered = by_name(
        second
            .recover()
            .grace(Duration::ZERO)
            .await
            .expect("outcomes"),
    );
    assert!(matches!(recovered["a"], Ok(Settled::Found(_))));
    assert!(matches!(recovered["b"], Ok(Settled::NotFound)));
    drop(second);
    let third = client(&service, open(&path).await);
    assert_eq!(third.unsettled().await.expect("entries"), []);
    assert_eq!(third.settled().await.expect("entries").len(), 2);
}

/// The guide's predicate compares the name that the caller gave; the job has the tag behind it.
#[tokio::test(start_paused = true)]
async fn a_unique_name_tells_the_job_whatever_the_predicate_says() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    service.set(Mode::LoseAnswer);
    let lost = |name: &'static str| {
        let call = client.lipsyncs().create(&request(name));
        async move { call.await.expect_err("lost") }
    };
    let (first, second, third) = (lost("a").await, lost("a").await, lost("b").await);
    let by_name = |job: &Lipsync| job.name.as_deref() == Some("a");
    let settled = client.lipsyncs().settle(&first).matching(by_name).await;
    let settled = settled.expect("settled").found().expect("its job");
    assert_eq!(
        settled.name.as_deref(),
        service.names().first().map(String::as_str)
    );
    let calls = [
        ("a".to_owned(), &second),
        ("b".to_owned(), &third),
        ("b".to_owned(), &third),
    ];
    let all = client
        .lipsyncs()
        .settle_all(calls)
        .by(|job| job.name.clone())
        .await;
    for (place, settled) in all.into_iter().enumerate() {
        match (place, settled) {
            (0 | 1, Ok(Settled::Found(job))) => {
                assert_eq!(job.name.as_ref(), service.names().get(place + 1));
            }
            (2, Err(error)) => assert!(error.is_ambiguous(), "{error}"),
            (_, other) => panic!("{place}: {other:?}"),
        }
    }
}

/// What makes the answer of a list look like that of jobs that nobody named proves nothing.
#[tokio::test(start_paused = true)]
async fn a_list_without_names_is_no_proof() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    abandon(&client, &service, Mode::LoseAnswer, &["a"]).await;
    service.add("somebody's", "pending");
    let name = service.names()[0].clone();
    service.remove(0, "name");
    let recovered = client.recover().await.expect("outcomes");
    let error = recovered[0].outcome().expect_err("not known");
    assert!(error.is_ambiguous(), "{error}");
    // The service may trim names; the tag is what tells.
    service.change(0, serde_json::json!({"name": format!("{name}  ")}));
    let recovered = client.recover().await.expect("outcomes");
    assert!(
        matches!(recovered[0].outcome(), Ok(Settled::Found(_))),
        "{recovered:?}"
    );
}

/// A call that waits for a `Retry-After` is in flight, however long that is.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_to_be_sent_again_is_left_alone() {
    let (service, journal) = (Service::new(), Arc::new(MemoryJournal::new()));
    let waiting = builder(&service)
        .journal(Arc::clone(&journal))
        .unique_names();
    let waiting = waiting
        .retry(creatify_api::RetryPolicy::new())
        .build()
        .expect("a client");
    let other = client(&service, Arc::clone(&journal));
    service.set(Mode::Later(110));
    let call = waiting
        .lipsyncs()
        .create(&request("a"))
        .timeout(Duration::from_secs(5));
    let task = tokio::spawn(call.into_future());
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert!(other.recover().await.expect("none").is_empty());
    service.set(Mode::Answer);
    task.await.expect("no panic").expect("a job");
    assert_eq!(service.names().len(), 1);
}

/// What a success was answered to is not lost, whatever a list shows and a predicate says.
#[tokio::test(start_paused = true)]
async fn a_render_that_was_answered_is_never_not_found() {
    let service = Service::new();
    let client = client(&service, MemoryJournal::new());
    let id = service.add("x", "done");
    let pending = client.lipsyncs().render(id);
    let call = pending.pending().expect("it costs");
    pending.await.expect("rendered");
    service.change(0, serde_json::json!({"status": "done", "output": null}));
    let settled = client
        .lipsyncs()
        .settle_pending(&call)
        .matching(|_| false)
        .await;
    assert!(settled.expect("settled").found().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_does_not_hold_the_call_lets_nobody_send_it_again() {
    let service = Service::new();
    let first = client(&service, MemoryJournal::new());
    service.set(Mode::LoseCall);
    let error = first
        .lipsyncs()
        .create(&request("a"))
        .await
        .expect_err("lost");
    let call = error.pending_call().expect("it may be charged");
    let other = client(&service, MemoryJournal::new());
    let settled = other.lipsyncs().settle_pending(call).await;
    let error = settled.expect_err("no fence");
    assert!(error.is_journal() && error.is_ambiguous(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_call_for_which_no_time_is_left_is_not_sent() {
    let (service, journal) = (Service::new(), Arc::new(Failing::default()));
    let client = client(&service, Arc::clone(&journal));
    journal.slow.store(true, Ordering::SeqCst);
    let call = client.lipsyncs().create(&request("a"));
    let error = call
        .total_timeout(Duration::from_secs(20))
        .await
        .expect_err("no time");
    assert!(error.is_timeout() && !error.is_ambiguous(), "{error}");
    assert_eq!(service.paid_calls(), 0);
    assert_eq!(client.unsettled().await.expect("entries"), []);
}

/// Extreme settings and servers are no reason why a journal cannot be opened again.
#[tokio::test]
async fn a_call_without_an_end_is_read_again() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("endless.journal");
    let _ = std::fs::remove_file(&path);
    let service = Service::new();
    let first = client(&service, open(&path).await);
    service.set(Mode::Hang);
    let call = first
        .lipsyncs()
        .create(&request("a"))
        .timeout(Duration::MAX);
    let call = tokio::spawn(call.into_future());
    while service.paid_calls() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    call.abort();
    assert!(call.await.is_err());
    drop(first);
    let next = client(&service, open(&path).await);
    let recovered = next.recover().await.expect("outcomes");
    assert!(
        matches!(recovered[0].outcome(), Ok(Settled::Found(_))),
        "{recovered:?}"
    );
}
