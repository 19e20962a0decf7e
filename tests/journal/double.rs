//! A service in memory, and journals that fail. In: requests of a client. Out: jobs, each with what it was charged.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use creatify_api::journal::{
    CallOutcome, Claim, Entry, FileJournal, Journal, JournalError, MemoryJournal, Owner,
    PendingCall, Usage, UsageChange,
};
use creatify_api::transport::{
    BoxFuture, Method, Request, Response, StatusCode, Transport, TransportError,
};
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, ClientBuilder, Credentials, RetryPolicy, Timestamp, Uuid};
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

/// What becomes of paid calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Answer,
    /// Processed, and the connection breaks.
    LoseAnswer,
    /// Not processed, and the connection breaks.
    LoseCall,
    /// Processed, and the response never comes.
    Hang,
    /// Refused by the server.
    Refuse,
    /// Too many requests: to be sent again after so many seconds.
    Later(u64),
}

#[derive(Clone)]
pub(crate) struct Service {
    state: Arc<Mutex<State>>,
}

struct State {
    jobs: Vec<Value>,
    mode: Mode,
    paid_calls: usize,
    /// Seen at each paid call, before it is processed.
    on_paid_call: Option<Box<dyn Fn() + Send>>,
}

impl Service {
    pub(crate) fn new() -> Self {
        let state = State {
            jobs: Vec::new(),
            mode: Mode::Answer,
            paid_calls: 0,
            on_paid_call: None,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub(crate) fn set(&self, mode: Mode) {
        self.state.lock().expect("no panic").mode = mode;
    }

    pub(crate) fn on_paid_call(&self, see: impl Fn() + Send + 'static) {
        self.state.lock().expect("no panic").on_paid_call = Some(Box::new(see));
    }

    /// How many paid calls have arrived.
    pub(crate) fn paid_calls(&self) -> usize {
        self.state.lock().expect("no panic").paid_calls
    }

    /// The names of the jobs.
    pub(crate) fn names(&self) -> Vec<String> {
        let state = self.state.lock().expect("no panic");
        let names = state.jobs.iter().map(|job| job["name"].as_str());
        names
            .map(|name| name.unwrap_or_default().to_owned())
            .collect()
    }

    /// Changes a job, which is given by its place.
    pub(crate) fn change(&self, place: usize, changes: Value) {
        let mut state = self.state.lock().expect("no panic");
        for (name, value) in changes.as_object().expect("an object") {
            state.jobs[place][name] = value.clone();
        }
    }

    /// Takes a member out of a job, which is given by its place.
    pub(crate) fn remove(&self, place: usize, name: &str) {
        let mut state = self.state.lock().expect("no panic");
        let job = state.jobs[place].as_object_mut().expect("an object");
        job.remove(name);
    }

    /// A job that somebody else made.
    pub(crate) fn add(&self, name: &str, status: &str) -> Uuid {
        self.state.lock().expect("no panic").add(name, status)
    }
}

impl State {
    fn add(&mut self, name: &str, status: &str) -> Uuid {
        let id = Uuid::from_u128(self.jobs.len() as u128 + 1);
        let now = Timestamp::from(SystemTime::now()).to_rfc3339();
        self.jobs.push(json!({
            "id": id.to_string(), "name": name, "text": "Hello", "creator": null, "model_version": "standard",
            "output": null, "video_thumbnail": "", "aspect_ratio": "9x16", "green_screen": false,
            "created_at": now, "updated_at": now,
            "credits_used": 5, "duration": 0, "progress": "0", "failed_reason": null,
            "media_job": null, "status": status, "is_hidden": false, "audio_url": null,
            "webhook_url": null, "preview": null, "editor_url": null, "preview_audio": null,
        }));
        id
    }

    fn pay(&mut self, request: &Request) -> (Mode, Value) {
        self.paid_calls += 1;
        if let Some(see) = &self.on_paid_call {
            see();
        }
        if matches!(self.mode, Mode::LoseCall | Mode::Refuse | Mode::Later(_)) {
            return (self.mode, Value::Null);
        }
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let job = if request.url.path().contains("/render/") {
            let id = request
                .url
                .path()
                .split('/')
                .nth(3)
                .unwrap_or_default()
                .to_owned();
            let mut jobs = self.jobs.iter_mut();
            let job = jobs.find(|job| job["id"] == id.as_str()).expect("the job");
            job["status"] = json!("pending");
            job.clone()
        } else {
            self.add(body["name"].as_str().unwrap_or_default(), "pending");
            self.jobs.last().cloned().expect("the job")
        };
        (self.mode, job)
    }
}

impl Transport for Service {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            if request.method == Method::GET {
                let state = self.state.lock().expect("no panic");
                let ids = request.url.query().unwrap_or_default().to_owned();
                let asked = |job: &&Value| {
                    ids.is_empty() || ids.contains(job["id"].as_str().unwrap_or_default())
                };
                let jobs: Vec<&Value> = state.jobs.iter().filter(asked).collect();
                return Ok(Response::new(StatusCode::OK, json!(jobs).to_string()));
            }
            let (mode, job) = self.state.lock().expect("no panic").pay(&request);
            match mode {
                Mode::Answer => Ok(Response::new(StatusCode::CREATED, job.to_string())),
                Mode::Refuse => Ok(Response::new(StatusCode::BAD_REQUEST, "{}")),
                Mode::Later(seconds) => {
                    let refused = Response::new(StatusCode::TOO_MANY_REQUESTS, "{}");
                    Ok(refused.with_header(RETRY_AFTER, seconds.into()))
                }
                Mode::LoseAnswer | Mode::LoseCall => {
                    Err(TransportError::interrupted("the connection broke"))
                }
                Mode::Hang => std::future::pending().await,
            }
        })
    }
}

pub(crate) fn builder(service: &Service) -> ClientBuilder {
    Client::builder()
        .credentials(Credentials::new("the-account", "the-key-of-it"))
        .transport(service.clone())
        .retry(RetryPolicy::off())
}

pub(crate) fn client(service: &Service, journal: impl Journal) -> Client {
    let builder = builder(service).journal(journal).unique_names();
    builder.build().expect("a client")
}

pub(crate) fn request(name: &str) -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello")
        .name(name)
}

/// A journal some of whose methods fail while they are told to.
#[derive(Default)]
pub(crate) struct Failing {
    pub(crate) journal: MemoryJournal,
    pub(crate) open: AtomicBool,
    pub(crate) close: AtomicBool,
    /// Closing never ends.
    pub(crate) hang: AtomicBool,
    /// Opening takes half a minute.
    pub(crate) slow: AtomicBool,
}

fn full() -> JournalError {
    JournalError::new("the disk is full")
}

impl Journal for Failing {
    fn open<'a>(
        &'a self,
        call: &'a PendingCall,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'a, Result<Claim, JournalError>> {
        match self.open.load(Ordering::SeqCst) {
            true => Box::pin(async { Err(full()) }),
            false => Box::pin(async move {
                if self.slow.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                }
                self.journal.open(call, owner, lease).await
            }),
        }
    }

    fn renew<'a>(
        &'a self,
        claim: &'a Claim,
        lease: Duration,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        self.journal.renew(claim, lease)
    }

    fn claim(
        &self,
        entry: u64,
        owner: Owner,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Option<Claim>, JournalError>> {
        self.journal.claim(entry, owner, lease)
    }

    fn close<'a>(
        &'a self,
        claim: &'a Claim,
        outcome: &'a CallOutcome,
    ) -> BoxFuture<'a, Result<bool, JournalError>> {
        if self.hang.load(Ordering::SeqCst) {
            return Box::pin(std::future::pending());
        }
        match self.close.load(Ordering::SeqCst) {
            true => Box::pin(async { Err(full()) }),
            false => self.journal.close(claim, outcome),
        }
    }

    fn release(&self, owner: Owner, entry: Option<u64>) {
        self.journal.release(owner, entry);
    }

    fn open_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.journal.open_entries(account)
    }

    fn closed_entries<'a>(
        &'a self,
        account: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Entry>, JournalError>> {
        self.journal.closed_entries(account)
    }

    fn usage<'a>(&'a self, account: &'a str) -> BoxFuture<'a, Result<Usage, JournalError>> {
        self.journal.usage(account)
    }

    fn change_usage<'a>(
        &'a self,
        account: &'a str,
        change: &'a UsageChange,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.journal.change_usage(account, change)
    }
}

/// Opens the file once the thread that had it has ended.
pub(crate) async fn open(path: &Path) -> FileJournal {
    for _ in 0..500 {
        if let Ok(journal) = FileJournal::open(path) {
            return journal;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    FileJournal::open(path).expect("a journal")
}
