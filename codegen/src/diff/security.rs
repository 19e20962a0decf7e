//! Compares how one operation is protected. In: its nodes on both sides, and the documents' own lists. Out: findings. Knows no
//! schema.

use super::finding::{Both, Finding};
use super::judge::Judge;
use super::side::Side;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

mod scheme;
mod schemes;

pub(super) use schemes::renamed;

/// One way to be let in: the schemes that are needed all at once, with their scopes.
#[derive(Debug, Clone)]
struct Way<'a> {
    node: Option<&'a Value>,
    schemes: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let lists = (list(judge.old, old), list(judge.new, new));
    let names = renamed(judge.old, judge.new);
    let before = ways(lists.0, &BTreeMap::new());
    let after = ways(lists.1, &names);
    let at = (lists.0.or(Some(old)), lists.1.or(Some(new)));
    let own = (old.get("security"), new.get("security"));
    // A list that one side lacks is explained by what it changes.
    let claimed = if own.0.is_some() == own.1.is_some() {
        (None, None)
    } else {
        own
    };
    let mut comparison = Comparison {
        at,
        claimed,
        before: &before,
        after: &after,
    };
    let refused = comparison.refused(judge);
    comparison.admitted(judge, refused);
    comparison.renamed(judge, &names);
    schemes(judge, (&before, &after), &names);
}

fn list<'a>(side: &'a Side, operation: &'a Value) -> Option<&'a Value> {
    operation
        .get("security")
        .or_else(|| side.root.get("security"))
}

/// The ways in; one that needs nothing where there is no list, or an empty one.
fn ways<'a>(list: Option<&'a Value>, names: &BTreeMap<&'a str, &'a str>) -> Vec<Way<'a>> {
    let elements = list
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    if elements.is_empty() {
        return vec![Way {
            node: None,
            schemes: BTreeMap::new(),
        }];
    }
    let way = |node: &'a Value| Way {
        node: Some(node),
        schemes: node
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, scopes)| {
                let name = names.get(name.as_str()).copied().unwrap_or(name);
                let scopes = scopes
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                (name, scopes.collect())
            })
            .collect(),
    };
    elements.iter().map(way).collect()
}

impl Way<'_> {
    /// Whether who satisfies `other` satisfies this.
    fn admits(&self, other: &Self) -> bool {
        self.schemes.iter().all(|(name, scopes)| {
            other
                .schemes
                .get(name)
                .is_some_and(|held| scopes.is_subset(held))
        })
    }

    /// Whether both let in the same people.
    fn is_same(&self, other: &Self) -> bool {
        self.admits(other) && other.admits(self)
    }

    fn names(&self) -> BTreeSet<&str> {
        self.schemes.keys().copied().collect()
    }

    /// The way as its own document writes it.
    fn shown(&self) -> String {
        let schemes = self.node.and_then(Value::as_object).into_iter().flatten();
        let one = |(name, scopes): (&String, &Value)| {
            let scopes = scopes.as_array().into_iter().flatten();
            let scopes: BTreeSet<&str> = scopes.filter_map(Value::as_str).collect();
            match scopes.is_empty() {
                true => format!("`{name}`"),
                false => {
                    let scopes: Vec<&str> = scopes.into_iter().collect();
                    format!("`{name}` with {}", scopes.join(", "))
                }
            }
        };
        let mut shown: Vec<String> = schemes.map(one).collect();
        shown.sort();
        match shown.is_empty() {
            true => "no authentication".to_owned(),
            false => shown.join(" and "),
        }
    }
}

struct Comparison<'c, 'a> {
    at: Both<'a>,
    claimed: Both<'a>,
    before: &'c [Way<'a>],
    after: &'c [Way<'a>],
}

impl<'a> Comparison<'_, 'a> {
    /// Reports every old way that no longer lets in; gives the new ones that took its place.
    fn refused(&mut self, judge: &mut Judge<'a>) -> Vec<usize> {
        let mut explained = Vec::new();
        for before in self.before {
            if self.after.iter().any(|after| after.admits(before)) {
                continue;
            }
            // What was a way in already has taken nobody's place.
            let is_new = |after: &Way<'a>| !self.before.iter().any(|old| old.is_same(after));
            let like = self
                .after
                .iter()
                .position(|after| after.names() == before.names() && is_new(after));
            let took = like.or_else(|| self.after.iter().position(is_new));
            let instead = took.map(|index| &self.after[index]);
            let needed = instead.map_or("authentication".to_owned(), Way::shown);
            let (rule, says) = match (before.schemes.is_empty(), like, instead) {
                (true, ..) => (
                    "api-security-required",
                    format!("needs {needed} now, and was open to all"),
                ),
                (false, Some(_), _) => (
                    "api-security-scope-added",
                    format!("needs {needed} instead of {}", before.shown()),
                ),
                (false, None, Some(_)) => (
                    "api-security-removed",
                    format!("needs {needed} instead of {}", before.shown()),
                ),
                (false, None, None) => (
                    "api-security-removed",
                    format!("no longer accepts {}", before.shown()),
                ),
            };
            explained.extend(took);
            let shown = (
                before.node.or(self.at.0),
                instead.and_then(|way| way.node).or(self.at.1),
            );
            let claims = (before.node, instead.and_then(|way| way.node));
            judge.report(
                Finding::new(rule, shown, says)
                    .claim(claims)
                    .claim(self.claimed),
            );
        }
        explained
    }

    /// Reports every new way that lets in whom the old ones did not.
    fn admitted(&self, judge: &mut Judge<'a>, explained: Vec<usize>) {
        for (index, after) in self.after.iter().enumerate() {
            let known = self.before.iter().any(|before| before.admits(after));
            if known || explained.contains(&index) {
                continue;
            }
            let like = self
                .before
                .iter()
                .find(|before| before.names() == after.names() && after.admits(before));
            let (rule, says) = match like {
                Some(before) => (
                    "api-security-scope-removed",
                    format!("needs {} instead of {}", after.shown(), before.shown()),
                ),
                None => (
                    "api-security-added",
                    format!("accepts {} too", after.shown()),
                ),
            };
            let shown = (
                like.and_then(|way| way.node).or(self.at.0),
                after.node.or(self.at.1),
            );
            let claims = (like.and_then(|way| way.node), after.node);
            judge.report(
                Finding::new(rule, shown, says)
                    .claim(claims)
                    .claim(self.claimed),
            );
        }
    }

    /// A way that only names its schemes anew is explained by these.
    fn renamed(&self, judge: &mut Judge<'a>, names: &BTreeMap<&'a str, &'a str>) {
        let written = |way: &Way<'a>| way.node.and_then(Value::as_object);
        for after in self.after {
            let anew = written(after).is_some_and(|schemes| {
                schemes.keys().any(|name| names.contains_key(name.as_str()))
            });
            let like = self.before.iter().find(|before| before.is_same(after));
            if let Some(before) = like.filter(|_| anew) {
                judge.explained.push((before.node, after.node));
            }
        }
    }
}

/// Compares the schemes that an operation uses on both sides.
fn schemes<'a>(
    judge: &mut Judge<'a>,
    (before, after): (&[Way<'a>], &[Way<'a>]),
    names: &BTreeMap<&'a str, &'a str>,
) {
    let used = |ways: &[Way<'a>]| {
        ways.iter()
            .flat_map(|way| way.schemes.keys().copied())
            .collect::<BTreeSet<_>>()
    };
    for name in used(before).intersection(&used(after)) {
        let anew = names.iter().find(|(_, old)| *old == name);
        let new = schemes::find(judge.new, name).or_else(|| schemes::find(judge.new, anew?.0));
        if let (Some(old), Some(new)) = (schemes::find(judge.old, name), new) {
            judge.meet(old);
            judge.meet(new);
            for finding in scheme::differences(name, old, new) {
                judge.report(finding);
            }
        }
    }
}
