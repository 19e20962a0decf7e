//! Prints the overview of the types. In: a planned client. Out: lines of documentation. Knows no fields.

use crate::krate::{Crate, Direction, Ident, Item, Ty};
use std::collections::BTreeSet;

/// The documentation of the module of all types.
pub(super) fn lines(krate: &Crate) -> Vec<String> {
    let methods = krate.resources.iter().flat_map(|one| &one.methods);
    let bodies: BTreeSet<&Ident> = methods
        .clone()
        .filter_map(|one| named(&one.body.as_ref()?.ty))
        .collect();
    let responses: BTreeSet<&Ident> = methods.filter_map(|one| named(&one.output)).collect();
    let mut groups: [Vec<&Ident>; 6] = Default::default();
    for item in krate.types.iter().flat_map(|module| &module.items) {
        let name = item.name();
        let (body, response) = (bodies.contains(name), responses.contains(name));
        let group = match item {
            _ if body => 0,
            _ if response => 1,
            Item::Struct(one) => match one.direction {
                Direction::Request => 2,
                Direction::Response => 3,
                Direction::Both => 4,
            },
            Item::Enum(_) => 5,
        };
        groups[group].push(name);
    }
    let mut lines = vec![
        "What is sent and what is received. The first sentence of each type says where it is used."
            .to_owned(),
    ];
    for (title, names) in TITLES.iter().zip(groups) {
        if !names.is_empty() {
            let names = names.iter().map(|name| format!("- [`{}`]", name.as_str()));
            lines.extend([String::new(), format!("# {title}"), String::new()]);
            lines.extend(names);
        }
    }
    lines
}

const TITLES: [&str; 6] = [
    "Request bodies",
    "Responses",
    "Parts of request bodies",
    "Parts of responses",
    "Parts of both",
    "Enumerations",
];

fn named(ty: &Ty) -> Option<&Ident> {
    match ty {
        Ty::Named(name) => Some(name),
        Ty::List(inner) | Ty::Map(inner) | Ty::Nullable(inner) | Ty::Boxed(inner) => named(inner),
        Ty::Unit
        | Ty::Boolean
        | Ty::Integer
        | Ty::Float
        | Ty::Text
        | Ty::Uuid
        | Ty::Timestamp
        | Ty::Json => None,
    }
}
