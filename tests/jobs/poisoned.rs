//! Jobs that spoil the answer for all that are asked for with them. In: lists that are refused as a whole.
//! Out: the culprits alone fail, the others go on, and few requests are made for it.

use std::collections::BTreeSet;

use creatify_api::Uuid;
use serde_json::{Value, json};

use crate::scripted_server::{Reply, ScriptedServer, ids, job_with};

fn number(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Says this whenever one of these jobs is asked for, and else that all are done.
fn poisoned(culprits: &[u128], reply: Reply) -> ScriptedServer {
    let culprits: BTreeSet<Uuid> = culprits.iter().copied().map(number).collect();
    ScriptedServer::new(move |_, asked| {
        let ids = ids(asked);
        if ids.iter().any(|id| culprits.contains(id)) {
            return reply.clone();
        }
        let done = |id| job_with(id, json!({"status": "done"}));
        Reply::Json(200, ids.into_iter().map(done).collect())
    })
}

async fn failed(scripted: &ScriptedServer, count: u128) -> Vec<u128> {
    let all = scripted
        .client
        .lipsyncs()
        .wait_all((1..=count).map(number))
        .await;
    assert_eq!(all.len() as u128, count);
    let mut failed = Vec::new();
    for (id, job) in all {
        match job {
            Ok(job) => assert_eq!(job.id, id),
            Err(error) => {
                assert_eq!(error.job_id(), Some(&*id.to_string()), "{error}");
                failed.push(id.as_u128());
            }
        }
    }
    failed
}

fn detail() -> Value {
    json!({"detail": "no"})
}

#[tokio::test(start_paused = true)]
async fn one_poisoned_job_fails_alone_whatever_the_server_says_to_it() {
    let replies =
        [400, 403, 404, 410, 422, 500, 502, 503, 504].map(|status| Reply::Json(status, detail()));
    let unreadable = [
        Reply::Text(200, "<html>".to_owned()),
        Reply::Json(200, detail()),
    ];
    for reply in replies.into_iter().chain(unreadable) {
        for culprit in [1, 50, 100, 150] {
            let scripted = poisoned(&[culprit], reply.clone());
            assert_eq!(failed(&scripted, 200).await, [culprit], "{reply:?}");
            // Two lists, some asked for alone, 14 to find it, and it is asked for alone until it is given up.
            assert!(
                scripted.count() <= 2 + 9 + 14 + 11,
                "{reply:?}: {}",
                scripted.count()
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn several_poisoned_jobs_fail_alone() {
    let refused = Reply::Json(422, detail());
    for culprits in [vec![1, 2], vec![1, 100], vec![7, 40, 41, 99]] {
        let scripted = poisoned(&culprits, refused.clone());
        assert_eq!(failed(&scripted, 100).await, culprits);
        assert!(
            scripted.count() <= 1 + 14 * culprits.len(),
            "{}",
            scripted.count()
        );
    }
    // All but one: two requests for each at most.
    let culprits: Vec<u128> = (1..=100).filter(|id| *id != 64).collect();
    let scripted = poisoned(&culprits, refused);
    assert_eq!(failed(&scripted, 100).await, culprits);
    assert!(scripted.count() < 200, "{}", scripted.count());
}

/// A server that is down, or refuses the keys, is not asked for each job alone.
#[tokio::test(start_paused = true)]
async fn what_is_the_same_for_all_jobs_is_not_asked_for_one_by_one() {
    for (reply, requests) in [
        (Reply::Json(401, detail()), 1),
        (Reply::Json(403, detail()), 1 + 8),
        // 10 failures are borne.
        (Reply::Broken, 11),
        (Reply::Json(500, detail()), 11 * 4),
    ] {
        let all: Vec<u128> = (1..=100).collect();
        let scripted = poisoned(&all, reply.clone());
        assert_eq!(failed(&scripted, 100).await, all);
        assert!(
            scripted.count() <= requests,
            "{reply:?}: {}",
            scripted.count()
        );
    }
}

/// One render that cannot be read leaves the others to be settled.
#[tokio::test(start_paused = true)]
async fn a_poisoned_job_keeps_no_other_call_from_being_settled() {
    let culprit = number(33);
    for status in [400, 500] {
        let scripted = ScriptedServer::new(move |number, asked| {
            let ids = ids(asked);
            match number {
                1..=60 => Reply::Broken,
                _ if ids.contains(&culprit) => Reply::Json(status, detail()),
                _ => {
                    let running = |id| job_with(id, json!({"status": "running"}));
                    Reply::Json(200, ids.into_iter().map(running).collect())
                }
            }
        });
        let lipsyncs = scripted.client.lipsyncs();
        let mut lost = Vec::new();
        for id in 1..=60 {
            lost.push(lipsyncs.render(number(id)).await.expect_err("lost"));
        }
        let calls = lost.iter().map(|error| ((), error));
        let settled = lipsyncs.settle_all(calls).await;
        for (index, settled) in settled.into_iter().enumerate() {
            let id = number(index as u128 + 1);
            match settled {
                Ok(settled) => assert_eq!(settled.found().expect("the job").id, id),
                Err(error) => {
                    assert_eq!(id, culprit, "{error}");
                    assert!(error.is_ambiguous(), "{error}");
                    assert_eq!(error.job_id(), Some(&*id.to_string()));
                }
            }
        }
        assert!(
            scripted.count() <= 60 + 1 + 2 + 12 + 11,
            "{}",
            scripted.count()
        );
    }
}
