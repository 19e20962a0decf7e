//! `cargo xtask diff` from outside. In: pairs of documents, repositories, bad inputs. Out: reports, exit codes, complaints.
//! Knows no rule but those that it needs for an example.
//!
//! A folder of `tests/cases/report` holds `old.yaml`, `new.yaml`, perhaps `accepted.yaml`, and what is printed about them.

mod scratch;

#[path = "diff_command/browser.rs"]
mod browser;
#[path = "diff_command/policy.rs"]
mod policy;
#[path = "diff_command/refused.rs"]
mod refused;
#[path = "diff_command/reports.rs"]
mod reports;
#[path = "diff_command/repository.rs"]
mod repository;

use std::fs;
use std::path::{Path, PathBuf};

/// A new, empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("remove what an earlier run left");
    }
    fs::create_dir_all(folder.join("spec")).expect("create a folder");
    folder
}

/// Writes a file of a folder; gives its path as an argument.
fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("create a folder");
    fs::write(&path, text).expect("write a file");
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// A document with one operation, whose parameter `q` has this schema.
fn document(schema: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://example.com'}}]\ntags: [{{name: a}}]\npaths:\n  \
         /a/:\n    get:\n      operationId: a_list\n      tags: [a]\n      parameters:\n      - name: q\n        in: query\n        \
         schema: {schema}\n      responses:\n        '200':\n          description: ok\n          content:\n            \
         application/json: {{schema: {{type: string}}}}\n"
    )
}

/// What takes nothing.
const LOOSE: &str = "{type: integer, maximum: 100}";
/// What refuses calls that were right.
const TIGHT: &str = "{type: integer, maximum: 50}";
