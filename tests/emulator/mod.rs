//! A stand-in for the API. In: the document, requests over HTTP. Out: answers as the service gives
//! them, a judgement of every request, and a ledger of every charge. Knows neither the generator nor
//! the client.

mod accept;
mod account;
mod act;
mod answer;
mod api;
mod chance;
mod check;
mod clock;
mod control;
pub mod fault;
mod form;
mod job;
mod keys;
mod line;
mod listing;
mod media;
mod record;
mod request;
mod server;
mod spec;
mod spoil;
mod state;
mod synthesis;
mod translate;
mod webhook;
mod world;

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use account::Charge;
pub use check::Finding;
pub use clock::Speed;
pub use fault::Fault;
pub use state::{RequestRecord, State};
pub use webhook::Delivery;
pub use world::Violation;

use state::Shared;

/// How an emulator is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on this machine; 0 for any that is free.
    pub port: u16,
    /// How time passes.
    pub speed: Speed,
    /// Where chance starts: the same seed gives the same ids, records and accidents.
    pub seed: u64,
    /// The text of the document; none for `spec/openapi.yaml` of this workspace.
    pub spec: Option<String>,
    /// What a new account has.
    pub credits: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            speed: Speed::Stepped,
            seed: 1,
            spec: None,
            credits: 1000.0,
        }
    }
}

/// A running emulator, stopped when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    state: State,
    server: JoinHandle<()>,
    webhooks: JoinHandle<()>,
    /// Open connections are told to end when this is dropped.
    _stop: watch::Sender<()>,
}

/// Why an emulator did not start.
#[derive(Debug)]
pub enum StartError {
    /// The port is taken, or the document cannot be read from the disk.
    Io(io::Error),
    /// The document makes no sense.
    Spec(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::Spec(reason) => write!(formatter, "the document cannot be used: {reason}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Emulator {
    /// Starts an emulator on the loopback interface.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let text = match &options.spec {
            Some(text) => text.clone(),
            None => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
                std::fs::read_to_string(folder.join("../spec/openapi.yaml"))?
            }
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let shared = Shared::new(&text, &options, base_url).map_err(StartError::Spec)?;
        let shared = Arc::new(shared);
        let (stop, stopped) = watch::channel(());
        Ok(Self {
            webhooks: tokio::spawn(webhook::run(Arc::clone(&shared))),
            server: tokio::spawn(accept::accept(listener, Arc::clone(&shared), stopped)),
            state: State::new(shared),
            _stop: stop,
        })
    }

    /// Where it is, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.state.base_url()
    }

    /// A handle to look into it and to control it.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Serves until the process ends.
    pub async fn wait(mut self) {
        // An error would mean that the server panicked or was stopped: there is nothing to wait for.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.webhooks.abort();
    }
}
