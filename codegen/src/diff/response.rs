//! Compares the answers of one operation. In: its nodes on both sides. Out: findings; schemas go to the judge.

use super::body;
use super::finding::{Both, Finding};
use super::judge::Judge;
use super::paths::{chain, target};
use super::report::Direction;
use super::side::Side;
use serde_json::Value;

mod headers;

/// The answers of one side, by their statuses.
type Answers<'a> = Vec<(&'a String, &'a Value)>;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let at = (old.get("responses"), new.get("responses"));
    let (before, after) = (answers(at.0), answers(at.1));
    for (status, response) in &before {
        match (exact(&after, status), covering(&after, status)) {
            (Some(other), _) => both(judge, status, (response, other)),
            (None, Some((range, other))) => {
                let stands = exact(&before, range).is_some();
                if stands_alone(status, stands) && !has_body(judge.old, response) {
                    head(judge, status, (response, other));
                } else {
                    both(judge, status, (response, other));
                }
            }
            // Its statuses are compared below, each with the range.
            (None, None) if after.iter().any(|(other, _)| is_of(status, other)) => {}
            (None, None) => gone(judge, status, response, at.1.unwrap_or(new)),
        }
    }
    for (status, response) in &after {
        match (exact(&before, status), covering(&before, status)) {
            (Some(_), _) => {}
            (None, Some((range, other))) => {
                let stands = exact(&after, range).is_some();
                named(judge, status, (range, stands), (other, response));
            }
            (None, None) => {
                let at = (at.0.or(Some(old)), Some(*response));
                judge.report(come(status, at, "is new").claim_new([*response]));
            }
        }
    }
}

/// An answer that has a name of its own now, beside what stood for it, which may still be there for others.
fn named<'a>(
    judge: &mut Judge<'a>,
    status: &str,
    (range, stands): (&str, bool),
    at: (&'a Value, &'a Value),
) {
    let shown = (Some(at.0), Some(at.1));
    if stands_alone(status, stands) && !has_body(judge.new, at.1) {
        if has_body(judge.old, at.0) {
            let finding = come(status, shown, "is named now, and has no body");
            judge.report(finding.claim_new([at.1]));
        }
        head(judge, status, at);
        return;
    }
    if !stands && is_of(range, status) {
        judge.report(come(status, shown, "is named now, and was one of a range"));
    }
    both(judge, status, at);
}

/// Whether an answer without a body says nothing of the body that others of its range have: it can have none, or the range
/// stands on both sides.
fn stands_alone(status: &str, range_stands: bool) -> bool {
    range_stands || ["204", "304"].contains(&status)
}

pub(super) fn answers(node: Option<&Value>) -> Answers<'_> {
    let all = node.and_then(Value::as_object).into_iter().flatten();
    all.filter(|(status, _)| !status.starts_with("x-"))
        .collect()
}

/// The answer of this very status or range.
pub(super) fn exact<'a>(answers: &Answers<'a>, status: &str) -> Option<&'a Value> {
    let mut all = answers.iter();
    let found = all.find(|(other, _)| other.eq_ignore_ascii_case(status));
    found.map(|(_, node)| *node)
}

/// What stands for a status that is not named. Of the keys that cover it, the most special one applies: a range, and `default`
/// only for what is left.
pub(super) fn covering<'a>(answers: &Answers<'a>, status: &str) -> Option<(&'a str, &'a Value)> {
    let range = answers.iter().find(|(other, _)| is_of(other, status));
    let rest = || answers.iter().find(|(other, _)| *other == "default");
    range.or_else(rest).map(|(key, node)| (key.as_str(), *node))
}

fn has_body(side: &Side, response: &Value) -> bool {
    target(side, response).get("content").is_some()
}

fn come<'a>(status: &str, at: Both<'a>, says: &str) -> Finding<'a> {
    let rule = if is_success(status) {
        "response-success-status-added"
    } else {
        "response-non-success-status-added"
    };
    Finding::new(rule, at, says).about(title(status))
}

fn gone<'a>(judge: &mut Judge<'a>, status: &str, response: &'a Value, near: &'a Value) {
    let rule = if is_success(status) {
        "response-success-status-removed"
    } else {
        "response-non-success-status-removed"
    };
    let finding = Finding::new(rule, (Some(response), Some(near)), "is gone");
    judge.report(finding.about(title(status)).claim_old([response]));
}

fn title(status: &str) -> String {
    match status {
        "default" => "The answer to any other status".to_owned(),
        status => format!("The answer {status}"),
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Whether the first of two statuses is a range like `2XX`, and the second is one of it.
fn is_of(range: &str, status: &str) -> bool {
    let digit = range
        .strip_suffix("XX")
        .or_else(|| range.strip_suffix("xx"));
    let is_one = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    digit.is_some_and(|digit| is_one && status.starts_with(digit))
}

/// What an answer is called that is the same component on both sides, whatever status it has there; else as by its status.
fn shared(status: &str, (old, new): (&Value, &Value)) -> String {
    match (component(old), component(new)) {
        (Some(one), Some(other)) if one == other => format!("The answer `{one}`"),
        (Some(_) | None, _) => title(status),
    }
}

fn component(node: &Value) -> Option<&str> {
    let reference = node.get("$ref")?.as_str()?;
    reference.strip_prefix("#/components/responses/")
}

fn both<'a>(judge: &mut Judge<'a>, status: &str, at: (&'a Value, &'a Value)) {
    let about = shared(status, at);
    let at = head(judge, status, at);
    body::contents(judge, at, &about, Direction::Response);
}

/// Compares what comes before the body; gives the answers over references.
fn head<'a>(
    judge: &mut Judge<'a>,
    status: &str,
    (before, after): (&'a Value, &'a Value),
) -> (&'a Value, &'a Value) {
    let nodes = chain(judge.old, before).into_iter();
    for node in nodes.chain(chain(judge.new, after)) {
        judge.meet(node);
    }
    let about = shared(status, (before, after));
    let at = (target(judge.old, before), target(judge.new, after));
    headers::compare(judge, &about, at);
    at
}
