//! Every case against the report beside it. In: the folders. Out: complaints. Knows no rule.

use crate::{BLESS, all, assert_none, folder, matches};
use codegen::diff::{Date, compare_on, rules};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The day on which every case is judged.
const TODAY: Date = Date::from_ymd_opt(2026, 1, 1).expect("a day that exists");

#[test]
fn changes_get_the_report_beside_them() {
    let cases = all("diff").into_iter().chain(all("history"));
    let complaints: Vec<String> = cases
        .filter_map(|case| {
            matches(
                &case.folder.join("report.txt"),
                &compare_on(&case.old, &case.new, TODAY).to_string(),
            )
        })
        .collect();
    assert_none(&complaints, &format!("read what changed, then `{BLESS}`"));
}

#[test]
fn every_rule_has_a_folder_in_which_it_fires() {
    let rules: BTreeSet<&str> = rules().iter().map(|rule| rule.id).collect();
    let cases = all("diff");
    let folders: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    let lone: Vec<String> = rules
        .symmetric_difference(&folders)
        .map(|name| (*name).to_owned())
        .collect();
    assert_none(
        &lone,
        "give the rule a folder in tests/cases/diff, or the folder a row in codegen/src/diff/rules",
    );
    let silent = cases
        .iter()
        .filter(|case| !fired(case).contains(case.name.as_str()));
    let silent: Vec<String> = silent.map(|case| case.name.clone()).collect();
    assert_none(&silent, "the rule does not fire in its own folder");
}

/// A rule that begins to fire in a pair of another rule is seen here.
#[test]
fn every_rule_runs_on_every_pair() {
    let mut table: BTreeMap<&str, Vec<String>> =
        rules().iter().map(|rule| (rule.id, Vec::new())).collect();
    for case in all("diff") {
        for rule in fired(&case) {
            if let Some(folders) = table.get_mut(rule).filter(|_| rule != case.name) {
                folders.push(case.name.clone());
            }
        }
    }
    let lines = table.into_iter().filter(|(_, folders)| !folders.is_empty());
    let text: String = lines
        .map(|(rule, folders)| format!("{rule}:\n  {}\n", folders.join("\n  ")))
        .collect();
    let complaint = matches(&folder("diff").join("everywhere.txt"), &text);
    assert_none(
        complaint.as_slice(),
        &format!("read which rule fires where it did not, then `{BLESS}`"),
    );
}

#[test]
fn nothing_else_lies_beside_the_cases() {
    let mut strays = Vec::new();
    for case in all("diff").into_iter().chain(all("history")) {
        for entry in fs::read_dir(&case.folder).expect("read the folder of a case") {
            let name = entry.expect("read an entry").file_name();
            if !["old.yaml", "new.yaml", "report.txt"]
                .iter()
                .any(|known| name == *known)
            {
                strays.push(format!("{}/{}", case.name, name.to_string_lossy()));
            }
        }
    }
    assert_none(&strays, "remove what no test reads");
}

fn fired(case: &crate::Case) -> BTreeSet<&'static str> {
    let report = compare_on(&case.old, &case.new, TODAY);
    let also = report
        .changes
        .iter()
        .flat_map(|change| change.also.iter().map(|effect| effect.rule));
    report
        .changes
        .iter()
        .map(|change| change.rule)
        .chain(also)
        .collect()
}
