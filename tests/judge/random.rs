//! Random requests. In: the bodies and parameters of the document. Out: every valid request is
//! accepted, and every one with a single mistake is refused at the place of the mistake.

use std::collections::BTreeSet;

use creatify_emulator::Emulator;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Map, Value};
use tokio::runtime::Runtime;

use crate::fixture::{self, encode};
use crate::generate::{self, Encoding};
use crate::mutate::{self, Mutation, mutations};
use crate::spec::{Body, Spec};
use crate::wire::Request;

/// The seed of every run; another one is a matter of changing it here.
const SEED: &[u8; 32] = b"judge the judge: 2026, seed no.1";
const CASES: u32 = 16;

/// What is broken at least once. A list, so that a run that breaks nothing cannot pass.
const BROKEN_IN_BODIES: [&str; 13] = [
    "enum",
    "format uri",
    "format uuid",
    "maxLength",
    "maximum",
    "minItems",
    "minimum",
    "pattern",
    "readOnly",
    "required",
    "type",
    "x-requires-any",
    "x-requires-when",
];
const BROKEN_IN_QUERIES: [&str; 6] = [
    "enum",
    "format uuid",
    "maxItems",
    "minItems",
    "minimum",
    "type",
];

/// One run over one schema.
struct Subject<'a> {
    name: String,
    schema: &'a Value,
    encoding: Encoding,
    /// Where the value is in the request: `/body` or `/query`.
    place: &'static str,
}

#[test]
fn valid_bodies_are_accepted_and_each_mistake_is_refused_where_it_is() {
    let spec = Spec::read();
    let runtime = Runtime::new().expect("a runtime");
    let emulator = runtime.block_on(fixture::emulator());
    let mut broken = BTreeSet::new();
    for body in spec.bodies() {
        let form = body.media_type != "application/json";
        let subject = Subject {
            name: format!("{} as {}", body.operation, body.media_type),
            schema: &body.schema,
            encoding: if form { Encoding::Text } else { Encoding::Json },
            place: "/body",
        };
        let request = |value: &Value| {
            let path = runtime.block_on(ready(&emulator, &spec, &body));
            Request::new("POST", &path).body(&content_type(&body), encode(&body, value))
        };
        broken.append(&mut judge(&spec, &runtime, &emulator, &subject, &request));
    }
    assert_eq!(broken, names(&BROKEN_IN_BODIES));
}

#[test]
fn valid_queries_are_accepted_and_each_mistake_is_refused_where_it_is() {
    let spec = Spec::read();
    let runtime = Runtime::new().expect("a runtime");
    let emulator = runtime.block_on(fixture::emulator());
    let mut broken = BTreeSet::new();
    for query in spec.queries() {
        let properties = Map::from_iter(query.parameters.clone());
        let schema = serde_json::json!({"type": "object", "properties": properties});
        let subject = Subject {
            name: query.operation.clone(),
            schema: &schema,
            encoding: Encoding::Text,
            place: "/query",
        };
        let request = |value: &Value| {
            Request::new("GET", &format!("{}?{}", query.path, fixture::query(value)))
        };
        broken.append(&mut judge(&spec, &runtime, &emulator, &subject, &request));
    }
    assert_eq!(broken, names(&BROKEN_IN_QUERIES));
}

#[test]
fn every_keyword_of_the_document_is_broken_or_says_nothing_to_break() {
    let listed = [
        &BROKEN_IN_BODIES[..],
        &BROKEN_IN_QUERIES,
        &mutate::ANNOTATIONS,
    ]
    .concat();
    let unknown = &Spec::read().request_keywords() - &names(&listed);
    assert!(unknown.is_empty(), "no mistake is made with {unknown:?}");
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The path of a request with a body; a job that can be rendered is made for it when it needs one.
async fn ready(emulator: &Emulator, spec: &Spec, body: &Body) -> String {
    if !body.path.contains("{id}") {
        return body.path.clone();
    }
    let job = fixture::previewed(emulator, spec, &body.path).await;
    body.path.replace("{id}", &job)
}

fn content_type(body: &Body) -> String {
    match body.media_type.as_str() {
        "multipart/form-data" => format!("{}; boundary={}", body.media_type, fixture::BOUNDARY),
        other => other.to_owned(),
    }
}

/// Sends random requests; gives the constraints that were broken on the way.
fn judge(
    spec: &Spec,
    runtime: &Runtime,
    emulator: &Emulator,
    subject: &Subject<'_>,
    request: &dyn Fn(&Value) -> Request,
) -> BTreeSet<String> {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        // Each step of a shrinking sends requests.
        max_shrink_iters: 400,
        ..Config::default()
    };
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, SEED);
    let mut runner = TestRunner::new_with_rng(config, random);
    let values = generate::value(spec, subject.schema, subject.encoding);
    let broken = std::cell::RefCell::new(BTreeSet::new());
    let outcome = runner.run(&(values, any::<Index>()), |(value, index)| {
        let verdict = runtime.block_on(fixture::verdict(emulator, &request(&value)));
        if !verdict.is_accepted() {
            return Err(fail(
                subject,
                &format!("a valid request: {verdict:?}"),
                &value,
            ));
        }
        let mutations = mutations(spec, subject.schema, &value, subject.encoding);
        for constraint in mutate::constraints(&mutations) {
            let same = mutations.iter().filter(|it| it.constraint == constraint);
            let same: Vec<_> = same.collect();
            let Mutation { pointer, value, .. } = index.get(&same);
            let verdict = runtime.block_on(fixture::verdict(emulator, &request(value)));
            let expected = format!("{}{pointer}", subject.place);
            if !verdict.is_refused_at(&expected) {
                let what = format!("broken {constraint} at {expected}: {verdict:?}");
                return Err(fail(subject, &what, value));
            }
            broken.borrow_mut().insert(constraint);
        }
        Ok(())
    });
    if let Err(error) = outcome {
        let seed = String::from_utf8_lossy(SEED);
        panic!("{} (seed {seed:?}): {error}", subject.name);
    }
    broken.into_inner()
}

fn fail(subject: &Subject<'_>, what: &str, value: &Value) -> TestCaseError {
    TestCaseError::fail(format!("{}: {what}\nsent: {value}", subject.name))
}
