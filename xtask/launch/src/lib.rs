//! Lets cargo build a program. In: the arguments of `cargo build`. Out: cargo's own lines while something has to be built,
//! and none when nothing has. Knows no task, and uses the standard library alone: it is built in a second.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// What cargo made of it.
#[derive(Debug)]
pub struct Built {
    /// How cargo ended.
    pub status: ExitStatus,
    /// What it wrote to its standard output, such as the messages of `--message-format`.
    pub output: Vec<u8>,
}

/// Runs cargo with these arguments. Where `program`, the file that is to be built, is missing, cargo has the terminal and shows
/// its progress. Otherwise what it says comes through as soon as there is more than that it has finished: nothing, if all
/// is built.
///
/// # Errors
///
/// If cargo cannot be started, or what it writes cannot be read or passed on.
pub fn build(cargo: &mut Command, program: &Path) -> io::Result<Built> {
    let first = !program.exists();
    cargo.stdin(Stdio::null()).stdout(Stdio::piped());
    cargo.stderr(match first {
        true => Stdio::inherit(),
        false => Stdio::piped(),
    });
    if !first && coloured() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    let mut process = cargo.spawn()?;
    let output = process.stdout.take();
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map(|mut output| output.read_to_end(&mut bytes));
        read.unwrap_or(Ok(0)).map(|_| bytes)
    });
    if let Some(said) = process.stderr.take() {
        pass(BufReader::new(said), &mut io::stderr())?;
    }
    let output = reader
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the reader of cargo's output panicked")))?;
    let status = process.wait()?;
    Ok(Built { status, output })
}

/// Passes lines on, each when it comes, but not the one that says that nothing had to be done.
fn pass(mut from: impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let mut idle = true;
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        if !(idle && is_finished(&line)) {
            idle = false;
            to.write_all(&line)?;
            to.flush()?;
        }
        line.clear();
    }
    Ok(())
}

/// Whether a line is cargo's last, with colours or without.
fn is_finished(line: &[u8]) -> bool {
    let mut words = String::new();
    let mut rest = String::from_utf8_lossy(line).into_owned();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        words.push_str(before);
        let end = after.find('m').map_or(after.len(), |at| at + 1);
        rest = after[end..].to_owned();
    }
    words.push_str(&rest);
    words.trim_start().starts_with("Finished ")
}

/// Whether cargo, which writes into a pipe here, is to colour what ends up on our error stream: a terminal that can show it, and
/// none of the variables that say no. Who has set `CARGO_TERM_COLOR` gets that.
fn coloured() -> bool {
    use std::io::IsTerminal as _;
    let value = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = value("TERM").is_none_or(|term| term == "dumb") && !cfg!(windows);
    let unwanted =
        value("NO_COLOR").is_some() || value("CLICOLOR").is_some_and(|value| value == "0");
    io::stderr().is_terminal() && !dumb && !unwanted && value("CARGO_TERM_COLOR").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(text: &str) -> String {
        let mut out = Vec::new();
        pass(text.as_bytes(), &mut out).expect("write to memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_build_with_nothing_to_do_says_nothing() {
        let plain = "    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.05s\n";
        let coloured =
            "\u{1b}[1m\u{1b}[92m    Finished\u{1b}[0m `dev` profile target(s) in 0.05s\n";
        assert_eq!(passed(plain), "");
        assert_eq!(passed(coloured), "");
    }

    #[test]
    fn a_build_with_something_to_do_is_shown_whole() {
        let text = "   Compiling syn v3.0.0\nwarning: unused\n    Finished `dev` profile target(s) in 61.05s\n";
        assert_eq!(passed(text), text);
        assert_eq!(
            passed("error: it does not compile"),
            "error: it does not compile"
        );
        assert_eq!(
            passed("    Blocking waiting for file lock\n"),
            "    Blocking waiting for file lock\n"
        );
    }
}
