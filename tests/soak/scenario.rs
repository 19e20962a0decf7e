//! Many videos while everything goes wrong. In: how many, how often, a seed. Out: what happened,
//! held against the emulator's ledger. Does what a careful user's program does, with the public
//! names of the client only.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use creatify_api::jobs::{Polling, Settled};
use creatify_api::types::Lipsync;
use creatify_api::{Client, Credentials, Error, RetryPolicy, Uuid};
use creatify_emulator::{Emulator, Options};
use futures_util::{StreamExt, stream};

use crate::faults;
use crate::impatient::{self, GRACE, Sent, Step};
use crate::progress::Progress;

/// What is to be done.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) jobs: usize,
    /// The share of all requests that goes wrong, from 0 to 1.
    pub(crate) share: f64,
    pub(crate) seed: u64,
    /// How many calls are made at once.
    pub(crate) parallel: usize,
    /// Where the files go; it must be there.
    pub(crate) folder: PathBuf,
    /// Counts what is done.
    pub(crate) progress: Progress,
}

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    /// Paid calls whose answer was lost.
    pub(crate) lost: usize,
    /// Of these, those that their client did not wait for.
    pub(crate) timed_out: usize,
    /// Paid calls whose future was dropped half-way.
    pub(crate) dropped: usize,
    /// Of these, those that had taken effect.
    pub(crate) left_behind: usize,
    /// Of these, those that had taken effect.
    pub(crate) found: usize,
    /// Of these, those that had not, and were sent again.
    pub(crate) resent: usize,
    /// Paid calls that were certainly not processed, and were sent again.
    pub(crate) refused: usize,
    /// Waits and downloads that gave up, and were begun again.
    pub(crate) begun_again: usize,
    pub(crate) charges: usize,
    pub(crate) credits: f64,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "requests                       {:>9}",
            self.requests
        )?;
        writeln!(formatter, "paid calls with a lost answer  {:>9}", self.lost)?;
        writeln!(
            formatter,
            "  not waited for               {:>9}",
            self.timed_out
        )?;
        writeln!(
            formatter,
            "  settled: had taken effect    {:>9}",
            self.found
        )?;
        writeln!(
            formatter,
            "  settled: safe to send again  {:>9}",
            self.resent
        )?;
        writeln!(
            formatter,
            "paid calls dropped half-way    {:>9}",
            self.dropped
        )?;
        writeln!(
            formatter,
            "  had taken effect             {:>9}",
            self.left_behind
        )?;
        writeln!(
            formatter,
            "paid calls refused, sent again {:>9}",
            self.refused
        )?;
        writeln!(
            formatter,
            "waits, downloads begun again   {:>9}",
            self.begun_again
        )?;
        writeln!(
            formatter,
            "charges                        {:>9}",
            self.charges
        )?;
        write!(
            formatter,
            "credits                        {:>9}",
            self.credits
        )
    }
}

const ACCOUNT: &str = "soak";

/// The operations that the scenario calls.
const OPERATIONS: [&str; 4] = [
    "lipsyncs_preview_create",
    "lipsyncs_render_create",
    "lipsyncs_retrieve",
    "lipsyncs_list",
];

/// Those that are paid for.
const PAID: [&str; 2] = ["lipsyncs_preview_create", "lipsyncs_render_create"];

/// Makes the videos, and judges by the ledger; an error says what was lost or paid twice.
pub(crate) async fn run(plan: &Plan) -> Result<Tally, String> {
    let emulator = start(plan).await?;
    let mut soak = Soak {
        client: client(&emulator)?,
        parallel: plan.parallel,
        progress: plan.progress.clone(),
        tally: Tally::default(),
    };
    // The time of a job is held against the last answer before its call: this emulator's clock is no clock that
    // runs like this machine's.
    let credits = soak.client.remaining_credits().retrieve().await;
    credits.map_err(|error| error.to_string())?;
    let orders: Vec<String> = (0..plan.jobs)
        .map(|number| format!("order-{number}"))
        .collect();
    let previews = soak.pay(orders, Step::Preview).await?;
    if previews.len() != plan.jobs {
        return Err(format!("{} of {} previews", previews.len(), plan.jobs));
    }
    soak.wait(previews.values().copied().collect()).await?;
    let ids = previews.values().map(Uuid::to_string).collect();
    let rendered = soak.pay(ids, Step::Render).await?;
    let done = soak.wait(rendered.values().copied().collect()).await?;
    soak.download(done, &plan.folder).await?;
    judge(&emulator, &previews, &plan.folder, soak.tally)
}

async fn start(plan: &Plan) -> Result<Emulator, String> {
    let options = Options::default()
        .strict()
        .speed(200.0)
        .seed(plan.seed)
        .credits(1e9);
    let emulator = Emulator::start(options).await;
    let emulator = emulator.map_err(|error| error.to_string())?;
    let faults = faults::all(&OPERATIONS, plan.share, plan.seed);
    for fault in faults
        .into_iter()
        .chain(faults::late(&PAID, 0.25, plan.seed))
    {
        emulator.state().fault(fault);
    }
    Ok(emulator)
}

fn client(emulator: &Emulator) -> Result<Client, String> {
    let patient = RetryPolicy::new()
        .max_attempts(6)
        .initial_backoff(Duration::from_millis(5))
        .max_backoff(Duration::from_millis(100));
    Client::builder()
        .credentials(Credentials::new(ACCOUNT, "key-of-the-soak"))
        .base_url(emulator.base_url())
        .timeout(impatient::PATIENCE)
        .retry(patient)
        .build()
        .map_err(|error| error.to_string())
}

struct Soak {
    client: Client,
    parallel: usize,
    progress: Progress,
    tally: Tally,
}

/// How often anything is begun again at most; a scenario that needs more never ends.
const ROUNDS: usize = 50;

impl Soak {
    /// Makes a paid call for each key, once; gives the jobs by key.
    async fn pay(
        &mut self,
        mut keys: Vec<String>,
        step: Step,
    ) -> Result<BTreeMap<String, Uuid>, String> {
        let mut made = BTreeMap::new();
        let (progress, total) = (self.progress.clone(), keys.len());
        progress.begin(step.name(), total);
        for _ in 0..ROUNDS {
            if keys.is_empty() {
                return Ok(made);
            }
            let client = self.client.clone();
            let calls = std::mem::take(&mut keys).into_iter().enumerate();
            let calls = stream::iter(calls).map(|(index, key)| {
                let (client, progress) = (client.clone(), progress.clone());
                async move {
                    let sent = impatient::send(&client, &key, step, index).await;
                    match &sent {
                        Ok(Sent::Made(_)) => progress.one_done(),
                        Ok(Sent::Lost(_) | Sent::Dropped | Sent::Nothing) | Err(_) => {
                            progress.one_wrong();
                        }
                    }
                    (key, sent)
                }
            });
            let sent: Vec<_> = calls.buffer_unordered(self.parallel).collect().await;
            let (mut lost, mut dropped) = (Vec::new(), Vec::new());
            for (key, sent) in sent {
                match sent? {
                    Sent::Made(id) => drop(made.insert(key, id)),
                    Sent::Lost(error) => {
                        self.tally.timed_out += usize::from(error.is_timeout());
                        lost.push((key, error));
                    }
                    Sent::Dropped => dropped.push(key),
                    Sent::Nothing => {
                        self.tally.refused += 1;
                        progress.settled(1);
                        keys.push(key);
                    }
                }
            }
            self.tally.lost += lost.len();
            self.settle(lost, &mut made, &mut keys).await?;
            self.tally.dropped += dropped.len();
            let found = impatient::search(&self.client, &dropped, step).await;
            let found = found.map_err(|error| error.to_string())?;
            self.tally.left_behind += found.len();
            progress.settled(dropped.len());
            keys.extend(dropped.into_iter().filter(|key| !found.contains_key(key)));
            made.extend(found);
            progress.done(made.len());
        }
        Err(format!("{} calls still fail: {step:?}", keys.len()))
    }

    /// Finds out about lost calls: their jobs, or that they can be sent again.
    async fn settle(
        &mut self,
        mut lost: Vec<(String, Error)>,
        made: &mut BTreeMap<String, Uuid>,
        again: &mut Vec<String>,
    ) -> Result<(), String> {
        for _ in 0..ROUNDS {
            if lost.is_empty() {
                return Ok(());
            }
            let calls = lost.iter().map(|(key, error)| (key.clone(), error));
            let settle = self.client.lipsyncs().settle_all(calls).grace(GRACE);
            let settled = settle.by(|job: &Lipsync| job.name.clone()).await;
            let mut unknown = Vec::new();
            for ((key, error), settled) in lost.into_iter().zip(settled) {
                self.progress.settled(usize::from(settled.is_ok()));
                match settled {
                    Ok(Settled::Found(job)) => {
                        self.tally.found += 1;
                        made.insert(key, job.id);
                    }
                    Ok(Settled::NotFound) => {
                        self.tally.resent += 1;
                        again.push(key);
                    }
                    Ok(Settled::Several(jobs) | Settled::Uncertain(jobs)) => {
                        return Err(format!("{key} has {} jobs", jobs.len()));
                    }
                    Err(_) => unknown.push((key, error)),
                }
            }
            lost = unknown;
        }
        Err(format!("{} calls cannot be settled", lost.len()))
    }

    /// Waits for all jobs; gives their files' addresses.
    async fn wait(&mut self, mut ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Option<String>>, String> {
        let mut done = BTreeMap::new();
        self.progress.begin("jobs waited for", ids.len());
        let polling = Polling::new()
            .initial(Duration::from_millis(50))
            .max(Duration::from_millis(500));
        for _ in 0..ROUNDS {
            if ids.is_empty() {
                return Ok(done);
            }
            let wait = self.client.lipsyncs().wait_all(std::mem::take(&mut ids));
            let mut wait = wait.polling(polling.clone());
            while let Some((id, outcome)) = wait.next().await {
                match outcome {
                    Ok(job) => {
                        done.insert(id, job.output);
                        self.progress.done(done.len());
                    }
                    Err(error) if error.is_job_failed() => return Err(error.to_string()),
                    Err(_) => {
                        self.tally.begun_again += 1;
                        ids.push(id);
                    }
                }
            }
        }
        Err(format!("{} jobs cannot be waited for", ids.len()))
    }

    async fn download(
        &mut self,
        done: BTreeMap<Uuid, Option<String>>,
        folder: &Path,
    ) -> Result<(), String> {
        let mut files = Vec::new();
        for (id, output) in done {
            let output = output.ok_or_else(|| format!("{id} is done and has no output"))?;
            files.push((folder.join(format!("{id}.mp4")), output));
        }
        self.progress.begin("files downloaded", files.len());
        for _ in 0..ROUNDS {
            if files.is_empty() {
                return Ok(());
            }
            let (client, progress) = (self.client.clone(), self.progress.clone());
            let downloads = stream::iter(std::mem::take(&mut files)).map(|(file, address)| {
                let download = client
                    .download(address.as_str())
                    .stall_timeout(Duration::from_millis(300));
                let progress = progress.clone();
                async move {
                    let outcome = download.to_file(&file).await;
                    if outcome.is_ok() {
                        progress.one_done();
                    }
                    outcome.is_err().then_some((file, address))
                }
            });
            let failed: Vec<_> = downloads.buffer_unordered(self.parallel).collect().await;
            files = failed.into_iter().flatten().collect();
            self.tally.begun_again += files.len();
        }
        Err(format!("{} files cannot be downloaded", files.len()))
    }
}

/// Holds everything against the ledger: each job exists once and was paid for once, and each file
/// is what the emulator serves.
fn judge(
    emulator: &Emulator,
    jobs: &BTreeMap<String, Uuid>,
    folder: &Path,
    mut tally: Tally,
) -> Result<Tally, String> {
    let mut charges: BTreeMap<(String, String), usize> = BTreeMap::new();
    for charge in emulator.state().ledger() {
        tally.charges += 1;
        tally.credits += charge.credits;
        *charges.entry((charge.job, charge.operation)).or_default() += 1;
    }
    for ((job, operation), count) in &charges {
        if *count > 1 {
            return Err(format!("{operation} of {job} was charged {count} times"));
        }
    }
    let ids: std::collections::BTreeSet<_> = jobs.values().collect();
    if ids.len() != jobs.len() {
        return Err("two orders have one job".to_owned());
    }
    if charges.len() != 2 * jobs.len() {
        return Err(format!("{} charges for {} jobs", charges.len(), jobs.len()));
    }
    let original = include_bytes!("../emulator/sample.mp4").as_slice();
    for id in ids {
        let file = folder.join(format!("{id}.mp4"));
        let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        if bytes != original {
            return Err(format!("{} is not what was rendered", file.display()));
        }
    }
    let violations = emulator.state().violations();
    if let Some(violation) = violations.first() {
        return Err(format!(
            "{} violations, such as {violation:?}",
            violations.len()
        ));
    }
    let last = emulator.state().requests().pop();
    tally.requests = last.map_or(0, |last| last.number);
    Ok(tally)
}
