//! Waiting for one job. In: jobs of every ending. Out: the job or the reason, and every change on
//! the way. Without these a program shows no progress, misses its video, or waits for ever.

use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use creatify_api::jobs::{JobOutcome, UnknownStatus};
use creatify_api::types::{JobStatus, Lipsync};
use serde_json::json;
use tokio::time::Instant;

use crate::fixture::{Fixture, request};
use crate::scripted_server::{JOB, Reply, ScriptedServer, job, job_with};

#[tokio::test(start_paused = true)]
async fn a_job_that_succeeds_is_given_with_its_result() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let id = lipsyncs.create(&request("one")).await.expect("a job").id;
    let job = lipsyncs.wait(id).await.expect("the video");
    assert_eq!((job.id, job.status), (id, JobStatus::Done));
    assert!(job.output.is_some());
    // It takes 70 s: more looks than these would be a burden, fewer would be late.
    let looks = fixture.calls("lipsyncs_retrieve");
    assert!((6..=20).contains(&looks), "{looks} looks");
    assert!(fixture.emulator.state().violations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_or_is_rejected_is_an_error_with_reason_and_job() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    for (name, status) in [("fail", JobStatus::Failed), ("reject", JobStatus::Rejected)] {
        let id = lipsyncs.create(&request(name)).await.expect("a job").id;
        let error = lipsyncs.wait(id).await.expect_err("no video");
        assert!(error.is_job_failed() && !error.is_timeout(), "{error}");
        let job = error.job::<Lipsync>().expect("the job").expect("readable");
        assert_eq!((job.id, &job.status), (id, &status));
        assert!(job.failed_reason.is_some());
        assert_eq!(error.failed_reason(), job.failed_reason.as_deref());
        assert_eq!(error.job_id(), Some(&*id.to_string()));
        assert_eq!(error.operation(), Some("lipsyncs_retrieve"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ended_before_needs_one_look_and_no_time() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("done")));
    let start = Instant::now();
    scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    assert_eq!((scripted.count(), start.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn looks_follow_each_other_less_and_less() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("running")));
    let wait = scripted.client.lipsyncs().wait(JOB);
    let error = wait.await.expect_err("it never ends");
    assert!(error.is_timeout(), "{error}");
    let gaps = scripted.gaps();
    let mut interval = 1.0;
    for gap in &gaps {
        let seconds = gap.as_secs_f64();
        assert!(
            seconds >= interval / 2.0 && seconds <= interval + 0.002,
            "{gaps:?}"
        );
        interval = f64::min(interval * 1.5, 15.0);
    }
    // An hour, most of it at 7.5 s to 15 s.
    assert!((240..480).contains(&gaps.len()), "{}", gaps.len());
}

#[tokio::test(start_paused = true)]
async fn time_runs_out_after_an_hour_or_what_is_set() {
    for (timeout, expected) in [(None, 3600), (Some(60), 60)] {
        let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("in_queue")));
        let mut wait = scripted.client.lipsyncs().wait(JOB);
        if let Some(seconds) = timeout {
            wait = wait.timeout(Duration::from_secs(seconds));
        }
        let start = Instant::now();
        let error = wait.await.expect_err("it never ends");
        assert_eq!(start.elapsed().as_secs(), expected);
        assert!(error.is_timeout() && !error.is_job_failed(), "{error}");
        assert!(error.to_string().contains("in_queue"), "{error}");
        assert_eq!(error.job_id(), Some(&*JOB.to_string()));
        let job = error.job::<Lipsync>().expect("the job").expect("readable");
        assert_eq!(job.status, JobStatus::InQueue);
    }
}

/// A server that takes the request and never answers must not hold its caller.
#[tokio::test(start_paused = true)]
async fn time_runs_out_although_a_request_is_under_way() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Json(200, job("running")),
        _ => Reply::Silence,
    });
    let wait = scripted.client.lipsyncs().wait(JOB);
    let start = Instant::now();
    let outcome = wait.timeout(Duration::from_secs(20)).await;
    let error = outcome.expect_err("no answer");
    assert_eq!(start.elapsed().as_secs(), 20);
    assert!(
        error.is_timeout() && error.job::<Lipsync>().is_some(),
        "{error}"
    );
    assert_eq!(scripted.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_a_wait_was_dropped() {
    for reply in [Reply::Json(200, job("running")), Reply::Silence] {
        let scripted = ScriptedServer::new(move |_, _| reply.clone());
        let wait = scripted.client.lipsyncs().wait(JOB);
        let given_up = tokio::time::timeout(Duration::from_secs(10), wait.into_future());
        given_up.await.expect_err("it goes on");
        let before = scripted.count();
        assert!(before >= 1);
        tokio::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(scripted.count(), before);
    }
}

#[tokio::test(start_paused = true)]
async fn every_change_is_told_once() {
    let records = ["pending", "pending", "running", "running", "done"].map(job);
    let scripted = ScriptedServer::new(move |number, _| {
        let mut record = records[number - 1].clone();
        if number == 4 {
            record["progress"] = json!("50");
        }
        Reply::Json(200, record)
    });
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let wait = scripted
        .client
        .lipsyncs()
        .wait(JOB)
        .on_update(move |update| {
            let entry = (
                update.status.clone(),
                update.job.progress.clone(),
                update.outcome,
            );
            tell.lock().expect("a list").push(entry);
        });
    wait.await.expect("the job");
    let (running, done) = (Some(JobOutcome::Running), Some(JobOutcome::Succeeded));
    let expected = [
        (JobStatus::Pending, "0", running),
        (JobStatus::Running, "0", running),
        (JobStatus::Running, "50", running),
        (JobStatus::Done, "0", done),
    ];
    let expected =
        expected.map(|(status, progress, outcome)| (status, progress.to_owned(), outcome));
    assert_eq!(*told.lock().expect("a list"), expected);
}

/// A state that is newer than the crate ends no wait, and is given as it came.
#[tokio::test(start_paused = true)]
async fn a_state_that_is_not_known_is_told_by_its_name() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Json(200, job("dreaming")),
        _ => Reply::Json(200, job("done")),
    });
    let mut updates = scripted.client.lipsyncs().wait(JOB).updates();
    let update = updates.next().await.expect("an update").expect("a job");
    assert!(matches!(update.status, JobStatus::Unknown(_)), "{update:?}");
    assert_eq!((update.status.as_str(), update.outcome), ("dreaming", None));
    let update = updates.next().await.expect("an update").expect("a job");
    assert_eq!(update.status, JobStatus::Done);
}

#[tokio::test(start_paused = true)]
async fn failure_is_told_as_well() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("failed")));
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let wait = scripted.client.lipsyncs().wait(JOB);
    let wait = wait.on_update(move |update| tell.lock().expect("a list").push(update.outcome));
    wait.await.expect_err("it failed");
    assert_eq!(*told.lock().expect("a list"), [Some(JobOutcome::Failed)]);
}

#[tokio::test(start_paused = true)]
async fn the_stream_shows_every_state_and_ends_with_the_job() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let id = lipsyncs.create(&request("one")).await.expect("a job").id;
    let mut updates = lipsyncs.wait(id).updates();
    let mut statuses = Vec::new();
    while let Some(update) = updates.next().await {
        statuses.push(update.expect("no failure").status);
    }
    statuses.dedup();
    let expected = ["pending", "in_queue", "running", "done"].map(JobStatus::from);
    assert_eq!(statuses, expected);
    assert!(updates.next().await.is_none());

    let id = lipsyncs.create(&request("fail")).await.expect("a job").id;
    let mut updates = lipsyncs.wait(id).updates();
    let mut last = None;
    while let Some(update) = updates.next().await {
        assert!(last.is_none(), "an error is the last item");
        last = update.err();
    }
    let error = last.expect("the job failed");
    assert!(
        error.is_job_failed() && error.failed_reason().is_some(),
        "{error}"
    );
}

/// A new version of the service may have states on the way, or new ways to end.
#[tokio::test(start_paused = true)]
async fn an_unknown_state_is_borne_for_ten_minutes() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("dubbing")));
    let start = Instant::now();
    let error = scripted
        .client
        .lipsyncs()
        .wait(JOB)
        .await
        .expect_err("no end");
    assert!(error.is_unknown_status() && !error.is_timeout(), "{error}");
    assert!(error.to_string().contains("dubbing"), "{error}");
    let job_seen = error.job::<Lipsync>().expect("the job").expect("readable");
    assert_eq!((job_seen.id, start.elapsed().as_secs()), (JOB, 600));
    assert!(scripted.count() < 100, "{}", scripted.count());

    let scripted = ScriptedServer::new(|number, _| {
        // Each state is new, so each is borne anew.
        let states = ["one", "two", "three", "done"];
        Reply::Json(200, job(states[(number - 1) / 40]))
    });
    let wait = scripted.client.lipsyncs().wait(JOB);
    let borne = UnknownStatus::KeepWaiting(Duration::from_secs(600));
    wait.unknown_status(borne).await.expect("it passes");

    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("dubbing")));
    let wait = scripted.client.lipsyncs().wait(JOB);
    let error = wait
        .unknown_status(UnknownStatus::Fail)
        .await
        .expect_err("at once");
    assert!(
        error.is_unknown_status() && scripted.count() == 1,
        "{error}"
    );
}

/// The reason is the service's text, and may quote what it was sent.
#[tokio::test(start_paused = true)]
async fn a_reason_shows_no_key() {
    let scripted = ScriptedServer::new(|_, _| {
        let reason = "the key key-of-the-script cannot do this";
        let changes = json!({"status": "failed", "failed_reason": reason});
        Reply::Json(200, job_with(JOB, changes))
    });
    let error = scripted
        .client
        .lipsyncs()
        .wait(JOB)
        .await
        .expect_err("it failed");
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains("key-of-the-script"), "{text}");
    }
    assert!(error.to_string().contains("cannot do this"), "{error}");
}

/// A wait can be spawned, kept in a struct, and printed.
#[tokio::test(start_paused = true)]
async fn waits_can_be_sent_to_another_task() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("done")));
    let wait = scripted.client.lipsyncs().wait(JOB);
    assert!(format!("{wait:?}").contains("lipsyncs"));
    let task = tokio::spawn(wait.into_future());
    task.await.expect("no panic").expect("the job");
}
