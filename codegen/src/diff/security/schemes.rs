//! Which security schemes only got another name. In: both documents. Out: pairs of names. Knows no operation's own findings.

use super::super::node::members;
use super::super::paths::{METHODS, target};
use super::super::side::Side;
use super::scheme;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What each scheme of the new document is called in the old one, where it only got another name.
pub(in super::super) fn renamed<'a>(old: &'a Side, new: &'a Side) -> BTreeMap<&'a str, &'a str> {
    let mut gone = lone(old, new);
    let come = lone(new, old);
    if gone.is_empty() || come.is_empty() {
        return BTreeMap::new();
    }
    gone = sorted(gone, old);
    let mut names = BTreeMap::new();
    for (name, node) in sorted(come, new) {
        let like = gone
            .iter()
            .position(|(_, other)| scheme::differences(name, other, node).is_empty());
        if let Some(index) = like {
            names.insert(name, gone.remove(index).0);
        }
    }
    names
}

/// The scheme of this name, over references.
pub(super) fn find<'a>(side: &'a Side, name: &str) -> Option<&'a Value> {
    let all = side.root.pointer("/components/securitySchemes")?;
    Some(target(side, all.get(name)?))
}

/// The schemes of one document whose names the other does not have.
fn lone<'a>(side: &'a Side, other: &Side) -> Vec<(&'a str, &'a Value)> {
    let all = side.root.pointer("/components/securitySchemes");
    members(all)
        .filter(|(name, _)| find(other, name).is_none())
        .map(|(name, node)| (name.as_str(), target(side, node)))
        .collect()
}

/// Which of several that say the same was renamed nobody knows: those that something needs stand first, and then the order is
/// that of the names.
fn sorted<'a>(mut schemes: Vec<(&'a str, &'a Value)>, side: &'a Side) -> Vec<(&'a str, &'a Value)> {
    let needed = needed(side);
    schemes.sort_by_key(|(name, _)| (!needed.contains(name), *name));
    schemes
}

fn needed(side: &Side) -> BTreeSet<&str> {
    let paths = members(side.root.get("paths")).map(|(_, item)| target(side, item));
    let operations = paths.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)));
    let lists = operations
        .chain([&side.root])
        .filter_map(|owner| owner.get("security")?.as_array());
    let ways = lists.flatten().flat_map(|way| members(Some(way)));
    ways.map(|(name, _)| name.as_str()).collect()
}
