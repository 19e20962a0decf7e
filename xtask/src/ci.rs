//! Runs every check. In: the workspace. Out: the tools' own output, each step with its command and time.

use crate::Fault;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// One check: a cargo command, and an environment variable that it needs.
struct Step {
    arguments: &'static [&'static str],
    variable: Option<(&'static str, &'static str)>,
}

const fn step(arguments: &'static [&'static str]) -> Step {
    Step {
        arguments,
        variable: None,
    }
}

/// In this order: what fails fastest comes first.
const STEPS: [Step; 6] = [
    step(&["fmt", "--all", "--check"]),
    step(&["xtask", "codegen", "--check"]),
    step(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]),
    step(&["test", "--workspace", "--locked"]),
    Step {
        arguments: &["doc", "--workspace", "--no-deps", "--locked"],
        variable: Some(("RUSTDOCFLAGS", "-D warnings")),
    },
    step(&["package", "--package", "creatify-api", "--locked"]),
];

/// Runs the steps up to the first that fails.
pub(crate) fn ci(root: &Path, out: &mut dyn Write) -> Result<(), Fault> {
    let started = Instant::now();
    for step in &STEPS {
        let mut arguments = step.arguments.to_vec();
        // While one works, the files to be packaged are not committed yet; a build server has only what is.
        if arguments[0] == "package" && std::env::var_os("CI").is_none() {
            arguments.push("--allow-dirty");
        }
        run(root, &arguments, step.variable, out)?;
    }
    if has_deny(root) {
        run(root, &["deny", "--all-features", "check"], None, out)?;
    } else {
        writeln!(
            out,
            "\n==> cargo deny: skipped, it is not installed (`cargo install cargo-deny`)"
        )?;
    }
    writeln!(
        out,
        "\nall checks passed in {:.0} s",
        started.elapsed().as_secs_f64()
    )?;
    Ok(())
}

fn run(
    root: &Path,
    arguments: &[&str],
    variable: Option<(&str, &str)>,
    out: &mut dyn Write,
) -> Result<(), Fault> {
    let assignment = variable
        .map(|(name, value)| format!("{name}='{value}' "))
        .unwrap_or_default();
    let shown = format!("{assignment}cargo {}", arguments.join(" "));
    writeln!(out, "\n==> {shown}")?;
    out.flush()?;
    let started = Instant::now();
    let status = cargo(root)
        .args(arguments)
        .envs(variable)
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

fn has_deny(root: &Path) -> bool {
    let status = cargo(root)
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    command
}
