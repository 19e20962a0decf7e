//! Clocks that differ. In: servers whose clocks are wrong, in what they put on their answers or on their
//! records, and jobs of another time. Out: never the word that nothing happened when the job is there, and
//! the job itself whenever it can be told.

use std::time::{Duration, SystemTime};

use creatify_api::chrono::{SecondsFormat, TimeDelta};
use creatify_api::jobs::Settled;
use creatify_api::types::Lipsync;
use creatify_api::{Client, Error, Timestamp, Uuid};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::fixture::request;
use crate::scripted_server::{JOB, Reply, ScriptedServer, job_with};

const HOUR: i64 = 3_600;
const YEAR: i64 = 365 * 24 * HOUR;

fn is_own(job: &Lipsync) -> bool {
    job.name.as_deref() == Some("order-7")
}

/// A server, and the one job that its list then has. Its clocks show so many seconds more than this machine's.
#[derive(Debug, Clone, Copy)]
struct Server {
    /// That of its answers; none when they have no `Date`.
    answers: Option<i64>,
    /// That of its records.
    records: i64,
    /// How many seconds after the call began the job was made.
    made: i64,
    /// How a record writes its time.
    format: Format,
}

#[derive(Debug, Clone, Copy)]
enum Format {
    Rfc3339,
    /// Without an offset.
    Naive,
}

const RIGHT: Server = Server {
    answers: Some(0),
    records: 0,
    made: 0,
    format: Format::Rfc3339,
};

fn shown(moment: Timestamp, format: Format) -> String {
    match format {
        Format::Rfc3339 => moment.to_rfc3339_opts(SecondsFormat::Micros, true),
        Format::Naive => moment.format("%Y-%m-%dT%H:%M:%S%.6f").to_string(),
    }
}

fn http_date(moment: Timestamp) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

impl Server {
    /// Answers a list of the jobs that were made so many seconds after the first request, which breaks.
    fn scripted(self, jobs: Vec<Value>) -> ScriptedServer {
        let began = Timestamp::from(SystemTime::now());
        ScriptedServer::new(move |number, asked| {
            let passed = TimeDelta::from_std(asked.at).expect("a short time");
            let headers = match self.answers {
                Some(ahead) => vec![(
                    "date",
                    http_date(began + passed + TimeDelta::seconds(ahead)),
                )],
                None => vec![],
            };
            match number {
                1 => Reply::Broken,
                _ => Reply::With(200, headers, Value::Array(jobs.clone())),
            }
        })
    }

    fn job(self, number: u128) -> Value {
        let at = Timestamp::from(SystemTime::now()) + TimeDelta::seconds(self.records + self.made);
        let created = shown(at, self.format);
        let changes = json!({"name": "order-7", "created_at": created});
        job_with(Uuid::from_u128(number), changes)
    }
}

async fn lost(client: &Client) -> Error {
    let outcome = client.lipsyncs().create(&request("order-7")).await;
    outcome.expect_err("lost")
}

async fn settle(scripted: &ScriptedServer) -> Result<Settled<Lipsync>, Error> {
    let error = lost(&scripted.client).await;
    scripted
        .client
        .lipsyncs()
        .settle(&error)
        .matching(is_own)
        .await
}

/// What a settled call is called here.
fn word(settled: &Settled<Lipsync>) -> String {
    let ids = |jobs: &[Lipsync]| {
        let ids: Vec<_> = jobs
            .iter()
            .map(|job| job.id.as_u128().to_string())
            .collect();
        ids.join(" ")
    };
    match settled {
        Settled::Found(job) => format!("found {}", job.id.as_u128()),
        Settled::Several(jobs) => format!("several {}", ids(jobs)),
        Settled::Uncertain(jobs) => format!("uncertain {}", ids(jobs)),
        Settled::NotFound => "not found".to_owned(),
    }
}

/// Who is told that the job is not there pays for it twice.
#[tokio::test(start_paused = true)]
async fn no_difference_of_clocks_hides_the_job_of_the_call() {
    let dated = |answers, records| Server {
        answers,
        records,
        ..RIGHT
    };
    let naive = |records, made| Server {
        records,
        made,
        format: Format::Naive,
        ..RIGHT
    };
    let table = [
        ("every clock is right", RIGHT, "found 1"),
        ("the server does not tell", dated(None, 0), "found 1"),
        (
            "it is an hour behind, and says so",
            dated(Some(-HOUR), -HOUR),
            "found 1",
        ),
        (
            "it is a day ahead, and says so",
            dated(Some(24 * HOUR), 24 * HOUR),
            "found 1",
        ),
        (
            "it is an hour behind, and does not tell",
            dated(None, -HOUR),
            "uncertain 1",
        ),
        (
            "it is an hour ahead, and does not tell",
            dated(None, HOUR),
            "uncertain 1",
        ),
        (
            "its records are 5 min behind its answers",
            dated(Some(0), -300),
            "uncertain 1",
        ),
        (
            "its records are 5 min ahead of its answers",
            dated(Some(-600), 0),
            "uncertain 1",
        ),
        ("no offset, and it is UTC", naive(0, 0), "uncertain 1"),
        (
            "no offset, and it is New York",
            naive(-5 * HOUR, 0),
            "uncertain 1",
        ),
        (
            "no offset, and it is Kiribati",
            naive(14 * HOUR, 0),
            "uncertain 1",
        ),
        (
            "no offset, and it is last year's",
            naive(0, -YEAR),
            "uncertain 1",
        ),
        (
            "last year's",
            Server {
                made: -YEAR,
                ..RIGHT
            },
            "uncertain 1",
        ),
        (
            "an hour older",
            Server {
                made: -HOUR,
                ..RIGHT
            },
            "uncertain 1",
        ),
        (
            "of the next day",
            Server {
                made: 24 * HOUR,
                ..RIGHT
            },
            "uncertain 1",
        ),
    ];
    for (name, server, expected) in table {
        let scripted = server.scripted(vec![server.job(1)]);
        let settled = settle(&scripted).await.expect(name);
        assert_eq!(word(&settled), expected, "{name}");
        assert!(!settled.is_safe_to_resend(), "{name}");
    }
}

/// The list is looked at as long as the call's own job may come, and that is told from last year's.
#[tokio::test(start_paused = true)]
async fn a_match_of_another_time_does_not_end_the_search() {
    let old = Server {
        made: -YEAR,
        ..RIGHT
    }
    .job(1);
    let own = RIGHT.job(2);
    let (first, second) = (old.clone(), own.clone());
    let scripted = ScriptedServer::new(move |number, asked| match number {
        1 => Reply::Broken,
        _ if asked.at < Duration::from_secs(20) => Reply::Json(200, json!([first])),
        _ => Reply::Json(200, json!([first, second])),
    });
    assert_eq!(word(&settle(&scripted).await.expect("settled")), "found 2");
    // Of two that the call may have made nobody knows which it is.
    let naive = Server {
        format: Format::Naive,
        ..RIGHT
    };
    let scripted = RIGHT.scripted(vec![old, own, naive.job(3)]);
    let settled = settle(&scripted).await.expect("settled");
    assert!(word(&settled).starts_with("several"), "{settled:?}");
    assert_eq!(word(&settled).split(' ').count(), 3);
}

/// Whoever knows the old jobs leaves them out, and learns the rest.
#[tokio::test(start_paused = true)]
async fn an_uncertain_call_is_settled_once_its_matches_are_known() {
    let scripted = RIGHT.scripted(vec![
        Server {
            made: -YEAR,
            ..RIGHT
        }
        .job(1),
    ]);
    let error = lost(&scripted.client).await;
    let lipsyncs = scripted.client.lipsyncs();
    let settled = lipsyncs.settle(&error).matching(is_own).await;
    let Settled::Uncertain(known) = settled.expect("settled") else {
        panic!("last year's job matches");
    };
    let known: Vec<Uuid> = known.iter().map(|job| job.id).collect();
    let is_new = move |job: &Lipsync| is_own(job) && !known.contains(&job.id);
    let settled = lipsyncs.settle(&error).matching(is_new).await;
    assert_eq!(settled.expect("settled"), Settled::NotFound);
}

/// What the caller says of the time counts, and what is older is not "nothing" either.
#[tokio::test(start_paused = true)]
async fn since_moves_the_beginning() {
    let old = Server {
        made: -HOUR,
        ..RIGHT
    };
    for (hours, expected) in [(2, "found 1"), (0, "uncertain 1")] {
        for server in [
            old,
            Server {
                answers: None,
                ..old
            },
        ] {
            let scripted = server.scripted(vec![server.job(1)]);
            let error = lost(&scripted.client).await;
            let since = Timestamp::from(SystemTime::now()) - TimeDelta::hours(hours);
            let settle = scripted.client.lipsyncs().settle(&error).since(since);
            let settled = settle.matching(is_own).await.expect("settled");
            assert_eq!(word(&settled), expected, "{server:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_name_share_what_is_certain_and_what_is_not() {
    let of = |made, number| Server { made, ..RIGHT }.job(number);
    let naive = Server {
        format: Format::Naive,
        ..RIGHT
    };
    let table = [
        (vec![], ["not found", "not found"]),
        (vec![of(0, 1)], ["found 1", "not found"]),
        (vec![of(2, 2), of(1, 1)], ["found 1", "found 2"]),
        (vec![of(-YEAR, 9)], ["uncertain 9", "uncertain 9"]),
        (vec![of(0, 1), of(-YEAR, 9)], ["found 1", "uncertain 9"]),
        (vec![of(0, 1), naive.job(8)], ["found 1", "uncertain 8"]),
        (
            vec![of(2, 2), of(1, 1), of(-YEAR, 9)],
            ["found 1", "found 2"],
        ),
        (
            vec![of(1, 1), of(2, 2), of(3, 3)],
            ["found 1", "several 2 3"],
        ),
    ];
    for (jobs, expected) in table {
        let began = Timestamp::from(SystemTime::now());
        let scripted = ScriptedServer::new(move |number, asked| {
            let passed = TimeDelta::from_std(asked.at).expect("a short time");
            match number {
                1 | 2 => Reply::Broken,
                _ => {
                    let headers = vec![("date", http_date(began + passed))];
                    Reply::With(200, headers, Value::Array(jobs.clone()))
                }
            }
        });
        let (one, other) = (lost(&scripted.client).await, lost(&scripted.client).await);
        let calls = [
            (Some("order-7".to_owned()), &one),
            (Some("order-7".to_owned()), &other),
        ];
        let settle = scripted.client.lipsyncs().settle_all(calls);
        let settled = settle.by(|job: &Lipsync| Some(job.name.clone())).await;
        let words: Vec<_> = settled
            .into_iter()
            .map(|settled| word(&settled.expect("settled")))
            .collect();
        assert_eq!(words, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_set_aside_for_an_uncertain_call_stays_so() {
    let scripted = RIGHT.scripted(vec![
        Server {
            made: -YEAR,
            ..RIGHT
        }
        .job(1),
    ]);
    let client = scripted.with(|builder| builder.spend_limit(5.0));
    let error = lost(&client).await;
    let settled = client.lipsyncs().settle(&error).matching(is_own).await;
    assert_eq!(word(&settled.expect("settled")), "uncertain 1");
    let spending = client.spending().expect("accounts");
    assert_eq!((spending.charged, spending.reserved), (0.0, 5.0));
}

/// A part of the list is no evidence that a job is nowhere; what is in it is there all the same.
#[tokio::test(start_paused = true)]
async fn a_list_that_is_cut_or_old_does_not_prove_that_a_job_is_not_there() {
    let link = "<https://api.example/?page=2>; rel=\"next\"".to_owned();
    let cut = [
        (200, vec![("link", link)]),
        (
            200,
            vec![("link", "<https://a.example/>; title=x; rel=next".to_owned())],
        ),
        (200, vec![("x-total-count", "101".to_owned())]),
        (206, vec![]),
    ];
    let stored = (200, vec![("age", "60".to_owned())]);
    let answered = |status, headers: Vec<(&'static str, String)>, jobs: Value| {
        ScriptedServer::new(move |number, _| match number {
            1 => Reply::Broken,
            _ => Reply::With(status, headers.clone(), jobs.clone()),
        })
    };
    let other = job_with(JOB, json!({"name": "order-8"}));
    for (status, headers) in cut.clone().into_iter().chain([stored]) {
        let scripted = answered(status, headers.clone(), json!([other]));
        let error = settle(&scripted).await.expect_err("not all of it");
        assert!(
            error.is_ambiguous() && error.is_decode(),
            "{headers:?}: {error}"
        );
    }
    for (status, headers) in cut {
        let scripted = answered(status, headers, json!([other, RIGHT.job(1)]));
        assert_eq!(word(&settle(&scripted).await.expect("settled")), "found 1");
    }
    // Headers that say nothing of the kind.
    for headers in [
        vec![("link", "<https://a.example/>; rel=\"self\"".to_owned())],
        vec![("x-total-count", "1".to_owned())],
        vec![("age", "0".to_owned())],
    ] {
        let scripted = answered(200, headers, json!([other]));
        assert_eq!(settle(&scripted).await.expect("settled"), Settled::NotFound);
    }
}

/// A record that cannot be read may be the one that matches. One of last year keeps nobody from settling, if
/// the server itself tells which year it is.
#[tokio::test(start_paused = true)]
async fn only_a_record_that_is_far_away_needs_not_be_read() {
    for (answers, made, is_settled) in [
        (Some(0), -YEAR, true),
        (Some(0), -HOUR, false),
        (None, -YEAR, false),
        (None, 0, false),
    ] {
        let server = Server {
            answers,
            made,
            ..RIGHT
        };
        let mut strange = server.job(1);
        strange["text"] = json!(7);
        let settled = settle(&server.scripted(vec![strange])).await;
        match settled {
            Ok(settled) => assert!(is_settled && settled == Settled::NotFound, "{server:?}"),
            Err(error) => assert!(!is_settled && error.is_decode(), "{server:?}: {error}"),
        }
    }
}

/// A call that is waited for without end may be processed whenever it likes.
#[tokio::test(start_paused = true)]
async fn a_call_without_a_limit_of_time_is_looked_for_for_a_day() {
    let scripted = |shows: Duration| {
        let began = Timestamp::from(SystemTime::now());
        ScriptedServer::new(move |number, asked| match number {
            1 => Reply::Broken,
            _ if asked.at < shows => Reply::Json(200, json!([])),
            _ => {
                let passed = TimeDelta::from_std(asked.at).expect("a short time");
                let created = shown(began + passed, Format::Rfc3339);
                let changes = json!({"name": "order-7", "created_at": created});
                let headers = vec![("date", http_date(began + passed))];
                Reply::With(200, headers, json!([job_with(JOB, changes)]))
            }
        })
    };
    let create = |client: Client, timeout| async move {
        let call = client
            .lipsyncs()
            .create(&request("order-7"))
            .timeout(timeout);
        call.await.expect_err("lost")
    };
    let hour = Duration::from_secs(3_600);
    for timeout in [
        Duration::MAX,
        Duration::from_secs(u64::MAX),
        hour * 24 * 400,
    ] {
        let late = scripted(hour * 5);
        let error = create(late.client.clone(), timeout).await;
        let settled = late.client.lipsyncs().settle(&error).matching(is_own).await;
        assert!(settled.expect("settled").found().is_some());
        let never = scripted(Duration::MAX);
        let error = create(never.client.clone(), timeout).await;
        let start = Instant::now();
        let settled = never
            .client
            .lipsyncs()
            .settle(&error)
            .matching(is_own)
            .await;
        assert_eq!(settled.expect("settled"), Settled::NotFound);
        assert_eq!(start.elapsed().as_secs(), 24 * 3_600);
        let start = Instant::now();
        let settle = never.client.lipsyncs().settle(&error).matching(is_own);
        settle.grace(Duration::ZERO).await.expect("settled");
        assert_eq!(start.elapsed().as_secs(), 0, "the caller's grace counts");
    }
}
