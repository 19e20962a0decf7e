//! Which nodes are the same on both sides, with all that they refer to. In: two trees. Out: yes or no. Knows no meaning.

use crate::diff::side::Side;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The components that are the same on both sides, and refer to nothing else, as references name them.
#[derive(Debug)]
pub(super) struct Unchanged(HashSet<String>);

impl Unchanged {
    pub(super) fn of(old: &Side, new: &Side) -> Self {
        let mut same = Vec::new();
        for (section, members) in object(old.root.get("components")) {
            let others = new
                .root
                .get("components")
                .and_then(|components| components.get(section));
            for (name, member) in object(Some(members)) {
                if others.and_then(|others| others.get(name)) == Some(member) {
                    let mut references = Vec::new();
                    collect(member, &mut references);
                    let name = name.replace('~', "~0").replace('/', "~1");
                    same.push((format!("#/components/{section}/{name}"), references));
                }
            }
        }
        let mut names: HashSet<String> = same.iter().map(|(name, _)| name.clone()).collect();
        let bases = families(old, new);
        for (base, variants) in &bases {
            match variants {
                // Whoever refers to a base means what extends it.
                Some(list) => {
                    let mut references = Vec::new();
                    collect(list, &mut references);
                    same.push((base.clone(), references));
                }
                None => drop(names.remove(base)),
            }
        }
        let mut referring: HashMap<&str, Vec<&str>> = HashMap::new();
        for (name, references) in &same {
            for reference in references {
                referring.entry(reference).or_default().push(name);
            }
        }
        // What refers to something that changed has changed.
        let changed = |name: &&str| !names.contains(*name);
        let mut open: Vec<&str> = referring.keys().copied().filter(changed).collect();
        while let Some(name) = open.pop() {
            for user in referring.get(name).into_iter().flatten() {
                if names.remove(*user) {
                    open.push(user);
                }
            }
        }
        Self(names)
    }

    pub(super) fn covers(&self, old: &Value, new: &Value) -> bool {
        let mut references = Vec::new();
        old == new && {
            collect(old, &mut references);
            references
                .iter()
                .all(|reference| self.0.contains(*reference))
        }
    }
}

/// The bases of both sides; without their variants where these are not the same.
fn families<'v>(old: &'v Side, new: &'v Side) -> Vec<(String, Option<&'v Value>)> {
    let both = old.families.all().chain(new.families.all());
    let entry = |(base, _): (String, &Value)| {
        let lists = (old.families.variants(&base), new.families.variants(&base));
        let same = lists.0.filter(|list| Some(*list) == lists.1);
        (base, same)
    };
    both.map(entry).collect()
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Every reference in a node. Names of discriminators refer too, but only to what stands beside them as a reference.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "$ref" => found.push(reference),
                    other => collect(other, found),
                }
            }
        }
    }
}
