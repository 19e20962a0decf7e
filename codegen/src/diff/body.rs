//! Compares request bodies. In: nodes of both sides. Out: findings. Knows no schema.

use super::finding::Finding;
use super::judge::Judge;
use super::node::is_true;
use super::paths::{chain, target};
use super::report::Direction;
use serde_json::Value;

mod contents;

pub(super) use contents::compare as contents;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let at = (old.get("requestBody"), new.get("requestBody"));
    let about = "The request body";
    let required = |body: &Value| is_true(body.get("required"));
    match at {
        (None, None) => {}
        (None, Some(element)) => {
            let body = target(judge.new, element);
            let (rule, says) = match required(body) {
                true => ("request-body-added-required", "is new and must be sent"),
                false => ("request-body-added-optional", "is new, and may be sent"),
            };
            let finding = Finding::new(rule, (Some(old), Some(body)), says).about(about);
            judge.report(finding.claim_new([element, body]));
        }
        (Some(element), None) => {
            let body = target(judge.old, element);
            let finding = Finding::new("request-body-removed", (Some(body), Some(new)), "is gone")
                .about(about);
            judge.report(finding.claim_old([element, body]));
        }
        (Some(before), Some(after)) => {
            let (old, new) = (target(judge.old, before), target(judge.new, after));
            let written = chain(judge.old, before).into_iter();
            for node in written.chain(chain(judge.new, after)) {
                judge.meet(node);
            }
            let keys = (old.get("required"), new.get("required"));
            let shown = (keys.0.or(Some(old)), keys.1.or(Some(new)));
            let step = match (required(old), required(new)) {
                (false, true) => Some(("request-body-became-required", "must be sent now")),
                (true, false) => Some(("request-body-became-optional", "need no longer be sent")),
                (true, true) | (false, false) => None,
            };
            if let Some((rule, says)) = step {
                judge.report(Finding::new(rule, shown, says).about(about).claim(keys));
            }
            contents(judge, (old, new), about, Direction::Request);
        }
    }
}
