//! What is committed is what the spec yields. In: this workspace. Out: a complaint with the command that repairs.

mod scratch;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use xtask::Outcome;

#[test]
fn bundle_coverage_and_client_are_what_the_spec_yields() {
    let (outcome, _) = scratch::task(&scratch::workspace(), &["codegen", "--check"]);
    assert_eq!(outcome, Outcome::Done);
}

#[test]
fn two_runs_in_two_folders_give_the_committed_bytes() {
    let committed = generated(&scratch::workspace());
    assert!(committed.contains_key("spec/openapi.yaml"));
    for name in ["fresh-a", "fresh/much/deeper/b"] {
        let root = scratch::copy(name);
        for file in committed.keys() {
            fs::remove_file(root.join(file)).expect("remove a generated file");
        }
        let (outcome, _) = scratch::task(&root, &["codegen"]);
        assert_eq!(outcome, Outcome::Done);
        let generated = generated(&root);
        assert_eq!(
            generated.keys().collect::<Vec<_>>(),
            committed.keys().collect::<Vec<_>>()
        );
        for (file, text) in &generated {
            assert!(
                *text == committed[file],
                "{file} differs in {}",
                root.display()
            );
        }
    }
}

/// Every generated file of a workspace, by its path.
fn generated(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in [
        "spec/openapi.yaml",
        "spec/COVERAGE.md",
        "tests/emulator/openapi.yaml",
    ] {
        found.insert(file.to_owned(), text(&root.join(file)));
    }
    collect(root, "creatify-api/src/generated", &mut found);
    found
}

fn collect(root: &Path, folder: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(folder)).expect("read a folder") {
        let entry = entry.expect("read an entry");
        let name = format!(
            "{folder}/{}",
            entry.file_name().to_str().expect("a name in UTF-8")
        );
        if entry.file_type().expect("the type of an entry").is_dir() {
            collect(root, &name, found);
        } else {
            found.insert(name, text(&entry.path()));
        }
    }
}

/// A file's text with the line ends of the repository, whatever the checkout made of them.
fn text(path: &Path) -> String {
    fs::read_to_string(path)
        .expect("read a file")
        .replace("\r\n", "\n")
}
