//! Inputs that cannot be compared. In: documents, names and lists that are wrong. Out: exit code 2 and a complaint with its place.

use crate::scratch::task;
use crate::{LOOSE, TIGHT, document, file, folder};
use std::path::Path;
use xtask::Outcome;

#[track_caller]
fn is_refused(root: &Path, arguments: &[&str], expected: &[&str]) {
    let (outcome, said) = task(root, &[&["diff"], arguments].concat());
    let Outcome::Refused(message) = outcome else {
        panic!("not refused: {outcome:?}\n{said}")
    };
    assert_eq!(said, "", "a report although the input is wrong");
    for expected in expected {
        assert!(
            message.contains(expected),
            "{expected:?} is not in\n{message}"
        );
    }
}

#[test]
fn documents_that_are_no_openapi_3_0_are_refused_with_their_place() {
    let root = folder("invalid");
    let good = file(&root, "good.yaml", &document(LOOSE));
    let table = [
        (
            "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n",
            ":1:1: error: this is a Swagger 2 document",
        ),
        (
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            ":1:1: error: the OpenAPI version is",
        ),
        ("openapi: 3.0.3\npaths: [\n", "bad.yaml:"),
        (
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: 7\n",
            ":3:1: error: ",
        ),
    ];
    for (text, expected) in table {
        let bad = file(&root, "bad.yaml", text);
        is_refused(&root, &[&bad, &good], &[expected, "help: "]);
        is_refused(&root, &[&good, &bad], &[expected, "help: "]);
        let others = file(&root, "others.yaml", text);
        is_refused(&root, &[&bad, &others], &["bad.yaml:", "others.yaml:"]);
    }
    let json = file(
        &root,
        "bad.json",
        "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {}\n}\n",
    );
    is_refused(
        &root,
        &[&json, &good],
        &["bad.json:2:3: error: the OpenAPI version is"],
    );
}

#[test]
fn a_name_that_is_nothing_is_refused_with_what_to_do() {
    let root = folder("missing");
    let good = file(&root, "good.yaml", &document(LOOSE));
    is_refused(
        &root,
        &["no.yaml", &good],
        &[
            "no.yaml: error: this is neither a file nor a git revision",
            "current folder",
        ],
    );
    let directory = root.to_string_lossy().into_owned();
    is_refused(
        &root,
        &[&directory, &good],
        &[
            "error: this is a folder, and no git revision",
            "name the OpenAPI document in it",
        ],
    );
    is_refused(
        &root,
        &["origin/topic", &good],
        &["origin/topic: error: ", "`git fetch origin topic`"],
    );
    is_refused(
        &root,
        &[&good],
        &["spec/openapi.yaml: error: cannot read this file"],
    );
    is_refused(
        &root,
        &["--", "--output=x", &good],
        &["--output=x: error: "],
    );
    is_refused(&root, &[], &["<BASE>"]);
    is_refused(
        &root,
        &[&good, "--format", "pdf"],
        &["[possible values: text, markdown, json, github, sarif, html]"],
    );
}

#[test]
fn a_list_of_accepted_changes_is_read_strictly() {
    let root = folder("accepted");
    let (old, new) = (
        file(&root, "old.yaml", &document(LOOSE)),
        file(&root, "new.yaml", &document(TIGHT)),
    );
    let entry = "rule: endpoint-added, pointer: '#/paths', reason: R, expires: 2099-01-31";
    let table = [
        (
            "accepted: [{rule: endpoint-addd, pointer: '#/x', reason: R, expires: 2099-01-31}]"
                .to_owned(),
            ":1:13: error: there is no rule `endpoint-addd`",
        ),
        (
            format!("accepted: [{{{}}}]", entry.replace("reason: R, ", "")),
            "there is no `reason`",
        ),
        (
            format!(
                "accepted: [{{{}}}]",
                entry.replace("reason: R", "reason: ''")
            ),
            "`reason` is empty",
        ),
        (
            format!(
                "accepted: [{{{}}}]",
                entry.replace(", expires: 2099-01-31", "")
            ),
            "there is no `expires`",
        ),
        (
            format!("accepted: [{{{}}}]", entry.replace("01-31", "02-30")),
            "this is no day",
        ),
        (
            format!("accepted: [{{{}}}]", entry.replace("#/paths", "paths")),
            "this is no JSON pointer",
        ),
        (
            format!("accepted: [{{{entry}, owner: me}}]"),
            "unknown key `owner`",
        ),
        ("acepted: []".to_owned(), "unknown key `acepted`"),
        ("accepted: {}".to_owned(), "this is no list"),
        (
            "levels: {endpoint-added: loud}".to_owned(),
            "this is no level",
        ),
        (
            "levels: {endpoint-addd: info}".to_owned(),
            "did you mean `endpoint-added`?",
        ),
        ("accepted: ]".to_owned(), "this is not readable YAML"),
    ];
    for (text, expected) in table {
        let list = file(&root, "list.yaml", &text);
        is_refused(
            &root,
            &[&old, &new, "--accepted", &list],
            &["list.yaml:1:", expected],
        );
    }
    is_refused(
        &root,
        &[&old, &new, "--accepted", "no.yaml"],
        &["no.yaml: error: cannot read this file"],
    );
}

#[test]
fn rules_are_explained_and_listed() {
    let root = folder("explain");
    let (outcome, said) = task(
        &root,
        &["diff", "--explain", "request-property-became-enum"],
    );
    assert_eq!(outcome, Outcome::Done);
    for expected in [
        "meaning ",
        "breaking: ",
        "request\n",
        "response-property-became-enum",
    ] {
        assert!(said.contains(expected), "{expected:?} is not in\n{said}");
    }
    is_refused(
        &root,
        &["--explain", "request-property-becam-enum"],
        &["did you mean `request-property-became-enum`?"],
    );
    is_refused(
        &root,
        &["--explain", "xyz"],
        &["`cargo xtask diff --rules` lists all"],
    );
    let (outcome, said) = task(&root, &["diff", "--rules"]);
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(said.lines().count(), codegen::diff::rules().len());
}
