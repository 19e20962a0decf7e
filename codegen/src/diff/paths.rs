//! Matches the operations of two documents. In: both `paths`. Out: operations that came and went; pairs to compare. Knows no schema.

use super::finding::Finding;
use super::judge::Judge;
use super::operation::{self, Pair};
use super::side::Side;
use super::sunset;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The keys of a path that are methods.
pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// One path of one document.
#[derive(Clone, Copy)]
struct Path<'a> {
    template: &'a str,
    /// As it stands in the list.
    element: &'a Value,
    /// Itself.
    item: &'a Value,
}

pub(super) fn walk(judge: &mut Judge<'_>) {
    let (old, new) = (paths(judge.old), paths(judge.new));
    let pairs = pairs(&old, &new);
    for (index, before) in old.iter().enumerate() {
        match pairs.get(&index) {
            Some(like) => both(judge, *before, new[*like]),
            None => removed(judge, *before),
        }
    }
    let lone = |index: &usize| pairs.values().all(|like| like != index);
    for after in (0..new.len()).filter(lone).map(|index| new[index]) {
        for method in METHODS {
            if let Some(operation) = after.item.get(method) {
                added(judge, name(method, after.template), operation, after.item);
            }
        }
    }
}

fn paths(side: &Side) -> Vec<Path<'_>> {
    let members = side
        .root
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let paths = members.filter(|(template, _)| template.starts_with('/'));
    paths
        .map(|(template, item)| Path {
            template,
            element: item,
            item: target(side, item),
        })
        .collect()
}

/// A node, or what it refers to where that can be followed.
pub(super) fn target<'a>(side: &'a Side, node: &'a Value) -> &'a Value {
    chain(side, node).last().copied().unwrap_or(node)
}

/// A node, and all that references lead to from it, one after another.
pub(super) fn chain<'a>(side: &'a Side, node: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![node];
    // A chain of references that is longer leads in a circle.
    for _ in 0..32 {
        let last = found.last().copied().unwrap_or(node);
        let next = last
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| side.resolve(reference));
        match next {
            Some(next) => found.push(next),
            None => return found,
        }
    }
    found
}

/// The new path of each old one that has one, by their places: that of the same spelling, or else one that differs in the
/// names of its parameters only.
fn pairs(old: &[Path<'_>], new: &[Path<'_>]) -> BTreeMap<usize, usize> {
    let places = |paths: &[Path<'_>]| -> BTreeMap<String, usize> {
        let places = paths.iter().enumerate();
        places
            .map(|(index, path)| (path.template.to_owned(), index))
            .collect()
    };
    let (before, after) = (places(old), places(new));
    let same = before.iter().filter_map(|(template, index)| {
        let like = after.get(template)?;
        Some((*index, *like))
    });
    let mut pairs: BTreeMap<usize, usize> = same.collect();
    let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (template, index) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        open.entry(nameless(template)).or_default().push(*index);
    }
    // Of several that are alike, those that share the most methods belong together, and then those that are spelled first.
    let mut likes = Vec::new();
    for (template, index) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        for like in open.get(&nameless(template)).into_iter().flatten() {
            let (one, other) = (old[*index].item, new[*like].item);
            let shared = METHODS
                .iter()
                .filter(|method| one.get(method).is_some() && other.get(method).is_some());
            likes.push((std::cmp::Reverse(shared.count()), *index, *like));
        }
    }
    likes.sort_by_key(|(shared, ..)| *shared);
    let mut taken = BTreeSet::new();
    for (_, index, like) in likes {
        if !pairs.contains_key(&index) && taken.insert(like) {
            pairs.insert(index, like);
        }
    }
    pairs
}

/// A template without the names of its parameters.
pub(super) fn nameless(template: &str) -> String {
    let mut text = String::with_capacity(template.len());
    let mut inside = false;
    for character in template.chars() {
        inside = match character {
            '{' => true,
            '}' => false,
            _ => inside,
        };
        if !inside || character == '{' {
            text.push(character);
        }
    }
    text
}

/// The names that stand at the same place of both templates.
pub(super) fn renamed<'a>(old: &'a str, new: &'a str) -> Vec<(&'a str, &'a str)> {
    let names = |template: &'a str| {
        template
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
    };
    names(old).zip(names(new)).collect()
}

fn name(method: &str, template: &str) -> String {
    format!("{} {template}", method.to_uppercase())
}

fn added<'a>(judge: &mut Judge<'a>, name: String, operation: &'a Value, item: &'a Value) {
    let about = format!("`{name}`");
    judge.enter(name);
    let finding = Finding::whole("endpoint-added", (None, Some(operation)), "is new").about(about);
    // The keys beside the methods came with them.
    judge.report(finding.claim((None, Some(item))));
}

fn removed<'a>(judge: &mut Judge<'a>, path: Path<'a>) {
    let operations: Vec<_> = METHODS
        .iter()
        .filter_map(|method| Some((*method, path.item.get(method)?)))
        .collect();
    let (rule, says) = sunset::gone(
        judge.today,
        operations.iter().map(|(_, operation)| *operation),
        [
            "api-path-removed-without-deprecation",
            "api-path-removed-with-deprecation",
            "api-path-removed-before-sunset",
        ],
    );
    for (method, _) in operations {
        judge.enter(name(method, path.template));
        let at = (Some(path.item), judge.new.root.get("paths"));
        let finding = Finding::new(rule, at, says.clone()).claim((Some(path.item), None));
        judge.report(finding.about(format!("The path `{}`", path.template)));
    }
}

fn both<'a>(judge: &mut Judge<'a>, old: Path<'a>, new: Path<'a>) {
    let renamed = old.template != new.template;
    if renamed {
        judge.renamed_paths.insert(new.template, old.template);
    }
    for node in chain(judge.old, old.element) {
        judge.see(Some(node));
    }
    for node in chain(judge.new, new.element) {
        judge.see(Some(node));
    }
    for method in METHODS {
        let label = name(method, new.template);
        let at = (old.item.get(method), new.item.get(method));
        match at {
            (None, None) => {}
            (None, Some(operation)) => {
                let about = format!("`{label}`");
                judge.enter(label);
                judge.report(Finding::whole("endpoint-added", at, "is new").about(about));
                judge.see(Some(operation));
            }
            (Some(operation), None) => {
                let (rule, says) = sunset::gone(
                    judge.today,
                    [operation],
                    [
                        "api-removed-without-deprecation",
                        "api-removed-with-deprecation",
                        "api-removed-before-sunset",
                    ],
                );
                let about = format!("`{label}`");
                judge.enter(label);
                let finding = Finding::new(rule, (Some(operation), Some(new.item)), says);
                judge.report(finding.claim(at).about(about));
            }
            (Some(before), Some(after)) => {
                let pair = Pair {
                    old: (old.template, old.item, before),
                    new: (new.template, new.item, after),
                };
                judge.enter(label);
                if renamed {
                    let says = format!(
                        "is written `{}` now: a parameter has another name",
                        new.template
                    );
                    let at = (Some(old.item), Some(new.item));
                    judge.report(
                        Finding::new("path-parameter-renamed", at, says)
                            .about(format!("The path `{}`", old.template)),
                    );
                }
                operation::compare(judge, &pair);
            }
        }
    }
}
