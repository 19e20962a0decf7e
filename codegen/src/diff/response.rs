//! Compares the answers of one operation. In: its nodes on both sides. Out: findings; schemas go to the judge.

use super::body;
use super::finding::{Both, Finding};
use super::judge::Judge;
use super::paths::{chain, target};
use super::report::Direction;
use super::written::{self, Text, Told};
use serde_json::Value;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let at = (old.get("responses"), new.get("responses"));
    let members = |node: Option<&'a Value>| {
        let all = node.and_then(Value::as_object).into_iter().flatten();
        all.filter(|(status, _)| !status.starts_with("x-"))
            .collect::<Vec<_>>()
    };
    let (before, after) = (members(at.0), members(at.1));
    // Of the keys that cover a status, the most special one applies: a range, and `default` only for what is left.
    let find = |all: &[(&'a String, &'a Value)], status: &str| {
        let range = all.iter().find(|(other, _)| is_of(other, status));
        let found = range.or_else(|| all.iter().find(|(other, _)| other.as_str() == "default"));
        found.map(|(_, node)| *node)
    };
    let exact = |all: &[(&'a String, &'a Value)], status: &str| {
        all.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(status))
            .map(|(_, node)| *node)
    };
    for (status, response) in &before {
        match exact(&after, status).or_else(|| find(&after, status)) {
            Some(other) => both(judge, status, (response, other)),
            // Its statuses are compared below, each with the range.
            None if after.iter().any(|(other, _)| is_of(status, other)) => {}
            None => gone(judge, status, response, at.1.unwrap_or(new)),
        }
    }
    for (status, response) in &after {
        if exact(&before, status).is_some() {
            continue;
        }
        match find(&before, status) {
            Some(other) => {
                let range = before.iter().find(|(range, _)| is_of(range, status));
                if range.is_some_and(|(range, _)| exact(&after, range).is_none()) {
                    let says = "is named now, and was one of a range";
                    judge.report(come(status, (Some(other), Some(*response)), says));
                }
                both(judge, status, (other, response));
            }
            None => {
                let at = (at.0.or(Some(old)), Some(*response));
                judge.report(come(status, at, "is new").claim_new([*response]));
            }
        }
    }
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

fn both<'a>(judge: &mut Judge<'a>, status: &str, (before, after): (&'a Value, &'a Value)) {
    let (old, new) = (target(judge.old, before), target(judge.new, after));
    for node in chain(judge.old, before)
        .into_iter()
        .chain(chain(judge.new, after))
    {
        judge.meet(node);
    }
    headers(judge, status, (old, new));
    body::contents(judge, (old, new), &title(status), Direction::Response);
}

fn headers<'a>(judge: &mut Judge<'a>, status: &str, (old, new): (&'a Value, &'a Value)) {
    let members = |node: &'a Value| {
        let all = node
            .get("headers")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        // The standard leaves `Content-Type` to the media types.
        all.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
            .collect::<Vec<_>>()
    };
    let (before, after) = (members(old), members(new));
    let find = |all: &[(&'a String, &'a Value)], name: &str| {
        all.iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, node)| *node)
    };
    let required = |header: &Value| header.get("required") == Some(&Value::Bool(true));
    for (name, element) in &before {
        let header = target(judge.old, element);
        let about = format!("The header `{name}` of the answer {status}");
        match find(&after, name) {
            Some(other) => {
                let (one, two) = (header, target(judge.new, other));
                let written = chain(judge.old, element).into_iter();
                for node in written.chain(chain(judge.new, other)) {
                    judge.meet(node);
                }
                let at = (one.get("required"), two.get("required"));
                let shown = (at.0.or(Some(one)), at.1.or(Some(two)));
                let step = match (required(one), required(two)) {
                    (true, false) => Some((
                        "response-header-became-optional",
                        "is no longer always there",
                    )),
                    (false, true) => {
                        Some(("response-header-became-required", "is always there now"))
                    }
                    (true, true) | (false, false) => None,
                };
                if let Some((rule, says)) = step {
                    judge.report(Finding::new(rule, shown, says).about(&about).claim(at));
                }
                let text = |node| Text {
                    node,
                    place: "header",
                };
                let told = Told {
                    about: &about,
                    rule: "response-header-serialization-changed",
                    direction: Direction::Response,
                };
                written::compare(judge, text(one), text(two), told);
            }
            None => {
                let rule = if required(header) {
                    "required-response-header-removed"
                } else {
                    "optional-response-header-removed"
                };
                let at = (Some(header), new.get("headers").or(Some(new)));
                judge.report(
                    Finding::new(rule, at, "is gone")
                        .about(about)
                        .claim_old([*element, header]),
                );
            }
        }
    }
    for (name, element) in &after {
        if find(&before, name).is_none() {
            let header = target(judge.new, element);
            let at = (old.get("headers").or(Some(old)), Some(header));
            let finding = Finding::new("response-header-added", at, "is new");
            judge.report(
                finding
                    .about(format!("The header `{name}` of the answer {status}"))
                    .claim_new([*element, header]),
            );
        }
    }
}
