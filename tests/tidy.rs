//! The rules of this workspace that a machine can hold. In: its files and `cargo metadata`. Out: what breaks a rule,
//! and what to do. Knows no behaviour.

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/packages.rs"]
mod packages;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/scan.rs"]
mod scan;
#[path = "tidy/texts.rs"]
mod texts;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Every text file of the workspace, by its path with `/`; what is built or belongs to git is left out.
fn workspace() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        "",
        &mut found,
    );
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("an entry of a folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        // Below `src` or elsewhere, a folder `target` is only ever what cargo built.
        if name == "target" || path == ".git" {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &format!("{path}/"), found);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            found.insert(path, text);
        }
    }
}

/// Whether people write this Rust file: not the generator, and not a case of its tests.
fn hand_written(path: &str) -> bool {
    path.ends_with(".rs")
        && !path.starts_with("creatify-api/src/generated/")
        && !path.starts_with("tests/cases/")
}

/// Fails with all complaints at once.
fn assert_none(complaints: Vec<String>, what_to_do: &str) {
    assert!(
        complaints.is_empty(),
        "\n{}\n=> {what_to_do}\n",
        complaints.join("\n")
    );
}
