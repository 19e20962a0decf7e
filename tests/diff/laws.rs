//! What is true of every comparison. In: all cases, and random edits of the real document. Out: a pair that breaks a law.

use crate::edits::{Edit, apply, reversed};
use crate::{all, text};
use codegen::diff::{Level, Report, Side, compare};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_laws_hold_for_every_case() {
    for case in all("diff").iter().chain(&all("history")) {
        let checked = laws(&case.old, &case.new).and_then(|()| laws(&case.new, &case.old));
        checked.unwrap_or_else(|broken| panic!("{}: {broken}", case.name));
    }
}

#[test]
fn the_laws_hold_for_random_edits_of_the_real_document() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/openapi.yaml");
    let real = Side::read("openapi.yaml", &text(&path)).expect("the document of this repository");
    let edit = (any::<usize>(), any::<usize>()).prop_map(|(node, change)| Edit { node, change });
    let compared = Cell::new(0);
    // The same edits in every run, and others for whoever sets `PROPTEST_CASES` and `PROPTEST_RNG_SEED`.
    let mut config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(0);
    }
    let runs = config.cases;
    let outcome = TestRunner::new(config).run(&proptest::collection::vec(edit, 1..4), |edits| {
        let mut tree = real.root.clone();
        edits.into_iter().for_each(|edit| apply(&mut tree, edit));
        // Some edits leave no document.
        let Ok(edited) = Side::read("edited.json", &tree.to_string()) else {
            return Ok(());
        };
        compared.set(compared.get() + 1);
        let checked = laws(&real, &edited).and_then(|()| laws(&edited, &real));
        checked.map_err(TestCaseError::fail)
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let compared = compared.get();
    assert!(
        compared > runs / 3,
        "only {compared} of {runs} edits left a document: the laws were hardly tried"
    );
}

pub(crate) fn laws(old: &Side, new: &Side) -> Result<(), String> {
    for side in [old, new] {
        let report = compare(side, side);
        if !report.changes.is_empty() {
            return Err(format!("a document differs from itself:\n{report}"));
        }
    }
    let report = compare(old, new);
    if report.changes.is_empty() && old.root != new.root {
        return Err("the documents differ, and nothing is reported".to_owned());
    }
    let turned = compare(&turned(old)?, &turned(new)?);
    if breaking(&report) != breaking(&turned) {
        return Err(format!(
            "the order of keys changes what breaks:\n{report}\nagainst\n{turned}"
        ));
    }
    Ok(())
}

fn turned(side: &Side) -> Result<Side, String> {
    let tree: Value = reversed(&side.root);
    Side::read(&side.name, &tree.to_string()).map_err(|diagnostics| diagnostics.to_string())
}

/// What breaks, whatever stands first.
fn breaking(report: &Report) -> BTreeSet<(&'static str, Option<String>, Option<String>)> {
    let breaking = report
        .changes
        .iter()
        .filter(|change| change.level == Level::Breaking);
    let pointer = |place: &Option<codegen::diff::Place>| {
        place.as_ref().map(|place| place.pointer.to_string())
    };
    breaking
        .map(|change| (change.rule, pointer(&change.old), pointer(&change.new)))
        .collect()
}
