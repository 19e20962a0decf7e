//! How the jobs of a resource live. In: a tag's `x-lifecycle`. Out: its meaning, held against the operations it names. Knows no Rust names.

use super::Resolver;
use crate::api::{Api, Lifecycle, Operation, Outcome, Property, Resource, Schema, Shape};
use crate::diagnostic::Diagnostics;
use crate::pointer::Pointer;
use crate::wire::WireName;
use serde_json::Value;

const MEMBERS: [&str; 8] = [
    "status",
    "terminal",
    "poll",
    "list",
    "output",
    "reason",
    "preview",
    "started_by",
];

impl Resolver<'_> {
    pub(super) fn lifecycle(&mut self, raw: &Value, at: &Pointer) -> Option<Lifecycle> {
        let members = raw.as_object();
        for key in members.into_iter().flat_map(|members| members.keys()) {
            if !MEMBERS.contains(&key.as_str()) {
                let help = format!("a lifecycle has the members {}", MEMBERS.join(", "));
                self.diagnostics.push(
                    &at.key(key),
                    format!("`{key}` is no member of a lifecycle"),
                    help,
                );
            }
        }
        let name = |key: &str| {
            raw.get(key)
                .and_then(Value::as_str)
                .map(|name| WireName(name.to_owned()))
        };
        let terminal = self.terminal(raw.get("terminal"), &at.key("terminal"));
        let started_by = raw
            .get("started_by")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let (Some(status), Some(poll), Some(output)) =
            (name("status"), name("poll"), name("output"))
        else {
            let help = "name the status property, the operation that polls and the property with the result";
            self.diagnostics
                .push(at, "a lifecycle needs `status`, `poll` and `output`", help);
            return None;
        };
        Some(Lifecycle {
            at: at.clone(),
            status,
            terminal,
            poll,
            list: name("list"),
            output,
            reason: name("reason"),
            preview: name("preview"),
            started_by: started_by
                .filter_map(|id| id.as_str().map(|id| WireName(id.to_owned())))
                .collect(),
        })
    }

    fn terminal(&mut self, raw: Option<&Value>, at: &Pointer) -> Vec<(WireName, Outcome)> {
        let mut terminal = Vec::new();
        for (state, outcome) in raw.and_then(Value::as_object).into_iter().flatten() {
            match outcome.as_str() {
                Some("success") => terminal.push((WireName(state.clone()), Outcome::Success)),
                Some("failure") => terminal.push((WireName(state.clone()), Outcome::Failure)),
                _ => self.diagnostics.push(
                    &at.key(state),
                    format!("the state `{state}` ends in {outcome}"),
                    "a job ends in `success` or `failure`",
                ),
            }
        }
        if terminal.is_empty() {
            self.diagnostics.push(
                at,
                "no state ends a job",
                "write the last states: `{done: success, failed: failure}`",
            );
        }
        terminal
    }
}

/// Holds every lifecycle against the operations and properties that it names.
pub(super) fn check(api: &Api, diagnostics: &mut Diagnostics) {
    for resource in &api.resources {
        if let Some(lifecycle) = &resource.lifecycle {
            check_one(api, resource, lifecycle, diagnostics);
        }
    }
}

fn check_one(api: &Api, resource: &Resource, lifecycle: &Lifecycle, diagnostics: &mut Diagnostics) {
    let operations = [&lifecycle.poll]
        .into_iter()
        .chain(&lifecycle.list)
        .chain(&lifecycle.started_by);
    for id in operations {
        if !resource
            .operations
            .iter()
            .any(|operation| operation.id == *id)
        {
            let message = format!("the resource `{}` has no operation `{id}`", resource.tag);
            diagnostics.push(&lifecycle.at, message, "correct the operationId");
        }
    }
    let Some(poll) = resource
        .operations
        .iter()
        .find(|operation| operation.id == lifecycle.poll)
    else {
        return;
    };
    let job = answered(poll)
        .map(|schema| properties(api, schema))
        .unwrap_or_default();
    let named = [
        ("status", Some(&lifecycle.status)),
        ("output", Some(&lifecycle.output)),
    ];
    let optional = [
        ("reason", lifecycle.reason.as_ref()),
        ("preview", lifecycle.preview.as_ref()),
    ];
    for (member, name) in named.into_iter().chain(optional) {
        let Some(name) = name else { continue };
        if !job.iter().any(|property| property.name == *name) {
            let message = format!("what `{}` answers has no property `{name}`", poll.id);
            diagnostics.push(
                &lifecycle.at.key(member),
                message,
                "correct the property's name",
            );
        }
    }
    let status = job
        .iter()
        .find(|property| property.name == lifecycle.status);
    let Some(Shape::Enumeration(states)) =
        status.map(|property| &followed(api, &property.schema).shape)
    else {
        let help = "give the property an `enum` or `x-known-values` in spec/overlay.yaml";
        diagnostics.push(
            &lifecycle.at.key("status"),
            "the states of the status property are not listed",
            help,
        );
        return;
    };
    for (state, _) in &lifecycle.terminal {
        if !states.values.iter().any(|value| value.value == *state) {
            let message = format!(
                "`{state}` is not among the values of `{}`",
                lifecycle.status
            );
            diagnostics.push(
                &lifecycle.at.key("terminal").key(state.as_str()),
                message,
                "correct the state",
            );
        }
    }
}

fn answered(operation: &Operation) -> Option<&Schema> {
    let success = operation
        .responses
        .iter()
        .find(|response| response.status.is_success())?;
    success
        .contents
        .iter()
        .find_map(|content| content.schema.as_ref())
}

fn properties<'a>(api: &'a Api, schema: &'a Schema) -> Vec<&'a Property> {
    match &followed(api, schema).shape {
        Shape::Object(object) => object.properties.iter().collect(),
        _ => Vec::new(),
    }
}

/// The schema behind a chain of references. Chains end: a component that refers to itself is a complaint of its own.
fn followed<'a>(api: &'a Api, schema: &'a Schema) -> &'a Schema {
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
