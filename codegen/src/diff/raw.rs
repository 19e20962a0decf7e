//! What differs as a value and no rule has explained. In: both trees and all claims. Out: one finding for each such place.
//! Knows which keys say something about meaning, not what.

use super::finding::{Both, Finding, identity};
use super::judge::{Judge, Relation};
use super::paths::target;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::LazyLock;

mod align;
mod kind;
mod price;
mod reach;
mod rename;

/// What a document without components has in their place.
static EMPTY: LazyLock<Value> = LazyLock::new(|| Value::Object(Map::new()));

/// Whether what differs under a key is told wherever it stands: what people read, and extensions.
pub(super) fn is_told(key: &str) -> bool {
    kind::of(key).is_some()
}

/// Walks both trees side by side and reports what nobody did.
pub(super) fn unclaimed(judge: &mut Judge<'_>) {
    let (old, new) = (&judge.old.root, &judge.new.root);
    let renamed = rename::find(judge.old, judge.new);
    let mut walk = Walk {
        claimed: Claimed::of(judge),
        reach: reach::Reach::of(judge),
        renamed: renamed.iter().map(rename::Renamed::references).collect(),
        found: Vec::new(),
        same_paths: judge.renamed_paths.clone(),
        judge,
    };
    for one in &renamed {
        walk.renamed(one);
    }
    let mut way = Vec::new();
    walk.node(
        old,
        new,
        Above {
            seen: None,
            depth: 0,
            settled: false,
            part: None,
        },
        &mut way,
    );
    let found = walk.found;
    judge.enter(String::new());
    let mut known = HashSet::new();
    for finding in found {
        let place = (
            finding.rule.id,
            finding.at.0.map(identity),
            finding.at.1.map(identity),
        );
        if known.insert(place) {
            judge.report(finding);
        }
    }
}

/// The nodes that findings explain, and those whose composition one explains.
struct Claimed {
    nodes: HashSet<usize>,
    recomposed: HashSet<usize>,
}

impl Claimed {
    fn of(judge: &Judge<'_>) -> Self {
        let roots: Vec<_> = judge
            .scopes
            .iter()
            .flat_map(|scope| scope.pairs.iter().copied())
            .collect();
        let reached = judge.reached(&roots);
        let answers = reached
            .iter()
            .filter_map(|pair| judge.pairs[*pair].answer.as_ref());
        let mut claimed = Self {
            nodes: HashSet::new(),
            recomposed: HashSet::new(),
        };
        let mut take = |finding: &Finding<'_>| {
            for (old, new) in &finding.claims {
                claimed
                    .nodes
                    .extend(old.iter().chain(new).map(|node| identity(node)));
            }
        };
        judge
            .scopes
            .iter()
            .flat_map(|scope| &scope.findings)
            .for_each(&mut take);
        let mut recomposed = HashSet::new();
        for answer in answers {
            answer.findings.iter().for_each(&mut take);
            let (old, new) = &answer.recomposed;
            recomposed.extend(old.iter().chain(new).map(|node| identity(node)));
        }
        for pair in reached.iter().map(|pair| &judge.pairs[*pair]) {
            let first = pair.answer.as_ref().and_then(|answer| answer.stands_for);
            let said = first.and_then(|first| judge.pairs[first].answer.as_ref());
            if said.is_some_and(|said| said.relation != Relation::EQUAL) {
                let nodes = pair.question.old.0.iter().chain(&pair.question.new.0);
                recomposed.extend(nodes.map(|node| identity(node)));
            }
        }
        let explained = judge
            .explained
            .iter()
            .flat_map(|(old, new)| old.iter().chain(new));
        claimed.nodes.extend(explained.map(|node| identity(node)));
        claimed.recomposed = recomposed;
        claimed
    }

    /// Whether findings explain how two nodes differ: they claim one of them, or all that is in the only one.
    fn holds(&self, at: Both<'_>) -> bool {
        match at {
            (Some(old), Some(new)) => self.claims(old) || self.claims(new),
            (Some(node), None) | (None, Some(node)) => self.covers(node),
            (None, None) => true,
        }
    }

    fn claims(&self, node: &Value) -> bool {
        self.nodes.contains(&identity(node))
    }

    fn covers(&self, node: &Value) -> bool {
        let inside = match node {
            Value::Array(elements) => {
                !elements.is_empty() && elements.iter().all(|element| self.covers(element))
            }
            Value::Object(members) => {
                !members.is_empty() && members.values().all(|member| self.covers(member))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        inside || self.claims(node)
    }
}

/// What is known of the nodes above.
#[derive(Clone, Copy)]
struct Above<'a> {
    /// The nearest pair whose meaning was judged.
    seen: Option<(&'a Value, &'a Value)>,
    /// How many keys lead to that pair.
    depth: usize,
    /// Whether a finding explains how that pair is composed.
    settled: bool,
    /// The nearest node that operations use, by its identity.
    part: Option<usize>,
}

struct Walk<'j, 'a> {
    judge: &'j Judge<'a>,
    claimed: Claimed,
    reach: reach::Reach<'a>,
    found: Vec<Finding<'a>>,
    /// References that only name a component anew.
    renamed: HashSet<(String, String)>,
    same_paths: std::collections::HashMap<&'a str, &'a str>,
}

impl<'a> Walk<'_, 'a> {
    fn renamed(&mut self, one: &rename::Renamed<'a>) {
        let at = (Some(one.old.1), Some(one.new.1));
        self.claimed
            .nodes
            .extend([identity(one.old.1), identity(one.new.1)]);
        let says = format!("is called `{}` now, and says the same", one.new.0);
        let part = self.reach.part(one.old.1, one.new.1);
        let reached = self.reach.operations(&[], part);
        let finding = Finding::new("component-renamed", at, says).about(format!("`{}`", one.old.0));
        self.found.push(finding.reaching(reached));
        // Security schemes may be described in other words.
        let nodes = (
            target(self.judge.old, one.old.1),
            target(self.judge.new, one.new.1),
        );
        let above = Above {
            seen: Some(nodes),
            depth: 3,
            // That it is written in another way, with the same meaning, is said already.
            settled: true,
            part,
        };
        let mut way = vec!["components", one.section, one.new.0];
        if one.section == rename::SCHEMES {
            self.members(nodes, above, &mut way);
        }
    }

    fn node(&mut self, old: &'a Value, new: &'a Value, above: Above<'a>, way: &mut Vec<&'a str>) {
        if old == new || self.claimed.holds((Some(old), Some(new))) {
            return;
        }
        let looked_at = |node: &Value| self.judge.seen.contains(&identity(node));
        let recomposed = |node: &Value| self.claimed.recomposed.contains(&identity(node));
        let part = self.reach.part(old, new).or(above.part);
        let above = match looked_at(old) && looked_at(new) {
            true => Above {
                seen: Some((old, new)),
                depth: way.len(),
                settled: recomposed(old) || recomposed(new),
                part,
            },
            false => Above { part, ..above },
        };
        if let Some((one, other)) = self.inlined((old, new), way) {
            let says = "is written in another way, with the same meaning";
            let at = (Some(old), Some(new));
            let reached = self.reach.operations(way, above.part);
            let finding = Finding::new("spelling-changed", at, says).reaching(reached);
            self.found.push(finding);
            // What the reference led to may say more or less than what stands in its place.
            return self.node(one, other, above, way);
        }
        match (old, new) {
            (Value::Object(_), Value::Object(_)) => self.members((old, new), above, way),
            (Value::Array(before), Value::Array(after)) => {
                let pairs = align::elements(before, after);
                let mut differs = false;
                for (one, other) in pairs {
                    match (one, other) {
                        (Some(one), Some(other)) if one == other => {}
                        (Some(one), Some(other)) => {
                            differs = true;
                            self.node(one, other, above, way);
                        }
                        at => {
                            differs = true;
                            if !self.claimed.holds(at) {
                                self.report(at, (old, new), above, way);
                            }
                        }
                    }
                }
                // The same elements in another order.
                if !differs {
                    self.report((Some(old), Some(new)), (old, new), above, way);
                }
            }
            _ => self.report((Some(old), Some(new)), (old, new), above, way),
        }
    }

    fn members(&mut self, at: (&'a Value, &'a Value), above: Above<'a>, way: &mut Vec<&'a str>) {
        let (Value::Object(before), Value::Object(after)) = at else {
            return;
        };
        let in_paths = way.as_slice() == ["paths"];
        for (key, other) in after {
            let like = self.same_paths.get(key.as_str());
            let like = like.filter(|_| in_paths).copied().unwrap_or(key);
            way.push(key);
            self.member(key, (before.get(like), Some(other)), at, above, way);
            way.pop();
        }
        for (key, one) in before {
            let moved = in_paths && self.same_paths.values().any(|like| like == key);
            if after.get(key).is_none() && !moved {
                way.push(key);
                self.member(key, (Some(one), None), at, above, way);
                way.pop();
            }
        }
    }

    /// What stands at both places, where only one of them has it by a reference.
    fn inlined(
        &self,
        (old, new): (&'a Value, &'a Value),
        way: &[&'a str],
    ) -> Option<(&'a Value, &'a Value)> {
        let one_refers = old.get("$ref").is_some() != new.get("$ref").is_some();
        if !one_refers || !kind::may_refer(way) {
            return None;
        }
        let pair = (target(self.judge.old, old), target(self.judge.new, new));
        let followed = [pair.0, pair.1]
            .iter()
            .all(|node| node.get("$ref").is_none());
        followed.then_some(pair)
    }

    fn member(
        &mut self,
        key: &'a str,
        at: Both<'a>,
        parents: (&'a Value, &'a Value),
        above: Above<'a>,
        way: &mut Vec<&'a str>,
    ) {
        if at.0 == at.1 || self.claimed.holds(at) {
            return;
        }
        if let ("$ref", (Some(Value::String(old)), Some(Value::String(new)))) = (key, at)
            && self.renamed.contains(&(old.clone(), new.clone()))
        {
            return;
        }
        // The components of a document that has none are an empty list.
        if matches!(way.as_slice(), ["components"] | ["components", _])
            && at.0.is_some() != at.1.is_some()
        {
            let (old, new) = (at.0.unwrap_or(&EMPTY), at.1.unwrap_or(&EMPTY));
            return self.node(old, new, above, way);
        }
        // What people read, and extensions, are told as a whole.
        let named = kind::names_things(way);
        if let (Some(old), Some(new)) = at
            && (named || kind::of(key).is_none())
        {
            return self.node(old, new, above, way);
        }
        self.report(at, parents, above, way);
    }

    fn report(
        &mut self,
        at: Both<'a>,
        parents: (&'a Value, &'a Value),
        above: Above<'a>,
        way: &[&'a str],
    ) {
        let shown = (at.0.or(Some(parents.0)), at.1.or(Some(parents.1)));
        let judged = way.get(above.depth).is_none_or(|key| kind::is_judged(key));
        let (finding, grouped) = kind::finding(way, at, shown, above.seen.filter(|_| judged));
        // How something is composed that a finding has explained is no finding of its own.
        if above.settled && grouped {
            return;
        }
        let mut reached = self.reach.operations(way, above.part);
        if reached.is_empty() {
            // What is new or gone has no like above which it could stand.
            let lone = at.0.or(at.1).and_then(|node| self.reach.part(node, node));
            reached = self.reach.operations(way, lone);
        }
        self.found.push(finding.reaching(reached));
    }
}
