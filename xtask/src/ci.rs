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

/// The core of the crate.
const ALONE: [&str; 5] = [
    "check",
    "--package",
    "creatify-api",
    "--no-default-features",
    "--locked",
];

/// In this order: what fails fastest comes first.
const STEPS: [Step; 9] = [
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
    // The other steps build with the features that the tests need; here the crate stands alone.
    step(&["check", "--package", "creatify-api", "--locked"]),
    step(&ALONE),
    step(&["test", "--workspace", "--locked"]),
    // The tests of HTTP/2 need it, and those of the workspace are meant to run without.
    step(&[
        "test",
        "--package",
        "creatify-api",
        "--lib",
        "--features",
        "http2",
        "--locked",
    ]),
    Step {
        arguments: &["doc", "--workspace", "--no-deps", "--locked"],
        variable: Some(("RUSTDOCFLAGS", "-D warnings")),
    },
    // The examples of the client run on the emulator, so that both are published together.
    step(&[
        "package",
        "--package",
        "creatify-emulator",
        "--package",
        "creatify-api",
        "--locked",
    ]),
];

/// The features of the crate that need nothing which a machine might not have. Each must compile without the
/// others; the tests have them all on. (`native-tls` wants the headers of OpenSSL on Linux.)
const FEATURES: [&str; 7] = [
    "rustls", "http2", "blocking", "tracing", "axum", "checksum", "journal",
];

/// What a browser runs. That the core needs nothing that a browser does not have, only a compiler for it can tell.
const TARGET: &str = "wasm32-unknown-unknown";

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
    for feature in FEATURES {
        run(
            root,
            &[&ALONE[..], &["--features", feature]].concat(),
            None,
            out,
        )?;
    }
    if has_browser_target() {
        run(
            root,
            &[&ALONE[..], &["--target", TARGET]].concat(),
            None,
            out,
        )?;
    } else {
        writeln!(
            out,
            "\n==> cargo check for browsers: skipped, the target is not installed (`rustup target add {TARGET}`)"
        )?;
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

/// Whether the compiler has the standard library of that target.
fn has_browser_target() -> bool {
    let rustc = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let folder = rustc
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    folder.is_some_and(|folder| Path::new(folder.trim()).is_dir())
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
