//! What holds for the catalogue itself. In: its rows. Out: complaints. Knows no document.

use crate::assert_none;
use codegen::diff::{Direction, Level, Mirror, Rule, find, rules};
use std::collections::BTreeSet;

#[test]
fn no_two_rules_share_a_name_and_each_says_why() {
    let mut names = BTreeSet::new();
    let bad = rules().iter().filter(|rule| {
        let said = !rule.meaning.is_empty() && !rule.rationale.is_empty();
        !names.insert(rule.id) || !said
    });
    let bad: Vec<String> = bad.map(|rule| rule.id.to_owned()).collect();
    assert_none(
        &bad,
        "rename one of the two, or say what the rule means and why",
    );
}

#[test]
fn every_rule_has_its_mirror_or_a_waiver() {
    let complaints: Vec<String> = rules().iter().filter_map(unmirrored).collect();
    assert_none(
        &complaints,
        "add the rule for the other direction, or say in `Mirror::Waived` why there is none",
    );
}

fn unmirrored(rule: &Rule) -> Option<String> {
    match (rule.direction, rule.mirror) {
        (_, Mirror::Waived(reason)) => reason
            .is_empty()
            .then(|| format!("{}: a waiver without a reason", rule.id)),
        (None, Mirror::Of(other)) => Some(format!(
            "{}: has no direction, and {other} as its mirror",
            rule.id
        )),
        (Some(direction), Mirror::Of(other)) => match rules().iter().find(|row| row.id == other) {
            None => Some(format!("{}: its mirror {other} is no rule", rule.id)),
            Some(row) if row.direction == Some(direction) || row.direction.is_none() => Some(
                format!("{}: its mirror {other} looks the same way", rule.id),
            ),
            Some(_) => None,
        },
    }
}

/// Words whose exchange makes of an edit the one that takes it back.
///
/// `forbidden` and `allowed` are not among them: a service refuses the members that its schema forbids, and few callers do.
const OPPOSITES: [(&str, &str); 16] = [
    ("increased", "decreased"),
    ("-set", "-unset"),
    ("pattern-added", "pattern-removed"),
    ("generalized", "specialized"),
    ("tightened", "loosened"),
    ("widened", "narrowed"),
    ("items-added", "items-removed"),
    ("of-added", "of-removed"),
    ("another-added", "another-removed"),
    ("not-added", "not-removed"),
    ("became-nullable", "became-not-nullable"),
    ("property-enum-value-added", "property-enum-value-removed"),
    ("became-required", "became-optional"),
    ("became-enum", "enum-dropped"),
    ("became-union", "union-dropped"),
    ("mapping-added", "mapping-deleted"),
];

/// What a request may no longer be an answer may, and the other way round: an edit and its reverse have the levels of one
/// another in the other direction.
#[test]
fn requests_and_answers_are_contravariant() {
    let mut complaints = Vec::new();
    let mut looked_at = 0;
    let values = rules().iter().filter(|rule| {
        rule.id.starts_with("request-property-") && !rule.id.ends_with("with-default")
    });
    for rule in values {
        for (one, other) in OPPOSITES {
            let reverse = match rule.id {
                id if id.contains(one) => id.replace(one, other),
                id if id.contains(other) => id.replace(other, one),
                _ => continue,
            };
            let answer = reverse.replace("request-", "response-");
            let Some(mirrored) =
                find(&answer).filter(|row| row.direction == Some(Direction::Response))
            else {
                continue;
            };
            looked_at += 1;
            if mirrored.level != rule.level {
                complaints.push(format!(
                    "{} is {}, {} is {}",
                    rule.id, rule.level, mirrored.id, mirrored.level
                ));
            }
        }
    }
    assert!(
        looked_at > 60,
        "only {looked_at} pairs: the names of the rules have changed"
    );
    assert_none(
        &complaints,
        "give both the same level, or take the pair out of the table with a reason",
    );
}

#[test]
fn oasdiffs_names_lead_to_our_rules() {
    for (theirs, ours) in [
        (
            "request-body-max-decreased",
            "request-property-max-decreased",
        ),
        (
            "request-parameter-enum-value-removed",
            "request-property-enum-value-removed",
        ),
        (
            "response-body-became-nullable",
            "response-property-became-nullable",
        ),
        (
            "response-header-type-changed",
            "response-property-type-changed",
        ),
        ("request-parameter-removed", "request-parameter-removed"),
    ] {
        assert_eq!(find(theirs).map(|rule| rule.id), Some(ours), "{theirs}");
    }
    assert_eq!(find("request-body-colour-changed"), None);
    assert_eq!(
        find("api-removed-without-deprecation").map(|rule| rule.level),
        Some(Level::Breaking)
    );
}
