//! Runs every check. In: the workspace. Out: the tools' own output, each step with its command and time, and what this machine
//! could not run. Knows how to tell what a machine has; `steps` knows the checks.

use crate::steps::{self, Facts, Needs, Step};
use crate::{Fault, lowest};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// How strict it is about the machine.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Fail where a tool is missing, in place of skipping what needs it
    #[arg(long)]
    complete: bool,
}

/// Runs the steps up to the first that fails.
pub(crate) fn ci(root: &Path, arguments: &Arguments, out: &mut dyn Write) -> Result<(), Fault> {
    let started = Instant::now();
    let dirty = std::env::var_os("CI").is_none();
    let mut skipped = 0;
    for step in steps::all(&facts(root)?, dirty) {
        let shown = shown(&step);
        writeln!(out, "\n==> {shown}")?;
        out.flush()?;
        match missing(root, &step.needs) {
            None => run(root, &step, &shown, out)?,
            Some(how) if arguments.complete => {
                return Err(Fault::Failed(format!(
                    "this machine lacks what it needs: {how}"
                )));
            }
            Some(how) => {
                skipped += 1;
                writeln!(out, "    skipped: this machine lacks what it needs: {how}")?;
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    writeln!(out, "\nall checks passed in {seconds:.0} s")?;
    if skipped > 0 {
        writeln!(
            out,
            "skipped: {skipped}; the lines above say what to install"
        )?;
    }
    Ok(())
}

/// Reads what the steps depend on.
fn facts(root: &Path) -> Result<Facts, Fault> {
    let output = Command::new("cargo")
        .current_dir(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .map_err(|error| Fault::Failed(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Fault::Failed(said));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| Fault::Failed(format!("cargo metadata: {error}")))?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let client = packages
        .find(|package| package["name"] == "creatify-api")
        .ok_or_else(|| Fault::Failed("this workspace has no package creatify-api".to_owned()))?;
    let oldest = client["rust_version"].as_str();
    let oldest =
        oldest.ok_or_else(|| Fault::Failed("creatify-api states no rust-version".to_owned()))?;
    Ok(Facts {
        features: client["features"].clone(),
        oldest: oldest.to_owned(),
    })
}

/// The command as a person would repeat it from the workspace's folder.
fn shown(step: &Step) -> String {
    let folder = match step.folder {
        "" => String::new(),
        folder => format!("cd {folder} && "),
    };
    let assignment = step
        .variable
        .map(|(name, value)| format!("{name}='{value}' "))
        .unwrap_or_default();
    format!("{folder}{assignment}{}", step.words.join(" "))
}

fn run(root: &Path, step: &Step, shown: &str, out: &mut dyn Write) -> Result<(), Fault> {
    let started = Instant::now();
    if step.folder == lowest::FOLDER {
        lowest::prepare(root)?;
    }
    let (program, arguments) = step
        .words
        .split_first()
        .ok_or_else(|| Fault::Failed("a step has no command".to_owned()))?;
    // What a workspace of its own is built from is mostly built already.
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let status = Command::new(program)
        .current_dir(root.join(step.folder))
        .env("CARGO_TARGET_DIR", root.join(target))
        .args(arguments)
        .envs(step.variable)
        .status()
        .map_err(|error| Fault::Failed(format!("cannot start `{shown}`: {error}")))?;
    let seconds = started.elapsed().as_secs_f64();
    if !status.success() {
        return Err(Fault::Failed(format!(
            "failed after {seconds:.1} s; to repeat this step: {shown}"
        )));
    }
    writeln!(out, "    {seconds:.1} s")?;
    Ok(())
}

/// How to get what a step needs, if it is not here.
fn missing(root: &Path, needs: &Needs) -> Option<String> {
    match needs {
        Needs::Nothing => None,
        Needs::Target(target) => {
            let there = has_target(target);
            (!there).then(|| format!("`rustup target add {target}`"))
        }
        Needs::Toolchain(version) => {
            let there = succeeds(root, &["rustup", "run", version, "cargo", "--version"]);
            (!there).then(|| format!("`rustup toolchain install {version} --profile minimal`"))
        }
        Needs::Deny => {
            let there = succeeds(root, &["cargo", "deny", "--version"]);
            (!there).then(|| "`cargo install cargo-deny`, or see .ci/run".to_owned())
        }
    }
}

/// Whether the compiler has the standard library of that target.
fn has_target(target: &str) -> bool {
    let rustc = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .output();
    let folder = rustc
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    folder.is_some_and(|folder| Path::new(folder.trim()).is_dir())
}

fn succeeds(root: &Path, words: &[&str]) -> bool {
    let status = Command::new(words[0])
        .current_dir(root)
        .args(&words[1..])
        // Looking is no reason to install a toolchain.
        .env("RUSTUP_AUTO_INSTALL", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_lacks_is_named_with_the_way_to_get_it() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(missing(here, &Needs::Nothing), None);
        let target = missing(here, &Needs::Target("no-such-target"));
        assert_eq!(
            target.as_deref(),
            Some("`rustup target add no-such-target`")
        );
        let toolchain = missing(here, &Needs::Toolchain("0.1".to_owned()));
        let expected = "`rustup toolchain install 0.1 --profile minimal`";
        assert_eq!(toolchain.as_deref(), Some(expected));
    }

    #[test]
    fn a_step_is_shown_as_it_can_be_repeated() {
        let step = Step {
            words: ["cargo", "doc"].map(str::to_owned).to_vec(),
            folder: "target/lowest",
            variable: Some(("RUSTDOCFLAGS", "-D warnings")),
            needs: Needs::Nothing,
        };
        let expected = "cd target/lowest && RUSTDOCFLAGS='-D warnings' cargo doc";
        assert_eq!(shown(&step), expected);
    }
}
