//! Waiting for many jobs. In: hundreds, and a few that are not like the others. Out: each once, as it
//! ends, for one request per hundred; and none lost because of another.

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use creatify_api::Uuid;
use creatify_api::jobs::UnknownStatus;
use creatify_api::types::{JobStatus, Lipsync};
use creatify_emulator::fault::{Kind, When};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::fixture::{Fixture, request};
use crate::scripted_server::{Asked, Reply, ScriptedServer, ids, job_with};

fn number(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn numbers(count: u128) -> Vec<Uuid> {
    (1..=count).map(number).collect()
}

/// The list that was asked for, with what is said of each job; nothing for a job that is not there.
fn list(asked: &Asked, record: impl Fn(Uuid) -> Option<Value>) -> Reply {
    Reply::Json(200, ids(asked).into_iter().filter_map(record).collect())
}

fn in_state(id: Uuid, status: &str) -> Option<Value> {
    Some(job_with(id, json!({"status": status})))
}

#[tokio::test(start_paused = true)]
async fn a_hundred_jobs_are_one_request() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let mut ids = Vec::new();
    for number in 0..250 {
        let job = lipsyncs.create(&request(&format!("n{number}"))).await;
        ids.push(job.expect("a job").id);
    }
    let all = lipsyncs.wait_all(ids.clone()).await;
    assert_eq!(all.len(), 250);
    for (id, job) in &all {
        let job = job.as_ref().expect("a video");
        assert!(job.id == *id && job.status == JobStatus::Done && job.output.is_some());
    }
    assert_eq!(fixture.calls("lipsyncs_retrieve"), 0);
    let requests = fixture.calls("lipsyncs_list");
    // The jobs take 70 s, which is about 12 rounds of 3 requests; when some have ended it takes fewer.
    assert!((20..=60).contains(&requests), "{requests}");
    assert!(fixture.emulator.state().violations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_round_asks_for_every_job_once() {
    let scripted = ScriptedServer::new(|_, asked| list(asked, |id| in_state(id, "running")));
    let wait = scripted.client.lipsyncs().wait_all(numbers(250));
    wait.timeout(Duration::from_secs(1)).await;
    let first: Vec<_> = scripted.asked()[..3].iter().map(ids).collect();
    assert_eq!(
        first.iter().map(Vec::len).collect::<Vec<_>>(),
        [100, 100, 50]
    );
    let distinct: BTreeSet<Uuid> = first.into_iter().flatten().collect();
    assert_eq!(distinct.len(), 250);
    assert_eq!(scripted.count() % 3, 0);
}

#[tokio::test(start_paused = true)]
async fn jobs_are_given_as_they_end_and_are_not_asked_for_again() {
    let scripted = ScriptedServer::new(|number, asked| {
        list(asked, |id| {
            // The first job ends in the first round, the second in the second.
            let ended = id.as_u128() <= number as u128;
            in_state(id, if ended { "done" } else { "running" })
        })
    });
    let mut jobs = scripted.client.lipsyncs().wait_all(numbers(3));
    for expected in 1..=3 {
        let (id, job) = jobs.next().await.expect("a job");
        assert_eq!((id, job.expect("a video").id), (number(expected), id));
        assert_eq!(scripted.count(), expected as usize);
    }
    assert!(jobs.next().await.is_none());
    let asked: Vec<_> = scripted
        .asked()
        .iter()
        .map(|asked| ids(asked).len())
        .collect();
    assert_eq!(asked, [3, 2, 1]);
    // A job ended in each round: they go on at the first interval.
    assert!(
        scripted
            .gaps()
            .iter()
            .all(|gap| *gap <= Duration::from_millis(1_010))
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_given_twice_and_nothing_needs_no_request() {
    let scripted = ScriptedServer::new(|_, asked| {
        // The server answers twice, and of a job that nobody asked for.
        let jobs = [1, 1, 2, 7].map(|id| in_state(number(id), "done"));
        let _ = asked;
        Reply::Json(200, jobs.into_iter().flatten().collect())
    });
    let twice = [number(2), number(1), number(2)];
    let mut jobs = scripted.client.lipsyncs().wait_all(twice);
    let mut given = Vec::new();
    while let Some((id, job)) = jobs.next().await {
        job.expect("a video");
        given.push(id);
    }
    assert_eq!(given, [number(1), number(2)]);
    assert_eq!(scripted.count(), 1);
    let none = scripted.client.lipsyncs().wait_all([] as [Uuid; 0]).await;
    assert!(none.is_empty() && scripted.count() == 1);
}

/// Whoever has jobs, or their ids, has to copy neither.
#[tokio::test(start_paused = true)]
async fn ids_are_taken_by_value_and_by_reference() {
    let scripted = ScriptedServer::new(|_, asked| list(asked, |id| in_state(id, "done")));
    let lipsyncs = scripted.client.lipsyncs();
    let ids = vec![number(1), number(2)];
    let by_reference = lipsyncs.wait_all(&ids).await;
    let of_others = lipsyncs.wait_all(ids.iter().copied()).await;
    let by_value = lipsyncs.wait_all(ids).await;
    for all in [by_reference, of_others, by_value] {
        let found: Vec<Uuid> = all.into_keys().collect();
        assert_eq!(found, [number(1), number(2)]);
    }
}

#[tokio::test(start_paused = true)]
async fn one_bad_job_among_many_is_its_own_error() {
    let scripted = ScriptedServer::new(|_, asked| {
        list(asked, |id| match id.as_u128() {
            1 => Some(job_with(
                id,
                json!({"status": "failed", "failed_reason": "no voice"}),
            )),
            2 => in_state(id, "rejected"),
            // It can never be read.
            3 => Some(job_with(id, json!({"status": "done", "created_at": 7}))),
            4 => Some(json!({"id": id.to_string()})),
            5 => None,
            6 => in_state(id, "dubbing"),
            7 => in_state(id, "in_queue"),
            _ => in_state(id, "done"),
        })
    });
    let wait = scripted.client.lipsyncs().wait_all(numbers(150));
    let mut all = wait.await;
    assert_eq!(all.values().filter(|job| job.is_ok()).count(), 143);
    let errors: Vec<_> = (1..=7)
        .map(|id| {
            let error = all
                .remove(&number(id))
                .expect("an outcome")
                .expect_err("no video");
            assert_eq!(error.job_id(), Some(&*number(id).to_string()), "{error}");
            assert_eq!(error.operation(), Some("lipsyncs_list"), "{error}");
            error
        })
        .collect();
    assert!(errors[0].is_job_failed() && errors[0].failed_reason() == Some("no voice"));
    assert!(errors[0].job::<Lipsync>().is_some_and(|job| job.is_ok()));
    assert!(errors[1].is_job_failed());
    assert!(errors[2].is_decode(), "{}", errors[2]);
    let body = String::from_utf8_lossy(errors[2].body().expect("a body")).into_owned();
    assert!(body.contains(&number(3).to_string()) && !body.contains(&number(4).to_string()));
    assert!(errors[3].is_decode(), "{}", errors[3]);
    assert!(errors[4].is_not_found(), "{}", errors[4]);
    assert!(errors[5].is_unknown_status(), "{}", errors[5]);
    assert!(
        errors[6].is_timeout() && errors[6].to_string().contains("in_queue"),
        "{}",
        errors[6]
    );
}

/// The missing job ends in the third round, not earlier: it may have been made just now.
#[tokio::test(start_paused = true)]
async fn a_job_may_be_missing_in_two_rounds() {
    for (rounds, is_found) in [(2, true), (3, false)] {
        let scripted = ScriptedServer::new(move |number, asked| match number > rounds {
            true => list(asked, |id| in_state(id, "done")),
            false => list(asked, |_| None),
        });
        let all = scripted.client.lipsyncs().wait_all([number(1)]).await;
        assert_eq!(all[&number(1)].is_ok(), is_found);
        assert_eq!(scripted.count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_fails_is_made_again_and_loses_nobody() {
    // The second hundred cannot be read for a while.
    let scripted =
        ScriptedServer::new(
            |number, asked| match ids(asked).contains(&self::number(150)) {
                true if number < 8 => Reply::Broken,
                _ => list(asked, |id| in_state(id, "done")),
            },
        );
    let mut jobs = scripted.client.lipsyncs().wait_all(numbers(300));
    let start = Instant::now();
    for _ in 0..200 {
        let (_, job) = jobs.next().await.expect("a job");
        job.expect("a video");
        assert_eq!(
            start.elapsed(),
            Duration::ZERO,
            "nobody waits for the others"
        );
    }
    let rest = jobs.into_future().await;
    assert_eq!(rest.len(), 100);
    assert!(rest.values().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_for_good_is_the_error_of_its_jobs_alone() {
    let scripted = ScriptedServer::new(|_, asked| match ids(asked).contains(&number(150)) {
        true => Reply::Broken,
        false => list(asked, |id| in_state(id, "done")),
    });
    let all = scripted.client.lipsyncs().wait_all(numbers(300)).await;
    let failed: Vec<_> = all
        .iter()
        .filter_map(|(id, job)| Some((id, job.as_ref().err()?)))
        .collect();
    assert_eq!(failed.len(), 100);
    for (id, error) in failed {
        assert_eq!(error.job_id(), Some(&*id.to_string()));
        assert!(error.status().is_none(), "{error}");
    }
    // 10 failures are borne.
    assert_eq!(scripted.count(), 2 + 11);
}

/// Others that end keep the rounds short; the part of the server that is down is left alone meanwhile.
#[tokio::test(start_paused = true)]
async fn the_back_off_of_a_request_is_its_own() {
    let broken = |asked: &Asked| ids(asked).contains(&number(150));
    let scripted = ScriptedServer::new(move |_, asked| {
        let first = ids(asked).into_iter().min();
        match broken(asked) {
            true => Reply::Broken,
            false => list(asked, |id| {
                in_state(id, if first == Some(id) { "done" } else { "running" })
            }),
        }
    });
    let all = scripted.client.lipsyncs().wait_all(numbers(200)).await;
    assert_eq!(all.values().filter(|job| job.is_ok()).count(), 100);
    let asked = scripted.asked();
    let failed: Vec<_> = asked.iter().filter(|asked| broken(asked)).collect();
    assert_eq!(failed.len(), 11);
    let took = failed[10].at - failed[0].at;
    assert!(took >= Duration::from_secs(50), "{took:?}");
}

/// Who is told to wait does not ask for the next hundred jobs instead.
#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_patience_is_not_asked_for_other_jobs() {
    let scripted = ScriptedServer::new(|number, asked| match number {
        2 => Reply::TooMany(100),
        _ => list(asked, |id| {
            in_state(id, if number > 2 { "done" } else { "running" })
        }),
    });
    let all = scripted.client.lipsyncs().wait_all(numbers(200)).await;
    assert!(all.values().all(Result::is_ok));
    assert!(
        scripted.gaps()[1] >= Duration::from_secs(100),
        "{:?}",
        scripted.gaps()
    );
}

#[tokio::test(start_paused = true)]
async fn the_time_for_all_cuts_requests_that_are_under_way() {
    let scripted = ScriptedServer::new(|number, asked| match number {
        1 => list(asked, |id| {
            in_state(id, if id.as_u128() == 1 { "done" } else { "running" })
        }),
        _ => Reply::Silence,
    });
    let wait = scripted.client.lipsyncs().wait_all(numbers(2));
    let start = Instant::now();
    let all = wait.timeout(Duration::from_secs(20)).await;
    assert_eq!(start.elapsed().as_secs(), 20);
    all[&number(1)].as_ref().expect("a video");
    let error = all[&number(2)].as_ref().expect_err("no answer");
    assert!(
        error.is_timeout() && error.to_string().contains("running"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_it_was_dropped() {
    let scripted = ScriptedServer::new(|_, asked| list(asked, |id| in_state(id, "running")));
    let mut jobs = scripted.client.lipsyncs().wait_all(numbers(2));
    let given_up = tokio::time::timeout(Duration::from_secs(10), jobs.next());
    given_up.await.expect_err("they go on");
    let before = scripted.count();
    // Giving up one item loses nothing: the rounds go on where they were.
    let given_up = tokio::time::timeout(Duration::from_secs(100), jobs.next());
    given_up.await.expect_err("they go on");
    assert!(
        (3..30).contains(&(scripted.count() - before)),
        "{}",
        scripted.count()
    );
    drop(jobs);
    let before = scripted.count();
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(scripted.count(), before);
}

#[tokio::test(start_paused = true)]
async fn few_requests_are_under_way_at_once() {
    for (set, expected) in [(None, 4), (Some(0), 1), (Some(7), 7)] {
        let under_way = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (now, max) = (Arc::clone(&under_way), Arc::clone(&most));
        let scripted = ScriptedServer::new(move |_, asked| {
            let count = now.fetch_add(1, Ordering::SeqCst) + 1;
            max.fetch_max(count, Ordering::SeqCst);
            let now = Arc::clone(&now);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(99)).await;
                now.fetch_sub(1, Ordering::SeqCst);
            });
            let jobs = ids(asked).into_iter().filter_map(|id| in_state(id, "done"));
            Reply::Late(Duration::from_millis(100), jobs.collect())
        });
        let mut wait = scripted.client.lipsyncs().wait_all(numbers(2_000));
        if let Some(set) = set {
            wait = wait.concurrency(set);
        }
        assert_eq!(wait.await.len(), 2_000);
        assert_eq!(
            (most.load(Ordering::SeqCst), scripted.count()),
            (expected, 20)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_state_is_borne_as_long_as_is_said() {
    let scripted = || ScriptedServer::new(|_, asked| list(asked, |id| in_state(id, "dubbing")));
    let at_once = scripted();
    let wait = at_once.client.lipsyncs().wait_all(numbers(2));
    let all = wait.unknown_status(UnknownStatus::Fail).await;
    assert!(
        all.values()
            .all(|job| job.as_ref().is_err_and(|error| error.is_unknown_status()))
    );
    assert_eq!(at_once.count(), 1);
    let borne = scripted();
    let start = Instant::now();
    borne.client.lipsyncs().wait_all(numbers(2)).await;
    assert_eq!(start.elapsed().as_secs(), 600);
}

/// A fifth of all requests fails in every way there is: nobody is lost, nobody is given twice.
#[tokio::test(start_paused = true)]
async fn many_faults_lose_nobody() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let mut ids = Vec::new();
    for number in 0..120 {
        let name = if number % 10 == 0 {
            "fail".to_owned()
        } else {
            format!("n{number}")
        };
        ids.push(lipsyncs.create(&request(&name)).await.expect("a job").id);
    }
    let status = |status| Kind::Status {
        status,
        retry_after: None,
        processed: false,
    };
    let kinds = [
        status(429),
        status(500),
        status(404),
        Kind::ResetBefore,
        Kind::ResetAfter,
        Kind::Truncate,
        Kind::InvalidJson,
    ];
    for (seed, kind) in kinds.into_iter().enumerate() {
        let when = When::Rate {
            rate: 0.03,
            seed: seed as u64,
        };
        fixture.fault("*", when, kind);
    }
    let many = lipsyncs.wait_all(ids[..60].iter().copied()).await;
    assert_eq!(many.values().filter(|job| job.is_ok()).count(), 54);
    assert!(
        many.values()
            .all(|job| job.as_ref().err().is_none_or(|error| error.is_job_failed()))
    );
    for id in &ids[60..70] {
        let outcome = lipsyncs.wait(*id).await;
        assert!(outcome.err().is_none_or(|error| error.is_job_failed()));
    }
}
