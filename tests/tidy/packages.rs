//! Who depends on whom. In: the manifests and `cargo metadata`. Out: dependencies that break a rule. Knows no source.

use crate::{assert_none, workspace};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// A package, and what it must not reach through its normal and build dependencies.
const APART: &[(&str, &[&str], &str)] = &[
    (
        "creatify-api",
        &["codegen", "xtask", "tests", "creatify-emulator"],
        "the client is published alone",
    ),
    (
        "codegen",
        &["creatify-api", "xtask", "tests", "creatify-emulator"],
        "the generator knows no client",
    ),
    (
        "xtask",
        &["creatify-api", "tests", "creatify-emulator"],
        "a broken client must be repairable by generating it again",
    ),
    (
        "creatify-emulator",
        &["codegen", "creatify-api", "xtask", "tests"],
        "the judge must not see the product",
    ),
    (
        "launch",
        &["codegen", "creatify-api", "xtask", "tests"],
        "it is built without a word, so it has to be built in a second",
    ),
    (
        "tests",
        &["codegen", "creatify-api", "xtask"],
        "the scripted server is for tests of any of them",
    ),
];

#[test]
fn versions_stand_in_one_table() {
    let files = workspace();
    let mut complaints = Vec::new();
    let manifests = files
        .iter()
        .filter(|(path, _)| path.ends_with("/Cargo.toml") && !path.starts_with("tests/cases/"));
    for (path, text) in manifests {
        for (index, line) in strays(text) {
            complaints.push(format!("{path}:{index}: {line}"));
        }
    }
    assert_none(
        complaints,
        "put the version into [workspace.dependencies] and write `name.workspace = true`",
    );
}

#[test]
fn strays_are_found() {
    let text = "[package]\nversion = \"1\"\n[dependencies]\n# a = \"1\"\na.workspace = true\nb = { workspace = true, optional = true }\n\
                c = \"1\"\n[target.'cfg(unix)'.dev-dependencies]\nd = { path = \"../d\" }\n[lints]\nworkspace = true\n[dependencies.e]\nversion = \"1\"\n";
    let found: Vec<usize> = strays(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(found, [7, 9, 12]);
}

#[test]
fn packages_stay_apart() {
    let metadata = metadata(&["--no-deps"]);
    let graph = graph(&metadata);
    let mut complaints = Vec::new();
    for (package, forbidden, reason) in APART {
        assert!(
            graph.contains_key(*package),
            "`{package}` is gone: bring the table in tests/tidy/packages.rs up to date"
        );
        let reached = reached(&graph, package);
        for other in forbidden.iter().filter(|other| reached.contains(**other)) {
            complaints.push(format!("`{package}` depends on `{other}`: {reason}"));
        }
    }
    assert_eq!(
        graph.len(),
        APART.len(),
        "a package has no row: add it to the table in tests/tidy/packages.rs"
    );
    assert_none(
        complaints,
        "a test may have it among its [dev-dependencies]; anything else needs another way",
    );
}

/// What is published, and what must be in it besides its sources.
const PUBLISHED: &[(&str, &str, &[&str])] = &[
    ("creatify-api", "creatify-api", &["examples/first_video.rs"]),
    (
        "creatify-emulator",
        "tests/emulator",
        &["openapi.yaml", "page.html", "sample.mp4"],
    ),
];

#[test]
fn what_is_published_has_both_licences_and_all_that_it_needs() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let files = workspace();
    let published = list(&metadata(&["--no-deps"])["packages"])
        .iter()
        .filter(|package| package["publish"].is_null())
        .filter_map(|package| package["name"].as_str().map(str::to_owned))
        .collect::<BTreeSet<_>>();
    let expected = PUBLISHED.iter().map(|(name, ..)| (*name).to_owned());
    assert_eq!(
        published,
        expected.collect(),
        "bring PUBLISHED up to date, or write `publish = false`"
    );
    let mut complaints = Vec::new();
    for (package, folder, needed) in PUBLISHED {
        let output = cargo()
            .args(["package", "--list", "--allow-dirty", "--offline"])
            .args(["--package", package])
            .current_dir(root)
            .output()
            .expect("run cargo");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{package}: {said}");
        let inside = String::from_utf8_lossy(&output.stdout).into_owned();
        let inside: BTreeSet<&str> = inside.lines().collect();
        let licences = ["LICENSE-MIT", "LICENSE-APACHE"];
        for file in needed.iter().chain(&licences).chain(&["README.md"]) {
            if !inside.contains(file) {
                complaints.push(format!("{package} is packaged without {file}"));
            }
        }
        for licence in licences {
            if files.get(&format!("{folder}/{licence}")) != files.get(licence) {
                complaints.push(format!(
                    "{folder}/{licence} is not the workspace's {licence}"
                ));
            }
        }
    }
    assert_none(
        complaints,
        "link the licence from the workspace's folder, and see `include` and `exclude` of the manifest",
    );
}

/// Features of the client that `full` leaves out, and why.
const NOT_FULL: &[(&str, &str)] = &[
    ("default", "it is what one gets without asking"),
    ("full", "it is that list itself"),
    ("native-tls", "it needs the headers of OpenSSL on Linux"),
];

/// Who asks for all of the client, such as our documentation, gets all that builds everywhere.
#[test]
fn full_is_every_feature_that_builds_everywhere() {
    let metadata = metadata(&["--no-deps"]);
    let client = list(&metadata["packages"])
        .iter()
        .find(|package| package["name"] == "creatify-api")
        .expect("creatify-api is a package of this workspace");
    let features = client["features"].as_object().expect("features");
    let full: BTreeSet<&str> = list(&features["full"])
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let expected: BTreeSet<&str> = features
        .keys()
        .map(String::as_str)
        .filter(|name| !NOT_FULL.iter().any(|(other, _)| other == name))
        .collect();
    assert_eq!(
        full, expected,
        "name every feature below `full` in creatify-api/Cargo.toml, or give a reason in tests/tidy/packages.rs"
    );
    for package in list(&metadata["packages"])
        .iter()
        .filter(|package| package["publish"].is_null())
    {
        let docs = &package["metadata"]["docs"]["rs"];
        assert_eq!(
            docs["all-features"], true,
            "{}: docs.rs is to show all features",
            package["name"]
        );
    }
}

#[test]
fn what_is_reached_through_others_counts() {
    let edge = |from: &str, to: &[&str]| {
        (
            from.to_owned(),
            to.iter().map(|name| (*name).to_owned()).collect(),
        )
    };
    let graph = BTreeMap::from([
        edge("a", &["b"]),
        edge("b", &["c"]),
        edge("c", &["a"]),
        edge("d", &[]),
    ]);
    assert_eq!(
        reached(&graph, "a").into_iter().collect::<Vec<_>>(),
        ["a", "b", "c"]
    );
    assert!(reached(&graph, "d").is_empty());
}

#[test]
fn the_oldest_compiler_is_new_enough_for_what_the_client_uses() {
    // Packages of other systems may not be there, and cargo may not fetch them here.
    let output = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()
        .expect("run rustc");
    let host = String::from_utf8(output.stdout).expect("a host in UTF-8");
    let metadata = metadata(&["--filter-platform", host.trim()]);
    let packages: BTreeMap<&str, &Value> = list(&metadata["packages"])
        .iter()
        .filter_map(|package| Some((package["id"].as_str()?, package)))
        .collect();
    let root = packages
        .iter()
        .find(|(_, package)| package["name"] == "creatify-api")
        .map(|(id, _)| *id);
    let root = root.expect("creatify-api is a package of this workspace");
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let normal = list(&node["deps"]).iter().filter(|dep| {
            list(&dep["dep_kinds"])
                .iter()
                .any(|kind| kind["kind"] != "dev")
        });
        let targets = normal
            .filter_map(|dep| dep["pkg"].as_str().map(str::to_owned))
            .collect();
        edges.insert(node["id"].as_str().unwrap_or_default().to_owned(), targets);
    }
    let ours =
        version(&packages[root]["rust_version"]).expect("creatify-api states a rust-version");
    let reached = reached(&edges, root);
    assert!(
        reached.len() > 10,
        "creatify-api uses more than {} packages: the graph was misread",
        reached.len()
    );
    let complaints = reached.iter().filter_map(|id| {
        let package = packages.get(id.as_str())?;
        let needed = version(&package["rust_version"]).filter(|needed| *needed > ours)?;
        Some(format!(
            "{} {} needs Rust {}.{}",
            package["name"], package["version"], needed.0, needed.1
        ))
    });
    assert_none(
        complaints.collect(),
        "raise `rust-version` in Cargo.toml (a breaking change), or take an older version",
    );
}

/// The lines of a manifest that state a dependency in their own words.
fn strays(manifest: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut among = false;
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            let section = line.trim_matches(['[', ']']);
            among = section.ends_with("dependencies");
            // `[dependencies.name]` has no place for `workspace = true` on the same line.
            if section.contains("dependencies.") {
                found.push((index + 1, line.to_owned()));
            }
        } else if among
            && !line.is_empty()
            && !line.starts_with('#')
            && !line.contains("workspace = true")
        {
            found.push((index + 1, line.to_owned()));
        }
    }
    found
}

/// The packages of this workspace and which of each other they use, tests aside.
fn graph(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let packages = list(&metadata["packages"]);
    let ours: BTreeSet<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let edges = packages.iter().map(|package| {
        let normal = list(&package["dependencies"])
            .iter()
            .filter(|dependency| dependency["kind"] != "dev");
        let names = normal.filter_map(|dependency| dependency["name"].as_str());
        let used = names
            .filter(|name| ours.contains(name))
            .map(str::to_owned)
            .collect();
        (
            package["name"].as_str().unwrap_or_default().to_owned(),
            used,
        )
    });
    edges.collect()
}

/// Everything that one package uses, directly or through others.
fn reached(graph: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(next) = open.pop() {
        for used in graph.get(&next).into_iter().flatten() {
            if found.insert(used.clone()) {
                open.push(used.clone());
            }
        }
    }
    found
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn metadata(arguments: &[&str]) -> Value {
    let output = cargo()
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("run cargo");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "`cargo metadata` failed; update Cargo.lock with `cargo check`: {said}"
    );
    serde_json::from_slice(&output.stdout).expect("JSON from cargo")
}

/// The first two numbers of a version.
fn version(value: &Value) -> Option<(u32, u32)> {
    let mut parts = value.as_str()?.split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}
