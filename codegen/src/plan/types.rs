//! Decides the Rust types. In: the definitions of an API. Out: structs and enums. Knows no operations.

use super::usage::{Definition, Way};
use super::{Planner, cycles, docs, names, rules};
use crate::api::{Additional, Enumeration, Object, Property, Schema, Shape};
use crate::krate::{
    Direction, Enum, Field, Ident, Item, Presence, Struct, Ty, TypeModule, Variant,
};
use crate::pointer::Pointer;
use crate::wire::WireName;
use std::collections::BTreeMap;

/// The file of the types that several tags use.
const SHARED: &str = "shared";

impl<'a> Planner<'a> {
    /// All types, by file.
    pub(super) fn types(&mut self) -> Vec<TypeModule> {
        let mut modules: BTreeMap<String, Vec<Item>> = BTreeMap::new();
        let definitions: Vec<(&'a Schema, String, Vec<Way>, bool)> = self
            .usage
            .definitions()
            .into_iter()
            .map(|one| (one.schema, module(one), ways(one), one.split))
            .collect();
        for (schema, module, ways, split) in definitions {
            let items = modules.entry(module).or_default();
            match &schema.shape {
                Shape::Object(object) if split => {
                    for way in ways {
                        let direction = match way {
                            Way::Sent => Direction::Request,
                            Way::Received => Direction::Response,
                        };
                        items.extend(self.object(schema, object, direction).map(Item::Struct));
                    }
                }
                Shape::Object(object) => {
                    let direction = match ways.as_slice() {
                        [Way::Sent] => Direction::Request,
                        [Way::Received] => Direction::Response,
                        _ => Direction::Both,
                    };
                    items.extend(self.object(schema, object, direction).map(Item::Struct));
                }
                Shape::Enumeration(enumeration) => {
                    items.extend(self.enumeration(schema, enumeration).map(Item::Enum));
                }
                _ => {}
            }
        }
        let mut modules: Vec<TypeModule> = modules
            .into_iter()
            .filter_map(|(name, items)| {
                Some(TypeModule {
                    docs: docs::type_module(&name),
                    name: names::free_handle(names::field(&name)?),
                    items,
                })
            })
            .collect();
        self.unique_types(&mut modules);
        // Equal enumerations become one, which may leave a file without any.
        modules.retain(|module| !module.items.is_empty());
        cycles::resolve(&mut modules, &mut self.diagnostics);
        modules
    }

    /// The name of the type that an object or enumeration becomes.
    pub(super) fn type_name(&self, schema: &'a Schema, way: Way) -> Option<Ident> {
        let definition = self.usage.definition(schema)?;
        let name = match (definition.split, way) {
            (true, Way::Sent) => format!("{}Request", definition.name),
            (true, Way::Received) | (false, _) => definition.name.clone(),
        };
        names::identifier(&name)
    }

    /// The Rust type of a schema, without the question whether it may be absent or null.
    pub(super) fn ty(&self, schema: &'a Schema, way: Way) -> Ty {
        let schema = self.usage.followed(schema);
        match &schema.shape {
            Shape::Any | Shape::Reference(_) | Shape::Union(_) => Ty::Json,
            Shape::Boolean => Ty::Boolean,
            Shape::Integer(_) => Ty::Integer,
            Shape::Number(_) => Ty::Float,
            Shape::Text(text) => match text.format.as_deref() {
                Some("uuid") => Ty::Uuid,
                Some("date-time") => Ty::Timestamp,
                _ => Ty::Text,
            },
            Shape::Enumeration(_) => self.type_name(schema, way).map_or(Ty::Text, Ty::Named),
            Shape::List(list) => Ty::List(Box::new(self.element(&list.items, way))),
            Shape::Object(object) if object.properties.is_empty() => {
                Ty::Map(Box::new(match &object.additional {
                    Additional::Schema(values) => self.element(values, way),
                    Additional::Unsaid | Additional::Forbidden | Additional::Any => Ty::Json,
                }))
            }
            Shape::Object(_) => self.type_name(schema, way).map_or(Ty::Json, Ty::Named),
        }
    }

    fn element(&self, schema: &'a Schema, way: Way) -> Ty {
        let ty = self.ty(schema, way);
        // Any JSON may be null as it is.
        if self.usage.nullable(schema) && ty != Ty::Json {
            Ty::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    fn object(
        &mut self,
        schema: &'a Schema,
        object: &'a Object,
        direction: Direction,
    ) -> Option<Struct> {
        let way = if direction.is_sent() {
            Way::Sent
        } else {
            Way::Received
        };
        let Some(name) = self.type_name(schema, way) else {
            self.unnameable(&schema.at, "schema", &schema.at.last());
            return None;
        };
        if let Additional::Schema(additional) = &object.additional {
            let help =
                "describe the further members as `additionalProperties: true` in spec/overlay.yaml";
            let message =
                "an object with properties and typed further members is not supported yet";
            self.diagnostics.push(&additional.at, message, help);
        }
        let mut taken: BTreeMap<Ident, &WireName> = BTreeMap::new();
        let mut fields: Vec<Field> = Vec::new();
        let carried = object.properties.iter().filter(|property| match direction {
            Direction::Both => true,
            Direction::Request | Direction::Response => way.carries(property.schema.travel),
        });
        for property in carried {
            let Some(field) = self.field(property, direction) else {
                continue;
            };
            if let Some(first) = taken.insert(field.name.clone(), &property.name) {
                let message = format!(
                    "the properties `{first}` and `{}` would both be called `{}` in Rust",
                    field.wire,
                    field.name.as_str()
                );
                let help = "give one of them another name with `x-rust-name` in spec/overlay.yaml";
                self.diagnostics.push(&field.at, message, help);
            }
            fields.push(field);
        }
        Some(Struct {
            at: schema.at.clone(),
            docs: docs::structure(schema, object, direction),
            name,
            deprecated: schema.deprecated,
            direction,
            fields,
            requirements: match direction.is_sent() {
                true => object.requirements.iter().map(rules::requirement).collect(),
                false => Vec::new(),
            },
        })
    }

    fn field(&mut self, property: &'a Property, direction: Direction) -> Option<Field> {
        let Property {
            name: wire,
            required,
            likely_required,
            schema,
        } = property;
        self.supported(schema);
        let way = if direction.is_sent() {
            Way::Sent
        } else {
            Way::Received
        };
        let own = match &schema.shape {
            // The name beside an inline object or enumeration is that of its type.
            Shape::Object(object) if !object.properties.is_empty() => None,
            Shape::Enumeration(_) | Shape::Reference(_) => None,
            _ => schema.rust_name.as_deref(),
        };
        let Some(name) = names::field(own.unwrap_or(wire.as_str())) else {
            self.unnameable(&schema.at, "property", wire.as_str());
            return None;
        };
        let nullable = self.usage.nullable(schema);
        let presence = match (
            direction,
            *required || (*likely_required && direction.is_sent()),
            nullable,
        ) {
            (_, true, false) => Presence::Required,
            (_, true, true) => Presence::RequiredNullable,
            (_, false, false) | (Direction::Response, false, true) => Presence::Optional,
            (Direction::Request | Direction::Both, false, true) => Presence::Patch,
        };
        let rule = self.rule(wire, schema);
        Some(Field {
            at: schema.at.clone(),
            wire: wire.clone(),
            docs: docs::field(
                property,
                self.usage.followed(schema),
                &rule,
                (direction, presence),
            ),
            name: names::free_field(name),
            deprecated: schema.deprecated,
            ty: self.ty(schema, way),
            presence,
            rule,
        })
    }

    fn enumeration(&mut self, schema: &'a Schema, enumeration: &Enumeration) -> Option<Enum> {
        let Some(name) = self.type_name(schema, Way::Received) else {
            self.unnameable(&schema.at, "schema", &schema.at.last());
            return None;
        };
        let mut taken: BTreeMap<Ident, &WireName> = BTreeMap::new();
        let mut variants: Vec<Variant> = Vec::new();
        for value in &enumeration.values {
            let proposed = value.rust_name.as_deref().unwrap_or(value.value.as_str());
            let variant = match names::camel(proposed) {
                // The variant for values that are not known has this name.
                Some(variant) if variant.as_str() == "Unknown" => names::identifier("UnknownValue"),
                other => other,
            };
            let Some(variant) = variant else {
                let message = format!(
                    "the value `{}` gives no Rust name",
                    shortened(value.value.as_str())
                );
                let help = "name the values with `x-enum-varnames` in spec/overlay.yaml";
                self.diagnostics.push(&value.at, message, help);
                continue;
            };
            if let Some(first) = taken.insert(variant.clone(), &value.value) {
                let message = format!(
                    "the values `{first}` and `{}` would both be `{}` in Rust",
                    value.value,
                    variant.as_str()
                );
                let help = "name the values with `x-enum-varnames` in spec/overlay.yaml";
                self.diagnostics.push(&value.at, message, help);
                continue;
            }
            let docs = docs::variant(value);
            variants.push(Variant {
                at: vec![value.at.clone()],
                wire: value.value.clone(),
                name: variant,
                docs,
            });
        }
        let sent = self.usage.definition(schema).is_some_and(|one| one.sent);
        let docs = docs::enumeration(schema, (enumeration.open, sent));
        Some(Enum {
            at: vec![schema.at.clone()],
            name,
            docs,
            deprecated: schema.deprecated,
            variants,
        })
    }

    /// One name, one type: enumerations of the same values become one, anything else is a complaint.
    fn unique_types(&mut self, modules: &mut [TypeModule]) {
        let mut kept: Vec<(usize, Item)> = Vec::new();
        let mut places: BTreeMap<Ident, usize> = BTreeMap::new();
        for (index, module) in modules.iter_mut().enumerate() {
            for item in module.items.drain(..) {
                let Some(place) = places.get(item.name()).copied() else {
                    places.insert(item.name().clone(), kept.len());
                    kept.push((index, item));
                    continue;
                };
                let (home, first) = &mut kept[place];
                match (first, item) {
                    (Item::Enum(first), Item::Enum(second)) if same_values(first, &second) => {
                        merge(first, second);
                        // A type of two files belongs to neither.
                        *home = if *home == index { *home } else { usize::MAX };
                    }
                    (first, item) => {
                        let message = format!(
                            "two schemas would both be called `{}` in Rust; the other is {}",
                            item.name().as_str(),
                            first_place(first)
                        );
                        let help =
                            "give one of them another name with `x-rust-name` in spec/overlay.yaml";
                        self.diagnostics.push(&first_place(&item), message, help);
                    }
                }
            }
        }
        for (home, item) in kept {
            let shared = modules
                .iter()
                .position(|module| module.name.as_str() == SHARED);
            let home = if home == usize::MAX {
                shared.unwrap_or_default()
            } else {
                home
            };
            if let Some(module) = modules.get_mut(home) {
                module.items.push(item);
            }
        }
    }

    /// Complains about a name that can be no Rust name.
    pub(super) fn unnameable(&mut self, at: &Pointer, what: &str, name: &str) {
        let shown = shortened(name);
        let message = if name.len() > names::LONGEST {
            format!(
                "the name of the {what} `{shown}` has {} characters",
                name.chars().count()
            )
        } else {
            format!("the {what} `{shown}` gives no Rust name")
        };
        self.diagnostics.push(
            at,
            message,
            "name it with `x-rust-name` in spec/overlay.yaml",
        );
    }

    /// Complains about shapes that have no Rust type yet.
    pub(super) fn supported(&mut self, schema: &'a Schema) {
        match &schema.shape {
            Shape::Union(_) => {
                let help =
                    "describe the one type that the API really takes or sends in spec/overlay.yaml";
                self.diagnostics.push(
                    &schema.at,
                    "`oneOf` and `anyOf` are not supported yet",
                    help,
                );
            }
            Shape::Text(text) if matches!(text.format.as_deref(), Some("binary" | "byte")) => {
                let help = "remove the format in spec/overlay.yaml if plain text is meant";
                self.diagnostics.push(
                    &schema.at.key("format"),
                    "binary values are not supported yet",
                    help,
                );
            }
            Shape::List(list) => self.supported(&list.items),
            Shape::Object(object) => {
                if let (true, Additional::Schema(values)) =
                    (object.properties.is_empty(), &object.additional)
                {
                    self.supported(values);
                }
            }
            Shape::Reference(_) => {
                let followed = self.usage.followed(schema);
                if !matches!(followed.shape, Shape::Object(_) | Shape::Reference(_)) {
                    self.supported(followed);
                }
            }
            Shape::Any
            | Shape::Boolean
            | Shape::Integer(_)
            | Shape::Number(_)
            | Shape::Text(_)
            | Shape::Enumeration(_) => {}
        }
    }
}

fn module(definition: &Definition<'_>) -> String {
    match definition.tags.iter().collect::<Vec<_>>().as_slice() {
        [only] => (**only).to_owned(),
        _ => SHARED.to_owned(),
    }
}

fn ways(definition: &Definition<'_>) -> Vec<Way> {
    let mut ways = Vec::new();
    if definition.sent {
        ways.push(Way::Sent);
    }
    if definition.received {
        ways.push(Way::Received);
    }
    ways
}

fn same_values(first: &Enum, second: &Enum) -> bool {
    let key = |one: &Enum| {
        let mut values: Vec<_> = one
            .variants
            .iter()
            .map(|variant| (variant.wire.clone(), variant.name.clone()))
            .collect();
        values.sort();
        values
    };
    key(first) == key(second)
}

fn merge(first: &mut Enum, second: Enum) {
    first.at.extend(second.at);
    for variant in second.variants {
        if let Some(known) = first
            .variants
            .iter_mut()
            .find(|known| known.wire == variant.wire)
        {
            known.at.extend(variant.at);
        }
    }
}

fn first_place(item: &Item) -> Pointer {
    match item {
        Item::Struct(item) => item.at.clone(),
        Item::Enum(item) => item.at.first().cloned().unwrap_or_default(),
    }
}

fn shortened(name: &str) -> String {
    let short: String = name.chars().take(40).collect();
    if short.len() < name.len() {
        format!("{short}…")
    } else {
        short
    }
}
