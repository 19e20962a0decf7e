//! What a change of a document does to callers, and what is always true of that. In: the folders below `tests/cases/diff`
//! and `tests/cases/history`. Out: a complaint with the command that repairs. Knows only the public functions of `codegen`.
//!
//! `diff/<rule>` holds two documents that differ in what the rule reports (`hit`), and in near misses; `history/<page>`
//! holds two real ones; `levels.yaml` lists small edits and how bad they are. Every rule runs on every pair: `diff/everywhere.txt` says which rules fire where.

#[path = "diff/audit.rs"]
mod audit;
#[path = "diff/cases.rs"]
mod cases;
#[path = "diff/edits.rs"]
mod edits;
#[path = "diff/laws.rs"]
mod laws;
#[path = "diff/levels.rs"]
mod levels;
#[path = "diff/refused.rs"]
mod refused;
#[path = "diff/shape.rs"]
mod shape;

use codegen::diff::Side;
use std::fs;
use std::path::{Path, PathBuf};

/// The command that takes over what the comparison says now.
const BLESS: &str = "UPDATE_EXPECT=1 cargo test -p tests --test diff";

/// Two documents and the folder that holds them.
struct Case {
    folder: PathBuf,
    name: String,
    old: Side,
    new: Side,
}

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("cases")
        .join(kind)
}

/// The cases of one kind, sorted by name.
fn all(kind: &str) -> Vec<Case> {
    let entries = fs::read_dir(folder(kind)).expect("read the folder of the cases");
    let paths = entries.map(|entry| entry.expect("read an entry").path());
    let mut cases: Vec<Case> = paths.filter(|path| path.is_dir()).map(case).collect();
    cases.sort_by(|one, other| one.name.cmp(&other.name));
    cases
}

fn case(folder: PathBuf) -> Case {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name in UTF-8")
        .to_owned();
    let side = |file: &str| {
        let text = text(&folder.join(file));
        Side::read(file, &text)
            .unwrap_or_else(|diagnostics| panic!("{name}/{file}:\n{diagnostics}"))
    };
    Case {
        old: side("old.yaml"),
        new: side("new.yaml"),
        folder,
        name,
    }
}

/// A file's text with the line ends of the repository, whatever the checkout made of them.
fn text(path: &Path) -> String {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}

/// Holds a file against what it should say, or takes that over; a complaint where they differ.
fn matches(path: &Path, actual: &str) -> Option<String> {
    let bless = std::env::var_os("UPDATE_EXPECT").is_some() && std::env::var_os("CI").is_none();
    if bless {
        fs::write(path, actual).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return None;
    }
    let expected = if path.exists() {
        text(path)
    } else {
        String::new()
    };
    (expected != actual).then(|| {
        format!(
            "{}\n--- expected\n{expected}--- actual\n{actual}",
            path.display()
        )
    })
}

/// Fails with all complaints at once.
#[track_caller]
fn assert_none(complaints: &[String], what_to_do: &str) {
    assert!(
        complaints.is_empty(),
        "\n{}\n=> {what_to_do}\n",
        complaints.join("\n")
    );
}
