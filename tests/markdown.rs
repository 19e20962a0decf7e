//! What the Markdown files tell a reader to type, typed. In: every Markdown file of the workspace. Out: commands that fail, programs
//! that nothing runs, and exceptions without a use. Knows what a reader knows.
#![cfg(unix)]

#[path = "markdown/block.rs"]
mod block;
#[path = "markdown/exceptions.rs"]
mod exceptions;
#[path = "markdown/session.rs"]
mod session;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use block::{Block, Kind};
use session::Session;

/// The folder of this workspace.
fn workspace() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the workspace around this package")
}

/// The Markdown files that people write, by their paths, the README first.
fn files() -> Vec<(String, String)> {
    let mut paths: Vec<_> = session::tracked(workspace())
        .into_iter()
        .filter(|path| path.ends_with(".md") && !path.starts_with("tests/cases/"))
        // Printed from the same table as the client, and without a command.
        .filter(|path| path != "spec/COVERAGE.md")
        .collect();
    paths.sort_by_key(|path| (path != "README.md", path.clone()));
    let read = |path: String| {
        let text = fs::read_to_string(workspace().join(&path));
        text.ok().map(|text| (path, text))
    };
    paths.into_iter().filter_map(read).collect()
}

/// Every command of every file, in the order in which a reader meets them, in a fresh checkout.
#[test]
fn what_a_reader_types_works() {
    let mut session = Session::start(workspace());
    let (mut failed, mut used, mut done) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (path, text) in files() {
        session.open();
        for block in block::blocks(&text) {
            session.enter();
            for command in block.commands() {
                let reason = exceptions::NOT_RUN
                    .iter()
                    .find(|(pattern, _)| *pattern == command);
                if let Some((pattern, _)) = reason {
                    used.insert(*pattern);
                    continue;
                }
                // What stands in a sentence is run once, what stands in a block each time: a later line needs it.
                if !done.insert(command.clone()) && block.kind == Kind::Inline {
                    continue;
                }
                let started = Instant::now();
                let outcome = session.run(&command);
                let seconds = started.elapsed().as_secs_f64();
                println!("{path}:{}: {command}: {seconds:.1} s", block.line);
                if let Err(said) = outcome {
                    failed.push(format!("{path}:{}: {command}\n{said}", block.line));
                }
            }
        }
        session.close();
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    let stale = exceptions::NOT_RUN
        .iter()
        .filter(|(command, _)| !used.contains(command));
    let stale: Vec<_> = stale.map(|(command, _)| command).collect();
    assert!(stale.is_empty(), "exceptions that no file needs: {stale:?}");
}

/// Both front pages show the same program, which is one of the examples.
#[test]
fn the_front_pages_show_the_first_program() {
    let folder = workspace().join("creatify-api/examples");
    let program = fs::read_to_string(folder.join("first_video.rs")).expect("the program");
    for readme in ["README.md", "creatify-api/README.md"] {
        let text = fs::read_to_string(workspace().join(readme)).expect("a README");
        let blocks = block::blocks(&text);
        let shown = blocks.iter().find(|block| block.kind == Kind::Rust);
        let shown = shown.unwrap_or_else(|| panic!("{readme} shows no program"));
        assert_eq!(shown.text, without_header(&program), "{readme}");
    }
}

/// A program in a file is one of the examples, which another test runs on the emulator; what is no whole program
/// belongs to the documentation of a crate, whose examples the compiler sees.
#[test]
fn every_program_is_an_example_or_documentation() {
    let programs: Vec<_> = fs::read_dir(workspace().join("creatify-api/examples"))
        .expect("the examples")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("a program"))
        .map(|text| without_header(&text))
        .collect();
    for (path, text) in files() {
        for block in block::blocks(&text) {
            if block.kind != Kind::Rust {
                continue;
            }
            let is_run = !["no_run", "ignore"]
                .iter()
                .any(|word| block.attributes.contains(word));
            // An example of the documentation is compiled, and run unless it says otherwise.
            let is_example = is_documentation(&path) && (is_run || !block.text.contains("fn main"));
            assert!(
                is_example || programs.contains(&block.text),
                "{path}:{}: nothing runs this program",
                block.line
            );
        }
    }
}

/// The program below the first lines, which say what it is.
fn without_header(text: &str) -> String {
    let lines = text
        .lines()
        .skip_while(|line| line.starts_with("//!") || line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

/// Whether a crate includes the file into its documentation.
fn is_documentation(path: &str) -> bool {
    let name = Path::new(path)
        .file_name()
        .expect("a name")
        .to_string_lossy();
    let is_source = |path: &String| path.ends_with(".rs");
    session::tracked(workspace())
        .iter()
        .filter(|path| is_source(path))
        .any(|source| {
            let text = fs::read_to_string(workspace().join(source)).unwrap_or_default();
            let package: PathBuf = Path::new(source).components().take(1).collect();
            text.contains("include_str!")
                && text.contains(&*name)
                && Path::new(path).starts_with(package)
        })
}

/// The README says how much of the API is there.
#[test]
fn the_number_of_operations_is_right() {
    let bundle = fs::read_to_string(workspace().join("spec/openapi.yaml")).expect("the bundle");
    let operations = bundle.matches("operationId:").count();
    for readme in ["README.md", "creatify-api/README.md"] {
        let text = fs::read_to_string(workspace().join(readme)).expect("a README");
        let said = format!("{operations} of about 87 operations");
        let words: Vec<_> = text.split_whitespace().collect();
        assert!(
            words.join(" ").contains(&said),
            "{readme} does not say: {said}"
        );
    }
}

/// Blocks are told apart as a reader does; without this the tests above could pass by seeing nothing.
#[test]
fn blocks_and_commands_are_found() {
    let text = "Run `cargo one` or `other`:\n\n```console\ncargo two # why\n\nX=1 cargo three\n```\n```rust\nfn main() {}\n```\n";
    let blocks = block::blocks(text);
    let commands: Vec<_> = blocks.iter().flat_map(Block::commands).collect();
    assert_eq!(commands, ["cargo one", "cargo two", "X=1 cargo three"]);
    assert_eq!(blocks.last().map(|block| block.line), Some(8));
}
