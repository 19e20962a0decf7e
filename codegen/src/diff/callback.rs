//! Compares the requests that the service sends to those who asked for them: what goes in a call comes here, and the other
//! way round. In: one operation's nodes on both sides. Out: findings; schemas go to the judge.

use super::body;
use super::finding::Finding;
use super::judge::Judge;
use super::node::{is_true, members};
use super::paths::{METHODS, target};
use super::raw;
use super::report::Direction;
use super::response;
use super::subject::lower;
use serde_json::Value;

mod others;
mod parameters;

/// A member of a mapping.
type Member<'a> = (&'a String, &'a Value);

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let at = (old.get("callbacks"), new.get("callbacks"));
    let near = (at.0.or(Some(old)), at.1.or(Some(new)));
    let before: Vec<Member<'a>> = members(at.0).collect();
    let mut after: Vec<Member<'a>> = members(at.1).collect();
    let mut left = Vec::new();
    for one in before {
        match after.iter().position(|other| other.0 == one.0) {
            Some(index) => callback(judge, one, after.remove(index)),
            None => left.push(one),
        }
    }
    // Which of several that are sent to one address was renamed nobody knows: they are paired in the order of their names.
    left.sort_by_key(|(name, _)| *name);
    after.sort_by_key(|(name, _)| *name);
    for one in left {
        // The name never travels; the address does.
        let like = |other: &Member<'a>| {
            let addresses = (target(judge.old, one.1), target(judge.new, other.1));
            members(Some(addresses.0)).count() > 0
                && keys(addresses.0).all(|key| addresses.1.get(key).is_some())
                && keys(addresses.1).all(|key| addresses.0.get(key).is_some())
        };
        match after.iter().position(like) {
            Some(index) => {
                let other = after.remove(index);
                let says = format!("is called `{}` now, and sent to the same address", other.0);
                let at = (Some(one.1), Some(other.1));
                let finding = Finding::new("callback-renamed", at, says).about(called(one.0));
                judge.report(finding.claim(at));
                callback(judge, one, other);
            }
            None => {
                let at = (Some(one.1), near.1);
                let finding = Finding::new("callback-removed", at, "is no longer sent");
                judge.report(finding.about(called(one.0)).claim_old([one.1]));
            }
        }
    }
    for one in after {
        let says = "is new, and sent to whoever asks for it";
        let finding = Finding::new("callback-added", (near.0, Some(one.1)), says);
        judge.report(finding.about(called(one.0)).claim_new([one.1]));
    }
}

fn called(name: &str) -> String {
    format!("The callback `{name}`")
}

fn keys(node: &Value) -> impl Iterator<Item = &String> {
    members(Some(node)).map(|(key, _)| key)
}

/// Compares where one callback is sent.
fn callback<'a>(judge: &mut Judge<'a>, old: Member<'a>, new: Member<'a>) {
    let about = called(old.0);
    let (old, new) = (target(judge.old, old.1), target(judge.new, new.1));
    judge.see(Some(old));
    judge.see(Some(new));
    // Extensions stand among the addresses.
    let addresses = |node| members(Some(node)).filter(|(address, _)| !raw::is_told(address));
    for (address, before) in addresses(old) {
        match new.get(address) {
            None => {
                let says = "is no longer sent to this address";
                let finding = Finding::new("callback-removed", (Some(before), Some(new)), says);
                judge.report(finding.about(&about).claim_old([before]));
            }
            Some(after) => requests(judge, &about, (before, after)),
        }
    }
    for (address, after) in addresses(new) {
        if old.get(address).is_none() {
            let says = "is sent to this address too";
            let finding = Finding::new("callback-added", (Some(old), Some(after)), says);
            judge.report(finding.about(&about).claim_new([after]));
        }
    }
}

/// Compares the requests that are sent to one address.
fn requests<'a>(judge: &mut Judge<'a>, about: &str, at: (&'a Value, &'a Value)) {
    let (old, new) = (target(judge.old, at.0), target(judge.new, at.1));
    for node in [at.0, at.1, old, new] {
        judge.see(Some(node));
    }
    for method in METHODS {
        match (old.get(method), new.get(method)) {
            (Some(before), Some(after)) => request(judge, about, ((old, before), (new, after))),
            (Some(before), None) => {
                let says = format!("is no longer sent as `{}`", method.to_uppercase());
                let finding = Finding::new("callback-removed", (Some(before), Some(new)), says);
                judge.report(finding.about(about).claim_old([before]));
            }
            (None, Some(after)) => {
                let says = format!("is sent as `{}` too", method.to_uppercase());
                let finding = Finding::new("callback-added", (Some(old), Some(after)), says);
                judge.report(finding.about(about).claim_new([after]));
            }
            (None, None) => {}
        }
    }
    let compared: Vec<&str> = METHODS.into_iter().chain(["parameters"]).collect();
    others::compare(judge, about, (old, new), &compared);
}

/// One kind of request, beside the node that says what all to its address have in common.
type Request<'a> = (&'a Value, &'a Value);

/// Compares what a callback carries, and what is expected in answer.
fn request<'a>(judge: &mut Judge<'a>, about: &str, at: (Request<'a>, Request<'a>)) {
    let (old, new) = (at.0.1, at.1.1);
    judge.see(Some(old));
    judge.see(Some(new));
    parameters::compare(judge, about, at);
    carried(judge, about, (old, new));
    answers(judge, about, (old, new));
    let compared = ["parameters", "requestBody", "responses"];
    others::compare(judge, about, (old, new), &compared);
}

fn carried<'a>(judge: &mut Judge<'a>, about: &str, (old, new): (&'a Value, &'a Value)) {
    let at = (old.get("requestBody"), new.get("requestBody"));
    let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
    let (before, after) = match at {
        (None, None) => return,
        (None, Some(body)) => {
            let finding = Finding::new("callback-body-added", shown, "has a body now");
            return judge.report(finding.about(about).claim_new([body]));
        }
        (Some(body), None) => {
            let finding = Finding::new("callback-body-removed", shown, "no longer has a body");
            return judge.report(finding.about(about).claim_old([body]));
        }
        (Some(old), Some(new)) => (old, new),
    };
    let (old, new) = (target(judge.old, before), target(judge.new, after));
    for node in [before, after, old, new] {
        judge.meet(node);
    }
    let keys = (old.get("required"), new.get("required"));
    let step = match (is_true(keys.0), is_true(keys.1)) {
        (true, false) => Some(("callback-body-became-optional", "may come without its body")),
        (false, true) => Some(("callback-body-became-required", "always has its body now")),
        (true, true) | (false, false) => None,
    };
    if let Some((rule, says)) = step {
        let shown = (keys.0.or(Some(old)), keys.1.or(Some(new)));
        judge.report(Finding::new(rule, shown, says).about(about).claim(keys));
    }
    let subject = format!("The body of {}", lower(about));
    body::contents(judge, (old, new), &subject, Direction::Response);
}

fn answers<'a>(judge: &mut Judge<'a>, about: &str, (old, new): (&'a Value, &'a Value)) {
    let at = (old.get("responses"), new.get("responses"));
    let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
    let (before, after) = (response::answers(at.0), response::answers(at.1));
    for (status, node) in &before {
        let range = || response::covering(&after, status).map(|(_, other)| other);
        match response::exact(&after, status).or_else(range) {
            Some(other) => answer(judge, about, (status, node, other)),
            None => {
                let says = format!("no longer expects the answer {status}");
                let finding = Finding::new("callback-answer-removed", (Some(node), shown.1), says);
                judge.report(finding.about(about).claim_old([*node]));
            }
        }
    }
    for (status, node) in &after {
        match (
            response::exact(&before, status),
            response::covering(&before, status),
        ) {
            (Some(_), _) => {}
            (None, Some((_, other))) => answer(judge, about, (status, other, node)),
            (None, None) => {
                let says = format!("can be answered with {status} too");
                let finding = Finding::new("callback-answer-added", (shown.0, Some(node)), says);
                judge.report(finding.about(about).claim_new([*node]));
            }
        }
    }
}

fn answer<'a>(
    judge: &mut Judge<'a>,
    about: &str,
    (status, before, after): (&str, &'a Value, &'a Value),
) {
    let (old, new) = (target(judge.old, before), target(judge.new, after));
    for node in [before, after, old, new] {
        judge.meet(node);
    }
    let subject = format!("The answer {status} to {}", lower(about));
    body::contents(judge, (old, new), &subject, Direction::Request);
    others::compare(judge, &subject, (old, new), &["content"]);
}
