//! Reports what differs in a callback and is judged by no other rule. In: nodes of both sides. Out: findings. Knows keys, not
//! meanings.

use super::super::finding::{Both, Finding, identity};
use super::super::judge::Judge;
use super::super::paths::target;
use super::super::raw;
use serde_json::Value;
use std::collections::HashSet;

/// What is said of a request and is no part of it.
const SAID: [&str; 3] = ["operationId", "tags", "deprecated"];

/// How far references and members are followed.
const DEEPEST: usize = 64;

/// Compares the keys that are not among the compared ones. What people read, and extensions, are told of elsewhere.
pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    about: &str,
    (old, new): (&'a Value, &'a Value),
    compared: &[&str],
) {
    let keys = |node: &'a Value| node.as_object().into_iter().flatten().map(|(key, _)| key);
    let gone = keys(old).filter(|key| new.get(key.as_str()).is_none());
    let is_open = |key: &&String| !compared.contains(&key.as_str()) && *key != "$ref";
    for key in keys(new).chain(gone).filter(is_open) {
        let mut search = Search::default();
        search.member(judge, key, ((old, new), 0));
        let Some(first) = search.found.first().copied() else {
            continue;
        };
        let rule = match SAID.contains(&key.as_str()) {
            true => "callback-documentation-changed",
            false => "callback-changed",
        };
        let shown = (first.0.or(Some(old)), first.1.or(Some(new)));
        let finding = Finding::new(rule, shown, format!("differs in `{key}`")).about(about);
        judge.report(search.found.into_iter().fold(finding, Finding::claim));
    }
}

/// What differs below two nodes, over references.
#[derive(Default)]
struct Search<'a> {
    known: HashSet<(usize, usize)>,
    found: Vec<Both<'a>>,
}

impl<'a> Search<'a> {
    fn member(
        &mut self,
        judge: &Judge<'a>,
        key: &str,
        ((old, new), depth): ((&'a Value, &'a Value), usize),
    ) {
        match (old.get(key), new.get(key)) {
            _ if raw::is_told(key) => {}
            (Some(one), Some(other)) => self.both(judge, (one, other), depth + 1),
            (None, None) => {}
            at @ ((Some(_), None) | (None, Some(_))) => self.found.push(at),
        }
    }

    fn both(&mut self, judge: &Judge<'a>, at: (&'a Value, &'a Value), depth: usize) {
        let (old, new) = (target(judge.old, at.0), target(judge.new, at.1));
        let is_known = !self.known.insert((identity(old), identity(new)));
        if is_known || judge.is_unchanged(old, new) {
            return;
        }
        match (old, new) {
            (Value::Object(before), Value::Object(after)) if depth < DEEPEST => {
                let gone = before.keys().filter(|key| !after.contains_key(*key));
                for key in after.keys().chain(gone) {
                    self.member(judge, key, ((old, new), depth));
                }
            }
            (Value::Array(before), Value::Array(after))
                if before.len() == after.len() && depth < DEEPEST =>
            {
                for pair in before.iter().zip(after) {
                    self.both(judge, pair, depth + 1);
                }
            }
            _ if old == new => {}
            _ => self.found.push((Some(old), Some(new))),
        }
    }
}
