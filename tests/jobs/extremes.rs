//! Numbers and times at their ends. In: every public argument that is a time or a number, and answers whose
//! numbers and dates are absurd. Out: results and errors, never a panic. The seed is fixed.

use std::future::Future;
use std::time::Duration;

use creatify_api::chrono::{DateTime, SecondsFormat};
use creatify_api::jobs::{Polling, Settled, UnknownStatus};
use creatify_api::types::Lipsync;
use creatify_api::webhook::Event;
use creatify_api::{Client, Credentials, RetryPolicy, Timestamp, Uuid};
use creatify_emulator::{Emulator, Options};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::fixture::request;
use crate::scripted_server::{JOB, Reply, ScriptedServer, job_with};

const SEED: &[u8; 32] = b"the ends of time, seed number 01";
const CASES: u32 = 96;

fn durations() -> impl Strategy<Value = Duration> {
    prop_oneof![
        Just(Duration::ZERO),
        Just(Duration::from_nanos(1)),
        Just(Duration::MAX),
        Just(Duration::MAX - Duration::from_nanos(1)),
        Just(Duration::from_secs(60 * 60 * 24 * 365) - Duration::from_nanos(1)),
        Just(Duration::from_secs(i64::MAX as u64)),
        any::<u64>().prop_map(Duration::from_secs),
        any::<u64>().prop_map(Duration::from_nanos),
    ]
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    let any_second = any::<i64>().prop_map(|second| {
        DateTime::from_timestamp(second / 1_100_000, 999_999_999).unwrap_or_default()
    });
    prop_oneof![
        Just(Timestamp::MIN_UTC),
        Just(Timestamp::MAX_UTC),
        Just(DateTime::UNIX_EPOCH),
        any_second,
    ]
}

fn counts() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), Just(1), Just(u32::MAX), 0..5_u32]
}

fn integers() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MIN),
        Just(-1),
        Just(0),
        Just(1),
        Just(i64::MAX),
        Just(i64::MAX - 1),
        any::<i64>()
    ]
}

fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::MAX),
        Just(f64::MIN),
        Just(f64::INFINITY),
        Just(f64::NAN),
        Just(-0.0),
        Just(f64::MIN_POSITIVE),
        any::<f64>(),
    ]
}

/// What a header or a member may say of a time.
fn times() -> impl Strategy<Value = String> {
    let known = [
        "",
        "0",
        "-1",
        "1e400",
        "18446744073709551615",
        "18446744073709551616",
        "NaN",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "0000-01-01T00:00:00Z",
        "0000-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:60.999999999Z",
        "-262143-01-01T00:00:00",
        "+262142-12-31T23:59:59.999999999",
        "2025-09-01 10:00:00.123456",
        "2025-09-01T10:00:00",
        "2025-02-30T10:00:00Z",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        any::<u64>().prop_map(|seconds| seconds.to_string()),
        timestamps().prop_map(|moment| moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        timestamps().prop_map(|moment| moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
    ]
}

/// What a server says before it comes to its senses.
#[derive(Debug, Clone)]
struct Nonsense {
    statuses: Vec<u16>,
    retry_after: String,
    date: String,
    age: String,
    created: String,
    credits: f64,
    duration: f64,
    progress: String,
}

fn nonsense() -> impl Strategy<Value = Nonsense> {
    let statuses = proptest::collection::vec(
        proptest::sample::select(vec![0_u16, 200, 429, 500, 503, 599]),
        0..5,
    );
    (
        statuses,
        times(),
        times(),
        times(),
        times(),
        floats(),
        floats(),
        times(),
    )
        .prop_map(
            |(statuses, retry_after, date, age, created, credits, duration, progress)| Nonsense {
                statuses,
                retry_after,
                date,
                age,
                created,
                credits,
                duration,
                progress,
            },
        )
}

impl Nonsense {
    fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("retry-after", self.retry_after.clone()),
            ("date", self.date.clone()),
            ("age", self.age.clone()),
        ]
    }

    fn job(&self, status: &str) -> Value {
        let changes = json!({
            "name": "order-7", "status": status, "output": "https://a.example", "created_at": self.created,
            "updated_at": self.created, "credits_used": self.credits, "duration": self.duration,
            "progress": self.progress,
        });
        job_with(JOB, changes)
    }

    /// The statuses in their order, 0 for a connection that breaks; then jobs, alone or in lists.
    fn scripted(&self) -> ScriptedServer {
        let nonsense = self.clone();
        ScriptedServer::new(
            move |number, asked| match nonsense.statuses.get(number - 1) {
                Some(0) => Reply::Broken,
                Some(200) => Reply::With(200, nonsense.headers(), nonsense.job("running")),
                Some(status) => Reply::With(*status, nonsense.headers(), json!({"detail": "no"})),
                None => {
                    let job = nonsense.job("done");
                    let is_list = asked
                        .path
                        .split('?')
                        .next()
                        .is_some_and(|path| path.ends_with("/lipsyncs/"));
                    Reply::With(
                        200,
                        nonsense.headers(),
                        if is_list { json!([job]) } else { job },
                    )
                }
            },
        )
    }
}

/// Runs a property for many values; what takes longer than half an hour is given up.
fn hold<S: Strategy>(values: S, property: impl AsyncFn(S::Value))
where
    S::Value: Clone,
{
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, SEED));
    let outcome = runner.run(&values, |value| {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(soon(property(value)));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

async fn soon<F: Future>(future: F) -> Option<F::Output> {
    tokio::time::timeout(Duration::from_secs(1_800), future)
        .await
        .ok()
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    (counts(), durations(), durations(), durations()).prop_map(
        |(attempts, initial, most, asked)| {
            RetryPolicy::new()
                .max_attempts(attempts)
                .initial_backoff(initial)
                .max_backoff(most)
                .max_retry_after(asked)
        },
    )
}

/// The list holds a job that matches, whatever the rest says: nobody may be told to send the call again.
#[test]
fn a_call_and_its_settling() {
    let settings = (durations(), durations(), policies(), floats());
    let settle = (
        proptest::option::of(durations()),
        proptest::option::of(timestamps()),
    );
    hold(
        (nonsense(), settings, settle),
        async |(nonsense, settings, (grace, since))| {
            let (timeout, total, policy, seconds) = settings;
            let scripted = nonsense.scripted();
            let client = scripted.with(|builder| builder.spend_limit(100.0));
            let lipsyncs = client.lipsyncs();
            let body = request("order-7");
            let call = lipsyncs
                .create(&body)
                .timeout(timeout)
                .total_timeout(total)
                .retry(policy);
            let call = call.expected_seconds(seconds);
            if let Some(estimate) = call.estimate() {
                let _ = estimate.for_seconds(seconds);
            }
            let Err(error) = call.await else { return };
            let _ = (error.retry_after(), error.to_string(), client.spending());
            let mut settle = lipsyncs.settle(&error);
            if let Some(grace) = grace {
                settle = settle.grace(grace);
            }
            if let Some(since) = since {
                settle = settle.since(since);
            }
            let settled = settle.matching(|job: &Lipsync| job.name.is_some()).await;
            if let Ok(Settled::NotFound) = settled {
                assert!(!error.is_ambiguous(), "{error}");
            }
        },
    );
}

#[test]
fn waits_and_their_polling() {
    let polling = (durations(), durations(), floats(), floats());
    let settings = (
        durations(),
        counts(),
        proptest::option::of(durations()),
        any::<usize>(),
    );
    hold(
        (nonsense(), polling, settings),
        async |(nonsense, polling, settings)| {
            let (initial, most, growth, jitter) = polling;
            let (timeout, tolerated, unknown, concurrency) = settings;
            let polling = Polling::new()
                .initial(initial)
                .max(most)
                .growth(growth)
                .jitter(jitter);
            let unknown = unknown.map_or(UnknownStatus::Fail, UnknownStatus::KeepWaiting);
            let scripted = nonsense.scripted();
            let lipsyncs = scripted.client.lipsyncs();
            let wait = lipsyncs.wait(JOB).timeout(timeout).polling(polling.clone());
            let _ = wait.tolerate(tolerated).unknown_status(unknown).await;
            let all = nonsense
                .scripted()
                .client
                .lipsyncs()
                .wait_all([JOB, Uuid::nil()]);
            let all = all.timeout(timeout).polling(polling).tolerate(tolerated);
            let _ = all.unknown_status(unknown).concurrency(concurrency).await;
        },
    );
}

#[test]
fn pages_and_their_sizes() {
    hold(
        (integers(), integers(), integers()),
        async |(page, size, count)| {
            let scripted = ScriptedServer::new(move |_, _| {
                let voice = json!({"name": "a", "accents": []});
                let next = "https://a.example/?page=2";
                Reply::Json(
                    200,
                    json!({"count": count, "next": next, "previous": null, "results": [voice]}),
                )
            });
            let call = scripted
                .client
                .voices()
                .paginated()
                .page(page)
                .page_size(size);
            let mut items = call.items();
            for _ in 0..3 {
                let _ = items.next().await;
            }
        },
    );
}

/// The last page that has a number is the last page.
#[tokio::test]
async fn after_the_last_number_there_is_no_page() {
    let scripted = ScriptedServer::new(|_, _| {
        let voice = json!({"name": "a", "accents": []});
        let next = "https://a.example/?page=2";
        Reply::Json(
            200,
            json!({"count": 9, "next": next, "previous": null, "results": [voice]}),
        )
    });
    let mut items = scripted.client.voices().paginated().page(i64::MAX).items();
    items.next().await.expect("an item").expect("a voice");
    assert!(items.next().await.is_none());
}

#[test]
fn downloads_and_their_limits() {
    let settings = (durations(), any::<u64>(), policies());
    hold(
        (nonsense(), settings),
        async |(nonsense, (stall, size, policy))| {
            let scripted = nonsense.scripted();
            let download = scripted.client.download("http://127.0.0.1:1/video.mp4");
            let download = download.stall_timeout(stall).max_size(size).retry(policy);
            let _ = download.bytes().await;
        },
    );
}

#[test]
fn settings_of_a_client() {
    let settings = (durations(), durations(), durations(), floats());
    hold(
        (nonsense(), settings),
        async |(nonsense, (timeout, total, connect, limit))| {
            let scripted = nonsense.scripted();
            let client = scripted.try_with(|builder| {
                let builder = builder.timeout(timeout).total_timeout(total);
                builder.connect_timeout(connect).spend_limit(limit)
            });
            let Ok(client) = client else { return };
            let _ = client.lipsyncs().create(&request("order-7")).await;
            let _ = client.spending().map(|spending| spending.remaining());
        },
    );
}

/// The library that connects is given the same times.
#[tokio::test]
async fn a_connection_is_made_however_much_time_there_is_for_it() {
    let emulator = Emulator::start(Options::default().strict()).await;
    let emulator = emulator.expect("an emulator");
    for time in [
        Duration::MAX,
        Duration::from_secs(i64::MAX as u64),
        Duration::from_secs(60 * 60 * 24 * 365),
    ] {
        let builder = Client::builder().base_url(emulator.base_url());
        let builder = builder.credentials(Credentials::new("extremes", "any-key"));
        let builder = builder.timeout(time).total_timeout(time);
        let client = builder.connect_timeout(time).build().expect("a client");
        let credits = client.remaining_credits().retrieve().await;
        credits.expect("a balance");
    }
}

#[test]
fn events_with_any_numbers() {
    hold(
        (floats(), integers(), times()),
        async |(float, integer, time)| {
            let body = json!({
                "id": JOB.to_string(), "status": "done", "credits_used": float, "duration": integer, "created_at": time,
            });
            let event = Event::parse(body.to_string().as_bytes()).expect("an event");
            let limited =
                Event::parse_limited(body.to_string().as_bytes(), integer.unsigned_abs() as usize);
            assert!(limited.is_err() || limited.is_ok_and(|limited| limited == event));
        },
    );
}
