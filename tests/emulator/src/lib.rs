//! A stand-in for the API. In: the document, requests over HTTP. Out: responses as the service gives
//! them, the violations of every request, and a ledger of every charge. Knows neither the generator nor
//! the client.

mod accept;
mod account;
mod api;
mod auth;
mod body;
mod bounds;
mod check;
mod clock;
mod connection;
mod control;
pub mod fault;
mod form;
mod handle;
mod handlers;
mod ignored;
mod inject;
mod introspection;
mod job;
mod listen;
mod listing;
mod media;
mod origin;
mod pipeline;
mod record;
mod reference;
mod request;
mod requirement;
mod response;
mod rng;
mod server;
mod spec;
mod state;
mod synthesis;
mod translate;
mod webhook;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use account::Charge;
pub use check::Finding;
pub use clock::Speed;
pub use fault::Fault;
/// The control handle, under its public name.
pub use handle::Handle as State;
pub use handle::RequestRecord;
pub use state::Violation;
pub use webhook::Delivery;

use handle::Shared;
use origin::Allowlist;

/// How an emulator is started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address that it listens on; none for 127.0.0.1 and, where this machine has it, `[::1]`.
    pub address: Option<IpAddr>,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// How time passes: a hundred times as fast as the wall clock unless told otherwise.
    pub speed: Speed,
    /// The seed of the random numbers: the same seed gives the same ids, records and accidents.
    pub seed: u64,
    /// The text of the document; none for `spec/openapi.yaml` of this workspace.
    pub spec: Option<String>,
    /// What a new account has.
    pub credits: f64,
    /// Hosts that it serves besides `localhost`, loopback addresses and the address that it listens
    /// on; `*` for all of them, which lets any web page use it.
    pub allow_hosts: Vec<String>,
    /// Origins whose web pages may use it, such as `http://localhost:3000`; `*` for all of them.
    pub allow_origins: Vec<String>,
    /// How long the head of a request may take to arrive; then the connection is closed (408).
    pub head_timeout: Duration,
    /// How long the body of a request may take to arrive; then it is refused (408).
    pub body_timeout: Duration,
    /// Whether what the service would ignore is refused: unknown parameters in the query, unknown and
    /// `readOnly` members of a body, a body where none is due. Otherwise it is a violation, and the
    /// request is answered as if it were not there.
    pub strict: bool,
    /// Whether the ids of avatars, accents and templates in a body may be any. Otherwise they are
    /// those that the emulator's own lists give.
    pub any_id: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: None,
            port: 0,
            speed: Speed::Times(100.0),
            seed: 1,
            spec: None,
            credits: 1000.0,
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(60),
            strict: false,
            any_id: false,
        }
    }
}

impl Options {
    /// A clock that stands still until it is advanced, and starts at the same moment in every run.
    pub fn stepped() -> Self {
        Self {
            speed: Speed::Stepped,
            ..Self::default()
        }
    }

    /// The same, and nothing of a request is ignored: for the tests of a program.
    pub fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// The same, and bodies may name any avatar, accent or template.
    pub fn any_id(self) -> Self {
        Self {
            any_id: true,
            ..self
        }
    }

    fn allowlist(&self) -> Allowlist {
        Allowlist {
            hosts: self.allow_hosts.clone(),
            origins: self.allow_origins.clone(),
        }
    }

    fn check(&self) -> Result<(), String> {
        self.speed.check()?;
        if !(0.0..=1e12).contains(&self.credits) {
            let credits = self.credits;
            return Err(format!(
                "an account has from 0 to 1e12 credits, not {credits:?}"
            ));
        }
        if self.head_timeout.is_zero() || self.body_timeout.is_zero() {
            return Err("no request arrives within no time: give longer timeouts".to_owned());
        }
        self.allowlist().check()
    }
}

/// A running emulator, stopped when it is dropped.
#[derive(Debug)]
pub struct Emulator {
    handle: State,
    /// They are aborted when this is dropped.
    servers: JoinSet<()>,
    webhooks: JoinHandle<()>,
    /// Open connections are told to end when this is dropped.
    _stop: watch::Sender<()>,
}

/// Why an emulator did not start.
#[derive(Debug)]
pub enum StartError {
    /// It cannot listen there: the port is taken, or this machine does not have the address.
    Listen(SocketAddr, io::Error),
    /// The document cannot be read from the disk.
    Io(io::Error),
    /// The document makes no sense.
    Spec(String),
    /// The options make no sense.
    Options(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => formatter.write_str(&listen::explain(*address, error)),
            Self::Io(error) => write!(formatter, "the document cannot be read: {error}"),
            Self::Spec(reason) => write!(formatter, "the document cannot be used: {reason}"),
            Self::Options(reason) => formatter.write_str(reason),
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
        options.check().map_err(StartError::Options)?;
        let text = match &options.spec {
            Some(text) => text.clone(),
            None => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
                std::fs::read_to_string(folder.join("../../spec/openapi.yaml"))?
            }
        };
        let listening = listen::listen(options.address, options.port).await?;
        let base_url = format!("http://{}", listening.address);
        let shared = Shared::new(&text, &options, base_url).map_err(StartError::Spec)?;
        let shared = Arc::new(shared);
        let (stop, stopped) = watch::channel(());
        let mut servers = JoinSet::new();
        for listener in listening.listeners {
            servers.spawn(accept::accept(
                listener,
                Arc::clone(&shared),
                stopped.clone(),
            ));
        }
        Ok(Self {
            webhooks: tokio::spawn(webhook::run(Arc::clone(&shared))),
            servers,
            handle: State::new(shared),
            _stop: stop,
        })
    }

    /// Where it is, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.handle.base_url()
    }

    /// The handle that looks into it and controls it.
    pub fn state(&self) -> &State {
        &self.handle
    }

    /// Serves until the process ends.
    pub async fn wait(mut self) {
        // An error would mean that a server panicked or was stopped: there is nothing to wait for.
        while self.servers.join_next().await.is_some() {}
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.webhooks.abort();
    }
}
