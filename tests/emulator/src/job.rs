//! Jobs and other records. In: a request, a moment. Out: a snapshot of a job: phase and progress. Knows
//! lifecycles as data; nothing ticks, a snapshot is computed from the start time of the job.

use std::collections::HashMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::clock::{Moment, SECOND};
use super::spec::Lifecycle;

/// How long a job stays in each status before the last open one.
pub(crate) const STEP: Moment = 5 * SECOND;
/// How long a video is rendered.
const RENDERING: Moment = 60 * SECOND;
/// How long a preview is made that is not waited for.
const PREVIEWING: Moment = 10 * SECOND;

/// A record of an account, kept small: what is computed from it is computed when it is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: Uuid,
    pub(crate) account: u32,
    pub(crate) resource: u32,
    pub(crate) operation: u32,
    pub(crate) created: Moment,
    pub(crate) changed: Moment,
    /// None for records that are no jobs.
    pub(crate) run: Option<Run>,
    /// Whether there was a preview before the present run.
    pub(crate) previewed: bool,
    pub(crate) thousandths: i64,
    pub(crate) seconds: u32,
    /// The members that were sent, as JSON.
    pub(crate) request: Box<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) stage: Stage,
    pub(crate) started: Moment,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Everything in one step.
    Create,
    /// A preview that is ready when the response is sent.
    Preview,
    /// A preview that is made after the response.
    PreviewAsync,
    /// The video, after a preview.
    Render,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Failed,
    Rejected,
}

/// Phase and progress of a job at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) phase: Phase,
    /// Since when.
    pub(crate) since: Moment,
    /// From 0 to 100.
    pub(crate) progress: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The n-th of the statuses that are not final.
    Open(usize),
    Ended(Outcome),
}

/// The statuses of a resource: those of its lifecycle, and the open ones in document order.
#[derive(Debug, Clone)]
pub(crate) struct Statuses {
    pub(crate) lifecycle: Lifecycle,
    pub(crate) open: Vec<String>,
}

impl Stage {
    /// The stage that an operation starts, by the last word of its path: `preview`,
    /// `preview_async` and `render`, with or without more words behind the last two.
    pub(crate) fn of(path: &str) -> Self {
        let mut words = path.rsplit('/').filter(|word| !word.is_empty());
        match words.next().unwrap_or_default() {
            "preview" => Self::Preview,
            word if word.contains("preview") && word.ends_with("_async") => Self::PreviewAsync,
            word if word.starts_with("render") => Self::Render,
            _ => Self::Create,
        }
    }
}

impl Run {
    /// When the run has ended, with this many open statuses.
    fn end(&self, open: usize) -> Moment {
        let queued = open.saturating_sub(1) as Moment * STEP;
        let working = match (self.stage, self.outcome) {
            (Stage::Preview, _) => return self.started,
            (Stage::PreviewAsync, Outcome::Done) => PREVIEWING,
            (Stage::Create | Stage::Render, Outcome::Done) => RENDERING,
            (_, Outcome::Failed) => RENDERING / 2,
            // A job is looked at before any work is done.
            (_, Outcome::Rejected) => 0,
        };
        self.started + queued + working
    }

    pub(crate) fn snapshot(&self, now: Moment, open: usize) -> Snapshot {
        let end = self.end(open);
        if now >= end || open == 0 {
            let progress = match self.outcome {
                Outcome::Done => 100,
                Outcome::Failed => 50,
                Outcome::Rejected => 0,
            };
            return Snapshot {
                phase: Phase::Ended(self.outcome),
                since: end,
                progress,
            };
        }
        let passed = (now - self.started).max(0);
        let index = ((passed / STEP) as usize).min(open - 1);
        let since = self.started + index as Moment * STEP;
        let whole = match self.stage {
            Stage::PreviewAsync => PREVIEWING,
            Stage::Create | Stage::Render | Stage::Preview => RENDERING,
        };
        let progress = match index + 1 == open {
            true => ((now - since) * 100 / whole).clamp(0, 99) as u8,
            false => 0,
        };
        Snapshot {
            phase: Phase::Open(index),
            since,
            progress,
        }
    }

    /// The moments at which the status changes after the start, and what it changes to.
    pub(crate) fn changes(&self, open: usize) -> Vec<(Moment, Phase)> {
        let end = self.end(open);
        let steps = (1..open).map(|index| (self.started + index as Moment * STEP, index));
        let mut changes: Vec<_> = steps
            .filter(|(at, _)| *at < end)
            .map(|(at, index)| (at, Phase::Open(index)))
            .collect();
        changes.push((end, Phase::Ended(self.outcome)));
        changes
    }
}

impl Statuses {
    pub(crate) fn name(&self, phase: Phase) -> &str {
        let failures = &self.lifecycle.failures;
        let rejected = failures.iter().find(|name| name.contains("reject"));
        let failed = failures.iter().find(|name| !name.contains("reject"));
        let name = match phase {
            Phase::Open(index) => self.open.get(index),
            Phase::Ended(Outcome::Done) => None,
            Phase::Ended(Outcome::Failed) => failed.or(rejected),
            Phase::Ended(Outcome::Rejected) => rejected.or(failed),
        };
        name.unwrap_or(&self.lifecycle.success)
    }
}

/// The members of a request that are spoken or shown, at any depth.
const SPEECH: [&str; 6] = [
    "text",
    "script",
    "input_text",
    "content",
    "override_script",
    "caption",
];

/// How a job ends: its name or its text says so, so that every ending can be tried without faults.
pub(crate) fn outcome(request: &Map<String, Value>) -> Outcome {
    let mut words = Vec::new();
    let name = request.get("name").and_then(Value::as_str);
    words.extend(
        name.unwrap_or_default()
            .split(|letter: char| !letter.is_alphanumeric()),
    );
    let speech = speech(request);
    words.extend(speech.split(|letter: char| !letter.is_alphanumeric()));
    let says = |word: &str| words.iter().any(|spoken| spoken.eq_ignore_ascii_case(word));
    match (says("reject"), says("fail")) {
        (true, _) => Outcome::Rejected,
        (false, true) => Outcome::Failed,
        (false, false) => Outcome::Done,
    }
}

/// Everything that is said in a request.
pub(crate) fn speech(request: &Map<String, Value>) -> String {
    let mut spoken_texts = Vec::new();
    for (name, value) in request {
        collect_speech(name, value, &mut spoken_texts);
    }
    spoken_texts.join(" ")
}

fn collect_speech<'a>(name: &str, value: &'a Value, spoken_texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if SPEECH.contains(&name) => spoken_texts.push(text),
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_speech(name, item, spoken_texts)),
        Value::Object(members) => {
            for (name, member) in members {
                collect_speech(name, member, spoken_texts);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// How long the video will be: speech at 15 characters a second, silence as long as it is asked
/// for, and 15 seconds where neither says anything (a recording, say).
pub(crate) fn seconds(request: &Map<String, Value>) -> u32 {
    let spoken = speech(request).chars().count() as f64 / 15.0;
    let total = spoken
        + request
            .iter()
            .map(|(name, value)| silence(name, value))
            .sum::<f64>();
    match total.is_finite() && total > 0.0 {
        true => total.ceil().min(86_400.0) as u32,
        false => 15,
    }
}

fn silence(name: &str, value: &Value) -> f64 {
    match value {
        Value::Number(number) if name == "duration" || name.ends_with("_duration") => {
            number.as_f64().unwrap_or_default().max(0.0)
        }
        Value::Array(items) => items.iter().map(|item| silence(name, item)).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| silence(name, value))
            .sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0.0,
    }
}

/// The records of all accounts.
#[derive(Debug, Default)]
pub(crate) struct Records {
    by_id: HashMap<Uuid, Record>,
    /// In the order in which they were made.
    order: Vec<Uuid>,
}

impl Records {
    pub(crate) fn add(&mut self, record: Record) {
        self.order.push(record.id);
        self.by_id.insert(record.id, record);
    }

    /// The record of an account; another account's is as good as none.
    pub(crate) fn find(&mut self, account: u32, resource: u32, id: Uuid) -> Option<&mut Record> {
        let record = self.by_id.get_mut(&id)?;
        (record.account == account && record.resource == resource).then_some(record)
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&Record> {
        self.by_id.get(&id)
    }

    pub(crate) fn remove(&mut self, id: Uuid) {
        self.by_id.remove(&id);
        self.order.retain(|known| *known != id);
    }

    /// The newest first, as the lists of the service show them.
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Record> {
        self.order.iter().rev().filter_map(|id| self.by_id.get(id))
    }
}
