//! What a change of the document does to users of the client. In: the folders of `tests/cases/diff_rust`. Out: a complaint
//! with the command that repairs. Knows only the public functions of `codegen`.
//!
//! Each folder holds a document before and after a change, the report about the client, and a witness: a program that
//! compiles against the client of `old.yaml`, and fails to compile against that of `new.yaml` exactly when the report says
//! `major`. The clients of all cases are joined to one before and one after, so that the runtime is compiled twice and not
//! twice per case; so no two cases may name a type or a tag alike.

#[path = "cases/compile.rs"]
#[expect(
    dead_code,
    reason = "the witnesses are judged one by one, and not documented"
)]
mod compile;

use codegen::diff::rust::{self, Bump, RustChange};
use codegen::files::Files;
use codegen::krate::{Crate, Ident};
use codegen::{Diagnostics, Spec, document, plan, render, resolve};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The command that takes over what the verdict says now.
const BLESS: &str = "UPDATE_EXPECT=1 cargo test -p tests --test diff_rust";

/// A change, and the clients before and after it.
struct Case {
    name: String,
    folder: PathBuf,
    old: Crate,
    new: Crate,
}

impl Case {
    fn changes(&self) -> Vec<RustChange> {
        rust::compare(&self.old, &self.new)
    }
}

#[test]
fn changes_have_the_report_beside_them() {
    let mut complaints = String::new();
    for case in cases() {
        let said = report(&case.changes());
        let path = case.folder.join("report.txt");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let ci = std::env::var_os("CI").is_some();
            assert!(!ci, "expectations are never updated under CI");
            fs::write(&path, &said).expect("write a report");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if said != expected.replace("\r\n", "\n") {
            complaints += &format!("== {}\n{said}\n", case.name);
        }
        complaints += &strays(&case);
    }
    assert!(
        complaints.is_empty(),
        "\n{complaints}when these are improvements: {BLESS}"
    );
}

#[test]
fn a_document_that_did_not_change_changes_nothing() {
    for case in cases() {
        for side in [&case.old, &case.new] {
            assert_eq!(rust::compare(side, side), [], "{}", case.name);
        }
    }
}

/// A `major` without a program that it breaks would be a false alarm; one that is missing would break users in a minor
/// version.
#[test]
fn witnesses_compile_unless_the_report_says_major() {
    let cases = cases();
    let programs: Files = cases
        .iter()
        .map(|case| (format!("{}.rs", case.name), program(case)))
        .collect();
    let clients = BTreeMap::from([
        (
            "after".to_owned(),
            render::files(&joined(&cases, |case| &case.new)),
        ),
        (
            "before".to_owned(),
            render::files(&joined(&cases, |case| &case.old)),
        ),
    ]);
    let workspace = compile::Workspace::new("witnesses", &clients, &programs);
    let before = compiled(&workspace.judged("before"));
    let after = compiled(&workspace.judged("after"));
    let mut complaints = String::new();
    for case in &cases {
        let name = case.name.as_str();
        if let Some(error) = before.get(name) {
            complaints += &format!("{name} does not compile before the change:\n{error}\n");
        }
        let major = worst(&case.changes()) == Bump::Major;
        match (major, after.get(name)) {
            (true, None) => complaints += &format!("{name} is major, and the witness compiles\n"),
            (false, Some(error)) => {
                complaints += &format!("{name} is not major, and the witness fails:\n{error}\n")
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    for (name, said) in [("before", &before), ("after", &after)] {
        let lib = said.get("creatify_api");
        complaints += &lib
            .map(|error| format!("the client {name} the changes:\n{error}\n"))
            .unwrap_or_default();
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

fn worst(changes: &[RustChange]) -> Bump {
    let bumps = changes.iter().map(|change| change.bump);
    bumps.max().unwrap_or(Bump::None)
}

/// The report of one change: the verdict, then one paragraph per finding.
fn report(changes: &[RustChange]) -> String {
    let mut text = format!("{}\n", worst(changes));
    for change in changes {
        let place = |pointer: &Option<codegen::Pointer>| match pointer {
            Some(pointer) => pointer.to_string(),
            None => "-".to_owned(),
        };
        text += &format!(
            "\n{}: {}: {}\n    old {}\n    new {}\n",
            change.bump,
            change.item,
            change.text,
            place(&change.old),
            place(&change.new)
        );
    }
    text
}

/// The witness as a program of its own.
fn program(case: &Case) -> String {
    let witness = fs::read_to_string(case.folder.join("user.rs"));
    let witness = witness.unwrap_or_else(|error| panic!("{}/user.rs: {error}", case.name));
    format!("{witness}\n#[allow(dead_code)]\nfn main() {{}}\n")
}

/// One client of all cases: their resources and types side by side.
fn joined(cases: &[Case], side: impl Fn(&Case) -> &Crate) -> Crate {
    let mut joined: Option<Crate> = None;
    let mut taken: BTreeSet<&Ident> = BTreeSet::new();
    for case in cases {
        let client = side(case);
        let types = client.types.iter().flat_map(|module| &module.items);
        let names = types.map(|item| item.name());
        for name in names.chain(client.resources.iter().map(|resource| &resource.module)) {
            let free = taken.insert(name);
            assert!(
                free,
                "{}: another case has the name `{}`",
                case.name,
                name.as_str()
            );
        }
        let Some(joined) = &mut joined else {
            joined = Some(client.clone());
            continue;
        };
        joined.resources.extend(client.resources.iter().cloned());
        for module in &client.types {
            match joined.types.iter_mut().find(|one| one.name == module.name) {
                Some(one) => one.items.extend(module.items.iter().cloned()),
                None => joined.types.push(module.clone()),
            }
        }
        for key in &client.keys {
            if !joined.keys.iter().any(|one| one.constant == key.constant) {
                joined.keys.push(key.clone());
            }
        }
    }
    joined.expect("a case")
}

/// The targets that do not compile, with the first error of each.
fn compiled(messages: &str) -> BTreeMap<String, String> {
    let mut failed = BTreeMap::new();
    for line in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("a message of cargo");
        let about = &message["message"];
        if message["reason"] == "compiler-message" && about["level"] == "error" {
            let target = message["target"]["name"].as_str().unwrap_or_default();
            let said = about["rendered"].as_str().unwrap_or_default();
            failed
                .entry(target.to_owned())
                .or_insert_with(|| said.to_owned());
        }
    }
    failed
}

fn strays(case: &Case) -> String {
    const FILES: [&str; 4] = ["new.yaml", "old.yaml", "report.txt", "user.rs"];
    let entries = fs::read_dir(&case.folder).expect("read the folder of a case");
    let names = entries.map(|entry| entry.expect("read an entry").file_name());
    let strays = names.filter(|name| !FILES.iter().any(|file| name == file));
    strays
        .map(|name| {
            format!(
                "== {}\ndoes not belong here: {}\n",
                case.name,
                name.display()
            )
        })
        .collect()
}

/// All cases, sorted.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/diff_rust");
    let entries = fs::read_dir(&folder).expect("read the folder of the cases");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("read an entry").path())
        .collect();
    folders.sort();
    folders
        .into_iter()
        .map(|folder| Case {
            name: folder
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a name in UTF-8")
                .to_owned(),
            old: planned(&folder.join("old.yaml")),
            new: planned(&folder.join("new.yaml")),
            folder,
        })
        .collect()
}

fn planned(path: &Path) -> Crate {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let plan = |spec: &Spec| -> Result<Crate, Diagnostics> {
        let document = document::read(spec)?;
        plan::krate(&resolve::api(&document)?, &spec.name)
    };
    plan(&Spec::new(path.display().to_string(), text))
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}
