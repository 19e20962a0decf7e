//! The life of a job. In: a clock that is moved by hand. Out: every status in its order, what is
//! there when, and who may see it.

use std::time::Duration;

use creatify_api::Client;
use creatify_api::chrono::{DateTime, TimeDelta};
use creatify_api::types::JobStatus;
use creatify_emulator::Emulator;

use crate::fixture::{self, SOME, request};

/// Moves the clock in small steps until the job has ended; gives every status it had.
async fn life(emulator: &Emulator, client: &Client, text: &str) -> Vec<JobStatus> {
    let job = client.lipsyncs().create(&request(text)).await;
    let job = job.expect("a job");
    let mut statuses = vec![job.status];
    // An hour: much longer than any job takes.
    for _ in 0..3_600 {
        let job = client.lipsyncs().retrieve(job.id).await.expect("the job");
        if statuses.last() != Some(&job.status) {
            statuses.push(job.status.clone());
        }
        match job.status {
            JobStatus::Done => {
                assert!(job.output.is_some() && job.failed_reason.is_none());
                assert!(job.word_alignments.is_some_and(|words| !words.is_empty()));
                return statuses;
            }
            JobStatus::Failed | JobStatus::Rejected => {
                assert!(job.output.is_none() && job.failed_reason.is_some());
                return statuses;
            }
            _ => assert!(job.output.is_none() && job.failed_reason.is_none()),
        }
        emulator.state().advance(Duration::from_secs(1));
    }
    panic!("the job has no end: {statuses:?}");
}

#[tokio::test]
async fn jobs_end_as_done_failed_or_rejected_and_pass_every_status_on_the_way() {
    let (emulator, client) = fixture::start().await;
    let open = [JobStatus::Pending, JobStatus::InQueue, JobStatus::Running];
    let done = life(&emulator, &client, "Hello").await;
    assert_eq!(done[..3], open);
    assert_eq!(done[3..], [JobStatus::Done]);
    let failed = life(&emulator, &client, "This will fail").await;
    assert_eq!(failed.last(), Some(&JobStatus::Failed));
    assert_eq!(failed[..failed.len() - 1], open[..failed.len() - 1]);
    let rejected = life(&emulator, &client, "They reject this").await;
    assert_eq!(rejected.last(), Some(&JobStatus::Rejected));
    assert!(emulator.state().violations().is_empty());
}

/// Whoever holds a job against the moment of an answer reads one clock.
#[tokio::test]
async fn answers_are_dated_by_the_clock_that_dates_the_jobs() {
    let (emulator, client) = fixture::start().await;
    emulator.state().advance(Duration::from_secs(3_600));
    let answer = client.lipsyncs().create(&request("Hello")).send().await;
    let answer = answer.expect("a job");
    let date = answer.headers()["date"].to_str().expect("a text");
    let date = DateTime::parse_from_rfc2822(date).expect("a moment");
    let apart = answer.value().created_at.signed_duration_since(date);
    assert!(apart.abs() <= TimeDelta::seconds(1), "{apart}");
}

#[tokio::test]
async fn nothing_happens_while_the_clock_stands() {
    let (_emulator, client) = fixture::start().await;
    let job = client.lipsyncs().create(&request("Hello")).await;
    let job = job.expect("a job");
    for _ in 0..5 {
        let again = client.lipsyncs().retrieve(job.id).await.expect("the job");
        assert_eq!(
            (again.status, again.updated_at),
            (JobStatus::Pending, job.updated_at)
        );
    }
}

#[tokio::test]
async fn progress_grows_while_the_job_runs() {
    let (emulator, client) = fixture::start().await;
    let job = client.lipsyncs().create(&request("Hello")).await;
    let id = job.expect("a job").id;
    let mut seen = Vec::new();
    for _ in 0..120 {
        let job = client.lipsyncs().retrieve(id).await.expect("the job");
        seen.push(job.progress.parse::<f64>().expect("a number"));
        emulator.state().advance(Duration::from_secs(1));
    }
    assert!(seen.is_sorted(), "{seen:?}");
    seen.dedup();
    assert!(seen.len() > 10 && seen.last() == Some(&100.0), "{seen:?}");
}

#[tokio::test]
async fn a_render_needs_a_preview() {
    let (emulator, client) = fixture::start().await;
    let lipsyncs = client.lipsyncs();
    let without = lipsyncs.create(&request("Hello")).await.expect("a job");
    let error = lipsyncs.render(without.id).await.expect_err("no preview");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let unknown = lipsyncs.render(SOME).await.expect_err("no such job");
    assert_eq!(unknown.status().map(|status| status.as_u16()), Some(404));
    assert_eq!(unknown.body(), Some(&br#"{"detail":"Not found."}"#[..]));

    let preview = lipsyncs.preview(&request("Hello")).await.expect("a job");
    let address = preview.preview.expect("a preview");
    assert!(address.starts_with(emulator.base_url()), "{address}");
    assert!(preview.output.is_none());
    let video = lipsyncs.render(preview.id).await.expect("a job");
    assert_ne!(video.status, JobStatus::Done);
    emulator.state().advance(Duration::from_secs(3_600));
    let video = lipsyncs.retrieve(preview.id).await.expect("the job");
    assert_eq!(video.status, JobStatus::Done);
    assert!(video.output.is_some());
}

#[tokio::test]
async fn a_preview_that_is_not_waited_for_comes_later() {
    let (emulator, client) = fixture::start().await;
    let jobs = client.custom_template_jobs();
    let body = creatify_api::types::CustomTemplateJobRequest::new(SOME, Default::default());
    let job = jobs.preview_async(&body).await.expect("a job");
    assert_eq!(job.preview, None);
    let error = jobs.render(job.id, &body).await.expect_err("too early");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    emulator.state().advance(Duration::from_secs(3_600));
    let job = jobs.retrieve(job.id).await.expect("the job");
    assert!(job.preview.is_some() && job.video_output.is_none());
    jobs.render(job.id, &body).await.expect("a render");
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let (emulator, client) = fixture::start().await;
    let other = fixture::client(&emulator, "another-account");
    let job = client.lipsyncs().preview(&request("Hello")).await;
    let id = job.expect("a job").id;
    for error in [
        other
            .lipsyncs()
            .retrieve(id)
            .await
            .expect_err("not theirs")
            .status(),
        other
            .lipsyncs()
            .render(id)
            .await
            .expect_err("not theirs")
            .status(),
        // Nor is it a job of another resource.
        client
            .lipsyncs_v2()
            .retrieve(id)
            .await
            .expect_err("another resource")
            .status(),
    ] {
        assert_eq!(error.map(|status| status.as_u16()), Some(404));
    }
    assert_eq!(other.lipsyncs().list().await.expect("a list").len(), 0);
    assert_eq!(
        other
            .lipsyncs()
            .list()
            .ids([id])
            .await
            .expect("a list")
            .len(),
        0
    );
    let charges = emulator.state().ledger();
    assert!(
        charges.iter().all(|charge| charge.api_id == "suite"),
        "{charges:?}"
    );
}

#[tokio::test]
async fn lists_hold_the_ids_that_were_asked_for_and_are_ordered_on_request() {
    let (emulator, client) = fixture::start().await;
    let speech = client.text_to_speech();
    let mut ids = Vec::new();
    for word in ["one", "two", "three"] {
        let request = creatify_api::types::TextToSpeechRequest::new(word);
        ids.push(speech.create(&request).await.expect("a job").id);
        emulator.state().advance(Duration::from_secs(1));
    }
    for (ordering, expected) in [
        ("created_at", vec![ids[0], ids[1], ids[2]]),
        ("-created_at", vec![ids[2], ids[1], ids[0]]),
    ] {
        let list = speech.list().ordering(ordering).await.expect("a list");
        let got: Vec<_> = list.into_iter().map(|job| job.id).collect();
        assert_eq!(got, expected, "{ordering}");
    }
    let list = speech
        .list()
        .ids([ids[2], SOME, ids[0]])
        .ordering("created_at");
    let got: Vec<_> = list
        .await
        .expect("a list")
        .iter()
        .map(|job| job.id)
        .collect();
    assert_eq!(got, [ids[0], ids[2]]);
}
