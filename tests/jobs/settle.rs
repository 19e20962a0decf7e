//! Settling a lost call. In: calls whose answers were lost on either side of the ledger. Out: the job
//! that was paid for, or the word that nothing was. A wrong word is a second charge.

use std::future::IntoFuture;
use std::time::{Duration, SystemTime};

use creatify_api::chrono::TimeDelta;
use creatify_api::jobs::Settled;
use creatify_api::types::{JobStatus, Lipsync};
use creatify_api::{Blocking as _, Client, Credentials, Error, Timestamp, Uuid};
use creatify_emulator::fault::{Kind, When};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::fixture::{self, Fixture, request};
use crate::scripted_server::{JOB, Reply, ScriptedServer, job_with};

fn named(name: &'static str) -> impl Fn(&Lipsync) -> bool + Send + 'static {
    move |job| job.name.as_deref() == Some(name)
}

/// A stage on which the next call of an operation is lost.
async fn losing(operation: &str, kind: Kind) -> Fixture {
    let fixture = Fixture::start().await;
    fixture.fault(operation, When::Nth(1), kind);
    fixture
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_processed_is_found_at_once() {
    let server_error = Kind::Status {
        status: 502,
        retry_after: None,
        processed: true,
    };
    for kind in [Kind::ResetAfter, server_error] {
        let fixture = losing("lipsyncs_create", kind).await;
        let lipsyncs = fixture.client.lipsyncs();
        let error = lipsyncs
            .create(&request("order-7"))
            .await
            .expect_err("lost");
        assert!(error.is_ambiguous(), "{error}");
        lipsyncs
            .create(&request("order-8"))
            .await
            .expect("another job");
        let start = Instant::now();
        let settled = lipsyncs.settle(&error).matching(named("order-7")).await;
        let job = settled.expect("settled").found().expect("the job");
        assert_eq!(job.name.as_deref(), Some("order-7"));
        assert!(fixture.emulator.state().ledger()[0].job == job.id.to_string());
        assert!(start.elapsed() < Duration::from_secs(1));
        assert_eq!((fixture.charges(), fixture.calls("lipsyncs_list")), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_arrived_is_not_found_and_can_be_sent_again() {
    let fixture = losing("lipsyncs_create", Kind::ResetBefore).await;
    let lipsyncs = fixture.client.lipsyncs();
    let error = lipsyncs
        .create(&request("order-7"))
        .await
        .expect_err("lost");
    let start = Instant::now();
    let settled = lipsyncs.settle(&error).matching(named("order-7")).await;
    let settled = settled.expect("settled");
    assert!(
        settled.is_safe_to_resend() && settled == Settled::NotFound,
        "{settled:?}"
    );
    assert_eq!(fixture.charges(), 0);
    // The server could have worked on it for as long as the client would have waited, three minutes.
    assert!((179..=181).contains(&start.elapsed().as_secs()));
    assert!((3..=30).contains(&fixture.calls("lipsyncs_list")));
}

/// A server that has answered is done with the call sooner; and what failed long ago is over.
#[tokio::test(start_paused = true)]
async fn no_longer_is_looked_than_the_call_can_be_on_its_way() {
    let scripted = || {
        ScriptedServer::new(|number, _| match number {
            1 => Reply::Json(500, json!({})),
            _ => Reply::Json(200, json!([])),
        })
    };
    for (rest, grace, expected) in [
        (0, None, 10),
        (4, None, 6),
        (3600, None, 0),
        (0, Some(0), 0),
        (0, Some(120), 120),
    ] {
        let scripted = scripted();
        let error = create(&scripted.client).await;
        tokio::time::sleep(Duration::from_secs(rest)).await;
        let start = Instant::now();
        let mut settle = scripted.client.lipsyncs().settle(&error).matching(|_| true);
        if let Some(seconds) = grace {
            settle = settle.grace(Duration::from_secs(seconds));
        }
        assert_eq!(settle.await.expect("settled"), Settled::NotFound);
        assert_eq!(start.elapsed().as_secs(), expected);
    }
}

async fn create(client: &Client) -> Error {
    let outcome = client.lipsyncs().create(&request("order-7")).await;
    outcome.expect_err("lost")
}

/// A job that was made just now, or so many seconds from now, by the clock of this machine.
fn made(seconds: i64, name: &str) -> Value {
    let at = Timestamp::from(SystemTime::now()) + TimeDelta::seconds(seconds);
    let changes = json!({"name": name, "created_at": at.to_rfc3339()});
    job_with(Uuid::from_u128(seconds.unsigned_abs().into()), changes)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_arrives_late_is_found() {
    let scripted = ScriptedServer::new(|number, asked| match number {
        1 => Reply::Broken,
        _ if asked.at < Duration::from_secs(20) => Reply::Json(200, json!([])),
        _ => Reply::Json(200, json!([made(20, "order-7")])),
    });
    let error = create(&scripted.client).await;
    let settled = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    assert!(settled.await.expect("settled").found().is_some());
}

/// Orders of last month may have the same names.
#[tokio::test(start_paused = true)]
async fn a_job_that_is_older_than_the_call_is_not_its_own() {
    let scripted = || {
        ScriptedServer::new(|number, _| match number {
            1 => Reply::Broken,
            _ => Reply::Json(200, json!([made(-600, "order-7")])),
        })
    };
    let old = scripted();
    let error = create(&old.client).await;
    let settle = old.client.lipsyncs().settle(&error);
    let settled = settle.matching(named("order-7")).await.expect("settled");
    assert!(matches!(&settled, Settled::Uncertain(jobs) if jobs.len() == 1));
    assert!(!settled.is_safe_to_resend() && settled.found().is_none());
    // Unless the caller knows better, or the clocks differ a little.
    let settle = old
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    let long_ago = Timestamp::from(SystemTime::now()) - TimeDelta::hours(1);
    let settled = settle.since(long_ago).await.expect("settled");
    assert!(settled.found().is_some());
    let slow = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(200, json!([made(-100, "order-7")])),
    });
    let error = create(&slow.client).await;
    let settle = slow
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    assert!(settle.await.expect("settled").found().is_some());
}

/// Two jobs with the name of one order are two charges: somebody must look at them.
#[tokio::test(start_paused = true)]
async fn several_matches_are_told_the_oldest_first() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(
            200,
            json!([made(5, "order-7"), made(2, "order-7"), made(3, "x")]),
        ),
    });
    let error = create(&scripted.client).await;
    let settle = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    let Settled::Several(jobs) = settle.await.expect("settled") else {
        panic!("there are two");
    };
    let ids: Vec<_> = jobs.iter().map(|job| job.id.as_u128()).collect();
    assert_eq!(ids, [2, 5]);
}

#[tokio::test(start_paused = true)]
async fn without_a_way_to_know_the_job_nothing_is_said() {
    let scripted = ScriptedServer::new(|_, _| Reply::Broken);
    let error = create(&scripted.client).await;
    let refused = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .await
        .expect_err("no predicate");
    assert!(refused.is_configuration(), "{refused}");
    assert!(refused.to_string().contains("matching"), "{refused}");
    assert_eq!(scripted.count(), 1);
}

/// It would be looked for in a list where it cannot be, and be sent again.
#[tokio::test(start_paused = true)]
async fn a_call_of_another_resource_is_refused() {
    let scripted = ScriptedServer::new(|_, _| Reply::Broken);
    let error = create(&scripted.client).await;
    let settle = scripted
        .client
        .lipsyncs_v2()
        .settle(&error)
        .matching(|_| true);
    let refused = settle.await.expect_err("another resource");
    assert!(refused.is_configuration(), "{refused}");
    assert!(refused.to_string().contains("`lipsyncs_v2`"), "{refused}");
    assert_eq!(scripted.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_render_shows_in_its_job() {
    for (kind, is_found) in [(Kind::ResetAfter, true), (Kind::ResetBefore, false)] {
        let fixture = losing("lipsyncs_render_create", kind).await;
        let lipsyncs = fixture.client.lipsyncs();
        let id = lipsyncs
            .preview(&request("order-7"))
            .await
            .expect("a preview")
            .id;
        let error = lipsyncs.render(id).await.expect_err("lost");
        assert!(error.is_ambiguous(), "{error}");
        let settled = lipsyncs.settle(&error).await.expect("settled");
        assert_eq!(settled.is_safe_to_resend(), !is_found);
        if let Some(job) = settled.found() {
            assert_eq!(job.id, id);
            assert_ne!(job.status, JobStatus::Done);
        }
        assert_eq!(fixture.charges(), 1 + usize::from(is_found));
        // When the video is there, or has failed, the call was processed as well.
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let settled = lipsyncs.settle(&error).await.expect("settled");
        assert_eq!(settled.found().is_some(), is_found);
    }
}

/// Rendering once more what was rendered before: the old video says nothing about the new call.
#[tokio::test(start_paused = true)]
async fn what_shows_a_render_can_be_said() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(
            200,
            json!([job_with(
                JOB,
                json!({"status": "done", "output": "https://old"})
            )]),
        ),
    });
    let lipsyncs = scripted.client.lipsyncs();
    let error = lipsyncs.render(JOB).await.expect_err("lost");
    assert!(
        lipsyncs
            .settle(&error)
            .await
            .expect("settled")
            .found()
            .is_some()
    );
    let is_new = |job: &Lipsync| job.output.as_deref() != Some("https://old");
    let settled = lipsyncs.settle(&error).matching(is_new).await;
    assert_eq!(settled.expect("settled"), Settled::NotFound);
}

/// The job is not there: it may come back, and whether the call was charged is not known.
#[tokio::test(start_paused = true)]
async fn an_existing_job_that_is_missing_is_an_error() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(200, json!([])),
    });
    let lipsyncs = scripted.client.lipsyncs();
    let error = lipsyncs.render(JOB).await.expect_err("lost");
    let error = lipsyncs.settle(&error).await.expect_err("not settled");
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.job_id(), Some(&*JOB.to_string()));
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_answer_could_not_be_read_is_read() {
    let field = Some("created_at".to_owned());
    let fixture = losing("lipsyncs_create", Kind::MissingField { field }).await;
    let lipsyncs = fixture.client.lipsyncs();
    let error = lipsyncs
        .create(&request("order-7"))
        .await
        .expect_err("unreadable");
    assert!(error.is_decode() && error.is_ambiguous(), "{error}");
    let job = lipsyncs.settle(&error).await.expect("settled").found();
    let job = job.expect("the job");
    assert_eq!(error.job_id(), Some(&*job.id.to_string()));
    assert_eq!(fixture.charges(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_surely_did_nothing_needs_no_request() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(400, json!({"detail": "no"})));
    let lipsyncs = scripted.client.lipsyncs();
    let refused = create(&scripted.client).await;
    let invalid = request("order-7").text("x".repeat(100_000));
    let invalid = lipsyncs.create(&invalid).await.expect_err("too long");
    assert!(invalid.is_validation(), "{invalid}");
    let before = scripted.count();
    for error in [refused, invalid] {
        let settled = lipsyncs.settle(&error).matching(|_| true).await;
        assert_eq!(settled.expect("settled"), Settled::NotFound);
    }
    assert_eq!(scripted.count(), before);
}

/// Whoever takes an error for `NotFound` pays twice; so does a client that says `NotFound` when it
/// could not look.
#[tokio::test(start_paused = true)]
async fn what_could_not_be_seen_is_not_called_missing() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(500, json!({})),
    });
    let error = create(&scripted.client).await;
    let settle = scripted.client.lipsyncs().settle(&error).matching(|_| true);
    let error = settle.await.expect_err("not settled");
    assert!(error.is_server(), "{error}");
    assert_eq!(scripted.count(), 12);

    // The one job that was made since then cannot be read: it may be the one.
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => {
            let mut strange = made(3, "order-7");
            strange["text"] = json!(7);
            Reply::Json(200, json!([made(2, "order-6"), strange]))
        }
    });
    let error = create(&scripted.client).await;
    let settle = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    let error = settle.await.expect_err("not settled");
    assert!(error.is_decode() && error.job_id().is_some(), "{error}");
    // For another order it does not matter.
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(200, json!([made(2, "order-7"), {"id": "strange"}])),
    });
    let error = create(&scripted.client).await;
    let settle = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    assert!(settle.await.expect("settled").found().is_some());
}

#[tokio::test(start_paused = true)]
async fn faults_on_the_way_to_the_list_are_borne() {
    let fixture = losing("lipsyncs_create", Kind::ResetAfter).await;
    for (nth, kind) in [Kind::ResetBefore, Kind::Truncate, Kind::InvalidJson]
        .into_iter()
        .enumerate()
    {
        fixture.fault("lipsyncs_list", When::Nth(nth as u64 + 1), kind);
    }
    let lipsyncs = fixture.client.lipsyncs();
    let error = create(&fixture.client).await;
    let settled = lipsyncs.settle(&error).matching(named("order-7")).await;
    assert!(settled.expect("settled").found().is_some());
}

/// What is set aside for lost calls would use up the limit of a client that runs for long.
#[tokio::test(start_paused = true)]
async fn the_spend_limit_learns_what_became_of_the_call() {
    for (kind, charged) in [(Kind::ResetAfter, 5.0), (Kind::ResetBefore, 0.0)] {
        let fixture = losing("lipsyncs_create", kind).await;
        let client = fixture::client(&fixture.emulator).spend_limit(5.0).build();
        let client = client.expect("a client");
        let error = create(&client).await;
        let spending = client.spending().expect("accounts");
        assert_eq!((spending.charged, spending.reserved), (0.0, 5.0));
        let refused = create(&client).await;
        assert!(refused.is_spend_limit(), "{refused}");

        let settle = client.lipsyncs().settle(&error).matching(named("order-7"));
        settle.await.expect("settled");
        let spending = client.spending().expect("accounts");
        assert_eq!((spending.charged, spending.reserved), (charged, 0.0));
        // Once is enough.
        let settle = client.lipsyncs().settle(&error).matching(named("order-7"));
        settle.await.expect("settled");
        assert_eq!(client.spending().expect("accounts").charged, charged);
    }
}

#[tokio::test(start_paused = true)]
async fn settling_can_be_sent_to_another_task() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Broken,
        _ => Reply::Json(200, json!([made(1, "order-7")])),
    });
    let error = create(&scripted.client).await;
    let settle = scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(named("order-7"));
    drop(error);
    let task = tokio::spawn(settle.into_future());
    assert!(
        task.await
            .expect("no panic")
            .expect("settled")
            .found()
            .is_some()
    );
}

/// Who hands the error of the wait to `settle`, and not that of the call, must not be told to pay again.
#[tokio::test(start_paused = true)]
async fn the_error_of_a_free_call_cannot_be_settled() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let job = lipsyncs.create(&request("order-7")).await.expect("a job");
    let wait = lipsyncs.wait(job.id).timeout(Duration::from_secs(1)).await;
    let waited = wait.expect_err("no time");
    let unknown = lipsyncs.retrieve(Uuid::nil()).await.expect_err("no job");
    for error in [waited, unknown] {
        let settled = lipsyncs.settle(&error).matching(named("order-7")).await;
        assert!(
            settled.is_err_and(|error| error.is_configuration()),
            "{error}"
        );
    }
}

/// A program that repeats whatever is not ambiguous must not do so when nothing is known.
#[tokio::test(start_paused = true)]
async fn a_call_that_cannot_be_settled_stays_ambiguous() {
    let fixture = losing("lipsyncs_create", Kind::ResetAfter).await;
    let lipsyncs = fixture.client.lipsyncs();
    let error = lipsyncs
        .create(&request("order-7"))
        .await
        .expect_err("lost");
    let refused = Kind::Status {
        status: 403,
        retry_after: None,
        processed: false,
    };
    fixture.fault("lipsyncs_list", When::Always, refused);
    let settled = lipsyncs.settle(&error).matching(named("order-7")).await;
    let unknown = settled.expect_err("no list");
    assert!(unknown.is_ambiguous(), "{unknown}");
    fixture.emulator.state().clear_faults();
    let settled = lipsyncs.settle(&unknown).matching(named("order-7")).await;
    assert!(settled.expect("settled").found().is_some());
}

/// Another account has other jobs, another resource too: who does not find a job there knows nothing.
#[tokio::test(start_paused = true)]
async fn a_call_is_not_looked_for_where_it_cannot_be() {
    let fixture = losing("lipsyncs_create", Kind::ResetAfter).await;
    let other = |id: &str, base_url: &str| {
        let builder =
            fixture::client(&fixture.emulator).credentials(Credentials::new(id, "any-other-key"));
        builder.base_url(base_url).build().expect("a client")
    };
    let url = fixture.emulator.base_url();
    let error = create(&fixture.client).await;
    let same = url.replace("127.0.0.1", "localhost");
    for client in [other("other-tenant", url), other("jobs", &same)] {
        let settled = client
            .lipsyncs()
            .settle(&error)
            .matching(named("order-7"))
            .await;
        let unknown = settled.expect_err("somebody else");
        assert!(
            unknown.is_configuration() && unknown.is_ambiguous(),
            "{unknown}"
        );
    }
    let unknown = fixture
        .client
        .lipsyncs_v2()
        .settle(&error)
        .matching(|_| true);
    let unknown = unknown.await.expect_err("another resource");
    assert!(
        unknown.is_configuration() && unknown.is_ambiguous(),
        "{unknown}"
    );
    // What says that nothing is known can be settled like the error of the call.
    let lipsyncs = fixture.client.lipsyncs();
    let settled = lipsyncs.settle(&unknown).matching(named("order-7")).await;
    assert!(settled.expect("settled").found().is_some());
}

/// A blocking call inside a runtime says nothing of the call before it.
#[tokio::test(start_paused = true)]
async fn settling_in_the_wrong_way_leaves_the_call_ambiguous() {
    let fixture = losing("lipsyncs_create", Kind::ResetAfter).await;
    let lipsyncs = fixture.client.lipsyncs();
    let error = create(&fixture.client).await;
    let settled = lipsyncs
        .settle(&error)
        .matching(named("order-7"))
        .blocking();
    let unknown = settled.expect_err("inside a runtime");
    assert!(
        unknown.is_configuration() && unknown.is_ambiguous(),
        "{unknown}"
    );
    let settled = lipsyncs.settle(&unknown).matching(named("order-7")).await;
    let job = settled.expect("settled").found().expect("the job");
    // The errors of other things that were not done either.
    let waited = lipsyncs
        .wait(job.id)
        .blocking()
        .expect_err("inside a runtime");
    let handle = fixture.client.lipsyncs().wait(job.id).handle();
    let resumed = fixture.client.lipsyncs_v2().resume(&handle).await;
    for error in [waited, resumed.expect_err("another resource")] {
        let settled = lipsyncs.settle(&error).matching(|_| false).await;
        assert!(settled.is_err(), "{error}");
    }
}
