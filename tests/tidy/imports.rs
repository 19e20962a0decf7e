//! Who may use whom. In: the sources. Out: every use that the table below does not allow. Knows names only.

use crate::scan::Scan;
use crate::{assert_none, hand_written, workspace};
use std::collections::{BTreeMap, BTreeSet};

/// A module of the workspace and what it may use, its own parts and pure `std` aside: modules of its package, other
/// packages, and the parts of `std` that reach outside the program.
struct Module {
    name: &'static str,
    may_use: &'static str,
}

const fn module(name: &'static str, may_use: &'static str) -> Module {
    Module { name, may_use }
}

#[rustfmt::skip]
const TABLE: &[Module] = &[
    // What everything stands on: no document, no Rust, no disk.
    module("codegen::pointer", ""),
    module("codegen::wire", ""),
    module("codegen::action", ""),
    module("codegen::keyword", ""),
    module("codegen::diagnostic", "pointer locate"),
    // The document as text and as a tree. None knows Rust names, types or tokens.
    module("codegen::locate", "diagnostic pointer serde serde_yaml"),
    module("codegen::yaml", "diagnostic locate pointer serde serde_json serde_yaml"),
    module("codegen::bundle", "diagnostic locate overlay pointer yaml indexmap serde_json"),
    module("codegen::overlay", "diagnostic pointer yaml serde_json serde_json_path similar"),
    module("codegen::page", "action diagnostic pointer yaml serde_json"),
    module("codegen::walk", "keyword pointer serde_json"),
    module("codegen::document", "diagnostic keyword pointer walk yaml indexmap openapiv3 serde serde_json"),
    // The two models: data, and nothing of each other.
    module("codegen::api", "pointer wire"),
    module("codegen::krate", "pointer wire"),
    // The steps between. `resolve` is the last that sees `openapiv3`, `plan` sees no document and no tokens, `render`
    // and `format` see nothing but the plan.
    module("codegen::resolve", "api diagnostic document pointer wire indexmap openapiv3 serde serde_json"),
    module("codegen::plan", "action api diagnostic krate pointer wire heck regex_lite syn"),
    module("codegen::render", "files format krate proc_macro2 quote"),
    module("codegen::format", "prettyplease proc_macro2 quote syn"),
    // What became of everything: it alone holds the document and the plan side by side.
    module("codegen::coverage", "diagnostic document keyword krate pointer walk serde_json"),
    // Two documents side by side, as trees: it knows no tokens, and of `document` the version only; `diff::rust` two plans.
    module("codegen::diff", "diagnostic document keyword krate locate plan pointer resolve wire yaml chrono indexmap serde serde_json serde_yaml syn"),
    // The only one that touches the disk.
    module("codegen::files", "similar std::fs"),
    module("codegen::lib", "coverage diagnostic document files plan pointer render resolve"),
    module("launch::lib", "std::env std::process std::thread"),
    module("launch::main", "launch std::env std::os std::process"),
    module("xtask::main", "xtask anstream std::env std::process"),
    module("xtask::lib", "bench changelog ci diff emulator generate git import lowest usage workspace clap codegen std::fs"),
    module("xtask::emulator", "lib launch serde_json std::env std::process"),
    module("xtask::usage", "clap"),
    module("xtask::bench", "lib clap std::env std::ffi std::fs std::process std::thread std::time"),
    module("xtask::diff", "lib git version workspace clap codegen std::fs std::time"),
    module("xtask::changelog", "lib diff git codegen"),
    module("xtask::git", "lib workspace std::fs std::process"),
    module("xtask::version", "lib git codegen std::fs"),
    module("xtask::ci", "lib lowest steps clap serde_json std::env std::process std::time"),
    module("xtask::steps", "lowest serde_json"),
    module("xtask::lowest", "lib serde_json std::fs std::process"),
    module("xtask::generate", "lib workspace codegen"),
    module("xtask::import", "lib workspace codegen std::fs"),
    module("xtask::workspace", "lib codegen std::fs"),
    module("creatify_api::lib", "generated runtime chrono reqwest serde_json uuid"),
    module("creatify_api::guide", ""),
    // Of the generated half the runtime knows where calls go and how jobs live, and no type.
    module("creatify_api::runtime", "generated::resources generated::security axum bytes chrono fastrand futures_core \
        futures_util gloo_timers h2 hmac_sha256 http_body httpdate redb regex_lite reqwest rustls serde serde_json sha2 tokio \
        tracing uuid web_time webpki_root_certs std::env std::fs std::net std::process std::thread std::time"),
    // The root names the types anew, for users and for the generated half itself.
    module("creatify_api::generated", "lib runtime generated::security"),
    // The judge must not see the product.
    module("creatify_emulator::lib", "axum chrono form_urlencoded futures_util http_body hyper hyper_util jsonschema multer percent_encoding serde serde_json serde_yaml tokio uuid std::net std::time"),
    module("creatify_emulator::main", "creatify_emulator clap tokio std::env std::fs std::net std::process std::time"),
    module("tests::lib", ""),
    module("tests::recorder", "tokio std::net"),
    // The generator or the client, never both: each is judged alone.
    module("tests::scratch", "anstream xtask std::env std::fs"),
    module("tests::diff_command", "scratch codegen xtask serde_json std::env std::fs std::process"),
    module("tests::commands", "scratch xtask serde_yaml std::fs"),
    module("tests::fresh", "xtask std::fs"),
    module("tests::cases", "codegen xtask serde_json serde_yaml std::env std::fs std::process"),
    module("tests::diff", "codegen proptest serde serde_json serde_yaml std::env std::fs"),
    module("tests::diff_rust", "codegen serde_json std::env std::fs std::process"),
    module("tests::client", "axum creatify_api serde_json tests tokio std::env std::net std::time"),
    module("tests::job", "axum creatify_api serde_json tests tokio std::env std::net std::time"),
    module("tests::journal", "creatify_api futures_util reqwest serde_json tokio std::env std::fs std::time"),
    module("tests::jobs", "creatify_api creatify_emulator proptest serde_json tokio std::time"),
    module("tests::wire", "tokio std::net"),
    module("tests::page", "creatify_emulator wire serde_json tests tokio std::env std::fs std::process std::time"),
    module("tests::examples", "creatify_emulator futures_util serde_json tokio std::env std::fs std::process"),
    module("tests::markdown", "std::env std::fs std::net std::process std::thread std::time"),
    module("tests::process", "wire std::env std::fs std::net std::process std::time tokio"),
    module("tests::bench_load", "process wire serde_json tokio std::time"),
    module("tests::bench_journal", "creatify_api creatify_emulator futures_util tokio std::env std::fs std::time"),
    module("tests::bench_waiting", "process wire creatify_api serde_json tokio std::fs std::time"),
    module("tests::control", "creatify_emulator serde_json tokio std::env std::fs std::net std::process std::time"),
    module("tests::judge", "creatify_emulator jsonschema proptest serde_json serde_yaml tokio std::fs std::net std::time"),
    module("tests::suite", "creatify_api creatify_emulator serde_json tests tokio std::net std::time"),
    module("tests::runtime", "creatify_api creatify_emulator futures_util reqwest rustls serde_json tests tokio tokio_rustls tracing tracing_subscriber std::env std::net std::process std::thread std::time"),
    module("tests::guide", "creatify_api creatify_emulator serde_json tokio std::env std::fs std::process std::time"),
    module("tests::soak", "clap creatify_api creatify_emulator futures_util tokio std::env std::fs std::process std::time"),
    module("tests::soak_full", "soak clap tokio std::env std::fs std::process std::time"),
    module("tests::download", "bytes creatify_api creatify_emulator futures_util proptest tests tokio std::env std::fs std::net std::process std::time"),
    module("tests::types", "creatify_api serde serde_json serde_yaml std::env std::fs syn tests tokio"),
    module("tests::webhook", "axum creatify_api creatify_emulator futures_util proptest serde_json tokio std::time"),
    module("tests::fidelity", "serde_yaml syn std::fs"),
    module("tests::tidy", "proc_macro2 serde_json std::env std::fs std::process"),
];

#[test]
fn modules_use_only_what_the_table_allows() {
    assert_none(
        complaints(&workspace()),
        "take another way; or, if the architecture is meant to change, the table in \
         tests/tidy/imports.rs and ARCHITECTURE.md",
    );
}

#[test]
fn a_use_that_is_not_allowed_is_found() {
    let table = [
        (
            "codegen/src/plan/types.rs",
            "fn f() { quote::quote!(); }",
            "uses `quote`",
        ),
        (
            "codegen/src/render/item.rs",
            "use crate::api::Schema;",
            "uses `api`",
        ),
        (
            "codegen/src/lib.rs",
            "fn f() { std::fs::read(\"x\"); }",
            "uses `std::fs`",
        ),
        (
            "creatify-api/src/runtime/call.rs",
            "use crate::generated::types::Lipsync;",
            "uses `generated::types`",
        ),
        (
            "xtask/src/ci.rs",
            "use creatify_api::Client;",
            "uses `creatify_api`",
        ),
        (
            "tests/recorder.rs",
            "use creatify_api::Client;",
            "uses `creatify_api`",
        ),
        (
            "tests/fidelity/compare.rs",
            "use codegen::api;",
            "uses `codegen`",
        ),
        (
            "codegen/src/newcomer.rs",
            "",
            "the module `codegen::newcomer` has no row",
        ),
    ];
    // Without the other sources' text only what is added can be complained of.
    let mut empty = workspace();
    empty.retain(|path, _| place(path).is_some() || path.ends_with("Cargo.toml"));
    for (_, text) in empty.iter_mut().filter(|(path, _)| path.ends_with(".rs")) {
        text.clear();
    }
    assert_none(
        complaints(&empty),
        "an empty source uses nothing: mend this test",
    );
    for (path, added, expected) in table {
        let mut files = empty.clone();
        files.insert(path.to_owned(), added.to_owned());
        assert_eq!(complaints(&files), [format!("{path}: {expected}")]);
    }
    empty.remove("codegen/src/wire.rs");
    let gone = "the table has a row for `codegen::wire`, which is gone";
    assert_eq!(complaints(&empty), [gone]);
}

fn complaints(files: &BTreeMap<String, String>) -> Vec<String> {
    let packages = packages(files);
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, text) in files {
        let Some((package, inner)) = place(path) else {
            continue;
        };
        let own = inner.first().map_or("lib", String::as_str);
        let name = format!("{package}::{own}");
        seen.insert(name.clone());
        let Some(row) = TABLE.iter().find(|row| row.name == name) else {
            complaints.push(format!("{path}: the module `{name}` has no row"));
            continue;
        };
        let siblings = siblings(files, package);
        let mut scan = Scan::new(&packages, &siblings);
        // The roots of a package are no module of their own.
        let here: &[String] = match own {
            "lib" | "main" => &[],
            _ => &inner,
        };
        let read = scan.text(text, here);
        complaints.extend(read.err().map(|error| format!("{path}: {error}")));
        let allowed: BTreeSet<&str> = row.may_use.split_whitespace().collect();
        let strange = scan
            .found
            .iter()
            .filter(|used| *used != own && !allowed.contains(used.as_str()));
        complaints.extend(strange.map(|used| format!("{path}: uses `{used}`")));
    }
    let rows = TABLE.iter().filter(|row| !seen.contains(row.name));
    complaints
        .extend(rows.map(|row| format!("the table has a row for `{}`, which is gone", row.name)));
    complaints
}

#[test]
fn every_module_has_one_row() {
    let names: BTreeSet<_> = TABLE.iter().map(|row| row.name).collect();
    assert_eq!(
        names.len(),
        TABLE.len(),
        "a module stands in the table twice: join its rows"
    );
}

/// Package and module path of a source: `codegen` and `plan`, `types`. `None` for what has no row.
fn place(path: &str) -> Option<(&'static str, Vec<String>)> {
    let packages = [
        ("codegen/src/", "codegen"),
        ("xtask/src/", "xtask"),
        ("xtask/launch/src/", "launch"),
        ("creatify-api/src/", "creatify_api"),
        ("tests/emulator/src/", EMULATOR),
        ("tests/", "tests"),
    ];
    let (folder, package) = packages
        .into_iter()
        .find(|(folder, _)| path.starts_with(folder))?;
    if !hand_written(path) && !path.starts_with("creatify-api/src/generated/") {
        return None;
    }
    let inner = path.strip_prefix(folder)?.strip_suffix(".rs")?;
    let mut parts: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") {
        parts.pop();
    }
    // All of its library is one row: it is the judge as a whole.
    if package == EMULATOR && parts != ["main"] {
        parts = vec!["lib".to_owned()];
    }
    Some((package, parts))
}

const EMULATOR: &str = "creatify_emulator";

/// The modules at the top of a package. Tests are packages of their own, so none stands beside another there.
fn siblings(files: &BTreeMap<String, String>, package: &str) -> BTreeSet<String> {
    if package == "tests" {
        return BTreeSet::new();
    }
    let places = files.keys().filter_map(|path| place(path));
    let tops = places
        .filter(|(owner, _)| *owner == package)
        .filter_map(|(_, inner)| inner.into_iter().next());
    tops.filter(|top| top != "lib" && top != "main").collect()
}

/// Every package that a manifest names among its dependencies, as code names it; and the library of the tests.
fn packages(files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut found = BTreeSet::from(["tests".to_owned()]);
    let manifests = files
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml") && !path.starts_with("tests/cases/"));
    for (_, text) in manifests {
        let mut among = false;
        for line in text.lines() {
            if line.starts_with('[') {
                among = line.ends_with("dependencies]");
            } else if among && line.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
                found.insert(name.replace('-', "_"));
            }
        }
    }
    found
}
