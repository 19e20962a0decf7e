//! Reads how pages follow each other. In: an operation's `x-pagination`. Out: its meaning, held against parameters and answer. Knows no Rust names.

use super::answer::{self, followed};
use super::{Resolver, shortened};
use crate::api::{Api, Location, Operation, Paging, Property, Shape};
use crate::diagnostic::Diagnostics;
use crate::wire::WireName;
use serde_json::Value;

const MEMBERS: [&str; 4] = ["page", "size", "results", "next"];
const SHAPE: &str = "write `{page: parameter, size: parameter, results: property, next: property}`; \
     the last two only where the answer is no bare list";

impl Resolver<'_> {
    /// Gives each operation the pagination that it states.
    pub(super) fn pagination(&mut self, api: &mut Api) {
        for resource in 0..api.resources.len() {
            for operation in 0..api.resources[resource].operations.len() {
                let stated = &api.resources[resource].operations[operation];
                let paging = self.paging(stated, api);
                api.resources[resource].operations[operation].paging = paging;
            }
        }
    }

    fn paging(&mut self, operation: &Operation, api: &Api) -> Option<Paging> {
        let at = operation.at.key("x-pagination");
        let raw = self.raw(&at)?.clone();
        let Some(members) = raw.as_object() else {
            let message = "`x-pagination` is not a mapping";
            self.diagnostics.push(&at, message, SHAPE);
            return None;
        };
        for (key, value) in members {
            if !MEMBERS.contains(&key.as_str()) {
                let message = format!("`{}` is no member of a pagination", shortened(key));
                self.diagnostics.push(&at.key(key), message, SHAPE);
            } else if !value.is_string() {
                let message = format!("`{key}` is {}, not a name", shortened(&value.to_string()));
                self.diagnostics.push(&at.key(key), message, SHAPE);
            }
        }
        let name = |key: &str| {
            let name = members.get(key).and_then(Value::as_str)?;
            Some(WireName(name.to_owned()))
        };
        let (Some(page), Some(size)) = (name("page"), name("size")) else {
            self.diagnostics
                .push(&at, "a pagination needs `page` and `size`", SHAPE);
            return None;
        };
        let paging = Paging {
            at,
            page,
            size,
            results: name("results"),
            next: name("next"),
        };
        parameters(&paging, operation, api, &mut self.diagnostics);
        answer(&paging, operation, api, &mut self.diagnostics);
        Some(paging)
    }
}

/// Complains about parameters that are not there, or could not be counted up.
fn parameters(paging: &Paging, operation: &Operation, api: &Api, diagnostics: &mut Diagnostics) {
    for (member, name) in [("page", &paging.page), ("size", &paging.size)] {
        let found = operation.parameters.iter().any(|parameter| {
            parameter.name == *name
                && parameter.location == Location::Query
                && !parameter.required
                && matches!(followed(api, &parameter.schema).shape, Shape::Integer(_))
        });
        if !found {
            let message = format!(
                "`{}` has no query parameter `{name}` that is a whole number and may be left out",
                operation.id
            );
            let help = "correct the parameter's name";
            diagnostics.push(&paging.at.key(member), message, help);
        }
    }
}

/// Complains where the items are not.
fn answer(paging: &Paging, operation: &Operation, api: &Api, diagnostics: &mut Diagnostics) {
    let answered = answer::answered(operation);
    let Some(results) = &paging.results else {
        if answered
            .and_then(|schema| answer::items(api, schema))
            .is_none()
        {
            let message = format!("`{}` does not answer a list", operation.id);
            let help = "name the property that holds the items: `results: name`";
            diagnostics.push(&paging.at, message, help);
        }
        if paging.next.is_some() {
            let help = "remove it, or name the property that holds the items: `results: name`";
            let message = "a bare list has no property that leads to the next page";
            diagnostics.push(&paging.at.key("next"), message, help);
        }
        return;
    };
    let properties = answered
        .and_then(|schema| answer::properties(api, schema))
        .unwrap_or_default();
    let find = |name: &WireName| -> Option<&Property> {
        let mut properties = properties.iter().copied();
        properties.find(|property| property.name == *name)
    };
    let mut check = |member: &str, name: &WireName, what: &str, is_good: bool| {
        if !is_good {
            let message = format!(
                "the answer of `{}` has no property `{name}` that is {what}",
                operation.id
            );
            diagnostics.push(
                &paging.at.key(member),
                message,
                "correct the property's name",
            );
        }
    };
    let list = find(results).and_then(|property| answer::items(api, &property.schema));
    check("results", results, "a list", list.is_some());
    if let Some(next) = &paging.next {
        let text = find(next).map(|property| &followed(api, &property.schema).shape);
        let is_text = matches!(text, Some(Shape::Text(_)));
        check("next", next, "a text", is_text);
    }
}
