//! Says of each type where it is used. In: planned methods and types. Out: the first sentence of each type's documentation.
//! Knows no document.

use super::docs::code;
use crate::krate::{CallSetter, Docs, Ident, Item, Method, Paragraph, Resource, Ty, TypeModule};
use std::collections::BTreeMap;

/// How many places are named.
const MOST_NAMED: usize = 3;

/// Where a type is used: the names of calls, or of fields.
#[derive(Debug, Default)]
struct Uses {
    bodies: Vec<String>,
    responses: Vec<String>,
    items: Vec<String>,
    parameters: Vec<String>,
    parts: Vec<String>,
}

/// Puts the sentence before what the document says. No two types are used in the same places, so no two have one sentence.
pub(super) fn describe(types: &mut [TypeModule], resources: &[Resource]) {
    let uses = collect(types, resources);
    for item in types.iter_mut().flat_map(|module| &mut module.items) {
        let sentence = uses.get(item.name()).and_then(sentence);
        let sentence =
            sentence.unwrap_or_else(|| format!("The type {}.", code(item.name().as_str())));
        let Docs(paragraphs) = match item {
            Item::Struct(one) => &mut one.docs,
            Item::Enum(one) => &mut one.docs,
        };
        paragraphs.insert(0, Paragraph::Uses(sentence));
    }
}

fn collect(types: &[TypeModule], resources: &[Resource]) -> BTreeMap<Ident, Uses> {
    let mut uses: BTreeMap<Ident, Uses> = BTreeMap::new();
    for resource in resources {
        for method in &resource.methods {
            of_method(resource, method, &mut uses);
        }
    }
    for item in types.iter().flat_map(|module| &module.items) {
        let Item::Struct(owner) = item else { continue };
        for field in &owner.fields {
            if let Some((name, _)) = named(&field.ty)
                && *name != owner.name
            {
                let (wire, owner) = (code(field.wire.as_str()), code(owner.name.as_str()));
                let part = format!("{wire} of {owner}");
                uses.entry(name.clone()).or_default().parts.push(part);
            }
        }
    }
    uses
}

fn of_method(resource: &Resource, method: &Method, uses: &mut BTreeMap<Ident, Uses>) {
    let plain = |name: &Ident| name.as_str().trim_start_matches("r#").to_owned();
    let call = code(&format!(
        "{}().{}",
        plain(&resource.module),
        plain(&method.name)
    ));
    if let Some((name, _)) = method.body.as_ref().and_then(|body| named(&body.ty)) {
        let found = uses.entry(name.clone()).or_default();
        found.bodies.push(call.clone());
    }
    if let Some((name, is_item)) = named(&method.output) {
        let found = uses.entry(name.clone()).or_default();
        match is_item {
            true => found.items.push(call.clone()),
            false => found.responses.push(call.clone()),
        }
    }
    let arguments = method.arguments.iter().map(|one| (&one.wire, &one.ty));
    let setters = method.setters.iter().filter_map(|one| match one {
        CallSetter::Parameter { wire, ty, .. } => Some((wire, ty)),
        CallSetter::MediaType { .. } => None,
    });
    for (wire, ty) in arguments.chain(setters) {
        if let Some((name, _)) = named(ty) {
            let parameter = format!("{} of {call}", code(wire.as_str()));
            uses.entry(name.clone())
                .or_default()
                .parameters
                .push(parameter);
        }
    }
}

/// The generated type that a type holds, and whether it holds several.
fn named(ty: &Ty) -> Option<(&Ident, bool)> {
    match ty {
        Ty::Named(name) => Some((name, false)),
        Ty::List(inner) | Ty::Map(inner) => named(inner).map(|(name, _)| (name, true)),
        Ty::Nullable(inner) | Ty::Boxed(inner) => named(inner),
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

/// Parts are told where nothing greater is.
fn sentence(uses: &Uses) -> Option<String> {
    let whole = [
        clause("request body of", &uses.bodies),
        clause("response of", &uses.responses),
        clause("item of the response of", &uses.items),
        clause("parameter", &uses.parameters),
    ];
    let clauses: Vec<String> = whole.into_iter().flatten().collect();
    let text = match clauses.is_empty() {
        true => clause("field", &uses.parts)?,
        false => clauses.join("; "),
    };
    let (first, rest) = text.split_at_checked(1)?;
    Some(format!("{}{rest}.", first.to_uppercase()))
}

/// `field a of B, c of D and 2 more`
fn clause(what: &str, places: &[String]) -> Option<String> {
    let shown = places.get(..MOST_NAMED).unwrap_or(places);
    let text = match (shown.split_last()?, places.len() - shown.len()) {
        ((last, []), 0) => last.clone(),
        ((last, before), 0) => format!("{} and {last}", before.join(", ")),
        (_, more) => format!("{} and {more} more", shown.join(", ")),
    };
    Some(format!("{what} {text}"))
}
