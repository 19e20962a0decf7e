//! One emulator for one test. In: requests. Out: what it answered and what it wrote down about
//! them. Knows the emulator's handle and HTTP, no other part of it.

use std::time::Duration;

use creatify_emulator::{Emulator, Options};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::generate::{self, Encoding};
use crate::spec::{Body, Spec};
use crate::wire::{self, Request};

/// What stands between the parts of a multipart body.
pub(crate) const BOUNDARY: &str = "the-judge-s-boundary";

/// What became of a request.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) status: u16,
    /// The places at which the emulator saw something wrong.
    pub(crate) pointers: Vec<String>,
    pub(crate) text: String,
}

impl Verdict {
    /// Whether nothing was wrong. A page behind the last one is not found, and yet no mistake.
    pub(crate) fn is_accepted(&self) -> bool {
        self.pointers.is_empty() && (self.status < 300 || self.status == 404)
    }

    /// Whether it was refused as wrong at this place and at no other.
    pub(crate) fn is_refused_at(&self, pointer: &str) -> bool {
        let here = self.pointers.iter().all(|place| place == pointer);
        (400..500).contains(&self.status) && here && !self.pointers.is_empty()
    }
}

/// What the judge starts with: strict, and with any id, as random ones name nothing.
fn options() -> Options {
    Options::stepped().strict().any_id()
}

/// An emulator of the committed document, whose account never runs out of credits.
pub(crate) async fn emulator() -> Emulator {
    start(options()).await
}

/// An emulator of another document.
pub(crate) async fn emulator_of(spec: &Spec) -> Emulator {
    start(options().spec(spec.text())).await
}

/// One with other options.
pub(crate) async fn start(options: Options) -> Emulator {
    let emulator = Emulator::start(options).await.expect("an emulator");
    emulator.state().set_balance("judge", 1e9);
    emulator
}

/// Sends a request; gives the answer and what was written down about it.
pub(crate) async fn verdict(emulator: &Emulator, request: &Request) -> Verdict {
    let before = emulator.state().violations().len();
    let answer = wire::send(emulator.base_url(), request).await;
    let violations = emulator.state().violations();
    let new = violations.into_iter().skip(before);
    let mut pointers: Vec<_> = new.map(|violation| violation.pointer).collect();
    // One mistake may break two keywords: null is neither a text nor one of the values.
    pointers.dedup();
    Verdict {
        status: answer.status,
        pointers,
        text: answer.text(),
    }
}

/// A job whose preview is finished, for a path that ends in `{id}/render/`.
pub(crate) async fn previewed(emulator: &Emulator, spec: &Spec, path: &str) -> String {
    let path = path.replace("{id}/render/", "preview/");
    let mut bodies = spec.bodies().into_iter();
    let body = bodies.find(|body| body.path == path).expect("a preview");
    let values = generate::value(spec, &body.schema, Encoding::Json);
    let tree = values.new_tree(&mut TestRunner::deterministic());
    let value = tree.expect("a value").current();
    let request = Request::new("POST", &path).body("application/json", value.to_string());
    let answer = wire::send(emulator.base_url(), &request).await;
    let job: Value = serde_json::from_slice(&answer.body).expect("a job");
    emulator.state().advance(Duration::from_secs(3_600));
    job["id"].as_str().expect("the id of the job").to_owned()
}

/// A value as the bytes of a body.
pub(crate) fn encode(body: &Body, value: &Value) -> Vec<u8> {
    match body.media_type.as_str() {
        "application/json" => value.to_string().into_bytes(),
        "application/x-www-form-urlencoded" => query(value).into_bytes(),
        "multipart/form-data" => multipart(value),
        other => panic!("bodies of the type {other} cannot be written yet"),
    }
}

/// The members of an object as a query or a form; lists are separated by commas.
pub(crate) fn query(value: &Value) -> String {
    let fields = fields(value).into_iter();
    let fields = fields.map(|(name, items)| {
        let items: Vec<_> = items.iter().map(|item| escape(item)).collect();
        format!("{}={}", escape(&name), items.join(","))
    });
    fields.collect::<Vec<_>>().join("&")
}

fn multipart(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    for (name, items) in fields(value) {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        text.push_str(&format!(
            "--{BOUNDARY}\r\n{head}\r\n\r\n{}\r\n",
            items.join(",")
        ));
    }
    text.push_str(&format!("--{BOUNDARY}--\r\n"));
    text.into_bytes()
}

fn fields(value: &Value) -> Vec<(String, Vec<String>)> {
    let members = value.as_object().expect("an object").iter();
    let fields = members.map(|(name, value)| match value {
        Value::Array(items) => (name.clone(), items.iter().map(plain).collect()),
        other => (name.clone(), vec![plain(other)]),
    });
    fields.collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Percent-encodes every byte that is neither a letter nor a digit.
fn escape(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}
