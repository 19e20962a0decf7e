//! What goes wrong on the way. In: one scripted fault each. Out: what the client says of it, and
//! what was charged: nothing that is not in the ledger, and nothing twice.

use std::time::{Duration, Instant};

use creatify_api::types::{AspectRatio, JobStatus, Lipsync};
use creatify_api::{Client, Error};
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault};

use crate::fixture::{self, request};

/// Creates a job while one thing goes wrong; gives how many charges there were.
async fn create(kind: Kind) -> (Emulator, Client, Result<Lipsync, Error>, usize) {
    let (emulator, client) = fixture::start().await;
    emulator
        .state()
        .fault(Fault::new("lipsyncs_create", When::Nth(1), kind));
    let outcome = client.lipsyncs().create(&request("Hello")).await;
    let charges = emulator.state().ledger().len();
    (emulator, client, outcome, charges)
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}

#[tokio::test]
async fn a_status_comes_with_its_retry_after_and_only_the_call_it_is_for() {
    let kind = Kind::Status {
        status: 429,
        retry_after: Some(7),
        processed: false,
    };
    let (emulator, client, outcome, charges) = create(kind).await;
    let error = outcome.expect_err("too many requests");
    assert_eq!((status(&error), charges), (Some(429), 0));
    let headers = error.headers().expect("headers");
    assert_eq!(headers.get("retry-after").expect("a wait"), "7");
    // Other operations, and the second call, go through.
    client.lipsyncs().list().await.expect("a list");
    client
        .lipsyncs()
        .create(&request("Hello"))
        .await
        .expect("a job");
    assert_eq!(emulator.state().ledger().len(), 1);
}

#[tokio::test]
async fn a_server_error_without_retry_after_may_have_charged() {
    for processed in [false, true] {
        let kind = Kind::Status {
            status: 500,
            retry_after: None,
            processed,
        };
        let (_emulator, _client, outcome, charges) = create(kind).await;
        let error = outcome.expect_err("a failure of the server");
        assert_eq!(
            (status(&error), charges),
            (Some(500), usize::from(processed))
        );
        assert!(
            !error
                .headers()
                .expect("headers")
                .contains_key("retry-after")
        );
    }
}

#[tokio::test]
async fn a_late_answer_is_waited_for_or_given_up() {
    let kind = Kind::Delay { milliseconds: 300 };
    let start = Instant::now();
    let (_emulator, _client, outcome, charges) = create(kind.clone()).await;
    outcome.expect("a job");
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(charges, 1);

    let (emulator, client) = fixture::start().await;
    emulator.state().fault(Fault::new(
        "*",
        When::Always,
        Kind::Delay {
            milliseconds: 20_000,
        },
    ));
    let call = client.lipsyncs().list().timeout(Duration::from_millis(100));
    assert!(call.await.expect_err("no answer in time").is_timeout());
    emulator.state().clear_faults();
    client.lipsyncs().list().await.expect("a list");
}

#[tokio::test]
async fn a_reset_before_the_request_is_processed_charges_nothing() {
    let (_emulator, client, outcome, charges) = create(Kind::ResetBefore).await;
    let error = outcome.expect_err("a reset");
    assert!(
        !error.is_connect() && !error.is_timeout() && status(&error).is_none(),
        "{error}"
    );
    assert_eq!(charges, 0);
    assert_eq!(client.lipsyncs().list().await.expect("the jobs").len(), 0);
}

#[tokio::test]
async fn a_reset_after_it_was_processed_has_charged_and_the_job_is_in_the_list() {
    let (emulator, client, outcome, charges) = create(Kind::ResetAfter).await;
    assert_eq!(status(&outcome.expect_err("a reset")), None);
    assert_eq!(
        charges, 1,
        "one POST, one charge: nothing may have been sent again"
    );
    let jobs = client.lipsyncs().list().await.expect("the jobs");
    let charge = emulator.state().ledger().remove(0);
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].id.to_string(), charge.job);
    assert_eq!(jobs[0].credits_used, charge.credits);
}

#[tokio::test]
async fn half_an_answer_is_an_error_and_not_a_job() {
    let (_emulator, _client, outcome, charges) = create(Kind::Truncate).await;
    let error = outcome.expect_err("half an answer");
    assert_eq!(charges, 1);
    assert_eq!(status(&error), Some(201));
    assert!(!error.body().expect("what came of it").is_empty());
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_a_decode_error() {
    let (_emulator, _client, outcome, charges) = create(Kind::InvalidJson).await;
    let error = outcome.expect_err("no JSON");
    assert!(error.is_decode(), "{error}");
    assert_eq!((status(&error), charges), (Some(201), 1));
    assert!(serde_json::from_slice::<serde_json::Value>(error.body().expect("a body")).is_err());
}

#[tokio::test]
async fn a_page_of_a_proxy_is_kept_as_it_is() {
    let kind = Kind::Html {
        status: 502,
        processed: false,
    };
    let (_emulator, _client, outcome, charges) = create(kind).await;
    let error = outcome.expect_err("a bad gateway");
    assert!(error.is_status(), "{error}");
    assert_eq!((status(&error), charges), (Some(502), 0));
    let headers = error.headers().expect("headers");
    let content_type = headers.get("content-type").expect("a type");
    assert!(
        content_type
            .to_str()
            .expect("text")
            .starts_with("text/html")
    );
    let body = String::from_utf8_lossy(error.body().expect("a body")).into_owned();
    assert!(body.contains("<html"), "{body}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_keys_stay_here() {
    let elsewhere = tests::recorder::Recorder::start([]).await.expect("a port");
    let location = format!("{}/api/lipsyncs/", elsewhere.url());
    let kind = Kind::Redirect {
        location: location.clone(),
        status: 307,
    };
    let (_emulator, _client, outcome, charges) = create(kind).await;
    let error = outcome.expect_err("a redirect");
    assert!(error.is_redirect(), "{error}");
    assert_eq!(
        (status(&error), error.location()),
        (Some(307), Some(&*location))
    );
    assert_eq!((charges, elsewhere.connections()), (0, 0));
}

#[tokio::test]
async fn values_and_members_of_a_later_version_decode() {
    let kind = Kind::UnknownEnum {
        field: Some("aspect_ratio".to_owned()),
    };
    let (emulator, client, outcome, charges) = create(kind).await;
    let job = outcome.expect("a job");
    assert!(
        matches!(job.aspect_ratio, AspectRatio::Unknown(_)),
        "{:?}",
        job.aspect_ratio
    );
    let kind = Kind::UnknownEnum {
        field: Some("status".to_owned()),
    };
    emulator
        .state()
        .fault(Fault::new("lipsyncs_retrieve", When::Nth(1), kind));
    let read = client.lipsyncs().retrieve(job.id).await.expect("the job");
    assert!(
        matches!(read.status, JobStatus::Unknown(_)),
        "{:?}",
        read.status
    );

    let (_emulator, _client, outcome, _) = create(Kind::UnknownField).await;
    assert_eq!(outcome.expect("a job").extra.len(), 1);
    assert_eq!(charges, 1);
}

#[tokio::test]
async fn a_missing_member_is_none_or_a_decode_error_that_keeps_the_job() {
    let kind = Kind::MissingField {
        field: Some("text".to_owned()),
    };
    let (_emulator, _client, outcome, _) = create(kind).await;
    assert_eq!(outcome.expect("a job").text, None);

    let kind = Kind::MissingField {
        field: Some("created_at".to_owned()),
    };
    let (emulator, _client, outcome, charges) = create(kind).await;
    let error = outcome.expect_err("a member that must be there");
    assert!(error.is_decode() && charges == 1, "{error}");
    let job = emulator.state().ledger().remove(0).job;
    assert_eq!(error.job_id(), Some(&*job));
}

#[tokio::test]
async fn faults_at_a_rate_repeat_themselves_with_their_seed() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let (emulator, client) = fixture::start().await;
        emulator.state().fault(Fault::new(
            "*",
            When::Rate { rate: 0.3, seed },
            Kind::Status {
                status: 503,
                retry_after: None,
                processed: false,
            },
        ));
        let mut run = Vec::new();
        for _ in 0..60 {
            run.push(client.lipsyncs().list().await.is_ok());
        }
        let failed = run.iter().filter(|ok| !**ok).count();
        assert!(
            (5..40).contains(&failed),
            "{failed} of 60 failed at a rate of 0.3"
        );
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
