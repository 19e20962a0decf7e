//! Builds the tasks and becomes the one that is asked for. In: its command line. Out: its output and its exit code. Knows
//! where cargo puts programs, and no task.

use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: cannot start the tasks: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<ExitCode> {
    let program = program()?;
    let built = launch::build(
        Command::new("cargo").args(["build", "--package", "xtask"]),
        &program,
    )?;
    if !built.status.success() {
        return Ok(code(built.status.code()));
    }
    let mut task = Command::new(program);
    task.args(std::env::args_os().skip(1));
    become_it(&mut task)
}

/// The tasks' program, which cargo puts beside this one.
fn program() -> io::Result<PathBuf> {
    let name = format!("xtask{}", std::env::consts::EXE_SUFFIX);
    Ok(std::env::current_exe()?.with_file_name(name))
}

/// Whoever ends this process ends the task.
#[cfg(unix)]
fn become_it(task: &mut Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(task.exec())
}

/// Processes cannot become others here: this one waits.
#[cfg(not(unix))]
fn become_it(task: &mut Command) -> io::Result<ExitCode> {
    Ok(code(task.status()?.code()))
}

/// The exit code of what was run; a process that was ended has none.
fn code(code: Option<i32>) -> ExitCode {
    let code = code.and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
