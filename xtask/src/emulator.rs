//! Starts what stands in for the service. In: the workspace, and arguments that are handed on. Out: the program's own
//! output. Knows how the programs are called; cargo builds them, and xtask depends on none of them.

use crate::Fault;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// A program of the packages `creatify-emulator` and `tests`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    /// The emulator alone. It builds while `creatify-api` does not.
    Emulator,
    /// The README's program on an emulator.
    Demo,
    /// Many videos while everything goes wrong, built with optimizations.
    Soak,
    /// Load on an emulator, built with optimizations.
    Load,
    /// Waiting for the jobs of an emulator, built with optimizations.
    Waiting,
    /// Paid calls with and without a journal, built with optimizations.
    Journal,
}

impl Program {
    fn cargo(self) -> &'static [&'static str] {
        match self {
            Self::Emulator => &["run", "--quiet", "--package", "creatify-emulator"],
            Self::Demo => &["run", "--quiet", "--package", "tests", "--example", "demo"],
            Self::Soak => &[
                "run",
                "--quiet",
                "--release",
                "--package",
                "tests",
                "--example",
                "soak",
            ],
            Self::Load => &["bench", "--quiet", "--package", "tests", "--bench", "load"],
            Self::Waiting => &[
                "bench",
                "--quiet",
                "--package",
                "tests",
                "--bench",
                "waiting",
            ],
            Self::Journal => &[
                "bench",
                "--quiet",
                "--package",
                "tests",
                "--bench",
                "journal",
            ],
        }
    }
}

/// Builds a program and runs it until it ends.
pub(crate) fn run(
    root: &Path,
    program: Program,
    arguments: &[OsString],
    out: &mut dyn Write,
) -> Result<(), Fault> {
    let words = program.cargo();
    let shown = format!("cargo {}", words.join(" "));
    writeln!(out, "==> {shown}")?;
    out.flush()?;
    let status = Command::new("cargo")
        .current_dir(root)
        .args(words)
        .arg("--")
        .args(arguments)
        .status()
        .map_err(|error| Fault::Failed(format!("cannot start `{shown}`: {error}")))?;
    let message = format!("`{shown}` ended with {status}");
    match status.code() {
        Some(0) => Ok(()),
        // Bad usage, which the program has explained; cargo itself ends with 1 or 101.
        Some(2) => Err(Fault::Refused(message)),
        Some(_) | None => Err(Fault::Failed(message)),
    }
}
