//! Makes types that hold themselves possible. In: planned types. Out: the same, boxed where needed, or a complaint. Knows no document.

use crate::diagnostic::Diagnostics;
use crate::krate::{Ident, Item, Presence, Struct, Ty, TypeModule};
use std::collections::{BTreeMap, BTreeSet};

/// What each struct holds without a list or map between.
type Held = BTreeMap<Ident, BTreeSet<Ident>>;

/// Boxes each field through which a struct holds itself; complains where such a value could never end.
pub(super) fn resolve(modules: &mut [TypeModule], diagnostics: &mut Diagnostics) {
    let held = groups(&graph(modules, |_| true));
    let always = groups(&graph(modules, |presence| presence == Presence::Required));
    let together = |groups: &BTreeMap<Ident, usize>, one: &Ident, other: &Ident| {
        one == other
            || groups
                .get(one)
                .is_some_and(|group| groups.get(other) == Some(group))
    };
    for structure in modules
        .iter_mut()
        .flat_map(|module| &mut module.items)
        .filter_map(as_struct)
    {
        for field in &mut structure.fields {
            let Some(target) = direct(&field.ty).cloned() else {
                continue;
            };
            if field.presence == Presence::Required && together(&always, &target, &structure.name) {
                let message = format!(
                    "`{}` always holds another `{0}`, without end",
                    structure.name.as_str()
                );
                diagnostics.push(
                    &field.at,
                    message,
                    "make one of the properties on the way optional or nullable",
                );
            }
            if together(&held, &target, &structure.name) {
                field.ty = Ty::Boxed(Box::new(field.ty.clone()));
            }
        }
    }
}

fn as_struct(item: &mut Item) -> Option<&mut Struct> {
    match item {
        Item::Struct(structure) => Some(structure),
        Item::Enum(_) => None,
    }
}

fn graph(modules: &[TypeModule], counts: fn(Presence) -> bool) -> Held {
    let mut held = Held::new();
    for item in modules.iter().flat_map(|module| &module.items) {
        let Item::Struct(structure) = item else {
            continue;
        };
        let fields = structure
            .fields
            .iter()
            .filter(|field| counts(field.presence));
        let targets = fields.filter_map(|field| direct(&field.ty).cloned());
        held.insert(structure.name.clone(), targets.collect());
    }
    held
}

fn direct(ty: &Ty) -> Option<&Ident> {
    match ty {
        Ty::Named(name) => Some(name),
        Ty::Nullable(inner) | Ty::Boxed(inner) => direct(inner),
        Ty::Unit
        | Ty::Boolean
        | Ty::Integer
        | Ty::Float
        | Ty::Text
        | Ty::Uuid
        | Ty::Timestamp
        | Ty::Json
        | Ty::List(_)
        | Ty::Map(_) => None,
    }
}

/// Numbers the groups of structs that hold each other (Kosaraju's algorithm, without recursion).
fn groups(held: &Held) -> BTreeMap<Ident, usize> {
    let mut holders = Held::new();
    for (holder, targets) in held {
        for target in targets {
            holders
                .entry(target.clone())
                .or_default()
                .insert(holder.clone());
        }
    }
    let mut seen = BTreeSet::new();
    let mut finished: Vec<&Ident> = Vec::new();
    for start in held.keys() {
        // Each entry is visited twice: on the way down, and when all below it is finished.
        let mut open = vec![(start, false)];
        while let Some((name, is_finished)) = open.pop() {
            if is_finished {
                finished.push(name);
            } else if seen.insert(name) {
                open.push((name, true));
                open.extend(
                    held.get(name)
                        .into_iter()
                        .flatten()
                        .map(|next| (next, false)),
                );
            }
        }
    }
    let mut groups = BTreeMap::new();
    for (number, start) in finished.into_iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if !groups.contains_key(name) {
                groups.insert(name.clone(), number);
                open.extend(holders.get(name).into_iter().flatten());
            }
        }
    }
    groups
}
