//! What may pass. In: one breaking change, lists of accepted changes, thresholds. Out: exit codes and reports.

use crate::scratch::task;
use crate::{LOOSE, TIGHT, document, file, folder};
use std::fs;
use std::path::PathBuf;
use xtask::Outcome;

const RULE: &str = "request-property-max-decreased";

/// A folder with the pair, and the arguments that compare it.
fn pair(name: &str) -> (PathBuf, [String; 2]) {
    let root = folder(name);
    let old = file(&root, "old.yaml", &document(LOOSE));
    let new = file(&root, "new.yaml", &document(TIGHT));
    (root, [old, new])
}

/// How a comparison with this list and threshold ends, and its report.
fn compared(name: &str, list: &str, fail_on: &str) -> (bool, serde_json::Value) {
    let (root, [old, new]) = pair(name);
    let list = file(&root, "list.yaml", list);
    let arguments = [
        "diff",
        &old,
        &new,
        "--accepted",
        &list,
        "--fail-on",
        fail_on,
        "--format",
        "json",
    ];
    let (outcome, said) = task(&root, &arguments);
    let passes = match outcome {
        Outcome::Done => true,
        Outcome::Failed(_) => false,
        Outcome::Refused(message) => panic!("refused: {message}"),
    };
    (passes, serde_json::from_str(&said).expect("JSON"))
}

fn pointer() -> String {
    let (_, report) = compared("pointer", "", "none");
    assert_eq!(report["changes"][0]["rule"], RULE, "{report:#}");
    report["changes"][0]["new"]["pointer"]
        .as_str()
        .expect("a pointer")
        .to_owned()
}

fn accepting(pointer: &str, expires: &str) -> String {
    format!(
        "accepted:\n- {{rule: {RULE}, pointer: '{pointer}', reason: Nobody asks for more., expires: {expires}}}\n"
    )
}

#[test]
fn the_threshold_decides() {
    let table = [
        ("", "breaking", false),
        ("", "warning", false),
        ("", "any", false),
        ("", "none", true),
        (
            "levels: {request-property-max-decreased: warning}",
            "breaking",
            true,
        ),
        (
            "levels: {request-property-max-decreased: warning}",
            "warning",
            false,
        ),
        (
            "levels: {request-property-max-decreased: info}",
            "warning",
            true,
        ),
        (
            "levels: {request-property-max-decreased: info}",
            "any",
            false,
        ),
        ("levels: {request-property-max-decreased: off}", "any", true),
        // oasdiff's name for the same rule.
        (
            "levels: {request-parameter-max-decreased: off}",
            "any",
            true,
        ),
    ];
    for (list, fail_on, passes) in table {
        assert_eq!(
            compared("threshold", list, fail_on).0,
            passes,
            "{list:?} {fail_on}"
        );
    }
}

#[test]
fn an_accepted_change_passes_and_stays_in_the_report() {
    let (passes, report) = compared("pass", &accepting(&pointer(), "9999-12-31"), "any");
    assert!(passes, "{report:#}");
    assert_eq!(
        report["changes"][0]["accepted"]["reason"],
        "Nobody asks for more."
    );
    assert_eq!(report["breaking"], true);
    assert_eq!(report["summary"]["accepted"], 1);
    assert_eq!(report["policy"], serde_json::json!([]));
}

#[test]
fn an_expired_entry_accepts_nothing_and_is_reported() {
    let (passes, report) = compared("expired", &accepting(&pointer(), "2000-01-31"), "breaking");
    assert!(!passes, "{report:#}");
    assert_eq!(report["changes"][0]["accepted"], serde_json::Value::Null);
    let text = report["policy"][0]["text"].as_str().expect("a text");
    assert!(text.contains("was accepted until 2000-01-31"), "{text}");
    assert_eq!(report["policy"][0]["line"], 2);
}

#[test]
fn the_day_that_is_named_decides_what_has_expired() {
    let list = accepting(&pointer(), "2030-01-31");
    let (root, [old, new]) = pair("day");
    let list = file(&root, "list.yaml", &list);
    let ends = |day: &str| {
        let arguments = ["diff", &old, &new, "--accepted", &list, "--date", day];
        task(&root, &arguments).0
    };
    assert_eq!(ends("2030-01-31"), Outcome::Done);
    assert!(matches!(ends("2030-02-01"), Outcome::Failed(_)));
    let Outcome::Refused(message) = ends("2030-02-30") else {
        panic!("a day that does not exist was taken");
    };
    assert!(message.contains("`2030-02-30` is no day"), "{message}");
}

#[test]
fn an_entry_that_matches_nothing_is_a_warning() {
    let elsewhere = accepting("#/paths/~1b~1/get", "9999-12-31");
    let off = format!("{elsewhere}levels: {{{RULE}: off}}\n");
    let (passes, report) = compared("stale", &off, "breaking");
    assert!(passes, "{report:#}");
    let text = report["policy"][0]["text"].as_str().expect("a text");
    assert!(text.contains("nothing like it was found"), "{text}");
    assert!(!compared("stale", &off, "warning").0);
    assert_eq!(report["summary"]["hidden"], 1);
    assert_eq!(report["bump"], "patch");
}

/// An entry for one removed operation would else let every other one go.
#[test]
fn an_entry_about_what_is_left_accepts_nothing() {
    let root = folder("left");
    let both = document(LOOSE)
        + &document(LOOSE)
            .split_once("paths:\n")
            .expect("paths")
            .1
            .replace("/a/", "/b/");
    let (old, new) = (
        file(&root, "old.yaml", &both),
        file(&root, "new.yaml", &document(LOOSE)),
    );
    for (pointer, passes) in [("#/paths", false), ("#/paths/~1b~1", true)] {
        let text = format!(
            "accepted: [{{rule: api-path-removed-without-deprecation, pointer: '{pointer}', reason: R, expires: 9999-12-31}}]"
        );
        let list = file(&root, "list.yaml", &text);
        let (outcome, said) = task(&root, &["diff", &old, &new, "--accepted", &list]);
        assert_eq!(outcome == Outcome::Done, passes, "{said}");
    }
}

#[test]
fn the_list_of_the_workspace_is_used_unasked() {
    let (root, [old, new]) = pair("own-list");
    file(
        &root,
        "spec/accepted-changes.yaml",
        &accepting(&pointer(), "9999-12-31"),
    );
    let (outcome, said) = task(&root, &["diff", &old, &new]);
    assert_eq!(outcome, Outcome::Done, "{said}");
    assert!(
        said.contains("accepted until 9999-12-31: Nobody asks for more."),
        "{said}"
    );
}

#[test]
fn a_report_is_written_to_a_file() {
    let (root, [old, new]) = pair("output");
    let target = root.join("report.json");
    let output = target.to_str().expect("a path in UTF-8");
    let (outcome, said) = task(
        &root,
        &["diff", &old, &new, "--format", "json", "--output", output],
    );
    assert!(matches!(outcome, Outcome::Failed(_)), "{outcome:?}");
    assert_eq!(said, "");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(target).expect("a report")).expect("JSON");
    assert_eq!(report["schema"], 1);
}
