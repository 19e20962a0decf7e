//! What every change must pass. In: the features of the client and the oldest compiler. Out: commands in their order, each with
//! what it needs. Runs nothing.

use crate::lowest::{FOLDER, PUBLISHED};
use serde_json::Value;
use std::collections::BTreeSet;

/// One check: a command, where it runs, an environment variable, and what a machine may not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) words: Vec<String>,
    /// The folder, from that of the workspace.
    pub(crate) folder: &'static str,
    pub(crate) variable: Option<(&'static str, &'static str)>,
    pub(crate) needs: Needs,
}

/// What a step needs beside cargo and a C compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// The standard library of a target.
    Target(&'static str),
    /// A toolchain of rustup.
    Toolchain(String),
    /// The program `cargo-deny`.
    Deny,
}

/// What is known of the packages.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The features of the client and what each turns on.
    pub(crate) features: Value,
    /// The version of the oldest compiler.
    pub(crate) oldest: String,
}

const CLIENT: &str = "creatify-api";

/// The features with TLS, which compile C. For other systems that wants a C compiler of theirs.
const TLS: [&str; 2] = ["rustls", "native-tls"];

/// It wants the headers of OpenSSL on Linux; the workflow has them.
const HEADERS: &str = "native-tls";

/// Systems that the client is checked for, besides the one that this runs on.
const TARGETS: [&str; 3] = [
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
    "x86_64-unknown-linux-musl",
];

/// What a browser runs. That the core needs nothing that a browser does not have, only a compiler for it can tell.
const BROWSER: &str = "wasm32-unknown-unknown";

/// In this order: what fails fastest comes first, and what needs what another has built comes after it.
pub(crate) fn all(facts: &Facts, dirty: bool) -> Vec<Step> {
    let mut steps = vec![
        cargo("fmt --all --check"),
        cargo("xtask codegen --check"),
        Step {
            needs: Needs::Deny,
            ..cargo("deny --all-features check --hide-inclusion-graph licenses bans sources")
        },
        cargo("clippy --workspace --all-targets --locked -- -D warnings"),
    ];
    // The step before has the features that the tests need; here each stands alone, and then all together.
    steps.extend(features(facts).map(|features| {
        cargo(&format!(
            "clippy --package {CLIENT} --no-default-features{features} --locked -- -D warnings"
        ))
    }));
    steps.push(cargo("test --workspace --locked"));
    // The tests of HTTP/2 and of bundled roots need them, and those of the workspace are meant to run without.
    steps.push(cargo(&format!(
        "test --package {CLIENT} --lib --features http2,bundled-roots --locked"
    )));
    steps.push(Step {
        variable: Some(("RUSTDOCFLAGS", "-D warnings")),
        ..cargo(&format!(
            "doc --workspace --no-deps --features {CLIENT}/full --locked"
        ))
    });
    steps.push(package(dirty));
    steps.extend(targets(facts));
    steps.push(lowest(facts));
    steps.push(oldest(facts));
    steps
}

fn cargo(arguments: &str) -> Step {
    let words = ["cargo"].into_iter().chain(arguments.split(' '));
    Step {
        words: words.map(str::to_owned).collect(),
        folder: "",
        variable: None,
        needs: Needs::Nothing,
    }
}

/// The options for no feature, for each, and for all.
fn features(facts: &Facts) -> impl Iterator<Item = String> {
    let named = names(facts).filter(|name| !["default", HEADERS].contains(name));
    let options = named.map(|name| format!(" --features {name}"));
    [String::new()].into_iter().chain(options)
}

fn names(facts: &Facts) -> impl Iterator<Item = &str> {
    let features = facts.features.as_object().into_iter().flatten();
    features.map(|(name, _)| name.as_str())
}

/// The features without TLS, with a comma between them.
fn without_tls(facts: &Facts) -> String {
    let names = names(facts).filter(|name| {
        let turned_on = turned_on(facts, name);
        !TLS.iter().any(|tls| turned_on.contains(tls))
    });
    names.collect::<Vec<_>>().join(",")
}

/// What a feature turns on in its own package, itself included.
fn turned_on<'a>(facts: &'a Facts, name: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        if found.insert(next) {
            let others = facts.features[next].as_array().into_iter().flatten();
            open.extend(others.filter_map(Value::as_str));
        }
    }
    found
}

fn package(dirty: bool) -> Step {
    let packages = PUBLISHED.map(|(name, _)| format!("--package {name}"));
    // While one works, the files to be packaged are not committed yet; a build server has only what is.
    let dirty = if dirty { " --allow-dirty" } else { "" };
    cargo(&format!("package {} --locked{dirty}", packages.join(" ")))
}

fn targets(facts: &Facts) -> impl Iterator<Item = Step> {
    let features = without_tls(facts);
    let check = move |target, features: &str| Step {
        needs: Needs::Target(target),
        ..cargo(&format!(
            "check --package {CLIENT} --no-default-features{features} --target {target} --locked"
        ))
    };
    let native = TARGETS.map(|target| check(target, &format!(" --features {features}")));
    native.into_iter().chain([check(BROWSER, "")])
}

/// The published packages with the lowest versions of what they are built with.
fn lowest(facts: &Facts) -> Step {
    let packages = PUBLISHED.map(|(name, _)| format!("--package {name}"));
    let features = without_tls(facts)
        .split(',')
        .map(|name| format!("{CLIENT}/{name}"))
        .collect::<Vec<_>>();
    Step {
        folder: FOLDER,
        ..cargo(&format!(
            "check {} --features {} --locked",
            packages.join(" "),
            features.join(",")
        ))
    }
}

/// The client with the oldest compiler that it promises.
fn oldest(facts: &Facts) -> Step {
    let Facts { oldest, .. } = facts;
    let features = without_tls(facts);
    let command = cargo(&format!(
        "check --package {CLIENT} --no-default-features --features {features} --locked"
    ));
    let words = ["rustup", "run", oldest].map(str::to_owned);
    Step {
        words: words.into_iter().chain(command.words).collect(),
        needs: Needs::Toolchain(oldest.clone()),
        ..command
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn commands() -> Vec<String> {
        let facts = Facts {
            features: json!({
                "default": ["rustls"],
                "rustls": ["reqwest/rustls"],
                "roots": ["rustls", "dep:roots"],
                "native-tls": ["reqwest/native-tls"],
                "journal": ["dep:redb"],
                "tracing": ["dep:tracing"],
                "full": ["rustls", "journal", "tracing"],
            }),
            oldest: "1.89".to_owned(),
        };
        let steps = all(&facts, false);
        steps.iter().map(|step| step.words.join(" ")).collect()
    }

    #[test]
    fn each_feature_is_checked_alone_unless_a_machine_may_not_have_what_it_needs() {
        let mut alone: Vec<String> = commands()
            .into_iter()
            .filter(|command| command.starts_with("cargo clippy --package"))
            .map(|command| {
                let rest = command
                    .split_once("--no-default-features")
                    .expect("alone")
                    .1;
                rest.replace(" --locked -- -D warnings", "")
            })
            .collect();
        alone.sort();
        let expected =
            ["", "full", "journal", "roots", "rustls", "tracing"].map(|name| match name {
                "" => String::new(),
                name => format!(" --features {name}"),
            });
        assert_eq!(alone, expected);
    }

    #[test]
    fn other_systems_are_checked_without_c() {
        for command in commands() {
            if command.contains("windows") || command.starts_with("rustup") {
                assert!(
                    command.contains("--features journal,tracing --"),
                    "{command}"
                );
            }
        }
    }
}
