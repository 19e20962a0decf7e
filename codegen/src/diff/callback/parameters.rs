//! Compares the parameters that a callback comes with. In: its nodes on both sides. Out: findings; schemas go to the judge.

use super::super::finding::Finding;
use super::super::judge::Judge;
use super::super::parameter::{Parameter, parameters, same_name, take_pairs};
use super::super::paths::chain;
use super::super::report::Direction;
use super::super::subject::lower;
use super::super::written::{self, Told};
use super::{Request, others};
use serde_json::Value;

/// What is compared of a parameter.
const COMPARED: [&str; 7] = [
    "name", "in", "required", "schema", "content", "style", "explode",
];

pub(super) fn compare<'a>(judge: &mut Judge<'a>, about: &str, at: (Request<'a>, Request<'a>)) {
    let mut old = parameters(judge.old, ("", at.0.0, at.0.1));
    let mut new = parameters(judge.new, ("", at.1.0, at.1.1));
    let mut pairs = Vec::new();
    take_pairs(&mut old, &mut new, &mut pairs, |one, other| {
        one.place == other.place && same_name(one, other)
    });
    let title = |parameter: &Parameter<'a>| format!("{} of {}", parameter.title(), lower(about));
    for (before, after) in pairs {
        both(judge, &title(&after), (before, after));
    }
    for before in old {
        let shown = (Some(before.node), Some(at.1.1));
        let finding = Finding::new("callback-parameter-removed", shown, "is no longer sent");
        let finding = finding.about(title(&before));
        judge.report(finding.claim_old([before.element, before.node]));
    }
    for after in new {
        let shown = (Some(at.0.1), Some(after.node));
        let finding = Finding::new("callback-parameter-added", shown, "is new");
        let finding = finding.about(title(&after));
        judge.report(finding.claim_new([after.element, after.node]));
    }
}

fn both<'a>(judge: &mut Judge<'a>, about: &str, (old, new): (Parameter<'a>, Parameter<'a>)) {
    let nodes = chain(judge.old, old.element).into_iter();
    for node in nodes.chain(chain(judge.new, new.element)) {
        judge.meet(node);
    }
    let step = match (old.is_required(), new.is_required()) {
        (true, false) => Some((
            "callback-parameter-became-optional",
            "is no longer always sent",
        )),
        (false, true) => Some(("callback-parameter-became-required", "is always sent now")),
        (true, true) | (false, false) => None,
    };
    if let Some((rule, says)) = step {
        let key = |node: &'a Value| node.get("required");
        let at = (key(old.node), key(new.node));
        let shown = (at.0.or(Some(old.node)), at.1.or(Some(new.node)));
        judge.report(Finding::new(rule, shown, says).about(about).claim(at));
    }
    let told = Told {
        about,
        rule: "callback-parameter-serialization-changed",
        direction: Direction::Response,
    };
    written::compare(judge, old.text(), new.text(), told);
    others::compare(judge, about, (old.node, new.node), &COMPARED);
}
