//! Which operations a node belongs to. In: the pairs that were judged, and where a node stands. Out: the numbers of
//! operations. Knows no rule.

use super::super::finding::identity;
use super::super::judge::Judge;
use super::super::paths::METHODS;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The operations of both documents, by what belongs to them.
pub(super) struct Reach<'a> {
    /// By the path, and the method in capitals.
    paths: HashMap<String, Vec<(String, usize)>>,
    /// By the identity of a node that several may use: a schema, a parameter, an answer.
    parts: HashMap<usize, BTreeSet<usize>>,
    /// The spelling of a path in the new document, by the old one's.
    renamed: HashMap<&'a str, &'a str>,
}

impl<'a> Reach<'a> {
    pub(super) fn of(judge: &Judge<'a>) -> Self {
        let mut paths: HashMap<String, Vec<(String, usize)>> = HashMap::new();
        let mut parts = judge.used.clone();
        for (number, scope) in judge.scopes.iter().enumerate() {
            let Some((method, path)) = scope.operation.split_once(' ') else {
                continue;
            };
            let methods = paths.entry(path.to_owned()).or_default();
            methods.push((method.to_owned(), number));
            for pair in judge.reached(&scope.pairs) {
                for node in judge.pairs[pair]
                    .answer
                    .iter()
                    .flat_map(|answer| &answer.written)
                {
                    parts.entry(*node).or_default().insert(number);
                }
            }
        }
        let renamed = judge.renamed_paths.iter();
        Self {
            paths,
            parts,
            renamed: renamed.map(|(new, old)| (*old, *new)).collect(),
        }
    }

    /// The identity of one of two nodes that mean the same place, if operations use it.
    pub(super) fn part(&self, old: &Value, new: &Value) -> Option<usize> {
        let both = [identity(new), identity(old)];
        both.into_iter().find(|node| self.parts.contains_key(node))
    }

    /// The operations that a node belongs to: by the keys that lead to it, or by the part that it is in.
    pub(super) fn operations(&self, way: &[&str], part: Option<usize>) -> BTreeSet<usize> {
        match way {
            ["paths", path, rest @ ..] => self.at(path, rest.first().copied()),
            [..] => part
                .and_then(|part| self.parts.get(&part))
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn at(&self, path: &str, key: Option<&str>) -> BTreeSet<usize> {
        let path = self.renamed.get(path).copied().unwrap_or(path);
        let method = key
            .filter(|key| METHODS.contains(key))
            .map(str::to_uppercase);
        let all = self.paths.get(path).into_iter().flatten();
        // What stands beside the methods belongs to all of them.
        let meant = all.filter(|(name, _)| method.as_ref().is_none_or(|method| method == name));
        meant.map(|(_, number)| *number).collect()
    }
}
