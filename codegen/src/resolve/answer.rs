//! Looks into what an operation answers. In: an operation and the components. Out: the schema, its properties. Knows no extension.

use crate::api::{Api, Operation, Property, Schema, Shape, Travel};

/// What an operation answers when all goes well.
pub(super) fn answered(operation: &Operation) -> Option<&Schema> {
    let success = operation
        .responses
        .iter()
        .find(|response| response.status.is_success())?;
    success
        .contents
        .iter()
        .find_map(|content| content.schema.as_ref())
}

/// The items of a schema that is a list.
pub(super) fn items<'a>(api: &'a Api, schema: &'a Schema) -> Option<&'a Schema> {
    match &followed(api, schema).shape {
        Shape::List(list) => Some(&list.items),
        _ => None,
    }
}

/// The properties that an answer may hold, when the schema is an object with properties.
pub(super) fn properties<'a>(api: &'a Api, schema: &'a Schema) -> Option<Vec<&'a Property>> {
    let Shape::Object(object) = &followed(api, schema).shape else {
        return None;
    };
    let received = object
        .properties
        .iter()
        .filter(|property| property.schema.travel != Travel::RequestOnly);
    Some(received.collect()).filter(|properties: &Vec<_>| !properties.is_empty())
}

/// Whether a schema is a text of this format.
pub(super) fn is_text(api: &Api, schema: &Schema, format: &str) -> bool {
    matches!(&followed(api, schema).shape, Shape::Text(text) if text.format.as_deref() == Some(format))
}

/// The schema behind a chain of references. Chains end: a component that refers to itself is a complaint of its own.
pub(super) fn followed<'a>(api: &'a Api, schema: &'a Schema) -> &'a Schema {
    let mut schema = schema;
    for _ in 0..=api.components.len() {
        let Shape::Reference(name) = &schema.shape else {
            break;
        };
        match api
            .components
            .iter()
            .find(|component| component.name == *name)
        {
            Some(component) => schema = &component.schema,
            None => break,
        }
    }
    schema
}
