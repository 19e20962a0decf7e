//! Which components only got another name. In: both documents. Out: pairs of names. Knows no meaning but that of security
//! schemes, of which other rules ask the same.

use super::super::security;
use super::super::side::Side;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The section of the security schemes.
pub(super) const SCHEMES: &str = "securitySchemes";

/// A component, as references name it, in both documents.
#[derive(Debug, Clone)]
pub(super) struct Renamed<'a> {
    pub(super) old: (&'a str, &'a Value),
    pub(super) new: (&'a str, &'a Value),
    pub(super) section: &'a str,
    /// References that have to be renamed for the two to be the same.
    needs: BTreeSet<(&'a str, &'a str)>,
}

impl Renamed<'_> {
    /// The reference in the old and in the new document.
    pub(super) fn references(&self) -> (String, String) {
        let name = |name: &str| {
            format!(
                "#/components/{}/{}",
                self.section,
                name.replace('~', "~0").replace('/', "~1")
            )
        };
        (name(self.old.0), name(self.new.0))
    }
}

/// Pairs what is gone with what is new where both say the same, in the order of names.
pub(super) fn find<'a>(old: &'a Side, new: &'a Side) -> Vec<Renamed<'a>> {
    let mut found = settled(same(&old.root, &new.root));
    found.extend(schemes(old, new));
    found
}

/// Security schemes that callers use in the same way, whatever is said of them.
fn schemes<'a>(old: &'a Side, new: &'a Side) -> Vec<Renamed<'a>> {
    let find = |side: &'a Side, name: &str| {
        let all = side.root.pointer("/components/securitySchemes");
        all.and_then(|all| all.get(name))
    };
    let names = security::renamed(old, new).into_iter();
    let renamed = names.filter_map(|(new_name, old_name)| {
        Some(Renamed {
            old: (old_name, find(old, old_name)?),
            new: (new_name, find(new, new_name)?),
            section: SCHEMES,
            needs: BTreeSet::new(),
        })
    });
    renamed.collect()
}

fn same<'a>(old: &'a Value, new: &'a Value) -> Vec<Renamed<'a>> {
    let sections = |root: &'a Value| {
        root.get("components")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    let mut found = Vec::new();
    for (section, before) in sections(old).filter(|(section, _)| *section != SCHEMES) {
        let Some((_, after)) = sections(new).find(|(name, _)| *name == section) else {
            continue;
        };
        let without = |these: &'a Value, those: &Value| {
            let members = these.as_object().into_iter().flatten();
            let mut lone: Vec<_> = members
                .filter(|(name, _)| those.get(name).is_none())
                .collect();
            lone.sort_by_key(|(name, _)| *name);
            lone
        };
        let mut come = without(after, before);
        for (name, component) in without(before, after) {
            let mut needs = BTreeSet::new();
            let like = come.iter().position(|(_, other)| {
                needs.clear();
                differences(component, other, &mut needs)
            });
            if let Some(index) = like {
                let (other, node) = come.remove(index);
                found.push(Renamed {
                    old: (name, component),
                    new: (other, node),
                    section,
                    needs,
                });
            }
        }
    }
    found
}

/// Without those that hold only if something else were renamed that is not.
fn settled(mut found: Vec<Renamed<'_>>) -> Vec<Renamed<'_>> {
    loop {
        let before = found.len();
        let names: BTreeMap<String, String> = found.iter().map(Renamed::references).collect();
        found.retain(|one| {
            one.needs
                .iter()
                .all(|(old, new)| names.get(*old).is_some_and(|name| name == new))
        });
        if found.len() == before {
            return found;
        }
    }
}

/// Whether two nodes are the same but for references, which are collected.
fn differences<'a>(
    old: &'a Value,
    new: &'a Value,
    found: &mut BTreeSet<(&'a str, &'a str)>,
) -> bool {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            before.len() == after.len()
                && before.iter().all(|(key, one)| match (after.get(key), one) {
                    (Some(Value::String(new)), Value::String(old)) if key == "$ref" => {
                        if old != new {
                            found.insert((old, new));
                        }
                        true
                    }
                    (Some(other), one) => differences(one, other, found),
                    (None, _) => false,
                })
        }
        (Value::Array(before), Value::Array(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(one, other)| differences(one, other, found))
        }
        (one, other) => one == other,
    }
}
