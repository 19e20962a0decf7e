//! Compares where one operation is served. In: its nodes on both sides, and what they inherit. Out: findings. Knows no schema.

use super::finding::{Both, Finding};
use super::judge::Judge;
use super::operation::{Half, Pair};
use super::paths::{nameless, renamed};
use super::side::Side;
use serde_json::Value;

mod variable;

/// One address, and the node that states it.
type Server<'a> = (String, Option<&'a Value>);

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
    let (pairs, gone, come) = pairs(&old, &new);
    for (before, after) in pairs {
        both(judge, before, after);
    }
    for (url, node) in gone {
        let says = format!("is no longer served at `{url}`");
        report(judge, "api-server-removed", (*node, None), says);
    }
    for (url, node) in come {
        let says = format!("is served at `{url}` too");
        report(judge, "api-server-added", (None, *node), says);
    }
    for node in old.iter().chain(&new) {
        judge.see(node.1);
    }
}

/// The pairs of addresses that mean the same, and what is left of both lists.
type Pairs<'s, 'a> = (
    Vec<(&'s Server<'a>, &'s Server<'a>)>,
    Vec<&'s Server<'a>>,
    Vec<&'s Server<'a>>,
);

/// What says the same belongs together, then addresses of the same spelling, and then those that differ in the names of their
/// variables only.
fn pairs<'s, 'a>(old: &'s [Server<'a>], new: &'s [Server<'a>]) -> Pairs<'s, 'a> {
    let mut pairs = Vec::new();
    let mut gone: Vec<&Server<'a>> = old.iter().collect();
    let mut come: Vec<&Server<'a>> = new.iter().collect();
    let likes: [fn(&Server<'_>, &Server<'_>) -> bool; 3] = [
        |one, other| one == other,
        |one, other| one.0 == other.0,
        |one, other| nameless(&one.0) == nameless(&other.0) && is_renaming(&one.0, &other.0),
    ];
    for like in likes {
        gone.retain(
            |before| match come.iter().position(|after| like(before, after)) {
                Some(index) => {
                    pairs.push((*before, come.remove(index)));
                    false
                }
                None => true,
            },
        );
    }
    // An address that stands twice is one address.
    gone.retain(|before| !new.iter().any(|after| after.0 == before.0));
    come.retain(|after| !old.iter().any(|before| before.0 == after.0));
    (pairs, gone, come)
}

/// Whether each variable of one address is one of the other.
fn is_renaming(old: &str, new: &str) -> bool {
    let names = renamed(old, new);
    names.iter().all(|one| {
        let others = names.iter();
        others
            .filter(|other| one.0 == other.0 || one.1 == other.1)
            .all(|other| one == other)
    })
}

fn both<'a>(judge: &mut Judge<'a>, old: &Server<'a>, new: &Server<'a>) {
    let (Some(before), Some(after)) = (old.1, new.1) else {
        return;
    };
    if old.0 != new.0 {
        let at = (before.get("url"), after.get("url"));
        let says = format!("is written `{}` now: a variable has another name", new.0);
        let finding = Finding::whole("server-variable-renamed", at, says);
        judge.report(finding.about(format!("The address `{}`", old.0)));
    }
    for names in renamed(&old.0, &new.0) {
        variable::compare(judge, &new.0, names, (before, after));
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
fn servers(list: Option<&Value>) -> Vec<Server<'_>> {
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
