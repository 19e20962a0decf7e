//! Settling many lost calls. In: hundreds, some of them processed. Out: what became of each, in their
//! order, for one list a look.

use std::time::{Duration, SystemTime};

use creatify_api::chrono::TimeDelta;
use creatify_api::jobs::Settled;
use creatify_api::types::Lipsync;
use creatify_api::{Timestamp, Uuid};
use creatify_emulator::fault::{Kind, When};
use serde_json::{Value, json};

use crate::fixture::{Fixture, request};
use crate::scripted_server::{JOB, Reply, ScriptedServer, job_with};

#[tokio::test(start_paused = true)]
async fn hundreds_of_calls_are_settled_by_one_list_a_look() {
    let fixture = Fixture::start().await;
    let lipsyncs = fixture.client.lipsyncs();
    let mut lost = Vec::new();
    for number in 0..300_usize {
        let kind = match number % 3 {
            0 => Kind::ResetBefore,
            _ => Kind::ResetAfter,
        };
        fixture.emulator.state().clear_faults();
        fixture.fault("lipsyncs_create", When::Always, kind);
        let name = format!("order-{number}");
        let error = lipsyncs.create(&request(&name)).await.expect_err("lost");
        lost.push((name, error));
    }
    fixture.emulator.state().clear_faults();
    lipsyncs.create(&request("another")).await.expect("a job");
    let calls = lost.iter().map(|(name, error)| (name.clone(), error));
    let settled = lipsyncs
        .settle_all(calls)
        .by(|job: &Lipsync| job.name.clone())
        .await;
    assert_eq!(settled.len(), 300);
    for (number, settled) in settled.into_iter().enumerate() {
        let settled = settled.expect("settled");
        assert_eq!(settled.is_safe_to_resend(), number % 3 == 0);
        let name = settled.found().map(|job| job.name);
        assert!(name.is_none_or(|name| name == Some(format!("order-{number}"))));
    }
    assert_eq!(fixture.charges(), 201);
    assert_eq!(fixture.calls("lipsyncs_retrieve"), 0);
    let looks = fixture.calls("lipsyncs_list");
    assert!((3..=30).contains(&looks), "{looks}");
}

fn made(id: u128, name: &str) -> Value {
    let at = Timestamp::from(SystemTime::now()) + TimeDelta::seconds(id as i64);
    let changes = json!({"name": name, "created_at": at.to_rfc3339()});
    job_with(Uuid::from_u128(id), changes)
}

/// The caller cannot tell the calls apart, but nobody's job may be given twice, nor be kept back.
#[tokio::test(start_paused = true)]
async fn jobs_with_the_same_key_are_dealt_out() {
    for (jobs, expected) in [
        (vec![], vec![vec![], vec![]]),
        (vec![made(2, "a")], vec![vec![2], vec![]]),
        (vec![made(2, "a"), made(1, "a")], vec![vec![1], vec![2]]),
        (
            vec![made(2, "a"), made(1, "a"), made(3, "a")],
            vec![vec![1], vec![2, 3]],
        ),
    ] {
        let jobs = Value::Array(jobs);
        let scripted = ScriptedServer::new(move |number, _| match number {
            1 | 2 => Reply::Broken,
            _ => Reply::Json(200, jobs.clone()),
        });
        let lipsyncs = scripted.client.lipsyncs();
        let one = lipsyncs.create(&request("a")).await.expect_err("lost");
        let other = lipsyncs.create(&request("a")).await.expect_err("lost");
        let calls = [(Some("a".to_owned()), &one), (Some("a".to_owned()), &other)];
        let settle = lipsyncs
            .settle_all(calls)
            .by(|job: &Lipsync| Some(job.name.clone()));
        let settled = settle
            .await
            .into_iter()
            .map(|settled| match settled.expect("settled") {
                Settled::Found(job) => vec![job.id.as_u128()],
                Settled::Several(jobs) => jobs.iter().map(|job| job.id.as_u128()).collect(),
                Settled::Uncertain(_) | Settled::NotFound => vec![],
            });
        assert_eq!(settled.collect::<Vec<_>>(), expected);
    }
}

/// Each kind of call ends as it would alone.
#[tokio::test(start_paused = true)]
async fn calls_of_all_kinds_are_settled_together() {
    let scripted = ScriptedServer::new(|number, asked| match number {
        1 | 2 => Reply::Broken,
        3 => Reply::Json(400, json!({"detail": "no"})),
        4 => Reply::Json(201, json!({"id": Uuid::from_u128(9).to_string()})),
        5 => Reply::Broken,
        _ if asked.path.ends_with("/api/lipsyncs/") => {
            let rendered = job_with(JOB, json!({"status": "running"}));
            let known = job_with(Uuid::from_u128(9), json!({}));
            Reply::Json(200, json!([rendered, known, made(1, "a")]))
        }
        _ => panic!("one list is enough: {asked:?}"),
    });
    let lipsyncs = scripted.client.lipsyncs();
    let created = lipsyncs.create(&request("a")).await.expect_err("lost");
    let rendered = lipsyncs.render(JOB).await.expect_err("lost");
    let refused = lipsyncs.create(&request("b")).await.expect_err("refused");
    let unreadable = lipsyncs
        .create(&request("c"))
        .await
        .expect_err("unreadable");
    let v2 = scripted
        .client
        .lipsyncs_v2()
        .render(JOB)
        .await
        .expect_err("lost");
    let calls = [
        ("b", &refused),
        ("?", &v2),
        ("a", &created),
        ("a", &rendered),
        ("c", &unreadable),
    ];
    let calls = calls.map(|(key, error)| (key.to_owned(), error));
    let settled = lipsyncs
        .settle_all(calls)
        .by(|job: &Lipsync| job.name.clone())
        .await;
    let mut ids = settled.into_iter().map(|settled| match settled {
        Ok(settled) => settled.found().map(|job| job.id.as_u128()),
        Err(error) => {
            assert!(error.is_configuration(), "{error}");
            Some(0)
        }
    });
    let expected = [None, Some(0), Some(1), Some(JOB.as_u128()), Some(9)];
    assert!(ids.by_ref().eq(expected));
    assert_eq!(scripted.count(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_read_leaves_every_call_open() {
    let scripted = ScriptedServer::new(|_, _| Reply::Broken);
    let lipsyncs = scripted.client.lipsyncs();
    let one = lipsyncs.create(&request("a")).await.expect_err("lost");
    let other = lipsyncs.create(&request("b")).await.expect_err("lost");
    let calls = [("a".to_owned(), &one), ("b".to_owned(), &other)];
    let settle = lipsyncs
        .settle_all(calls)
        .by(|job: &Lipsync| job.name.clone());
    let settled = settle.grace(Duration::ZERO).await;
    assert_eq!(settled.len(), 2);
    assert!(settled.iter().all(Result::is_err));
    // Without a key nothing can be said of either.
    let settled = lipsyncs.settle_all([((), &one)]).await;
    let error = settled[0].as_ref().expect_err("no key");
    assert!(
        error.is_configuration() && error.to_string().contains("`by`"),
        "{error}"
    );
}
