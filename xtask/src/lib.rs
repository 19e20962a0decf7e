//! The tasks of this workspace. In: a command line and the workspace's folder. Out: files brought up to date, or what is
//! wrong. Knows nothing of `creatify-api`, so that a broken client can always be regenerated.

// A library speaks to its caller alone.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod bench;
mod changelog;
mod ci;
mod diff;
mod emulator;
mod generate;
mod git;
mod import;
mod lowest;
mod steps;
mod usage;
mod version;
mod workspace;

use clap::{CommandFactory as _, Parser, Subcommand};
use codegen::files::Mode;
use emulator::Program;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use codegen::diff::print::Look;

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All is well; exit code 0.
    Done,
    /// Something drifted or failed; exit code 1. The message is empty when a program that was run has said why, here and below.
    Failed(String),
    /// The command line or an input is wrong; exit code 2. What is wrong about a command line is said with colours, as escape
    /// sequences.
    Refused(String),
}

/// The tasks of this workspace.
///
/// Everything that is generated here comes from `spec/`: fragments of documentation pages and our corrections of them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Generate the client from the spec
    ///
    /// Bundles spec/upstream and spec/overlay.yaml into spec/openapi.yaml (copied to tests/emulator), generates
    /// creatify-api/src/generated from it, and lists in spec/COVERAGE.md what became of every part of the spec. Run it after
    /// any change to spec/ or codegen/.
    Codegen {
        /// Write nothing; show how the files differ from what would be generated, and exit with 1 if they do
        #[arg(long)]
        check: bool,
    },
    /// Take over documentation pages, or bundle the spec alone
    #[command(subcommand)]
    Spec(SpecTask),
    /// Say what a change of the spec does to callers and to users of the crate
    ///
    /// Exit codes: 0 when the change may pass, 1 when a finding at or above --fail-on is not accepted or the version is
    /// too low, 2 when a document, a revision or the list of accepted changes cannot be read.
    Diff(diff::Arguments),
    /// Print the API part of the changelog's next entry
    Changelog {
        /// What the last entry was about: a git revision or a file [default: the latest tag]
        base: Option<String>,
    },
    /// Run everything that a change must pass: formatting, freshness, licences, lints, tests, docs, packaging, systems, versions
    ///
    /// Steps whose tools this machine lacks are skipped, and say what to install.
    Ci(ci::Arguments),
    /// Write tests/lowest.lock: the lowest versions of dependencies that the published packages can be built with
    ///
    /// Run it after a change of dependencies. It needs the package registry. When a version is too low for others to be built
    /// with, cargo says which; raise its lower bound in Cargo.toml.
    Lowest,
    /// Start the emulator: the API on this machine, with a page that shows what happens
    ///
    /// Almost every id and key opens an account with credits, and nothing costs money. `cargo xtask emulator --help` lists what
    /// can be set, such as the port and the speed of the clock.
    #[command(disable_help_flag = true)]
    Emulator {
        /// Handed on to the emulator
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Make a video with the README's program on an emulator, download it, and show what it cost; needs no network
    #[command(disable_help_flag = true)]
    Demo {
        /// Handed on to the demo
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Make ten thousand videos on an emulator whose every fifth answer goes wrong, and hold what was charged against its ledger
    #[command(disable_help_flag = true)]
    Soak {
        /// Handed on to the program: how many videos, how often something goes wrong, the seed
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Measure
    #[command(subcommand)]
    Bench(BenchTask),
}

#[derive(Debug, Subcommand)]
enum BenchTask {
    /// Put a few seconds of load on an emulator that holds 100,000 jobs: requests per second, latencies, memory
    Emulator,
    /// Wait for 10,000 jobs of an emulator from one process: its memory, its share of a core, its requests
    Waiting,
    /// Make paid calls on an emulator with and without a journal in a file: the time of each
    Journal,
    /// Compare two large documents: the time and the memory of the whole process, beside another tool's
    Diff(bench::Arguments),
}

#[derive(Debug, Subcommand)]
enum SpecTask {
    /// Take the OpenAPI fragments out of saved documentation pages
    ///
    /// Each page is Markdown with one fenced OpenAPI block, as the documentation site serves it when `.md` is added to a
    /// page's address, or an OpenAPI document as YAML or JSON. A page about an operation that is in spec/upstream already
    /// replaces its file; another one becomes a new file. Nothing is written when any of the pages is faulty.
    Import {
        /// The saved pages, the oldest first
        #[arg(required = true, value_name = "PAGE")]
        pages: Vec<PathBuf>,
    },
    /// Merge and correct the fragments into spec/openapi.yaml, without generating the client
    ///
    /// Also lists where fragments differ in prose; the prose of the newest one is taken.
    Bundle {
        /// Write nothing; show how the bundle differs, and exit with 1 if it does
        #[arg(long)]
        check: bool,
    },
}

/// Runs the task that `arguments` (the program's name first) ask for, in the workspace at `root`. What it has to say goes
/// to `out`, with colours or without, and complaints into the outcome.
pub fn run<I, A>(arguments: I, root: &Path, look: Look, out: &mut dyn Write) -> Outcome
where
    I: IntoIterator<Item = A>,
    A: Into<OsString>,
{
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let task = match Arguments::try_parse_from(&arguments) {
        Ok(arguments) => arguments.task,
        Err(error) if error.use_stderr() => {
            let error = usage::named(error, Arguments::command(), &arguments);
            return Outcome::Refused(error.render().ansi().to_string());
        }
        Err(help) => {
            let text = help.render();
            return outcome(match look {
                Look::Plain => write!(out, "{text}").map_err(Fault::from),
                Look::Coloured => write!(out, "{}", text.ansi()).map_err(Fault::from),
            });
        }
    };
    outcome(match task {
        Task::Codegen { check } => generate::codegen(root, mode(check), out),
        Task::Spec(SpecTask::Import { pages }) => import::import(root, &pages, out),
        Task::Spec(SpecTask::Bundle { check }) => generate::bundle(root, mode(check), out),
        Task::Diff(arguments) => diff::diff(root, &arguments, look, out),
        Task::Changelog { base } => changelog::changelog(root, base.as_deref(), out),
        Task::Ci(arguments) => ci::ci(root, &arguments, out),
        Task::Lowest => lowest::renew(root, out),
        Task::Emulator { arguments } => emulator::run(root, Program::Emulator, &arguments, out),
        Task::Demo { arguments } => emulator::run(root, Program::Demo, &arguments, out),
        Task::Soak { arguments } => emulator::run(root, Program::Soak, &arguments, out),
        Task::Bench(BenchTask::Emulator) => emulator::run(root, Program::Load, &[], out),
        Task::Bench(BenchTask::Waiting) => emulator::run(root, Program::Waiting, &[], out),
        Task::Bench(BenchTask::Journal) => emulator::run(root, Program::Journal, &[], out),
        Task::Bench(BenchTask::Diff(arguments)) => bench::diff(root, &arguments, out),
    })
}

fn mode(check: bool) -> Mode {
    if check { Mode::Check } else { Mode::Write }
}

/// Why a task stopped.
#[derive(Debug)]
enum Fault {
    /// The input is wrong, and where.
    Input(codegen::Diagnostics),
    /// The input is wrong as a whole.
    Refused(String),
    /// Generated files are out of date.
    Drift(codegen::files::Drift),
    /// Something else went wrong.
    Failed(String),
}

impl From<codegen::Diagnostics> for Fault {
    fn from(diagnostics: codegen::Diagnostics) -> Self {
        Self::Input(diagnostics)
    }
}

impl From<codegen::files::Drift> for Fault {
    fn from(drift: codegen::files::Drift) -> Self {
        Self::Drift(drift)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

fn outcome(result: Result<(), Fault>) -> Outcome {
    match result {
        Ok(()) => Outcome::Done,
        Err(Fault::Input(diagnostics)) => Outcome::Refused(diagnostics.to_string()),
        Err(Fault::Refused(message)) => Outcome::Refused(message),
        Err(Fault::Drift(drift)) => Outcome::Failed(drift.to_string()),
        Err(Fault::Failed(message)) => Outcome::Failed(message),
    }
}
