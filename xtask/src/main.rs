//! Runs one task. In: the command line. Out: an exit code: 0 done, 1 drift or failure, 2 bad usage or bad input.

use anstream::{AutoStream, ColorChoice};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use xtask::{Look, Outcome};

fn main() -> ExitCode {
    let choice = AutoStream::choice(&io::stdout());
    let look = match choice {
        ColorChoice::Never => Look::Plain,
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => Look::Coloured,
    };
    let mut out = AutoStream::new(io::stdout().lock(), choice);
    let outcome = xtask::run(std::env::args_os(), &root(), look, &mut out);
    let (message, code) = match outcome {
        Outcome::Done => return ExitCode::SUCCESS,
        Outcome::Failed(message) => (message, 1),
        Outcome::Refused(message) => (message, 2),
    };
    if !message.is_empty() {
        // Nobody is left to tell when the error stream is closed.
        let _ = writeln!(anstream::stderr().lock(), "{}", message.trim_end());
    }
    ExitCode::from(code)
}

/// The workspace: the nearest folder upwards that looks like it, so that a moved checkout works on itself.
fn root() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let is_root =
        |folder: &&Path| folder.join("xtask/Cargo.toml").is_file() && folder.join("spec").is_dir();
    let built = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .find(is_root)
        .unwrap_or_else(|| built.parent().unwrap_or(built))
        .to_owned()
}
