//! Compares where one operation is served. In: its nodes on both sides, and what they inherit. Out: findings. Knows no schema.

use super::finding::{Both, Finding};
use super::judge::Judge;
use super::operation::{Half, Pair};
use super::side::Side;
use serde_json::Value;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let lists = (list(judge.old, pair.old), list(judge.new, pair.new));
    if lists.0 == lists.1 {
        return;
    }
    let (old, new) = (servers(lists.0), servers(lists.1));
    let at = (lists.0.or(Some(pair.old.2)), lists.1.or(Some(pair.new.2)));
    // A list that one side lacks is explained by what it changes.
    let own = (pair.old.2.get("servers"), pair.new.2.get("servers"));
    let path = (pair.old.1.get("servers"), pair.new.1.get("servers"));
    let root = (judge.old.root.get("servers"), judge.new.root.get("servers"));
    let lone = |both: Both<'a>| {
        if both.0.is_some() == both.1.is_some() {
            (None, None)
        } else {
            both
        }
    };
    let claims = [lone(own), lone(path), lone(root)];
    let report = |judge: &mut Judge<'a>, rule: &str, nodes: Both<'a>, says: String| {
        let shown = (nodes.0.or(at.0), nodes.1.or(at.1));
        let finding = Finding::new(rule, shown, says)
            .about("The API")
            .claim(nodes);
        judge.report(claims.into_iter().fold(finding, Finding::claim));
    };
    for (url, node) in &old {
        match new.iter().find(|(other, _)| other == url) {
            Some((_, other)) => variables(judge, url, (*node, *other)),
            None => report(
                judge,
                "api-server-removed",
                (*node, None),
                format!("is no longer served at `{url}`"),
            ),
        }
    }
    for (url, node) in &new {
        if !old.iter().any(|(other, _)| other == url) {
            report(
                judge,
                "api-server-added",
                (None, *node),
                format!("is served at `{url}` too"),
            );
        }
    }
    for node in old.iter().chain(&new) {
        judge.see(node.1);
    }
}

fn list<'a>(side: &'a Side, (_, item, operation): Half<'a>) -> Option<&'a Value> {
    let stated = |node: &'a Value| {
        node.get("servers")
            .filter(|list| list.as_array().is_some_and(|list| !list.is_empty()))
    };
    stated(operation)
        .or_else(|| stated(item))
        .or_else(|| stated(&side.root))
}

/// The addresses, without the slash at their ends; `/` where none is stated.
fn servers(list: Option<&Value>) -> Vec<(String, Option<&Value>)> {
    let elements = list
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if elements.is_empty() {
        return vec![("/".to_owned(), None)];
    }
    let url = |node: &Value| match node
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or("/")
        .trim_end_matches('/')
    {
        "" => "/".to_owned(),
        url => url.to_owned(),
    };
    elements
        .iter()
        .map(|node| (url(node), Some(node)))
        .collect()
}

fn variables<'a>(judge: &mut Judge<'a>, url: &str, at: Both<'a>) {
    let (Some(old), Some(new)) = at else { return };
    let members = |node: &'a Value| {
        node.get("variables")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    for (name, before) in members(old) {
        let Some(after) = new.get("variables").and_then(|all| all.get(name)) else {
            continue;
        };
        let about = format!("The variable `{name}` of the address `{url}`");
        let default = (before.get("default"), after.get("default"));
        if let (Some(one), Some(other)) = default
            && one != other
        {
            let finding = Finding::whole(
                "server-variable-default-changed",
                default,
                format!("is {other} unless stated, instead of {one}"),
            );
            judge.report(finding.about(about.clone()));
        }
        let values = |node: &'a Value| {
            node.get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
        };
        let shown = (
            before.get("enum").or(Some(before)),
            after.get("enum").or(Some(after)),
        );
        let limited = after.get("enum").is_some();
        for value in
            values(before).filter(|value| limited && !values(after).any(|other| other == *value))
        {
            let finding = Finding::new(
                "server-variable-value-removed",
                shown,
                format!("can no longer be {value}"),
            );
            judge.report(finding.about(about.clone()).claim_old([value]));
        }
        for value in values(after).filter(|value| {
            before.get("enum").is_some() && !values(before).any(|other| other == *value)
        }) {
            let finding = Finding::new(
                "server-variable-value-added",
                shown,
                format!("can be {value} too"),
            );
            judge.report(finding.about(about.clone()).claim_new([value]));
        }
    }
}
