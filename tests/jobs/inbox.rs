//! Waking waiters. In: messages that may be true, false, early, late or too many. Out: jobs that are
//! given as soon as they have ended, with few requests; and no memory of who has gone.

use std::future::IntoFuture;
use std::time::Duration;

use creatify_api::Uuid;
use creatify_api::jobs::{Inbox, Polling};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use crate::scripted_server::{JOB, Reply, ScriptedServer, ids, job, job_with};

/// A job that ends at the hundredth second.
fn ends_at_100() -> ScriptedServer {
    ScriptedServer::new(|_, asked| {
        let status = match asked.at >= Duration::from_secs(100) {
            true => "done",
            false => "running",
        };
        match asked.path.contains("ids=") {
            true => Reply::Json(200, json!([job(status)])),
            false => Reply::Json(200, job(status)),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_message_is_worth_many_looks() {
    for many in [false, true] {
        let (scripted, inbox) = (ends_at_100(), Inbox::new());
        let lipsyncs = scripted.client.lipsyncs();
        let start = Instant::now();
        let webhook = async {
            sleep(Duration::from_millis(100_200)).await;
            // Somebody else's job, then ours.
            inbox.wake(Uuid::nil());
            inbox.wake(JOB);
        };
        let wait = async {
            match many {
                true => drop(lipsyncs.wait_all([JOB]).woken_by(&inbox).await),
                false => drop(lipsyncs.wait(JOB).woken_by(&inbox).await.expect("the job")),
            }
            start.elapsed().as_secs()
        };
        let ((), seconds) = tokio::join!(webhook, wait);
        // Without the message the look after the first minute would have been the last for another.
        assert_eq!(seconds, 100);
        assert!(scripted.count() <= 4, "{:?}", scripted.asked());
        assert_eq!(inbox.waiting(), 0);
    }
}

/// Messages are lost on the way; polling goes on.
#[tokio::test(start_paused = true)]
async fn without_a_message_the_job_is_found_all_the_same() {
    let (scripted, inbox) = (ends_at_100(), Inbox::new());
    let wait = scripted.client.lipsyncs().wait(JOB).woken_by(&inbox);
    wait.await.expect("the job");
    let gaps = scripted.gaps();
    assert!(
        gaps[0] >= Duration::from_secs(30) && gaps.len() < 4,
        "{gaps:?}"
    );
    // Unless polling was set.
    let scripted = ends_at_100();
    let wait = scripted.client.lipsyncs().wait(JOB).woken_by(&inbox);
    wait.polling(Polling::new()).await.expect("the job");
    assert!(scripted.gaps()[0] <= Duration::from_secs(1));
}

/// Anybody can send messages.
#[tokio::test(start_paused = true)]
async fn a_flood_of_messages_is_no_flood_of_requests() {
    for many in [false, true] {
        let (scripted, inbox) = (ends_at_100(), Inbox::new());
        let lipsyncs = scripted.client.lipsyncs();
        let flood = async {
            for _ in 0..20_000 {
                inbox.wake(JOB);
                sleep(Duration::from_millis(5)).await;
            }
        };
        let wait = async {
            match many {
                true => drop(lipsyncs.wait_all([JOB]).woken_by(&inbox).await),
                false => drop(lipsyncs.wait(JOB).woken_by(&inbox).await.expect("the job")),
            }
        };
        let ((), ()) = tokio::join!(flood, wait);
        assert!(
            (90..=105).contains(&scripted.count()),
            "{}",
            scripted.count()
        );
        let gaps = scripted.gaps();
        // A look that was due anyway may come sooner after one that was asked for.
        let sooner = gaps.iter().filter(|gap| **gap < Duration::from_secs(1));
        assert!(sooner.count() <= 3, "{gaps:?}");
    }
}

/// The job ends, and its message comes, after the answer was made and before it arrives.
#[tokio::test(start_paused = true)]
async fn a_message_during_a_look_is_not_lost() {
    for many in [false, true] {
        let inbox = Inbox::new();
        let waker = inbox.clone();
        let scripted = ScriptedServer::new(move |number, asked| {
            let status = match number {
                1 => "running",
                _ => "done",
            };
            waker.wake(JOB);
            match asked.path.contains("ids=") {
                true => Reply::Late(Duration::from_millis(10), json!([job(status)])),
                false => Reply::Late(Duration::from_millis(10), job(status)),
            }
        });
        let lipsyncs = scripted.client.lipsyncs();
        match many {
            true => drop(lipsyncs.wait_all([JOB]).woken_by(&inbox).await),
            false => drop(lipsyncs.wait(JOB).woken_by(&inbox).await.expect("the job")),
        }
        assert!(
            scripted.gaps()[0] <= Duration::from_millis(1_100),
            "{:?}",
            scripted.gaps()
        );
    }
}

/// The webhook is faster than the answer to the call that made the job.
#[tokio::test(start_paused = true)]
async fn a_message_before_the_wait_is_made_up_for_by_its_first_look() {
    let inbox = Inbox::new();
    inbox.wake(JOB);
    let scripted = ScriptedServer::new(|_, _| Reply::Json(200, job("done")));
    let wait = scripted.client.lipsyncs().wait(JOB).woken_by(&inbox);
    let start = Instant::now();
    wait.await.expect("the job");
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// A service waits for jobs for months with the same inbox.
#[tokio::test(start_paused = true)]
async fn who_has_gone_is_forgotten() {
    let inbox = Inbox::new();
    let scripted = ScriptedServer::new(|_, asked| match asked.path.contains("ids=") {
        true => {
            let done = ids(asked).into_iter().take(1);
            let done = done.map(|id| job_with(id, json!({"status": "done"})));
            Reply::Json(200, done.collect())
        }
        false => Reply::Json(200, job("running")),
    });
    let lipsyncs = scripted.client.lipsyncs();
    let one = lipsyncs.wait(JOB).woken_by(&inbox);
    let other = lipsyncs.wait(JOB).woken_by(&inbox);
    assert_eq!(inbox.waiting(), 0, "nobody waits before it is awaited");
    let second = Duration::from_secs(1);
    let outcome = tokio::join!(timeout(second, one.into_future()), async {
        sleep(second / 2).await;
        let both = timeout(second / 4, other.into_future());
        tokio::join!(both, async {
            sleep(second / 8).await;
            assert_eq!(inbox.waiting(), 2);
        })
        .0
        .expect_err("it works");
        assert_eq!(inbox.waiting(), 1);
    });
    outcome.0.expect_err("it works");
    assert_eq!(inbox.waiting(), 0);

    let mut all = lipsyncs.wait_all([JOB, Uuid::nil()]).woken_by(&inbox);
    let (_, first) = all.next().await.expect("one of them");
    first.expect("it is done");
    assert_eq!(inbox.waiting(), 1);
    drop(all);
    assert_eq!(inbox.waiting(), 0);
}

/// Hundreds of messages a second cost one request a second.
#[tokio::test(start_paused = true)]
async fn only_the_jobs_that_something_was_heard_of_are_asked_for() {
    let inbox = Inbox::new();
    let all: Vec<Uuid> = (1..=500).map(Uuid::from_u128).collect();
    let scripted = ScriptedServer::new(|number, asked| {
        // Five requests are the first round; whatever is asked for later has ended.
        let status = if number <= 5 { "running" } else { "done" };
        let jobs = ids(asked).into_iter();
        Reply::Json(
            200,
            jobs.map(|id| job_with(id, json!({"status": status})))
                .collect(),
        )
    });
    let mut jobs = scripted
        .client
        .lipsyncs()
        .wait_all(all.clone())
        .woken_by(&inbox);
    let webhooks = async {
        sleep(Duration::from_secs(5)).await;
        all[..50].iter().for_each(|id| inbox.wake(*id));
    };
    let given = async {
        let mut given = Vec::new();
        while given.len() < 50 {
            given.push(jobs.next().await.expect("a job").0);
        }
        given
    };
    let ((), given) = tokio::join!(webhooks, given);
    assert_eq!(given, all[..50]);
    assert_eq!(scripted.count(), 6);
}
