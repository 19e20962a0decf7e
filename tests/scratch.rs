//! A copy of the parts of the workspace that tasks read and write. In: a name. Out: a folder to run tasks in.

use std::fs;
use std::path::{Path, PathBuf};
use xtask::{Look, Outcome};

/// The folder of this workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace around this package")
        .to_owned()
}

/// A new folder with the inputs of the generator and what was generated from them.
pub(crate) fn copy(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if root.exists() {
        fs::remove_dir_all(&root).expect("remove what an earlier run left");
    }
    for folder in ["spec", "creatify-api/src/generated"] {
        copy_folder(&workspace().join(folder), &root.join(folder));
    }
    fs::create_dir_all(root.join("tests/emulator")).expect("create a folder");
    let bundle = "tests/emulator/openapi.yaml";
    fs::copy(workspace().join(bundle), root.join(bundle)).expect("copy a file");
    root
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("create a folder");
    for entry in fs::read_dir(from).expect("read a folder") {
        let entry = entry.expect("read an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("the type of an entry").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copy a file");
        }
    }
}

/// Runs a task in a folder; gives how it ended and what it said, without colours.
pub(crate) fn task(root: &Path, arguments: &[&str]) -> (Outcome, String) {
    let mut said = Vec::new();
    let outcome = xtask::run(
        ["xtask"].iter().chain(arguments),
        root,
        Look::Plain,
        &mut said,
    );
    let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
    let outcome = match outcome {
        Outcome::Refused(message) => Outcome::Refused(plain(message)),
        Outcome::Done | Outcome::Failed(_) => outcome,
    };
    (outcome, String::from_utf8(said).expect("text"))
}
