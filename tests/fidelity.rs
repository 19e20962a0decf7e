//! Nothing is lost between a page and the crate. In: the vendored pages and the committed client. Out: every
//! difference that no correction explains. Uses neither the generator nor the overlay.

#[path = "fidelity/client.rs"]
mod client;
#[path = "fidelity/compare.rs"]
mod compare;
#[path = "fidelity/corrections.rs"]
mod corrections;
#[path = "fidelity/fields.rs"]
mod fields;
#[path = "fidelity/keywords.rs"]
mod keywords;
#[path = "fidelity/mutations.rs"]
mod mutations;
#[path = "fidelity/published.rs"]
mod published;
#[path = "fidelity/recovery.rs"]
mod recovery;
#[path = "fidelity/resources.rs"]
mod resources;
#[path = "fidelity/rust.rs"]
mod rust;
#[path = "fidelity/types.rs"]
mod types;

use client::Client;
use compare::differences;
use corrections::{TABLE, complaints};
use published::Pages;
use std::collections::BTreeMap;
use std::fs;

#[test]
fn everything_on_the_pages_is_in_the_client() {
    let (pages, files) = read();
    assert!(
        !pages.is_empty(),
        "spec/upstream has no pages: restore them"
    );
    let client =
        Client::read(&files).expect("teach tests/fidelity to read what the generator now writes");
    let complaints = complaints(&differences(&pages, &client), TABLE);
    assert!(
        complaints.is_empty(),
        "{} complaints:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

/// The vendored pages, and the generated sources by their path below `src/generated`.
fn read() -> (Pages, BTreeMap<String, String>) {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let pages = texts(&format!("{root}/spec/upstream"))
        .into_iter()
        .map(|(name, text)| {
            let tree = serde_yaml::from_str(&text);
            (
                name.clone(),
                tree.unwrap_or_else(|error| panic!("spec/upstream/{name}: {error}")),
            )
        });
    (
        pages.collect(),
        texts(&format!("{root}/creatify-api/src/generated")),
    )
}

fn texts(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    for entry in entries {
        let entry = entry.expect("an entry of a folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            found.extend(
                texts(&path)
                    .into_iter()
                    .map(|(below, text)| (format!("{name}/{below}"), text)),
            );
        } else {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            found.insert(name, text);
        }
    }
    found
}
