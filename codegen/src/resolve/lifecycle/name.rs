//! Tells the operations that start jobs apart: about an existing job, or naming a new one. In: a lifecycle as it is written. Out: operationIds. Knows no Rust names.

use super::Written;
use crate::api::{Api, Method, Operation, Resource, Schema, Shape, Travel};
use crate::resolve::answer::followed;
use crate::wire::WireName;

/// What the operations that start jobs do.
pub(super) struct Starts {
    pub(super) about_existing: Vec<WireName>,
    pub(super) named_by: Vec<WireName>,
}

/// Sorts the operations of `started_by`.
pub(super) fn starts(
    written: &Written,
    api: &Api,
    resource: &Resource,
    poll: &Operation,
) -> Starts {
    let started = |operation: &&Operation| written.started_by.contains(&operation.id);
    let (existing, new): (Vec<&Operation>, Vec<&Operation>) = resource
        .operations
        .iter()
        .filter(started)
        .partition(|operation| is_about_existing(operation, poll));
    let ids = |operations: Vec<&Operation>| -> Vec<WireName> {
        operations
            .into_iter()
            .map(|operation| operation.id.clone())
            .collect()
    };
    let named_by = match &written.name {
        Some(name) => ids(new
            .into_iter()
            .filter(|operation| takes(api, operation, name))
            .collect()),
        None => Vec::new(),
    };
    Starts {
        about_existing: ids(existing),
        named_by,
    }
}

/// Whether the id of a job stands in the path, where it stands in that of the operation that reads one.
fn is_about_existing(operation: &Operation, poll: &Operation) -> bool {
    let before_id = |path: &str| path.split_once('{').map(|(before, _)| before.to_owned());
    before_id(&poll.path).is_some_and(|poll| before_id(&operation.path) == Some(poll))
}

/// Whether a caller can write the text `name` at the top of the body, in whichever media type it is sent.
fn takes(api: &Api, operation: &Operation, name: &WireName) -> bool {
    let is_safe = matches!(
        operation.method,
        Method::Get | Method::Head | Method::Options | Method::Trace
    );
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let mut schemas = contents.map(|content| content.schema.as_ref()).peekable();
    !is_safe
        && schemas.peek().is_some()
        && schemas.all(|schema| schema.is_some_and(|schema| has(api, schema, name)))
}

fn has(api: &Api, schema: &Schema, name: &WireName) -> bool {
    let Shape::Object(object) = &followed(api, schema).shape else {
        return false;
    };
    object.properties.iter().any(|property| {
        let target = followed(api, &property.schema);
        let is_sent = [&property.schema, target]
            .iter()
            .all(|schema| schema.travel != Travel::ResponseOnly);
        property.name == *name
            && is_sent
            && matches!(&target.shape, Shape::Text(text) if text.format.is_none())
    })
}
