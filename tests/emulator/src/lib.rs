//! A stand-in for the Creatify API. In: the document, requests over HTTP. Out: responses as the service gives them, the
//! violations of every request, and a ledger of every charge.
//!
//! It begins with [`Emulator::start`], which takes [`Options`]; [`Emulator::state`] gives the [`State`], which tells what
//! happened and changes what happens next; the module [`fault`] has what can go wrong.
//!
#![doc = include_str!("../README.md")]
// A library speaks to its caller alone.
#![warn(clippy::print_stderr, clippy::print_stdout)]

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
mod options;
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
mod store;
mod synthesis;
mod translate;
mod webhook;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

pub use account::Charge;
pub use check::Finding;
pub use clock::Speed;
pub use fault::Fault;
pub use handle::{RequestRecord, State};
pub use options::Options;
pub use store::Violation;
pub use webhook::Delivery;

use handle::Shared;

/// A running emulator, stopped when it is dropped: its ports are closed then, and open connections end.
#[derive(Debug)]
pub struct Emulator {
    handle: State,
    /// They are aborted when this is dropped.
    servers: JoinSet<()>,
    webhooks: JoinHandle<()>,
    /// Open connections are told to end when this is dropped.
    _stop: watch::Sender<()>,
}

/// The document that it serves unless it is given another one; `cargo xtask codegen` keeps it equal to `spec/openapi.yaml`.
const SPEC: &str = include_str!("../openapi.yaml");

/// Why an emulator did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// It cannot listen there: the port is taken, or this machine does not have the address.
    Listen(SocketAddr, io::Error),
    /// The document makes no sense.
    Spec(String),
    /// The options make no sense.
    Options(String),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => formatter.write_str(&listen::explain(*address, error)),
            Self::Spec(reason) => write!(formatter, "the document cannot be used: {reason}"),
            Self::Options(reason) => formatter.write_str(reason),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen(_, error) => Some(error),
            Self::Spec(_) | Self::Options(_) => None,
        }
    }
}

impl Emulator {
    /// Starts an emulator, on the loopback interface unless the options say otherwise.
    ///
    /// It serves in tasks of the Tokio runtime that this is awaited on, which must have I/O and time enabled.
    ///
    /// # Errors
    ///
    /// [`StartError`]: it cannot listen there, or the document or the options make no sense.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        options.check().map_err(StartError::Options)?;
        let listening = listen::listen(options.address, options.port).await?;
        let base_url = format!("http://{}", listening.address);
        let text = options.spec.as_deref().unwrap_or(SPEC);
        let shared = Shared::new(text, &options, base_url).map_err(StartError::Spec)?;
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

    /// Where clients of this machine find it, without a slash at the end: `http://127.0.0.1:41234`.
    pub fn base_url(&self) -> &str {
        self.handle.base_url()
    }

    /// The handle that looks into it and controls it.
    pub fn state(&self) -> &State {
        &self.handle
    }

    /// Serves for as long as this is awaited: until the process ends, or until the future is dropped.
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
