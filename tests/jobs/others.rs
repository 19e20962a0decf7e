//! Answers about another job than the one that was asked for. In: servers and caches that mix them up. Out:
//! an error that names the job that was asked for, and never the other job in its place.

use creatify_api::jobs::{JobHandle, Polling};
use creatify_api::types::Lipsync;
use creatify_api::{Error, Uuid};
use serde_json::{Value, json};

use crate::scripted_server::{JOB, Reply, ScriptedServer, ids, job_with};

const OTHER: Uuid = Uuid::from_u128(0xb);

/// The other job has ended, well or badly, goes on, or cannot even be read.
fn others() -> [Value; 5] {
    let in_state = |status: &str| job_with(OTHER, json!({"status": status, "output": "https://b"}));
    let mut unreadable = in_state("done");
    unreadable["created_at"] = json!(7);
    [
        in_state("done"),
        in_state("failed"),
        in_state("running"),
        in_state("new state"),
        unreadable,
    ]
}

fn assert_names_the_job(error: &Error) {
    assert_eq!(error.job_id(), Some(&*JOB.to_string()), "{error}");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(&OTHER.to_string()), "{text}");
    }
    assert!(
        !error.is_job_failed() && !error.is_unknown_status(),
        "{error}"
    );
    assert!(
        error
            .job::<Lipsync>()
            .is_none_or(|job| job.is_ok_and(|job| job.id == JOB))
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_never_ends_with_another_job() {
    for other in others() {
        let scripted = ScriptedServer::new(move |_, _| Reply::Json(200, other.clone()));
        let lipsyncs = scripted.client.lipsyncs();
        let wait = lipsyncs.wait(JOB);
        let wait = wait.on_update(|update| panic!("of {}", update.job.id));
        let waited = wait.await.expect_err("not this job");
        assert!(waited.is_decode(), "{waited}");
        assert_names_the_job(&waited);
        let handle = JobHandle::new("lipsyncs", JOB);
        let resumed = lipsyncs.resume(&handle).tolerate(0).await;
        assert_names_the_job(&resumed.expect_err("not this job"));
        let mut updates = lipsyncs.wait(JOB).tolerate(0).updates();
        let update = updates.next().await.expect("an error");
        assert_names_the_job(&update.expect_err("not this job"));
        assert!(updates.next().await.is_none());
    }
}

/// A single mix-up on the way is like any other answer that cannot be read.
#[tokio::test(start_paused = true)]
async fn a_passing_mix_up_is_borne() {
    let scripted = ScriptedServer::new(|number, _| match number {
        1..=3 => Reply::Json(200, others()[0].clone()),
        4 => Reply::Json(200, json!({"status": "done"})),
        _ => Reply::Json(200, job_with(JOB, json!({"status": "done"}))),
    });
    let job = scripted.client.lipsyncs().wait(JOB).await.expect("the job");
    assert_eq!((job.id, scripted.count()), (JOB, 5));
}

/// The beginning of an answer that broke off may hold the id of another job.
#[tokio::test(start_paused = true)]
async fn the_id_in_an_answer_that_breaks_off_is_not_taken_for_the_jobs() {
    let text = json!({"id": OTHER.to_string()}).to_string();
    let scripted =
        ScriptedServer::new(move |_, _| Reply::Text(200, text[..text.len() - 1].to_owned()));
    let waited = scripted.client.lipsyncs().wait(JOB).tolerate(0).await;
    assert_names_the_job(&waited.expect_err("no job"));
    let rendered = scripted.client.lipsyncs().render(JOB).await;
    assert_names_the_job(&rendered.expect_err("no job"));
}

#[tokio::test(start_paused = true)]
async fn a_batch_gives_no_job_in_the_place_of_another() {
    for other in others() {
        let scripted = ScriptedServer::new(move |_, _| Reply::Json(200, json!([other])));
        let mut all = scripted.client.lipsyncs().wait_all([JOB]).await;
        assert_eq!(all.len(), 1);
        let error = all.remove(&JOB).expect("an outcome").expect_err("no job");
        assert!(error.is_not_found(), "{error}");
        assert_names_the_job(&error);
    }
}

/// The render of a job is not settled by another job's state.
#[tokio::test(start_paused = true)]
async fn a_call_about_a_job_is_not_settled_by_another() {
    for other in others() {
        let scripted = ScriptedServer::new(move |number, _| match number {
            1 => Reply::Broken,
            _ => Reply::Json(200, json!([other])),
        });
        let lipsyncs = scripted.client.lipsyncs();
        let error = lipsyncs.render(JOB).await.expect_err("lost");
        let error = lipsyncs.settle(&error).await.expect_err("not there");
        assert!(error.is_not_found() && error.is_ambiguous(), "{error}");
        assert_names_the_job(&error);
    }
}

/// Ids are UUIDs, however they are written.
#[tokio::test(start_paused = true)]
async fn an_id_may_be_written_in_any_way() {
    let text = JOB.to_string();
    let ways = [
        text.to_uppercase(),
        JOB.simple().to_string(),
        format!("{{{text}}}"),
        JOB.urn().to_string(),
    ];
    for way in ways {
        let done = job_with(
            JOB,
            json!({"status": "done", "output": "https://a", "id": way}),
        );
        let scripted =
            ScriptedServer::new(move |number, asked| match (number, ids(asked).is_empty()) {
                (1, _) => Reply::Broken,
                (_, true) => Reply::Json(200, done.clone()),
                (_, false) => Reply::Json(200, json!([done])),
            });
        let lipsyncs = scripted.client.lipsyncs();
        let error = lipsyncs.render(JOB).await.expect_err("lost");
        let settled = lipsyncs.settle(&error).await.expect("settled").found();
        assert_eq!(settled.expect("the job").id, JOB);
        let polling = Polling::new();
        let job = lipsyncs.wait(JOB).polling(polling).await.expect("the job");
        assert_eq!(job.id, JOB);
        let all = lipsyncs.wait_all([JOB]).await;
        assert_eq!(all[&JOB].as_ref().expect("the job").id, JOB);
    }
}
