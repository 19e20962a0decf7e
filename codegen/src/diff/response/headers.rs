//! Compares the headers of one answer. In: it on both sides. Out: findings; their schemas go to the judge.

use super::super::finding::Finding;
use super::super::judge::Judge;
use super::super::node::is_true;
use super::super::paths::{chain, target};
use super::super::report::Direction;
use super::super::subject::lower;
use super::super::written::{self, Text, Told};
use serde_json::Value;

/// The headers of an answer, by their names.
type Headers<'a> = Vec<(&'a String, &'a Value)>;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, answer: &str, (old, new): (&'a Value, &'a Value)) {
    let (before, after) = (headers(old), headers(new));
    let title = |name: &str| format!("The header `{name}` of {}", lower(answer));
    for (name, element) in &before {
        match find(&after, name) {
            Some(other) => both(judge, &title(name), (element, other)),
            None => {
                let header = target(judge.old, element);
                let rule = match is_required(header) {
                    true => "required-response-header-removed",
                    false => "optional-response-header-removed",
                };
                let at = (Some(header), new.get("headers").or(Some(new)));
                let finding = Finding::new(rule, at, "is gone").about(title(name));
                judge.report(finding.claim_old([*element, header]));
            }
        }
    }
    for (name, element) in &after {
        if find(&before, name).is_none() {
            let header = target(judge.new, element);
            let at = (old.get("headers").or(Some(old)), Some(header));
            let finding = Finding::new("response-header-added", at, "is new").about(title(name));
            judge.report(finding.claim_new([*element, header]));
        }
    }
}

fn headers(answer: &Value) -> Headers<'_> {
    let all = answer.get("headers").and_then(Value::as_object);
    let all = all.into_iter().flatten();
    // The standard leaves `Content-Type` to the media types.
    all.filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
        .collect()
}

fn find<'a>(headers: &Headers<'a>, name: &str) -> Option<&'a Value> {
    let mut all = headers.iter();
    let found = all.find(|(other, _)| other.eq_ignore_ascii_case(name));
    found.map(|(_, node)| *node)
}

fn is_required(header: &Value) -> bool {
    is_true(header.get("required"))
}

fn both<'a>(judge: &mut Judge<'a>, about: &str, (before, after): (&'a Value, &'a Value)) {
    let nodes = chain(judge.old, before).into_iter();
    for node in nodes.chain(chain(judge.new, after)) {
        judge.meet(node);
    }
    let (old, new) = (target(judge.old, before), target(judge.new, after));
    let step = match (is_required(old), is_required(new)) {
        (true, false) => Some((
            "response-header-became-optional",
            "is no longer always there",
        )),
        (false, true) => Some(("response-header-became-required", "is always there now")),
        (true, true) | (false, false) => None,
    };
    if let Some((rule, says)) = step {
        let at = (old.get("required"), new.get("required"));
        let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
        judge.report(Finding::new(rule, shown, says).about(about).claim(at));
    }
    let text = |node| Text {
        node,
        place: "header",
    };
    let told = Told {
        about,
        rule: "response-header-serialization-changed",
        direction: Direction::Response,
    };
    written::compare(judge, text(old), text(new), told);
}
