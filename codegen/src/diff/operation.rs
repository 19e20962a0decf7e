//! Compares one operation. In: its nodes on both sides. Out: findings of its own; its parts go to their modules. Knows no schema.

use super::finding::Finding;
use super::judge::Judge;
use super::node::is_true;
use super::{body, callback, parameter, response, security, server, sunset};
use serde_json::Value;

/// An operation of one document: the path's template, the path, the operation.
pub(super) type Half<'a> = (&'a str, &'a Value, &'a Value);

/// One operation in both documents.
pub(super) struct Pair<'a> {
    pub(super) old: Half<'a>,
    pub(super) new: Half<'a>,
}

pub(super) fn compare<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let (old, new) = (pair.old.2, pair.new.2);
    judge.see(Some(old));
    judge.see(Some(new));
    let same = judge.is_unchanged(old, new)
        && judge.is_unchanged(&inherited(pair.old.1), &inherited(pair.new.1))
        && pair.old.0 == pair.new.0;
    if !same {
        deprecation(judge, pair);
        naming(judge, pair);
        parameter::compare(judge, pair);
        body::compare(judge, old, new);
        response::compare(judge, old, new);
        callback::compare(judge, old, new);
    }
    security::compare(judge, old, new);
    server::compare(judge, pair);
}

/// What a path gives to its operations.
fn inherited(item: &Value) -> Value {
    item.get("parameters").cloned().unwrap_or_default()
}

fn deprecation<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let (old, new) = (pair.old.2, pair.new.2);
    let at = (old.get("deprecated"), new.get("deprecated"));
    let sunset = (old.get("x-sunset"), new.get("x-sunset"));
    let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
    let finding = match (is_true(at.0), is_true(at.1)) {
        (false, true) => match sunset.1 {
            None => Finding::new("endpoint-deprecated", shown, "is deprecated"),
            Some(date) => {
                let rules = [
                    "endpoint-deprecated-with-sunset",
                    "api-sunset-date-too-small",
                ];
                let (rule, says) = sunset::announced(judge.today, date, rules);
                Finding::new(rule, shown, format!("is deprecated and {says}"))
            }
        },
        (true, false) => Finding::new("endpoint-reactivated", shown, "is no longer deprecated"),
        (true, true) if sunset.0 != sunset.1 => {
            let shown = (sunset.0.or(Some(old)), sunset.1.or(Some(new)));
            match sunset {
                (before, Some(date)) => {
                    let rules = ["sunset-changed", "api-sunset-date-changed-too-small"];
                    let (rule, says) = sunset::announced(judge.today, date, rules);
                    let instead = match before {
                        Some(before) => format!(", instead of {}", sunset::shown(before)),
                        None => ", and did not say when before".to_owned(),
                    };
                    Finding::new(rule, shown, format!("{says}{instead}"))
                }
                (_, None) => Finding::new(
                    "sunset-deleted",
                    shown,
                    "is still deprecated and no longer says when it goes",
                ),
            }
        }
        (true, true) | (false, false) => return,
    };
    judge.report(finding.claim(at).claim(sunset));
}

fn naming<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let (old, new) = (pair.old.2, pair.new.2);
    let at = (old.get("operationId"), new.get("operationId"));
    match at {
        (None, Some(after)) => {
            judge.report(
                Finding::new(
                    "api-operation-id-added",
                    (Some(old), at.1),
                    format!("has the operationId {} now", name(after)),
                )
                .claim(at),
            );
        }
        (Some(before), after) if Some(before) != after => {
            let says = match after {
                Some(after) => format!(
                    "has the operationId {} instead of {}",
                    name(after),
                    name(before)
                ),
                None => format!("no longer has the operationId {}", name(before)),
            };
            judge.report(
                Finding::new(
                    "api-operation-id-removed",
                    (at.0, after.or(Some(new))),
                    says,
                )
                .claim(at),
            );
        }
        (None | Some(_), _) => {}
    }
    let tags = |operation: &'a Value| {
        operation
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    for tag in tags(old).filter(|tag| !tags(new).any(|other| other == *tag)) {
        let at = (Some(tag), new.get("tags").or(Some(new)));
        judge.report(
            Finding::new(
                "api-tag-removed",
                at,
                format!("no longer has the tag {}", name(tag)),
            )
            .claim_old([tag]),
        );
    }
    for tag in tags(new).filter(|tag| !tags(old).any(|other| other == *tag)) {
        let at = (old.get("tags").or(Some(old)), Some(tag));
        judge.report(
            Finding::new(
                "api-tag-added",
                at,
                format!("has the tag {} now", name(tag)),
            )
            .claim_new([tag]),
        );
    }
}

/// A name as people write it in a sentence.
fn name(value: &Value) -> String {
    format!("`{}`", value.as_str().unwrap_or_default())
}
