//! Starts what stands in for the service. In: the workspace, and arguments that are handed on. Out: the program's own
//! output. Knows how the programs are called; cargo builds them, and xtask depends on none of them.

use crate::Fault;
use serde_json::Value;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// A program of one of the packages that xtask does not depend on.
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

/// How cargo builds a program.
struct Recipe {
    /// What people call it by.
    task: &'static str,
    cargo: &'static [&'static str],
    /// The kind of target and its name, as cargo's options say it.
    target: [&'static str; 2],
    /// The folder below `target` in which cargo puts it.
    profile: &'static str,
}

impl Program {
    fn recipe(self) -> Recipe {
        let release = |task, target| Recipe {
            task,
            cargo: &["build", "--release", "--package", "tests"],
            target,
            profile: "release",
        };
        let bench = |task, name| Recipe {
            task,
            cargo: &["bench", "--no-run", "--package", "tests"],
            target: ["--bench", name],
            profile: "release",
        };
        match self {
            Self::Emulator => Recipe {
                task: "cargo xtask emulator",
                cargo: &["build", "--package", "creatify-emulator"],
                target: ["--bin", "creatify-emulator"],
                profile: "debug",
            },
            Self::Demo => Recipe {
                task: "cargo xtask demo",
                cargo: &["build", "--package", "creatify-api"],
                target: ["--example", "demo"],
                profile: "debug",
            },
            Self::Soak => release("cargo xtask soak", ["--example", "soak"]),
            Self::Load => bench("cargo xtask bench emulator", "load"),
            Self::Waiting => bench("cargo xtask bench waiting", "waiting"),
            Self::Journal => bench("cargo xtask bench journal", "journal"),
        }
    }
}

/// The variable that tells a program what people call it by, for its messages.
const TASK: &str = "XTASK_TASK";

/// Builds a program and runs it until it ends.
pub(crate) fn run(
    root: &Path,
    program: Program,
    arguments: &[OsString],
    out: &mut dyn Write,
) -> Result<(), Fault> {
    out.flush()?;
    let recipe = program.recipe();
    let executable = built(root, &recipe)?;
    let status = Command::new(&executable)
        .current_dir(root)
        .env(TASK, recipe.task)
        .args(arguments)
        .status()
        .map_err(|error| {
            Fault::Failed(format!("cannot start {}: {error}", executable.display()))
        })?;
    ended(recipe.task, status)
}

/// Has cargo build it, and gives the file.
fn built(root: &Path, recipe: &Recipe) -> Result<PathBuf, Fault> {
    let failed = |why: String| Fault::Failed(format!("{}: {why}", recipe.task));
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(root)
        .args(recipe.cargo)
        .args(recipe.target)
        .args(["--message-format", "json-render-diagnostics"]);
    let built = launch::build(&mut cargo, &expected(root, recipe))
        .map_err(|error| failed(format!("cannot run cargo: {error}")))?;
    if !built.status.success() {
        return Err(failed(
            "the program cannot be built; cargo says why".to_owned(),
        ));
    }
    executable(&built.output, recipe.target[1])
        .ok_or_else(|| failed("cargo does not say where it has put the program".to_owned()))
}

/// Where cargo puts a program unless something else is configured. When it is not there, the build is taken to be the
/// first, and no more hangs on it.
fn expected(root: &Path, recipe: &Recipe) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let [kind, name] = recipe.target;
    let folder = root.join(target).join(recipe.profile);
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    match kind {
        "--example" => folder.join("examples").join(file),
        // A benchmark's file has a name with a hash.
        "--bench" => folder.join("deps"),
        _ => folder.join(file),
    }
}

/// The program of this name among the messages of cargo, one JSON document a line.
fn executable(messages: &[u8], name: &str) -> Option<PathBuf> {
    let messages = messages.split(|byte| *byte == b'\n');
    let artifacts = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut programs = artifacts.filter(|artifact| artifact["target"]["name"] == name);
    programs.find_map(|artifact| artifact["executable"].as_str().map(PathBuf::from))
}

/// What is left to say when a program has ended: it has said itself what it was called, and what went wrong.
fn ended(task: &str, status: ExitStatus) -> Result<(), Fault> {
    match status.code() {
        Some(0) => Ok(()),
        Some(1) => Err(Fault::Failed(String::new())),
        // Bad usage or a bad document.
        Some(2) => Err(Fault::Refused(String::new())),
        Some(_) | None => Err(Fault::Failed(format!("`{task}` ended with {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_the_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"emulator","kind":["lib"]},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/a/other"}"#,
            "\nno JSON\n",
            r#"{"reason":"compiler-artifact","target":{"name":"emulator","kind":["bin"]},"executable":"/a/emulator"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
            "\n",
        );
        assert_eq!(
            executable(messages.as_bytes(), "emulator"),
            Some(PathBuf::from("/a/emulator"))
        );
        assert_eq!(executable(messages.as_bytes(), "soak"), None);
    }
}
