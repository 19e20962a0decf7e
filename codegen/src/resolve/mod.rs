//! Gives the document its meaning. In: a [`Document`]. Out: an [`Api`] without `$ref`. The last place that sees `openapiv3`. Knows no Rust names.

mod answer;
mod extension;
mod labels;
mod lifecycle;
mod nesting;
mod operation;
mod pagination;
mod requirement;
mod schema;
mod text;

use crate::api::{self, Api};
use crate::diagnostic::Diagnostics;
use crate::document::Document;
use crate::pointer::Pointer;
use crate::wire::{Literal, WireName};
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityScheme};

/// Document to API.
pub fn api(document: &Document) -> Result<Api, Diagnostics> {
    let mut resolver = Resolver {
        document,
        diagnostics: Diagnostics::new(&document.name),
    };
    let components = resolver.components();
    let mut api = Api {
        title: document.info.title.clone(),
        version: document.info.version.clone(),
        description: prose(document.info.description.as_ref()),
        servers: resolver.servers(),
        security_schemes: resolver.security_schemes(),
        resources: resolver.resources(),
        components,
    };
    resolver.lifecycles(&mut api);
    resolver.pagination(&mut api);
    resolver.diagnostics.or(api)
}

/// The tag of operations that have none.
const UNTAGGED: &str = "operations";

/// What all parts of this step share.
struct Resolver<'a> {
    document: &'a Document,
    diagnostics: Diagnostics,
}

impl Resolver<'_> {
    fn components(&mut self) -> Vec<api::Component> {
        let at = Pointer::root().key("components").key("schemas");
        let document = self.document;
        let mut components = Vec::new();
        for (name, schema) in &document.schemas {
            let schema = self.schema(schema, &at.key(name));
            components.push(api::Component {
                name: WireName(name.clone()),
                schema,
            });
        }
        nesting::check(&components, &mut self.diagnostics);
        components
    }

    fn servers(&self) -> Vec<api::Server> {
        let at = Pointer::root().key("servers");
        let servers = self.document.servers.iter().enumerate();
        servers
            .map(|(index, server)| api::Server {
                at: at.index(index),
                url: server.url.clone(),
            })
            .collect()
    }

    fn security_schemes(&mut self) -> Vec<api::SecurityScheme> {
        let at = Pointer::root().key("components").key("securitySchemes");
        let document = self.document;
        let mut schemes = Vec::new();
        for (name, scheme) in &document.security_schemes {
            let at = at.key(name);
            match scheme {
                ReferenceOr::Item(SecurityScheme::APIKey {
                    location: APIKeyLocation::Header,
                    name: header,
                    description: _,
                    extensions: _,
                }) if !is_header_name(header) => {
                    let message = format!("`{}` is no name of a header", shortened(header));
                    self.diagnostics
                        .push(&at.key("name"), message, "correct the name");
                }
                ReferenceOr::Item(SecurityScheme::APIKey {
                    location: APIKeyLocation::Header,
                    name: header,
                    description,
                    extensions: _,
                }) => schemes.push(api::SecurityScheme {
                    at,
                    name: WireName(name.clone()),
                    header: WireName(header.clone()),
                    description: prose(description.as_ref()),
                }),
                ReferenceOr::Item(_) | ReferenceOr::Reference { .. } => self.diagnostics.push(
                    &at,
                    "only API keys in headers are supported yet",
                    "remove the scheme, and the requirements that name it, in spec/overlay.yaml",
                ),
            }
        }
        schemes
    }

    fn resources(&mut self) -> Vec<api::Resource> {
        let mut resources: Vec<api::Resource> = Vec::new();
        let document = self.document;
        for written in &document.operations {
            let operation = self.operation(written);
            let tag = WireName(
                written
                    .operation
                    .tags
                    .first()
                    .cloned()
                    .unwrap_or_else(|| UNTAGGED.to_owned()),
            );
            match resources.iter_mut().find(|resource| resource.tag == tag) {
                Some(resource) => resource.operations.push(operation),
                None => {
                    let mut resource = self.resource(tag, &written.at);
                    resource.operations.push(operation);
                    resources.push(resource);
                }
            }
        }
        self.duplicate_operation_ids(&resources);
        resources
    }

    fn resource(&self, tag: WireName, first: &Pointer) -> api::Resource {
        let tags = Pointer::root().key("tags");
        let document = self.document;
        let described = document
            .tags
            .iter()
            .enumerate()
            .find(|(_, described)| described.name == tag.0);
        let at = described.map_or_else(|| first.clone(), |(index, _)| tags.index(index));
        let described = described.map(|(_, described)| described);
        let description = described.and_then(|described| prose(described.description.as_ref()));
        api::Resource {
            at,
            tag,
            description,
            // Read when all operations are known.
            lifecycle: None,
            operations: Vec::new(),
        }
    }

    fn duplicate_operation_ids(&mut self, resources: &[api::Resource]) {
        let operations: Vec<_> = resources
            .iter()
            .flat_map(|resource| &resource.operations)
            .collect();
        for (index, operation) in operations.iter().enumerate() {
            if let Some(first) = operations[..index]
                .iter()
                .find(|first| first.id == operation.id)
            {
                let message = format!(
                    "the operationId `{}` is also that of {}",
                    operation.id, first.at
                );
                let help = "an operationId is unique in a document; correct one of them in spec/overlay.yaml";
                self.diagnostics
                    .push(&operation.at.key("operationId"), message, help);
            }
        }
    }

    /// The name after `prefix` in a local reference, complaining about any other reference.
    fn local(&mut self, reference: &str, prefix: &str, at: &Pointer) -> Option<String> {
        let pointer = Pointer::parse(reference).filter(|_| reference.starts_with(prefix));
        let name = pointer.and_then(|pointer| match pointer.segments().as_slice() {
            [_, _, name] => Some(name.clone()),
            _ => None,
        });
        if name.is_none() {
            let message = format!(
                "the reference `{}` does not lead to {prefix}…",
                shortened(reference)
            );
            let help = "only references to components of the same document are followed";
            self.diagnostics.push(&at.key("$ref"), message, help);
        }
        name
    }

    fn missing(&mut self, reference: &str, at: &Pointer) {
        let message = format!(
            "the reference `{}` leads nowhere, or to another reference",
            shortened(reference)
        );
        self.diagnostics.push(
            &at.key("$ref"),
            message,
            "correct the name, or add the component that it names",
        );
    }
}

/// Whether a text can be the name of a header (RFC 9110, token).
fn is_header_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// Text that says something: blank documentation is none.
fn prose(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

/// The beginning of a text that may be of any length.
fn shortened(text: &str) -> String {
    let short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}

/// A JSON value as plain data.
fn literal(value: &serde_json::Value) -> Literal {
    match value {
        serde_json::Value::Null => Literal::Null,
        serde_json::Value::Bool(value) => Literal::Boolean(*value),
        serde_json::Value::Number(value) => Literal::Number(value.to_string()),
        serde_json::Value::String(value) => Literal::Text(value.clone()),
        serde_json::Value::Array(items) => Literal::List(items.iter().map(literal).collect()),
        serde_json::Value::Object(members) => Literal::Object(
            members
                .iter()
                .map(|(name, value)| (WireName(name.clone()), literal(value)))
                .collect(),
        ),
    }
}
