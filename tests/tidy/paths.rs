//! Paths that the documents name. In: the Markdown and the files. Out: paths that lead nowhere. Knows no content.

use crate::{assert_none, workspace};
use std::collections::BTreeSet;

/// The documents that guide people through the files.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "spec/README.md",
    "tests/emulator/README.md",
    ".github/CONTRIBUTING.md",
    ".github/SECURITY.md",
];

/// How the names of our files end.
const ENDINGS: &[&str] = &[".rs", ".md", ".yaml", ".yml", ".toml", ".txt"];

#[test]
fn every_path_in_the_documents_exists() {
    let files = workspace();
    let places = places(files.keys().map(String::as_str));
    let mut complaints = Vec::new();
    for document in DOCUMENTS {
        let Some(text) = files.get(*document) else {
            complaints.push(format!("{document} is missing: write it"));
            continue;
        };
        for path in paths(text, &places) {
            if !places.iter().any(|place| leads_to(&path, place)) {
                complaints.push(format!("{document}: `{path}` leads nowhere"));
            }
        }
    }
    assert_none(
        complaints,
        "name the file as it is called now, or take the sentence out",
    );
}

#[test]
fn no_document_has_a_gap_to_fill() {
    let files = workspace();
    let complaints = DOCUMENTS.iter().filter(|document| {
        files
            .get(**document)
            .is_some_and(|text| text.contains("@@"))
    });
    let complaints = complaints
        .map(|document| format!("{document}: `@@` stands for something"))
        .collect();
    assert_none(complaints, "write what it stands for");
}

#[test]
fn paths_are_told_from_other_code() {
    let places = places(["spec/upstream/a.yaml", "codegen/src/lib.rs"].into_iter());
    let text = "`codegen/src/lib.rs`, `spec/gone.txt`, `upstream/*.yaml` and `lib.rs`, `codegen/old/`; `git diff spec/b.yaml`; \
                not `application/json`, `/api/x/`, `https://x.y/z.md`, `{tag}.yaml`, `.md`, `x.len()`, spec/c.yaml.\n\
                ```\ncat spec/d.yaml\n```\n`spec/`";
    let expected = [
        "codegen/old",
        "codegen/src/lib.rs",
        "lib.rs",
        "spec",
        "spec/b.yaml",
        "spec/gone.txt",
        "upstream/*.yaml",
    ];
    assert_eq!(
        paths(text, &places).into_iter().collect::<Vec<_>>(),
        expected
    );
    for (path, exists) in [
        ("codegen/src", true),
        ("lib.rs", true),
        ("src/lib.rs", true),
        ("upstream/*.yaml", true),
        ("spec", true),
        ("ib.rs", false),
        ("codegen/lib.rs", false),
        ("upstream/*.json", false),
        ("spec/b.yaml", false),
    ] {
        assert_eq!(
            places.iter().any(|place| leads_to(path, place)),
            exists,
            "{path}"
        );
    }
}

/// All files and the folders that hold them.
fn places<'a>(files: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for file in files {
        places.insert(file.to_owned());
        places.extend(file.match_indices('/').map(|(at, _)| file[..at].to_owned()));
    }
    places
}

/// What looks like a path of ours in the inline code of a document.
fn paths(text: &str, places: &BTreeSet<String>) -> BTreeSet<String> {
    let prose = text.split("```").step_by(2);
    let spans = prose.flat_map(|part| part.split('`').skip(1).step_by(2));
    let words = spans
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_end_matches(['/', ',', ';', ':']));
    let plain = words.filter(|word| {
        word.chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-./*".contains(character))
    });
    let ours = plain.filter(|word| {
        let top = word.split('/').next().unwrap_or_default();
        let named = ENDINGS
            .iter()
            .any(|ending| word.len() > ending.len() && word.ends_with(ending));
        !word.starts_with('/')
            && (named || (!top.is_empty() && places.contains(top) && !top.contains('.')))
    });
    ours.map(str::to_owned).collect()
}

/// Whether a path, seen from any folder, is this place; `*` stands for a part of a name.
fn leads_to(path: &str, place: &str) -> bool {
    let wanted: Vec<&str> = path.split('/').collect();
    let parts: Vec<&str> = place.split('/').collect();
    let Some(from) = parts.len().checked_sub(wanted.len()) else {
        return false;
    };
    wanted
        .iter()
        .zip(&parts[from..])
        .all(|(wanted, part)| match wanted.split_once('*') {
            Some((start, end)) => {
                part.len() >= start.len() + end.len()
                    && part.starts_with(start)
                    && part.ends_with(end)
            }
            None => wanted == part,
        })
}
