//! Finds components that are made of nothing but each other. In: components. Out: complaints. Knows no operations.
//!
//! A reference, a list and a map add no name of their own, so a chain of them becomes one Rust type: it must end, and
//! soon. Objects have names, so they may hold each other.

use crate::api::{Additional, Component, Schema, Shape};
use crate::diagnostic::Diagnostics;
use std::collections::BTreeMap;

/// The longest chain of references, lists and maps that is followed.
const DEEPEST: usize = 50;

/// Complains about chains that never end, and about those that take too long to.
pub(super) fn check(components: &[Component], diagnostics: &mut Diagnostics) {
    let index: BTreeMap<&str, usize> = components
        .iter()
        .enumerate()
        .map(|(index, component)| (component.name.as_str(), index))
        .collect();
    let next: Vec<Vec<usize>> = components
        .iter()
        .map(|component| {
            let mut names = Vec::new();
            transparent(&component.schema, &mut names);
            names
                .iter()
                .filter_map(|name| index.get(name).copied())
                .collect()
        })
        .collect();
    // Longest chains by rounds: after n rounds every component with a longer chain than n is still open.
    let mut depth = vec![0_usize; components.len()];
    let mut open: Vec<usize> = (0..components.len()).collect();
    for _ in 0..=DEEPEST {
        let deeper = |index: &usize, depth: &[usize]| {
            next[*index]
                .iter()
                .map(|below| depth[*below] + 1)
                .max()
                .unwrap_or_default()
        };
        let fresh: Vec<(usize, usize)> = open
            .iter()
            .map(|index| (*index, deeper(index, &depth)))
            .collect();
        open = fresh
            .iter()
            .filter(|(index, found)| depth[*index] != *found)
            .map(|(index, _)| *index)
            .collect();
        for (index, found) in fresh {
            depth[index] = found;
        }
    }
    for index in open {
        let Component { name, schema } = &components[index];
        if reaches_itself(index, &next) {
            let message = format!("`{name}` is made of nothing but itself");
            diagnostics.push(
                &schema.at,
                message,
                "give one of the schemas on the way a shape of its own",
            );
        } else if depth[index] > DEEPEST {
            let message = format!(
                "`{name}` refers to a chain of more than {DEEPEST} references, lists and maps"
            );
            diagnostics.push(&schema.at, message, "refer to the end of the chain");
        }
    }
}

/// The components that a schema refers to before any object gives it a name.
fn transparent<'a>(schema: &'a Schema, names: &mut Vec<&'a str>) {
    match &schema.shape {
        Shape::Reference(name) => names.push(name.as_str()),
        Shape::List(list) => transparent(&list.items, names),
        Shape::Object(object) if object.properties.is_empty() => {
            if let Additional::Schema(values) = &object.additional {
                transparent(values, names);
            }
        }
        Shape::Union(union) => union
            .variants
            .iter()
            .for_each(|variant| transparent(variant, names)),
        Shape::Any
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::Enumeration(_)
        | Shape::Object(_) => {}
    }
}

fn reaches_itself(start: usize, next: &[Vec<usize>]) -> bool {
    let mut seen = vec![false; next.len()];
    let mut open = next[start].clone();
    while let Some(index) = open.pop() {
        if index == start {
            return true;
        }
        if !std::mem::replace(&mut seen[index], true) {
            open.extend(&next[index]);
        }
    }
    false
}
