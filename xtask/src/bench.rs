//! Measures whole processes that compare two documents. In: two documents, and another tool's program. Out: a table of times
//! and of memory. Knows how the programs are called, not what they find.

use crate::Fault;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What is compared, and with what.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The old document
    old: PathBuf,
    /// The new document
    new: PathBuf,
    /// The program of oasdiff, to be measured too
    #[arg(long, value_name = "PROGRAM")]
    peer: Option<PathBuf>,
    /// How often each program runs; the table shows the middle one of the times, and the most memory
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
    runs: u8,
}

/// One run of a program.
#[derive(Debug, Clone, Copy)]
struct Run {
    time: Duration,
    /// In KiB; `None` where the system does not tell it the way Linux does.
    memory: Option<u64>,
}

/// How often the memory of a process is looked at. The system keeps the peak, so only what is taken within the last of
/// these stretches can be missed.
const LOOK: Duration = Duration::from_millis(2);

/// How this program is called: as a whole, with both verdicts.
const OWN: &[&str] = &["diff", "--format", "json", "--fail-on", "none"];

/// How oasdiff is called: its report of all changes, breaking or not.
const PEER: &[&str] = &["changelog", "--format", "json"];

/// Builds this program with optimizations, and measures it beside its peer.
pub(crate) fn diff(root: &Path, arguments: &Arguments, out: &mut dyn Write) -> Result<(), Fault> {
    for document in [&arguments.old, &arguments.new] {
        fs::metadata(document).map_err(|error| {
            let help = "name two documents, YAML or JSON";
            Fault::Refused(format!(
                "{}: error: cannot read this file: {error}\n  help: {help}",
                document.display()
            ))
        })?;
    }
    let own = built(root)?;
    let mut programs = vec![("cargo xtask diff", own, OWN)];
    if let Some(peer) = &arguments.peer {
        programs.push(("oasdiff changelog", peer.clone(), PEER));
    }
    writeln!(out, "| program | time | memory |\n|---|---|---|")?;
    for (name, program, words) in programs {
        let runs = (0..arguments.runs)
            .map(|_| measured(root, &program, words, [&arguments.old, &arguments.new]))
            .collect::<Result<Vec<Run>, Fault>>()?;
        writeln!(out, "{}", row(name, &runs))?;
    }
    Ok(())
}

/// This program, built with optimizations.
fn built(root: &Path) -> Result<PathBuf, Fault> {
    let failed = |why: String| Fault::Failed(format!("cannot build xtask: {why}"));
    let status = Command::new("cargo")
        .current_dir(root)
        .args(["build", "--release", "--quiet", "--package", "xtask"])
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if !status.success() {
        return Err(failed(status.to_string()));
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let name = format!("xtask{}", std::env::consts::EXE_SUFFIX);
    // A relative folder is meant from where cargo was started, which is the workspace.
    Ok(root.join(target).join("release").join(name))
}

/// Runs a program until it ends.
fn measured(
    root: &Path,
    program: &Path,
    words: &[&str],
    documents: [&PathBuf; 2],
) -> Result<Run, Fault> {
    let failed = |why: String| Fault::Failed(format!("{}: {why}", program.display()));
    let (command, options) = words.split_first().unwrap_or((&"", &[]));
    let paths: Vec<PathBuf> = documents
        .iter()
        .map(fs::canonicalize)
        .collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let mut process = Command::new(program)
        .current_dir(root)
        .arg(command)
        .args(paths.iter().map(AsRef::<OsStr>::as_ref))
        .args(options)
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let mut memory = None;
    let status = loop {
        if let Some(status) = process.try_wait()? {
            break status;
        }
        memory = peak(process.id()).max(memory);
        thread::sleep(LOOK);
    };
    let time = begun.elapsed();
    match status.success() {
        true => Ok(Run { time, memory }),
        false => Err(failed(format!("ended with {status}"))),
    }
}

/// The most memory that a process has had so far, in KiB.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    value.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// `| cargo xtask diff | 1.25 s | 310 MiB |`
fn row(name: &str, runs: &[Run]) -> String {
    let mut times: Vec<Duration> = runs.iter().map(|run| run.time).collect();
    times.sort();
    let time = times.get(times.len() / 2).copied().unwrap_or_default();
    let memory = match runs.iter().filter_map(|run| run.memory).max() {
        Some(memory) => format!("{} MiB", memory.div_ceil(1024)),
        None => "not known on this system".to_owned(),
    };
    format!("| {name} | {:.2} s | {memory} |", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_time_and_the_most_memory_are_shown() {
        let run = |milliseconds, memory| Run {
            time: Duration::from_millis(milliseconds),
            memory,
        };
        let runs = [run(900, Some(2048)), run(100, Some(4097)), run(1250, None)];
        assert_eq!(row("a", &runs), "| a | 0.90 s | 5 MiB |");
        assert_eq!(
            row("b", &[run(10, None)]),
            "| b | 0.01 s | not known on this system |"
        );
    }
}
