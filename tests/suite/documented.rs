//! The examples of the generated documentation. In: the sources of the resources. Out: that each
//! stands in `tests/suite/examples.rs`, and that its request passes the client's check and the emulator.

use std::fmt::Write as _;
use std::time::Duration;

use creatify_emulator::Options;

use crate::{examples, fixture};

const WRITTEN: &str = include_str!("examples.rs");

macro_rules! sources {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../creatify-api/src/generated/resources/", $name, ".rs")))),*]
    };
}

/// The modules of the resources, and the file that lists them.
const SOURCES: &[(&str, &str)] = sources!(
    "custom_template_jobs",
    "custom_templates",
    "lipsyncs",
    "lipsyncs_v2",
    "personas",
    "remaining_credits",
    "text_to_speech",
    "voices"
);
const MODULES: &str = include_str!("../../creatify-api/src/generated/resources/mod.rs");

/// The text without what a formatter may change: spaces, line ends and commas.
fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != ',');
    kept.collect()
}

/// Every example as the function that it is, with its resource and its number.
fn all() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (module, text) in SOURCES {
        let lines = text.lines().map(str::trim_start);
        let docs: Vec<_> = lines.filter_map(|line| line.strip_prefix("///")).collect();
        let blocks = docs.split(|line| line.trim_start().starts_with("```"));
        // Text and code take turns.
        for (index, block) in blocks.skip(1).step_by(2).enumerate() {
            let shown = block
                .iter()
                .map(|line| line.strip_prefix(' ').unwrap_or(line));
            let code: Vec<_> = shown
                .map(|line| line.strip_prefix("# ").unwrap_or(line))
                .collect();
            found.push((format!("{module}_{index}"), code.join("\n")));
        }
    }
    found
}

/// The file that holds the examples, before it is formatted.
fn file(examples: &[(String, String)]) -> String {
    let mut text = "//! The examples of the generated documentation, as they stand there. In: a client. Out: what\n\
         //! each answers. `tests/suite/documented.rs` says what has to stand here.\n\n"
        .to_owned();
    for (name, code) in examples {
        let code = code.replace("async fn example", "pub(crate) async fn example");
        write!(text, "pub(crate) mod {name} {{\n{code}\n}}\n\n").expect("room");
    }
    text.push_str("/// Runs each of them.\npub(crate) async fn run(client: &creatify_api::Client) -> Vec<(&'static str, Result<(), creatify_api::Error>)> {\nvec![\n");
    for (name, _) in examples {
        writeln!(text, "(\"{name}\", {name}::example(client.clone()).await),").expect("room");
    }
    text + "]\n}\n"
}

#[test]
fn what_is_run_is_what_is_documented() {
    let examples = all();
    assert!(examples.len() > 25, "{examples:?}");
    let modules = MODULES.lines().filter(|line| line.contains("mod "));
    assert_eq!(modules.count(), SOURCES.len(), "a resource is missing here");
    let expected = file(&examples);
    let is_same = bare(WRITTEN) == bare(&expected);
    assert!(
        is_same,
        "put this into tests/suite/examples.rs, and run `cargo fmt`:\n{expected}"
    );
}

#[tokio::test]
async fn no_example_asks_for_what_the_document_forbids() {
    let options = Options::default().strict().any_id().speed(10_000.0);
    let (emulator, client) = fixture::start_with(options).await;
    let running = tokio::time::timeout(Duration::from_secs(600), examples::run(&client));
    for (name, result) in running.await.expect("every example ends") {
        // An example does not know the id of a record.
        let error = result.err();
        let error = error.filter(|error| error.status().is_none_or(|status| status != 404));
        assert!(error.is_none(), "{name}: {error:?}");
    }
    let violations = emulator.state().violations();
    assert!(violations.is_empty(), "{violations:#?}");
    assert_eq!(
        emulator.state().called_operations(),
        emulator.state().all_operations()
    );
}
