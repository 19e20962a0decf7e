//! Finds the types that an API needs, and how each travels. In: an API. Out: one definition per object and enumeration. Knows no Rust types.

use super::names;
use crate::api::{Additional, Api, Object, Property, Schema, Shape, Travel};
use crate::pointer::Pointer;
use heck::ToUpperCamelCase;
use std::collections::{BTreeMap, BTreeSet};

/// One object or enumeration that becomes a type.
#[derive(Debug)]
pub(super) struct Definition<'a> {
    /// What it is.
    pub(super) schema: &'a Schema,
    /// What it is called, before the two directions are told apart.
    pub(super) name: String,
    /// Whether it is sent.
    pub(super) sent: bool,
    /// Whether it is received.
    pub(super) received: bool,
    /// Whether the two directions need two types.
    pub(super) split: bool,
    /// The tags that use it.
    pub(super) tags: BTreeSet<&'a str>,
    /// Its place in the document's order.
    order: usize,
}

/// One of the two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// To the server.
    Sent,
    /// From the server.
    Received,
}

impl Way {
    /// Whether a property that travels so is there.
    pub(super) fn carries(self, travel: Travel) -> bool {
        match (self, travel) {
            (_, Travel::Both)
            | (Self::Sent, Travel::RequestOnly)
            | (Self::Received, Travel::ResponseOnly) => true,
            (Self::Sent, Travel::ResponseOnly) | (Self::Received, Travel::RequestOnly) => false,
        }
    }
}

/// All definitions, by the place of their schema.
#[derive(Debug)]
pub(super) struct Usage<'a> {
    api: &'a Api,
    /// The schema behind each component's name, over however many references.
    targets: BTreeMap<&'a str, &'a Schema>,
    /// The schema of each component, which may be a reference.
    components: BTreeMap<&'a str, &'a Schema>,
    definitions: BTreeMap<Pointer, Definition<'a>>,
    visited: BTreeSet<(Pointer, Way, &'a str)>,
    /// What has been found and not been looked at: objects may hold each other over any distance.
    waiting: Vec<(&'a Schema, Way, &'a str, String)>,
}

/// Finds them.
pub(super) fn find(api: &Api) -> Usage<'_> {
    let mut usage = Usage {
        api,
        targets: targets(api),
        components: components(api),
        waiting: Vec::new(),
        definitions: BTreeMap::new(),
        visited: BTreeSet::new(),
    };
    for resource in &api.resources {
        let tag = resource.tag.as_str();
        for operation in &resource.operations {
            let id = operation.id.0.to_upper_camel_case();
            for parameter in &operation.parameters {
                let name = format!("{id}{}", parameter.name.0.to_upper_camel_case());
                usage.visit(&parameter.schema, Way::Sent, tag, &name);
            }
            for schema in operation
                .body
                .iter()
                .flat_map(|body| &body.contents)
                .filter_map(|content| content.schema.as_ref())
            {
                usage.visit(schema, Way::Sent, tag, &format!("{id}Body"));
            }
            for response in operation
                .responses
                .iter()
                .filter(|response| response.status.is_success())
            {
                for schema in response
                    .contents
                    .iter()
                    .filter_map(|content| content.schema.as_ref())
                {
                    usage.visit(schema, Way::Received, tag, &format!("{id}Answer"));
                }
            }
        }
    }
    while let Some((schema, way, tag, name)) = usage.waiting.pop() {
        usage.visit(schema, way, tag, &name);
    }
    usage.order();
    usage.split();
    usage
}

fn components(api: &Api) -> BTreeMap<&str, &Schema> {
    api.components
        .iter()
        .map(|component| (component.name.as_str(), &component.schema))
        .collect()
}

/// Chains of references end, and soon: the step before complains about others.
fn targets(api: &Api) -> BTreeMap<&str, &Schema> {
    let components = components(api);
    let mut targets = BTreeMap::new();
    for (name, schema) in &components {
        let mut schema = *schema;
        while let Shape::Reference(next) = &schema.shape {
            match components.get(next.as_str()) {
                Some(next) => schema = next,
                None => break,
            }
        }
        targets.insert(*name, schema);
    }
    targets
}

impl<'a> Usage<'a> {
    /// The schema behind references.
    pub(super) fn followed(&self, schema: &'a Schema) -> &'a Schema {
        match &schema.shape {
            Shape::Reference(name) => self.targets.get(name.as_str()).copied().unwrap_or(schema),
            _ => schema,
        }
    }

    /// Whether `null` is a value, here or behind references.
    pub(super) fn nullable(&self, schema: &'a Schema) -> bool {
        schema.nullable
            || (matches!(schema.shape, Shape::Reference(_)) && self.followed(schema).nullable)
    }

    /// The definition of an object or enumeration.
    pub(super) fn definition(&self, schema: &'a Schema) -> Option<&Definition<'a>> {
        self.definitions.get(&self.followed(schema).at)
    }

    /// All definitions, in the document's order.
    pub(super) fn definitions(&self) -> Vec<&Definition<'a>> {
        let mut list: Vec<_> = self.definitions.values().collect();
        list.sort_by_key(|definition| definition.order);
        list
    }

    fn visit(&mut self, schema: &'a Schema, way: Way, tag: &'a str, name: &str) {
        match &schema.shape {
            Shape::Any | Shape::Boolean | Shape::Integer(_) | Shape::Number(_) | Shape::Text(_) => {
            }
            Shape::Reference(target) => {
                let component = self.components.get(target.as_str()).copied();
                if let Some(component) = component {
                    self.visit(component, way, tag, &names::component(target.as_str()));
                }
            }
            Shape::Enumeration(_) => {
                self.define(schema, way, tag, name);
            }
            Shape::List(list) => self.visit(&list.items, way, tag, &item_name(name)),
            Shape::Object(object) if object.properties.is_empty() => {
                if let Additional::Schema(values) = &object.additional {
                    self.visit(values, way, tag, &format!("{name}Value"));
                }
            }
            Shape::Object(object) => {
                if self.define(schema, way, tag, name) {
                    self.visit_properties(object, schema, way, tag);
                }
            }
            Shape::Union(union) => {
                for variant in &union.variants {
                    self.visit(variant, way, tag, name);
                }
            }
        }
    }

    fn visit_properties(&mut self, object: &'a Object, owner: &Schema, way: Way, tag: &'a str) {
        let owner = self
            .definitions
            .get(&owner.at)
            .map(|definition| definition.name.clone())
            .unwrap_or_default();
        for property in object
            .properties
            .iter()
            .filter(|property| way.carries(property.schema.travel))
        {
            let name = match &property.schema.shape {
                // These have a name of their own or need none.
                Shape::Any
                | Shape::Boolean
                | Shape::Integer(_)
                | Shape::Number(_)
                | Shape::Text(_)
                | Shape::Reference(_) => String::new(),
                Shape::Enumeration(_) | Shape::List(_) | Shape::Object(_) | Shape::Union(_) => {
                    format!("{owner}{}", property.name.0.to_upper_camel_case())
                }
            };
            self.waiting.push((&property.schema, way, tag, name));
        }
    }

    /// Notes the use; `false` when it was known.
    fn define(&mut self, schema: &'a Schema, way: Way, tag: &'a str, name: &str) -> bool {
        if !self.visited.insert((schema.at.clone(), way, tag)) {
            return false;
        }
        let definition = self
            .definitions
            .entry(schema.at.clone())
            .or_insert_with(|| Definition {
                schema,
                name: names::free_type(schema.rust_name.as_deref().unwrap_or(name)),
                sent: false,
                received: false,
                split: false,
                tags: BTreeSet::new(),
                order: usize::MAX,
            });
        match way {
            Way::Sent => definition.sent = true,
            Way::Received => definition.received = true,
        }
        definition.tags.insert(tag);
        true
    }

    /// Numbers the definitions as the document has them: components in order, each followed by what stands inside it.
    fn order(&mut self) {
        let mut next = 0;
        let mut places: Vec<&Schema> = self
            .api
            .components
            .iter()
            .map(|component| &component.schema)
            .collect();
        places.reverse();
        while let Some(schema) = places.pop() {
            if let Some(definition) = self.definitions.get_mut(&schema.at) {
                definition.order = next;
                next += 1;
            }
            places.extend(inside(schema).into_iter().rev());
        }
        // What stands inside operations comes after, in the order of the pointers.
        for definition in self
            .definitions
            .values_mut()
            .filter(|definition| definition.order == usize::MAX)
        {
            definition.order = next;
            next += 1;
        }
    }

    /// Decides which definitions need a type per direction: those whose properties differ, and those that hold such.
    fn split(&mut self) {
        loop {
            let newly: Vec<Pointer> = self
                .definitions
                .iter()
                .filter(|(_, definition)| {
                    definition.sent && definition.received && !definition.split
                })
                .filter(|(_, definition)| self.differs(definition.schema))
                .map(|(at, _)| at.clone())
                .collect();
            if newly.is_empty() {
                return;
            }
            for at in newly {
                if let Some(definition) = self.definitions.get_mut(&at) {
                    definition.split = true;
                }
            }
        }
    }

    fn differs(&self, schema: &'a Schema) -> bool {
        let Shape::Object(object) = &schema.shape else {
            return false;
        };
        object.properties.iter().any(|property| {
            let Property {
                likely_required,
                schema,
                ..
            } = property;
            *likely_required || schema.travel != Travel::Both || self.holds_split(schema)
        })
    }

    fn holds_split(&self, schema: &'a Schema) -> bool {
        match &schema.shape {
            Shape::List(list) => self.holds_split(&list.items),
            Shape::Object(object) if object.properties.is_empty() => match &object.additional {
                Additional::Schema(values) => self.holds_split(values),
                Additional::Unsaid | Additional::Forbidden | Additional::Any => false,
            },
            Shape::Reference(_) => {
                let followed = self.followed(schema);
                self.definition(followed)
                    .is_some_and(|definition| definition.split)
                    || (matches!(followed.shape, Shape::List(_)) && self.holds_split(followed))
            }
            Shape::Object(_) => self
                .definition(schema)
                .is_some_and(|definition| definition.split),
            Shape::Any
            | Shape::Boolean
            | Shape::Integer(_)
            | Shape::Number(_)
            | Shape::Text(_)
            | Shape::Enumeration(_)
            | Shape::Union(_) => false,
        }
    }
}

/// The name of one item of a list: `Words` holds a `Word`.
fn item_name(list: &str) -> String {
    match list.strip_suffix('s') {
        Some(singular) if !singular.ends_with('s') && !singular.is_empty() => singular.to_owned(),
        _ => format!("{list}Item"),
    }
}

/// The schemas that stand inside one, in order.
fn inside(schema: &Schema) -> Vec<&Schema> {
    match &schema.shape {
        Shape::List(list) => vec![&list.items],
        Shape::Object(object) => {
            let mut list: Vec<&Schema> = object
                .properties
                .iter()
                .map(|property| &property.schema)
                .collect();
            if let Additional::Schema(values) = &object.additional {
                list.push(values);
            }
            list
        }
        Shape::Union(union) => union.variants.iter().collect(),
        Shape::Any
        | Shape::Boolean
        | Shape::Integer(_)
        | Shape::Number(_)
        | Shape::Text(_)
        | Shape::Enumeration(_)
        | Shape::Reference(_) => Vec::new(),
    }
}
