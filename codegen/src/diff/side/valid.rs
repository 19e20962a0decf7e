//! Whether a tree is an OpenAPI 3.0 document at all. In: a tree. Out: complaints. Knows the kinds of nodes, not their meaning.

use crate::diagnostic::Diagnostics;
use crate::pointer::Pointer;
use serde_json::Value;

/// What stands at a keyword.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Mapping(&'static [(&'static str, Shape)]),
    /// A mapping of names to nodes of this shape.
    Named(&'static Shape),
    List(&'static Shape),
    Schema,
    /// A mapping of addresses to paths, which have callbacks in turn.
    Callback,
    Flag,
}

use Shape::{Callback, Flag, List, Mapping, Named, Schema, Text};

const INFO: Shape = Mapping(&[("title", Text), ("version", Text)]);
const SERVER: Shape = Mapping(&[("url", Text), ("variables", Named(&Mapping(&[])))]);
const MEDIA: Shape = Mapping(&[("schema", Schema)]);
const CONTENT: Shape = Named(&MEDIA);
const PARAMETER: Shape = Mapping(&[
    ("name", Text),
    ("in", Text),
    ("required", Flag),
    ("schema", Schema),
    ("content", CONTENT),
]);
const HEADER: Shape = Mapping(&[("schema", Schema), ("required", Flag), ("content", CONTENT)]);
const BODY: Shape = Mapping(&[("content", CONTENT), ("required", Flag)]);
const RESPONSE: Shape = Mapping(&[("content", CONTENT), ("headers", Named(&HEADER))]);
const REQUIREMENT: Shape = List(&Named(&List(&Text)));
const OPERATION: Shape = Mapping(&[
    ("operationId", Text),
    ("tags", List(&Text)),
    ("parameters", List(&PARAMETER)),
    ("requestBody", BODY),
    ("responses", Named(&RESPONSE)),
    ("callbacks", Named(&Callback)),
    ("security", REQUIREMENT),
    ("servers", List(&SERVER)),
    ("deprecated", Flag),
]);
const PATH: Shape = Mapping(&[
    ("parameters", List(&PARAMETER)),
    ("servers", List(&SERVER)),
    ("get", OPERATION),
    ("put", OPERATION),
    ("post", OPERATION),
    ("delete", OPERATION),
    ("options", OPERATION),
    ("head", OPERATION),
    ("patch", OPERATION),
    ("trace", OPERATION),
]);
const SCHEME: Shape = Mapping(&[("type", Text)]);
const COMPONENTS: Shape = Mapping(&[
    ("schemas", Named(&Schema)),
    ("parameters", Named(&PARAMETER)),
    ("headers", Named(&HEADER)),
    ("requestBodies", Named(&BODY)),
    ("responses", Named(&RESPONSE)),
    ("securitySchemes", Named(&SCHEME)),
    ("callbacks", Named(&Callback)),
]);
const DOCUMENT: Shape = Mapping(&[
    ("info", INFO),
    ("servers", List(&SERVER)),
    ("paths", Named(&PATH)),
    ("components", COMPONENTS),
    ("security", REQUIREMENT),
    ("tags", List(&Mapping(&[("name", Text)]))),
]);
const DISCRIMINATOR: Shape = Mapping(&[("propertyName", Text), ("mapping", Named(&Text))]);
const SCHEMA: &[(&str, Shape)] = &[
    ("type", Text),
    ("format", Text),
    ("enum", List(&Mapping(&[]))),
    ("required", List(&Text)),
    ("properties", Named(&Schema)),
    ("items", Schema),
    ("allOf", List(&Schema)),
    ("oneOf", List(&Schema)),
    ("anyOf", List(&Schema)),
    ("not", Schema),
    ("nullable", Flag),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("pattern", Text),
    ("discriminator", DISCRIMINATOR),
];
const TYPES: [&str; 6] = ["boolean", "integer", "number", "string", "array", "object"];

/// Complains about everything that is not as the standard has it.
pub(super) fn document(root: &Value, diagnostics: &mut Diagnostics) {
    let at = Pointer::root();
    if !crate::document::check_version(root, diagnostics) {
        return;
    }
    for key in ["info", "paths"] {
        if root.get(key).is_none() {
            let help = "every OpenAPI 3.0 document has `openapi`, `info` and `paths`";
            diagnostics.push(&at, format!("there is no `{key}`"), help);
        }
    }
    Check { root, diagnostics }.node(root, &DOCUMENT, &at);
}

struct Check<'a> {
    root: &'a Value,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn node(&mut self, value: &Value, shape: &Shape, at: &Pointer) {
        match shape {
            Text => self.expect(value.is_string(), "a text", at),
            Flag => self.expect(value.is_boolean(), "`true` or `false`", at),
            Mapping(keywords) => self.mapping(value, keywords, at),
            Named(inner) => {
                self.expect(value.is_object(), "a mapping", at);
                for (key, member) in value.as_object().into_iter().flatten() {
                    if !key.starts_with("x-") {
                        self.node(member, inner, &at.key(key));
                    }
                }
            }
            List(inner) => {
                self.expect(value.is_array(), "a list", at);
                let any = matches!(**inner, Mapping(keywords) if keywords.is_empty());
                for (index, element) in value.as_array().into_iter().flatten().enumerate() {
                    // The values of an enumeration are anything.
                    if !any {
                        self.node(element, inner, &at.index(index));
                    }
                }
            }
            Schema => self.schema(value, at),
            Callback => {
                self.mapping(value, &[], at);
                if value.get("$ref").is_none() {
                    self.node(value, &Named(&PATH), at);
                }
            }
        }
    }

    fn mapping(&mut self, value: &Value, keywords: &[(&str, Shape)], at: &Pointer) {
        self.expect(value.is_object(), "a mapping", at);
        if let Some(reference) = value.get("$ref") {
            let at = at.key("$ref");
            self.expect(reference.is_string(), "a text", &at);
            // What is in another document is not known here, and is compared by its address.
            let inner = reference.as_str().filter(|text| text.starts_with('#'));
            if let Some(text) = inner.filter(|text| super::resolve(self.root, text).is_none()) {
                let help = "name a node of this document, or add it";
                self.diagnostics
                    .push(&at, format!("`{text}` leads nowhere"), help);
            }
            return;
        }
        for (key, shape) in keywords {
            if let Some(member) = value.get(key) {
                self.node(member, shape, &at.key(key));
            }
        }
    }

    fn schema(&mut self, value: &Value, at: &Pointer) {
        self.mapping(value, SCHEMA, at);
        let Some(members) = value
            .as_object()
            .filter(|members| !members.contains_key("$ref"))
        else {
            return;
        };
        let unknown = members
            .get("type")
            .and_then(Value::as_str)
            .filter(|name| !TYPES.contains(name));
        if let Some(name) = unknown {
            let message = format!("`{name}` is no type of OpenAPI 3.0");
            let help = format!("the types are {}", TYPES.join(", "));
            self.diagnostics.push(&at.key("type"), message, help);
        }
        if let Some(inner) = members
            .get("additionalProperties")
            .filter(|inner| !inner.is_boolean())
        {
            self.schema(inner, &at.key("additionalProperties"));
        }
    }

    fn expect(&mut self, holds: bool, expected: &str, at: &Pointer) {
        if !holds {
            let help = "see the OpenAPI 3.0 standard for what stands here";
            self.diagnostics
                .push(at, format!("this is not {expected}"), help);
        }
    }
}
