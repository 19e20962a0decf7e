//! The program `xtask` as people call it. In: command lines, and variables of a terminal. Out: colours or none, exit codes,
//! and what is said. Knows nothing of the tasks' work; cargo is a script here that says what it was asked to say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program in the folder of the workspace, with none of the variables that decide about colours.
fn xtask(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(arguments);
    for name in VARIABLES {
        command.env_remove(name);
    }
    command
}

const VARIABLES: [&str; 5] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "CI"];

/// A comparison whose report has colours.
const DIFF: [&str; 5] = [
    "diff",
    "tests/cases/diff/api-path-removed-without-deprecation/old.yaml",
    "tests/cases/diff/api-path-removed-without-deprecation/new.yaml",
    "--fail-on",
    "none",
];

fn output(command: &mut Command) -> Output {
    command.output().expect("run the program")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text in UTF-8")
}

#[test]
fn variables_decide_about_colours() {
    let cases: [(&[(&str, &str)], bool); 7] = [
        // A pipe shows none by itself.
        (&[], false),
        (&[("CLICOLOR", "1")], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "")], false),
        (&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], true),
        (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
    ];
    for (variables, coloured) in cases {
        for arguments in [&DIFF[..], &["--help"]] {
            let said = output(xtask(arguments).envs(variables.iter().copied()));
            assert!(said.status.success(), "{}", text(&said.stderr));
            assert!(
                said.stdout.len() > 100,
                "{arguments:?} says next to nothing"
            );
            assert_eq!(
                text(&said.stdout).contains('\u{1b}'),
                coloured,
                "{variables:?} {arguments:?}"
            );
        }
        let said = output(xtask(&["nosuch"]).envs(variables.iter().copied()));
        assert_eq!(
            text(&said.stderr).contains('\u{1b}'),
            coloured,
            "{variables:?}"
        );
    }
}

/// A terminal by way of `script`, where a system has the one of util-linux.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_colours_unless_it_is_dumb() {
    if Command::new("script").arg("--version").output().is_err() {
        eprintln!("skipped: this system has no `script`");
        return;
    }
    let cases: [(&[(&str, &str)], bool); 6] = [
        (&[("TERM", "xterm-256color")], true),
        (&[("TERM", "dumb")], false),
        (&[], false),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "xterm"), ("CLICOLOR", "0")], false),
        (&[("TERM", "dumb"), ("CLICOLOR", "1")], true),
    ];
    for (variables, coloured) in cases {
        let inner = xtask(&DIFF);
        let mut words = vec![inner.get_program().to_string_lossy().into_owned()];
        words.extend(DIFF.map(str::to_owned));
        let mut terminal = Command::new("script");
        terminal
            .args([
                "--quiet",
                "--return",
                "--command",
                &words.join(" "),
                "/dev/null",
            ])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        for name in VARIABLES {
            terminal.env_remove(name);
        }
        let said = output(terminal.envs(variables.iter().copied()));
        assert!(said.status.success(), "{}", text(&said.stdout));
        assert_eq!(
            text(&said.stdout).contains('\u{1b}'),
            coloured,
            "{variables:?}"
        );
    }
}

#[test]
fn bad_usage_ends_with_2_and_names_the_task() {
    for (arguments, usage) in [
        (&["nosuch"][..], "Usage: cargo xtask <COMMAND>"),
        (&["codegen", "--bad"], "Usage: cargo xtask codegen"),
        (&["diff", "a", "--format", "no"], "Usage: cargo xtask diff"),
        (
            &["bench", "diff", "a", "b", "--runs", "0"],
            "Usage: cargo xtask bench diff",
        ),
    ] {
        let said = output(&mut xtask(arguments));
        assert_eq!(said.status.code(), Some(2), "{arguments:?}");
        assert!(text(&said.stderr).contains(usage), "{}", text(&said.stderr));
    }
}

/// A folder with a `cargo` that says that it has built a program, and that program.
#[cfg(unix)]
fn stand_in(name: &str, cargo_says: &str, program: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("create a folder");
    let artifact = format!(
        r#"{{"reason":"compiler-artifact","target":{{"name":"creatify-emulator"}},"executable":"{}"}}"#,
        folder.join("emulator").display()
    );
    let cargo = format!("{cargo_says}\necho '{artifact}'\n");
    for (file, script) in [("cargo", cargo.as_str()), ("emulator", program)] {
        let path = folder.join(file);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("write a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("make it a program");
    }
    folder
}

#[cfg(unix)]
fn emulator(folder: &Path, arguments: &[&str]) -> Output {
    let path = std::env::var("PATH").expect("a PATH in UTF-8");
    let mut command = xtask(&["emulator"]);
    command
        .args(arguments)
        .env("PATH", format!("{}:{path}", folder.display()));
    // What is there already is no first build.
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    fs::create_dir_all(folder.join("target/debug/creatify-emulator")).expect("create a folder");
    output(&mut command)
}

#[cfg(unix)]
#[test]
fn a_program_that_is_built_starts_without_a_word() {
    let finished = "echo '    Finished `dev` profile target(s) in 0.1s' >&2";
    let folder = stand_in("warm", finished, r#"echo "$XTASK_TASK: $*""#);
    let said = emulator(&folder, &["--port", "0"]);
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(text(&said.stdout), "cargo xtask emulator: --port 0\n");
    assert_eq!(text(&said.stderr), "");
}

#[cfg(unix)]
#[test]
fn a_build_is_shown() {
    let compiling =
        "echo '   Compiling serde v1.0.0' >&2\necho '    Finished `dev` profile in 9.1s' >&2";
    let said = emulator(&stand_in("cold", compiling, "exit 0"), &[]);
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(
        text(&said.stderr),
        "   Compiling serde v1.0.0\n    Finished `dev` profile in 9.1s\n"
    );
}

#[cfg(unix)]
#[test]
fn a_program_that_was_called_wrongly_says_so_itself_and_ends_with_2() {
    let refuses = r#"echo "error: not in 0..=65535: $XTASK_TASK" >&2; exit 2"#;
    let said = emulator(&stand_in("refused", "", refuses), &["--port", "70000"]);
    assert_eq!(said.status.code(), Some(2));
    assert_eq!(
        text(&said.stderr),
        "error: not in 0..=65535: cargo xtask emulator\n"
    );
}

#[cfg(unix)]
#[test]
fn a_program_that_has_failed_has_the_last_word() {
    let fails = "echo 'error: the port is taken' >&2\nexit 1";
    let said = emulator(&stand_in("failed", "", fails), &[]);
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(text(&said.stderr), "error: the port is taken\n");
    let said = emulator(
        &stand_in("unbuilt", "echo 'error: no' >&2\nexit 101", ""),
        &[],
    );
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(
        text(&said.stderr),
        "error: no\ncargo xtask emulator: the program cannot be built; cargo says why\n"
    );
}
