//! Many videos by a program that is killed again and again. In: how many, how often, a seed, and how the program is
//! started. Out: what happened, held against the emulator's ledger. The program is `child`.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use creatify_api::{Client, Credentials};
use creatify_emulator::{Emulator, Options};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::child::{self, Stop};
use crate::faults;
use crate::progress::Progress;

/// What is to be done.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) jobs: usize,
    /// How often the program is killed at a random moment; about as often it is killed where it must not be.
    pub(crate) kills: usize,
    /// The share of all requests that goes wrong, from 0 to 1.
    pub(crate) share: f64,
    pub(crate) seed: u64,
    /// Where the journal is; it must be there.
    pub(crate) folder: PathBuf,
    /// Counts what is done.
    pub(crate) progress: Progress,
}

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How often the program was killed while it was at work, at a random moment.
    pub(crate) killed: usize,
    /// How often between writing a call down and sending it.
    pub(crate) killed_before_send: usize,
    /// How often between a response and closing its entry.
    pub(crate) killed_before_close: usize,
    /// Calls that a later process found to have taken effect.
    pub(crate) found: usize,
    /// Calls that a later process found to have had no effect, and sent again.
    pub(crate) resent: usize,
    pub(crate) charges: usize,
    pub(crate) requests: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("killed at a random moment", self.killed as u64),
            (
                "killed before a call was sent",
                self.killed_before_send as u64,
            ),
            (
                "killed before an entry was closed",
                self.killed_before_close as u64,
            ),
            ("recovered: had taken effect", self.found as u64),
            ("recovered: sent again", self.resent as u64),
            ("requests", self.requests),
        ];
        for (what, count) in rows {
            writeln!(formatter, "{what:<34}{count:>7}")?;
        }
        write!(formatter, "{:<34}{:>7}", "charges", self.charges)
    }
}

/// The operations that the program calls.
const OPERATIONS: [&str; 2] = ["lipsyncs_create", "lipsyncs_list"];

/// How long one life of the program may take, before it counts as hung.
const LIFE: Duration = Duration::from_secs(120);

/// Makes the videos, and judges by the ledger; an error says what was lost or paid twice.
pub(crate) async fn run(plan: &Plan, program: impl Fn() -> Command) -> Result<Tally, String> {
    let options = Options::default()
        .strict()
        .speed(200.0)
        .seed(plan.seed)
        .credits(1e9);
    let emulator = Emulator::start(options).await;
    let emulator = emulator.map_err(|error| error.to_string())?;
    for fault in faults::all(&OPERATIONS, plan.share, plan.seed) {
        emulator.state().fault(fault);
    }
    let mut random = Random(plan.seed);
    let mut tally = Tally::default();
    plan.progress.begin("videos charged", plan.jobs);
    for life in 0_usize.. {
        let left = plan.kills.saturating_sub(tally.killed);
        let stop = match life % 4 {
            _ if left == 0 => Stop::Never,
            1 => Stop::BeforeSend,
            3 => Stop::BeforeClose,
            _ => Stop::Never,
        };
        // A life that is to reach its stop is not killed on the way there.
        let at_random = left > 0 && stop == Stop::Never;
        // What is to be made is shared among the lives that are left, so that each has something to do: a life that is
        // killed at random gets little time, and more to do than it can.
        let lives = 2 * left.max(1);
        let share = plan.jobs.saturating_sub(done(&emulator)) / lives;
        let moment = Duration::from_millis(random.below(4 * share.min(30) + 4) as u64);
        let kill_after = at_random.then_some(moment);
        let task = child::Task {
            base_url: emulator.base_url().to_owned(),
            journal: plan.folder.join("calls.journal"),
            jobs: plan.jobs,
            most: match stop {
                _ if left == 0 => plan.jobs,
                Stop::Never => 4 * share + 8,
                Stop::BeforeSend | Stop::BeforeClose => share + 4,
            },
            stop,
            nth: 1 + random.below(4),
        };
        let mut command = program();
        task.write(&mut command);
        let mut process = start(command).map_err(|error| error.to_string())?;
        let outcome = timeout(LIFE, live(&mut process, kill_after)).await;
        let outcome = outcome.map_err(|_| "the program hangs".to_owned())?;
        let outcome = outcome.map_err(|error| error.to_string())?;
        tally.found += outcome.found;
        tally.resent += outcome.resent;
        plan.progress.done(done(&emulator));
        plan.progress.settled(outcome.found + outcome.resent);
        if matches!(
            outcome.end,
            End::Killed | End::KilledBeforeSend | End::KilledBeforeClose
        ) {
            plan.progress.one_wrong();
        }
        match outcome.end {
            End::Done => break,
            End::Killed => tally.killed += 1,
            End::KilledBeforeSend => tally.killed_before_send += 1,
            End::KilledBeforeClose => tally.killed_before_close += 1,
            End::Out => {}
            End::Failed(why) => return Err(why),
        }
        if life > plan.kills * 20 + 1_000 {
            return Err(format!("it does not end: {tally}"));
        }
    }
    if tally.killed < plan.kills {
        return Err(format!(
            "all videos were made before the program was killed that often\n{tally}"
        ));
    }
    emulator.state().clear_faults();
    let client = Client::builder()
        .credentials(Credentials::new("soak", "key-of-the-soak"))
        .base_url(emulator.base_url())
        .build();
    let jobs = client.map_err(|error| error.to_string())?.lipsyncs().list();
    let jobs = jobs.await.map_err(|error| error.to_string())?;
    let names = jobs.into_iter().filter_map(|job| job.name);
    judge(&emulator, plan, (names.collect(), tally))
}

/// How many videos there are.
fn done(emulator: &Emulator) -> usize {
    emulator.state().ledger().len()
}

fn start(mut command: Command) -> io::Result<Child> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
}

/// How a life of the program ended.
enum End {
    /// All videos are made.
    Done,
    /// It has made what this life was to make.
    Out,
    Killed,
    KilledBeforeSend,
    KilledBeforeClose,
    Failed(String),
}

struct Life {
    end: End,
    found: usize,
    resent: usize,
}

/// Follows the program, and kills it this long after it has begun to work, or where it has stopped.
async fn live(process: &mut Child, kill_after: Option<Duration>) -> io::Result<Life> {
    let output = process.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(output).lines();
    let mut life = Life {
        end: End::Failed("the program ended without a word".to_owned()),
        found: 0,
        resent: 0,
    };
    let mut kill_at = None;
    loop {
        let line = match kill_at {
            Some(at) => match tokio::time::timeout_at(at, lines.next_line()).await {
                Ok(line) => line?,
                Err(_) => {
                    process.kill().await?;
                    life.end = End::Killed;
                    return Ok(life);
                }
            },
            None => lines.next_line().await?,
        };
        let Some(line) = line else {
            process.wait().await?;
            return Ok(life);
        };
        match line.as_str() {
            child::WORKING => {
                kill_at = kill_after.map(|moment| tokio::time::Instant::now() + moment);
            }
            child::BEFORE_SEND | child::BEFORE_CLOSE => {
                process.kill().await?;
                life.end = match line.as_str() {
                    child::BEFORE_SEND => End::KilledBeforeSend,
                    _ => End::KilledBeforeClose,
                };
                return Ok(life);
            }
            child::FOUND => life.found += 1,
            child::RESENT => life.resent += 1,
            child::DONE => life.end = End::Done,
            child::OUT => life.end = End::Out,
            other => {
                if let Some(why) = other.strip_prefix(child::FAILED) {
                    life.end = End::Failed(why.to_owned());
                }
            }
        }
    }
}

/// Holds everything against the ledger: each video was charged once, and no other was.
fn judge(
    emulator: &Emulator,
    plan: &Plan,
    (names, mut tally): (Vec<String>, Tally),
) -> Result<Tally, String> {
    let mut orders: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        let order = name.split(" #").next().unwrap_or_default();
        *orders.entry(order.to_owned()).or_default() += 1;
    }
    let ledger = emulator.state().ledger();
    tally.charges = ledger.len();
    tally.requests = emulator
        .state()
        .requests()
        .pop()
        .map_or(0, |last| last.number);
    let twice = orders.values().filter(|count| **count > 1).count();
    let expected: Vec<String> = (0..plan.jobs).map(child::order).collect();
    let lost = expected
        .iter()
        .filter(|order| !orders.contains_key(*order))
        .count();
    if twice > 0 || lost > 0 || orders.len() != plan.jobs || ledger.len() != plan.jobs {
        return Err(format!(
            "{twice} videos were paid for twice, {lost} are lost\n{tally}"
        ));
    }
    Ok(tally)
}

/// Numbers that follow from a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }
}
