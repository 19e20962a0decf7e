//! Lists what a crate was generated from. In: a crate. Out: Rust places by document place. Knows no document.

use crate::krate::{CallSetter, Crate, Direction, Item, Method, Resource};
use crate::pointer::Pointer;
use std::collections::BTreeMap;

/// Rust places by document place.
#[derive(Debug, Default)]
pub(super) struct Generated {
    places: BTreeMap<Pointer, Vec<String>>,
    directions: BTreeMap<Pointer, Vec<Direction>>,
}

impl Generated {
    /// What a node became, in words.
    pub(super) fn of(&self, at: &Pointer) -> Option<String> {
        self.places.get(at).map(|places| places.join(", "))
    }

    /// In which directions the object at `at` travels; empty when it became no type.
    pub(super) fn directions(&self, at: &Pointer) -> &[Direction] {
        self.directions
            .get(at)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// Whether anything below `at` became something.
    pub(super) fn any_within(&self, at: &Pointer) -> bool {
        self.places
            .range(at.clone()..)
            .take_while(|(place, _)| place.is_within(at))
            .next()
            .is_some()
            || self
                .places
                .range(at.key("")..)
                .next()
                .is_some_and(|(place, _)| place.is_within(at))
    }

    fn note(&mut self, at: &Pointer, place: String) {
        let places = self.places.entry(at.clone()).or_default();
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

/// Goes through a crate.
pub(super) fn collect(krate: &Crate) -> Generated {
    let mut generated = Generated::default();
    for key in &krate.keys {
        generated.note(&key.at, format!("`{}`", key.constant.as_str()));
    }
    for resource in &krate.resources {
        for method in &resource.methods {
            collect_method(&mut generated, resource, method);
        }
    }
    for item in krate.types.iter().flat_map(|module| &module.items) {
        collect_item(&mut generated, item);
    }
    generated
}

fn collect_method(generated: &mut Generated, resource: &Resource, method: &Method) {
    let name = format!("{}::{}", resource.handle.as_str(), method.name.as_str());
    generated.note(
        &method.at,
        format!("`{name}`, answering `{}`", method.output.rust()),
    );
    if let Some(items) = &method.items {
        let stream = format!("its pages as a stream of `{}`", items.ty.rust());
        generated.note(&method.at, stream);
    }
    for argument in &method.arguments {
        let place = format!(
            "argument `{}: {}` of `{name}`",
            argument.name.as_str(),
            argument.ty.rust()
        );
        generated.note(&argument.at, place);
    }
    for setter in &method.setters {
        match setter {
            CallSetter::Parameter {
                at,
                name: setter,
                ty,
                ..
            } => {
                generated.note(
                    at,
                    format!("setter `{}: {}` of `{name}`", setter.as_str(), ty.rust()),
                );
            }
            CallSetter::MediaType {
                at, name: setter, ..
            } => {
                generated.note(at, format!("setter `{}` of `{name}`", setter.as_str()));
            }
        }
    }
}

fn collect_item(generated: &mut Generated, item: &Item) {
    match item {
        Item::Struct(structure) => {
            let name = structure.name.as_str();
            let direction = match structure.direction {
                Direction::Request => "sent",
                Direction::Response => "received",
                Direction::Both => "sent and received",
            };
            generated.note(&structure.at, format!("`{name}` ({direction})"));
            generated
                .directions
                .entry(structure.at.clone())
                .or_default()
                .push(structure.direction);
            for field in &structure.fields {
                generated.note(
                    &field.at,
                    format!("`{name}::{}: {}`", field.name.as_str(), field.rust()),
                );
            }
        }
        Item::Enum(enumeration) => {
            let name = enumeration.name.as_str();
            for at in &enumeration.at {
                generated.note(at, format!("`{name}`"));
            }
            for variant in &enumeration.variants {
                for at in &variant.at {
                    generated.note(at, format!("`{name}::{}`", variant.name.as_str()));
                }
            }
        }
    }
}
