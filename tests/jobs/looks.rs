//! Looks that fail. In: every fault on the way to a job. Out: that the job is not lost sight of, and
//! that what will not pass is not waited for.

use std::time::Duration;

use creatify_api::types::JobStatus;
use creatify_emulator::fault::{Kind, When};
use serde_json::{Value, json};

use crate::fixture::{Fixture, request};
use crate::scripted_server::{JOB, Reply, ScriptedServer, job, job_with};

fn faults() -> Vec<Kind> {
    let status = |status, retry_after| Kind::Status {
        status,
        retry_after,
        processed: false,
    };
    let location = "https://example.com/login".to_owned();
    vec![
        status(429, Some(2)),
        status(429, None),
        status(500, None),
        status(503, Some(2)),
        status(404, None),
        status(408, None),
        Kind::ResetBefore,
        Kind::ResetAfter,
        Kind::Truncate,
        Kind::InvalidJson,
        Kind::Html {
            status: 200,
            processed: false,
        },
        Kind::Html {
            status: 502,
            processed: false,
        },
        Kind::Redirect {
            location,
            status: 302,
        },
        Kind::UnknownEnum {
            field: Some("status".to_owned()),
        },
        Kind::UnknownField,
        Kind::MissingField {
            field: Some("status".to_owned()),
        },
        Kind::MissingField {
            field: Some("created_at".to_owned()),
        },
    ]
}

/// A fault at the first look, and one at a look on the way, lose neither one job nor one of many.
#[tokio::test(start_paused = true)]
async fn passing_faults_are_borne() {
    for kind in faults() {
        let fixture = Fixture::start().await;
        let lipsyncs = fixture.client.lipsyncs();
        let id = lipsyncs.create(&request("one")).await.expect("a job").id;
        for operation in ["lipsyncs_retrieve", "lipsyncs_list"] {
            for nth in [1, 4] {
                fixture.fault(operation, When::Nth(nth), kind.clone());
            }
        }
        let job = lipsyncs.wait(id).await;
        let job = job.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(job.status, JobStatus::Done);

        let id = lipsyncs.create(&request("two")).await.expect("a job").id;
        let mut all = lipsyncs.wait_all([id]).await;
        let job = all.remove(&id).expect("the job");
        let job = job.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(job.status, JobStatus::Done);
        assert_eq!(fixture.charges(), 2);
    }
}

/// The fault that comes exactly when the job has ended is the one that loses videos.
#[tokio::test(start_paused = true)]
async fn an_end_that_cannot_be_read_is_looked_at_again() {
    let spoilt = || {
        let mut spoilt = job("done");
        spoilt
            .as_object_mut()
            .expect("an object")
            .remove("created_at");
        spoilt
    };
    let scripted = ScriptedServer::new(move |number, _| match number {
        1..=3 => Reply::Json(200, spoilt()),
        _ => Reply::Json(200, job("done")),
    });
    scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    assert_eq!(scripted.count(), 4);

    let scripted = ScriptedServer::new(move |_, _| Reply::Json(200, spoilt()));
    let error = scripted
        .client
        .lipsyncs()
        .wait(JOB)
        .await
        .expect_err("never readable");
    assert!(error.is_decode(), "{error}");
    assert_eq!(error.job_id(), Some(&*JOB.to_string()));
    assert!(error.body().is_some_and(|body| !body.is_empty()));
    assert_eq!(scripted.count(), 11);
}

/// A job that cannot be read while it works may be readable when it has ended.
#[tokio::test(start_paused = true)]
async fn a_job_that_works_need_not_be_readable() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1..=20 => Reply::Json(
            200,
            job_with(JOB, json!({"status": "running", "created_at": 7})),
        ),
        _ => Reply::Json(200, job("done")),
    });
    let wait = scripted.client.lipsyncs().wait(JOB);
    let wait = wait.on_update(|update| assert_eq!(update.status, JobStatus::Done));
    wait.await.expect("the job");
}

#[tokio::test(start_paused = true)]
async fn so_many_failures_in_a_row_are_borne_and_no_more() {
    for (tolerated, looks) in [(None, 11), (Some(0), 1), (Some(3), 4)] {
        let scripted = ScriptedServer::new(|_, _| Reply::Broken);
        let mut wait = scripted.client.lipsyncs().wait(JOB);
        if let Some(tolerated) = tolerated {
            wait = wait.tolerate(tolerated);
        }
        let error = wait.await.expect_err("no answer, ever");
        assert!(!error.is_timeout() && !error.is_job_failed(), "{error}");
        assert_eq!(error.job_id(), Some(&*JOB.to_string()));
        assert_eq!(scripted.count(), looks);
    }
    // A look that succeeds in between starts the count anew.
    let scripted = ScriptedServer::new(|number, _| match number {
        80 => Reply::Json(200, job("done")),
        number if number % 4 == 0 => Reply::Json(200, job("running")),
        _ => Reply::Json(503, json!({})),
    });
    let wait = scripted.client.lipsyncs().wait(JOB);
    wait.tolerate(3).await.expect("the job");
}

/// A server that is down is not hammered.
#[tokio::test(start_paused = true)]
async fn failed_looks_are_further_and_further_apart() {
    let scripted = ScriptedServer::new(|_, _| Reply::Json(500, json!({})));
    let wait = scripted.client.lipsyncs().wait(JOB);
    wait.await.expect_err("no answer, ever");
    let mut longest = 1.0;
    for gap in scripted.gaps() {
        let seconds = gap.as_secs_f64();
        assert!(
            seconds >= longest / 2.0 && seconds <= longest + 0.002,
            "{gap:?} of {longest}"
        );
        longest = f64::min(longest * 2.0, 15.0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_server_says_when_to_look_again() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::TooMany(300),
        _ => Reply::Json(200, job("done")),
    });
    scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    assert!(
        scripted.gaps()[0] >= Duration::from_secs(300),
        "{:?}",
        scripted.gaps()
    );

    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::TooMany(300),
        _ => Reply::Json(200, json!([job("done")])),
    });
    let all = scripted.client.lipsyncs().wait_all([JOB]).await;
    assert!(all[&JOB].is_ok());
    assert!(
        scripted.gaps()[0] >= Duration::from_secs(300),
        "{:?}",
        scripted.gaps()
    );
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_ends_the_wait_at_once() {
    for status in [400, 401, 403] {
        let scripted =
            ScriptedServer::new(move |_, _| Reply::Json(status, json!({"detail": "no"})));
        let error = scripted
            .client
            .lipsyncs()
            .wait(JOB)
            .await
            .expect_err("refused");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.job_id(), Some(&*JOB.to_string()));
        assert_eq!(scripted.count(), 1);
    }
}

/// A job that was just made may not be readable everywhere yet.
#[tokio::test(start_paused = true)]
async fn a_job_may_be_missing_at_first() {
    let answer = |missing: usize| {
        move |number: usize, _: &_| match number > missing {
            true => Reply::Json(200, job("done")),
            false => Reply::Json(404, json!({"detail": "Not found."})),
        }
    };
    let scripted = ScriptedServer::new(answer(3));
    scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    let scripted = ScriptedServer::new(answer(4));
    let error = scripted
        .client
        .lipsyncs()
        .wait(JOB)
        .await
        .expect_err("no such job");
    assert!(error.is_not_found() && scripted.count() == 4, "{error}");
}

/// One look that hangs is given up for the next one.
#[tokio::test(start_paused = true)]
async fn a_look_that_hangs_is_given_up() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1 => Reply::Silence,
        _ => Reply::Json(200, job("done")),
    });
    scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    let gap = scripted.gaps()[0];
    assert!(gap < Duration::from_secs(35), "{gap:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_job_is_a_failed_look() {
    for value in [Value::Null, json!([]), json!({}), json!({"status": 7})] {
        let scripted = ScriptedServer::new(move |number, _| match number {
            1 => Reply::Json(200, value.clone()),
            _ => Reply::Json(200, job("done")),
        });
        scripted.client.lipsyncs().wait(JOB).await.expect("the job");
        assert_eq!(scripted.count(), 2);
    }
}
