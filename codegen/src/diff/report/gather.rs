//! Turns findings into changes. In: what the judge found. Out: one change per edit, placed, worded and ordered. Knows no rule.

use super::super::finding::{Finding, identity};
use super::super::judge::Judge;
use super::super::side::Side;
use super::super::{positions, subject};
use super::{Change, Direction, Effect, Level, Place, Report};
use crate::diagnostic::Position;
use crate::pointer::Pointer;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// One finding with the operations that it reaches, by their numbers.
struct Found<'f, 'a> {
    finding: &'f Finding<'a>,
    operations: BTreeSet<usize>,
}

/// What makes two findings the same: the rule, both places, and the words.
type Key<'f> = (
    &'static str,
    Option<usize>,
    Option<usize>,
    &'f str,
    Option<&'f str>,
);

pub(super) fn report(judge: &Judge<'_>) -> Report {
    let found = collect(judge);
    let places = (
        Places::of(judge.old, found.iter().filter_map(|one| one.finding.at.0)),
        Places::of(judge.new, found.iter().filter_map(|one| one.finding.at.1)),
    );
    let mut changes: Vec<Change> = found
        .iter()
        .map(|one| change(judge, one, &places))
        .collect();
    changes = joined(changes);
    for change in &mut changes {
        change.also.sort_by(|one, other| {
            leads(
                (one.level, one.direction, one.rule),
                (other.level, other.direction, other.rule),
            )
        });
    }
    let scopes = judge.scopes.iter().enumerate();
    let rank: HashMap<&str, usize> = scopes
        .map(|(index, scope)| (scope.operation.as_str(), index))
        .collect();
    for change in &mut changes {
        change
            .operations
            .sort_by_key(|operation| rank.get(operation.as_str()).copied());
    }
    let order = |change: &Change| {
        let position = |place: &Option<Place>| place.as_ref().map(|place| place.position);
        (
            std::cmp::Reverse(change.level),
            position(&change.new),
            position(&change.old),
            change.rule,
        )
    };
    changes.sort_by(|one, other| {
        order(one)
            .cmp(&order(other))
            .then_with(|| one.text.cmp(&other.text))
    });
    Report {
        old: judge.old.name.clone(),
        new: judge.new.name.clone(),
        changes,
    }
}

fn collect<'f, 'a>(judge: &'f Judge<'a>) -> Vec<Found<'f, 'a>> {
    let mut found: Vec<Found<'f, 'a>> = Vec::new();
    let mut known: HashMap<Key<'f>, usize> = HashMap::new();
    let mut add = |finding: &'f Finding<'a>, scope: usize| {
        let (old, new) = (finding.at.0.map(identity), finding.at.1.map(identity));
        let key = (
            finding.rule.id,
            old,
            new,
            finding.says.as_str(),
            finding.about.as_deref(),
        );
        let index = *known.entry(key).or_insert_with(|| {
            found.push(Found {
                finding,
                operations: BTreeSet::new(),
            });
            found.len() - 1
        });
        found[index].operations.extend(&finding.reaches);
        if !judge.scopes[scope].operation.is_empty() {
            found[index].operations.insert(scope);
        }
    };
    for (scope, entry) in judge.scopes.iter().enumerate() {
        for finding in &entry.findings {
            add(finding, scope);
        }
        for pair in judge.reached(&entry.pairs) {
            for finding in judge.pairs[pair]
                .answer
                .iter()
                .flat_map(|answer| &answer.findings)
            {
                add(finding, scope);
            }
        }
    }
    found
}

fn change(judge: &Judge<'_>, found: &Found<'_, '_>, places: &(Places, Places)) -> Change {
    let finding = found.finding;
    let old = finding.at.0.and_then(|node| places.0.find(node));
    let new = finding.at.1.and_then(|node| places.1.find(node));
    let subject = match (&finding.about, &new, &old) {
        (Some(about), ..) => about.clone(),
        (None, _, Some(place)) if finding.gone => subject::subject(&judge.old.root, &place.pointer),
        (None, Some(place), _) => subject::subject(&judge.new.root, &place.pointer),
        (None, None, Some(place)) => subject::subject(&judge.old.root, &place.pointer),
        (None, None, None) => "Something".to_owned(),
    };
    Change {
        rule: finding.rule.id,
        level: finding.rule.level,
        direction: finding.rule.direction,
        operations: found
            .operations
            .iter()
            .map(|scope| judge.scopes[*scope].operation.clone())
            .collect(),
        old,
        new,
        text: format!("{subject} {}", finding.says),
        also: Vec::new(),
    }
}

/// Joins what one edit does in both directions: the worse stands first.
fn joined(changes: Vec<Change>) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for change in changes {
        let Some(edit) = edit(&change) else {
            joined.push(change);
            continue;
        };
        match known.get(&edit) {
            None => {
                known.insert(edit, joined.len());
                joined.push(change);
            }
            Some(index) => join(&mut joined[*index], change),
        }
    }
    joined
}

/// What an edit is, whichever way the values travel; `None` for what has no direction.
fn edit(change: &Change) -> Option<String> {
    let direction = change.direction?.to_string();
    let neutral = change.rule.replace(&direction, "");
    let topic = match neutral.contains("became-required") || neutral.contains("became-optional") {
        true => "presence",
        false
            if neutral.contains("required")
                || neutral.contains("optional")
                || neutral.contains("removed")
                || neutral.contains("forbidden")
                || neutral.contains("closed") =>
        {
            "existence"
        }
        false => &neutral,
    };
    let pointer = |place: &Option<Place>| {
        place
            .as_ref()
            .map(|place| place.pointer.to_string())
            .unwrap_or_default()
    };
    Some(format!(
        "{topic} {} {}",
        pointer(&change.old),
        pointer(&change.new)
    ))
}

/// Which of two findings about one edit stands first: the worse one, and of two alike the one that callers send.
fn leads(one: Lead, other: Lead) -> std::cmp::Ordering {
    let rank = |(level, direction, rule): Lead| (std::cmp::Reverse(level), direction, rule);
    rank(one).cmp(&rank(other))
}

type Lead = (Level, Option<Direction>, &'static str);

fn join(first: &mut Change, mut second: Change) {
    let lead = |change: &Change| (change.level, change.direction, change.rule);
    if leads(lead(&second), lead(first)).is_lt() {
        std::mem::swap(first, &mut second);
        first.also.append(&mut second.also);
    }
    for operation in second.operations {
        if !first.operations.contains(&operation) {
            first.operations.push(operation);
        }
    }
    first.also.push(Effect {
        rule: second.rule,
        level: second.level,
        direction: second.direction,
        text: second.text,
    });
}

/// Where the nodes of one tree stand, for those that are asked for.
struct Places(HashMap<usize, Place>);

impl Places {
    fn of<'a>(side: &Side, nodes: impl Iterator<Item = &'a Value>) -> Self {
        let wanted: BTreeSet<usize> = nodes.map(identity).collect();
        let mut found = Vec::new();
        if !wanted.is_empty() {
            search(&side.root, &wanted, &mut Vec::new(), &mut found);
        }
        let pointers: Vec<Pointer> = found.iter().map(|(_, pointer)| pointer.clone()).collect();
        let positions: Vec<Position> = positions::find(&side.text, &pointers);
        let places = found.into_iter().zip(positions);
        Self(
            places
                .map(|((node, pointer), position)| (node, Place { pointer, position }))
                .collect(),
        )
    }

    fn find(&self, node: &Value) -> Option<Place> {
        self.0.get(&identity(node)).cloned()
    }
}

/// One step of the way down a tree.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn search<'a>(
    node: &'a Value,
    wanted: &BTreeSet<usize>,
    way: &mut Vec<Step<'a>>,
    found: &mut Vec<(usize, Pointer)>,
) {
    if wanted.contains(&identity(node)) {
        let pointer = way
            .iter()
            .fold(Pointer::root(), |pointer, step| match step {
                Step::Key(key) => pointer.key(key),
                Step::Index(index) => pointer.index(*index),
            });
        found.push((identity(node), pointer));
    }
    match node {
        Value::Object(members) => {
            for (key, member) in members {
                way.push(Step::Key(key));
                search(member, wanted, way, found);
                way.pop();
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                way.push(Step::Index(index));
                search(element, wanted, way, found);
                way.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
