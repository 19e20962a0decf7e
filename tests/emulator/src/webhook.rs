//! Webhooks. In: runs that were started. Out: POST requests on every change of status, some twice,
//! some late, again where the receiver fails. Knows HTTP as far as a request line goes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::Shared;
use super::api::Api;
use super::clock::{self, Moment, SECOND};
use super::job::{Outcome, Phase, Record, Run, Stage};
use super::record;
use super::rng;
use super::store::Store;

/// An attempt to deliver a webhook.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Delivery {
    /// When, by the emulator's clock.
    pub at: String,
    /// The job it was about.
    pub job: String,
    /// Where it went.
    pub url: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// What was sent.
    pub body: Value,
    /// The status of its response; none when it could not be reached.
    pub status: Option<u16>,
}

#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    due: BinaryHeap<Reverse<(Moment, u64)>>,
    events: std::collections::HashMap<u64, Event>,
    last_number: u64,
    pub(crate) deliveries: Vec<Delivery>,
}

/// A webhook to deliver.
#[derive(Debug, Clone)]
struct Event {
    job: Uuid,
    operation: u32,
    run: Run,
    phase: Phase,
    url: String,
    attempt: u32,
}

/// How often a receiver is tried, the first time included.
const ATTEMPTS: u32 = 5;
const FIRST_RETRY: Moment = 10 * SECOND;
/// How late a late webhook is.
const LATE: Moment = 20 * SECOND;
/// How many deliveries are kept.
const MAX_DELIVERIES: usize = 10_000;

/// Where the name of the result differs from the member of the record, as the pages of these
/// operations show it.
const RESULT_NAMES: [(&str, &str); 2] = [
    ("text_to_speech_create", "video_output"),
    ("custom_template_jobs_render_create", "output"),
];

impl Webhooks {
    fn add(&mut self, at: Moment, event: Event) {
        self.last_number += 1;
        self.due.push(Reverse((at, self.last_number)));
        self.events.insert(self.last_number, event);
    }

    fn next(&mut self, now: Moment) -> Option<(u64, Event)> {
        let Reverse((at, number)) = self.due.peek().copied()?;
        if at > now {
            return None;
        }
        self.due.pop();
        Some((number, self.events.remove(&number)?))
    }

    fn earliest(&self) -> Option<Moment> {
        self.due.peek().map(|Reverse((at, _))| *at)
    }
}

/// Plans the messages about a run that was just started, if somebody wants to have them.
pub(crate) fn schedule(state: &mut Store, api: &Api, record: &Record) {
    let Some((run, statuses)) = record.run.zip(api.statuses(record.resource)) else {
        return;
    };
    let request: Map<String, Value> = serde_json::from_str(&record.request).unwrap_or_default();
    let Some(url) = request.get("webhook_url").and_then(Value::as_str) else {
        return;
    };
    for (index, (at, phase)) in run.changes(statuses.open.len()).into_iter().enumerate() {
        let event = Event {
            job: record.id,
            operation: record.operation,
            run,
            phase,
            url: url.to_owned(),
            attempt: 1,
        };
        let place = format!("webhook/{}/{}/{index}", record.id, run.started);
        let random_bool =
            |what: &str, rate| rng::random_bool(api.seed, &format!("{place}/{what}"), rate);
        let late = if random_bool("late", 0.15) { LATE } else { 0 };
        if random_bool("twice", 0.25) {
            state.webhooks.add(at + late + SECOND, event.clone());
        }
        state.webhooks.add(at + late, event);
    }
}

/// Sends what is due, for as long as the emulator lives.
pub(crate) async fn run(shared: Arc<Shared>) {
    loop {
        let wait = {
            let mut state = shared.lock();
            let now = state.clock.now();
            while let Some((_, event)) = state.webhooks.next(now) {
                tokio::spawn(deliver(Arc::clone(&shared), event));
            }
            let earliest = state.webhooks.earliest();
            earliest.and_then(|at| state.clock.until(at))
        };
        // An hour is as good as forever: a change wakes the loop up.
        let wait = wait.unwrap_or(Duration::from_secs(3600));
        let wait = wait.max(Duration::from_millis(1));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = shared.wake.notified() => {}
        }
    }
}

async fn deliver(shared: Arc<Shared>, event: Event) {
    let body = payload(&shared, &event);
    let text = body.to_string();
    let sending = post(&event.url, &text);
    let response = tokio::time::timeout(Duration::from_secs(5), sending).await;
    let status = response.ok().and_then(Result::ok);
    let mut state = shared.lock();
    let now = state.clock.now();
    if state.webhooks.deliveries.len() == MAX_DELIVERIES {
        // The oldest are removed, many at once: moving the others up costs.
        state.webhooks.deliveries.drain(..MAX_DELIVERIES / 10);
    }
    state.webhooks.deliveries.push(Delivery {
        at: clock::rfc3339(now),
        job: event.job.to_string(),
        url: event.url.clone(),
        attempt: event.attempt,
        body,
        status,
    });
    let accepted = status.is_some_and(|status| (200..300).contains(&status));
    if !accepted && event.attempt < ATTEMPTS {
        let wait = FIRST_RETRY << (event.attempt - 1);
        let attempt = event.attempt + 1;
        state.webhooks.add(now + wait, Event { attempt, ..event });
        drop(state);
        shared.wake.notify_one();
    }
}

/// The payload: id, status, reason, and the result or the preview.
fn payload(shared: &Shared, event: &Event) -> Value {
    let mut payload = Map::new();
    payload.insert("id".to_owned(), json!(event.job.to_string()));
    let operation = &shared.api.spec.operations[event.operation as usize];
    let resource = shared.api.plans[event.operation as usize].resource;
    let Some(statuses) = shared.api.statuses(resource) else {
        return Value::Object(payload);
    };
    let lifecycle = &statuses.lifecycle;
    let ended = match event.phase {
        Phase::Ended(outcome) => Some(outcome),
        Phase::Open(_) => None,
    };
    payload.insert(lifecycle.status.clone(), json!(statuses.name(event.phase)));
    let reason = lifecycle.reason.clone();
    let reason = reason.unwrap_or_else(|| "failed_reason".to_owned());
    payload.insert(reason, json!(ended.and_then(record::reason)));
    let file = |name: &str| match ended {
        Some(Outcome::Done) => json!(format!("{}/{}/{name}", shared.api.media, event.job)),
        Some(Outcome::Failed | Outcome::Rejected) | None => Value::Null,
    };
    let renamed = RESULT_NAMES.iter().find(|(id, _)| *id == operation.id);
    let output = renamed.map(|(_, name)| (*name).to_owned());
    let output = output.or_else(|| lifecycle.output.clone());
    let is_preview = matches!(event.run.stage, Stage::Preview | Stage::PreviewAsync);
    if let Some(output) = output {
        let value = if is_preview {
            Value::Null
        } else {
            file("output.mp4")
        };
        payload.insert(output, value);
    }
    if let (true, Some(preview)) = (is_preview, &lifecycle.preview) {
        payload.insert(preview.clone(), file("preview.mp4"));
    }
    Value::Object(payload)
}

/// Posts JSON and gives the status of the response. Receivers on this machine need no TLS; an
/// `https` address counts as one that cannot be reached.
async fn post(url: &str, body: &str) -> io::Result<u16> {
    let rest = url.strip_prefix("http://");
    let rest = rest.ok_or_else(|| io::Error::other("not an http address"))?;
    let (authority, path) = match rest.find(['/', '?']) {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let address = match authority.rsplit_once(':') {
        Some((_, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => authority.to_owned(),
        _ => format!("{authority}:80"),
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut stream = TcpStream::connect(address).await?;
    let request = format!(
        "POST {slash}{path} HTTP/1.1\r\nhost: {authority}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nuser-agent: creatify-emulator\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    // The status line is all that matters; a receiver may keep the connection open behind it.
    let mut response = Vec::new();
    while !response.contains(&b'\n') && response.len() < 64 * 1024 {
        if stream.read_buf(&mut response).await? == 0 {
            break;
        }
    }
    let line = String::from_utf8_lossy(&response);
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other("the answer is no HTTP"))
}
