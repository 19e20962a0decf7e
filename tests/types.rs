//! What callers can do with the types of the client. In: its sources and its public types. Out: a complaint with the
//! command that repairs. Knows no operation but those of its examples.

#[path = "types/closed.rs"]
mod closed;
#[path = "types/described.rs"]
mod described;
#[path = "types/extra.rs"]
mod extra;
#[path = "types/kept.rs"]
mod kept;
#[path = "types/public.rs"]
mod public;
#[path = "types/round_trip.rs"]
mod round_trip;
#[path = "types/table.rs"]
mod table;
#[path = "types/traits.rs"]
mod traits;

use std::fs;
use std::path::{Path, PathBuf};

/// The command that takes over the rows of new types.
const BLESS: &str = "UPDATE_EXPECT=1 cargo test -p tests --test types";

/// A file below the root of the workspace.
fn workspace(path: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the workspace").join(path)
}

/// Holds a text against a file, or takes it over.
#[track_caller]
fn matches_file(path: &str, said: &str) {
    let path = workspace(path);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let ci = std::env::var_os("CI").is_some();
        assert!(!ci, "expectations are never updated under CI");
        fs::write(&path, said).expect("write the expected file");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let expected = expected.replace("\r\n", "\n");
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (new, old) = (lines(said), lines(&expected));
    let lost = old.iter().filter(|line| !new.contains(line));
    let come = new.iter().filter(|line| !old.contains(line));
    let changes: Vec<String> = lost
        .map(|line| format!("- {line}"))
        .chain(come.map(|line| format!("+ {line}")))
        .collect();
    assert!(
        said == expected,
        "{} is not as expected:\n{}\nwhen this is meant: {BLESS}",
        path.display(),
        changes.join("\n")
    );
}
