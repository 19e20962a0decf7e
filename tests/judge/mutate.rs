//! One mistake at a time. In: a schema and a value that it allows. Out: the same value with exactly
//! one constraint broken, and the place where the emulator must see that.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::generate::{
    Encoding, NOT_BLANK, Requirement, is_required, limit, properties, requirements,
};
use crate::spec::Spec;

/// A value that breaks one constraint.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    /// The keyword of the constraint, with its value where that is a name: `format uuid`.
    pub(crate) constraint: String,
    /// The place in the value.
    pub(crate) pointer: String,
    pub(crate) value: Value,
}

/// The keywords that say nothing a request could break.
pub(crate) const ANNOTATIONS: [&str; 15] = [
    "additionalProperties",
    "default",
    "description",
    "format decimal",
    "items",
    "nullable",
    "properties",
    "title",
    "writeOnly",
    "x-enum-descriptions",
    "x-enum-varnames",
    "x-known-values",
    "x-likely-required",
    "x-rust-name",
    "example",
];

/// Every mistake that can be made with a value, one constraint each.
pub(crate) fn mutations(
    spec: &Spec,
    schema: &Value,
    value: &Value,
    encoding: Encoding,
) -> Vec<Mutation> {
    let mut walk = Walk {
        spec,
        encoding,
        root: value,
        found: Vec::new(),
    };
    walk.visit(schema, "", value);
    walk.found
}

/// The constraints of some mutations.
pub(crate) fn constraints(mutations: &[Mutation]) -> BTreeSet<String> {
    let names = mutations.iter().map(|mutation| &mutation.constraint);
    names.cloned().collect()
}

struct Walk<'a> {
    spec: &'a Spec,
    encoding: Encoding,
    root: &'a Value,
    found: Vec<Mutation>,
}

impl Walk<'_> {
    fn visit(&mut self, schema: &Value, at: &str, value: &Value) {
        let schema = self.spec.flat(schema);
        self.wrong_type(&schema, at);
        if schema.contains_key("enum") {
            self.put("enum", at, json!("no value of this list"));
        }
        match value {
            Value::String(_) => self.string(&schema, at),
            Value::Number(_) => self.number(&schema, at),
            Value::Array(items) => self.array(&schema, at, items),
            Value::Object(members) => self.object(&schema, at, members),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn wrong_type(&mut self, schema: &Map<String, Value>, at: &str) {
        let Some(ty) = schema.get("type").and_then(Value::as_str) else {
            return;
        };
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        match (self.encoding, ty) {
            (Encoding::Json, "string") => self.put("type", at, json!({"a": "text"})),
            (Encoding::Json, "object") => self.put("type", at, json!("an object")),
            (Encoding::Json, "integer") => self.put("type", at, json!(1.5)),
            (Encoding::Json, _) => self.put("type", at, json!("neither number nor list")),
            // In a form everything is a text, and the fields of a form are no value of their own.
            (Encoding::Text, "string" | "object" | "array") => {}
            (Encoding::Text, _) => self.put("type", at, json!("neither number nor truth")),
        }
        if self.encoding == Encoding::Json && !nullable {
            self.put("type", at, Value::Null);
        }
    }

    fn string(&mut self, schema: &Map<String, Value>, at: &str) {
        match schema.get("format").and_then(Value::as_str) {
            Some("uuid") => self.put(
                "format uuid",
                at,
                json!("67e55044-10b1-426f-9247-bb680e5fe0c"),
            ),
            Some("uri") => self.put("format uri", at, json!("no address")),
            Some("date-time") => self.put("format date-time", at, json!("2025-13-01T10:00:00Z")),
            _ => {}
        }
        match schema.get("pattern").and_then(Value::as_str) {
            Some(NOT_BLANK) => self.put("pattern", at, json!(" \n")),
            Some(_) => self.put("pattern", at, json!("12.345")),
            None => {}
        }
        if let Some(most) = limit(schema, "maxLength") {
            // Also an address and a name stay what they are, and are only too long.
            let start = "http://127.0.0.1:9/";
            self.put("maxLength", at, json!(format!("{start:x<0$}", most + 1)));
        }
        if let Some(least) = limit(schema, "minLength").filter(|least| *least > 0) {
            self.put("minLength", at, json!("x".repeat(least - 1)));
        }
    }

    fn number(&mut self, schema: &Map<String, Value>, at: &str) {
        let bound = |keyword| schema.get(keyword).and_then(Value::as_f64);
        // A whole number below the bound, so that an integer is wrong in one way only.
        if let Some(least) = bound("minimum") {
            self.put("minimum", at, whole(least - 1.0));
        }
        if let Some(most) = bound("maximum") {
            self.put("maximum", at, whole(most + 1.0));
        }
    }

    fn array(&mut self, schema: &Map<String, Value>, at: &str, items: &[Value]) {
        if let Some(least) = limit(schema, "minItems").filter(|least| *least > 0) {
            self.put("minItems", at, json!(items[..least - 1]));
        }
        if let (Some(most), Some(first)) = (limit(schema, "maxItems"), items.first()) {
            self.put("maxItems", at, json!(vec![first; most + 1]));
        }
        // All items have one schema: the last one of a long list is as good as all.
        if let Some(last) = items.last() {
            self.visit(&schema["items"], &format!("{at}/{}", items.len() - 1), last);
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, at: &str, members: &Map<String, Value>) {
        for (name, member) in properties(schema) {
            let member = Value::from(member);
            let here = format!("{at}/{name}");
            if self.spec.flat(&member).get("readOnly") == Some(&Value::Bool(true)) {
                let mut members = members.clone();
                members.insert(name.clone(), json!("sent although it is only read"));
                self.put_as("readOnly", at, &here, Value::from(members));
                continue;
            }
            if is_required(schema, name) {
                let mut members = members.clone();
                members.remove(name);
                self.put_as("required", at, &here, Value::from(members));
            }
            if let Some(value) = members.get(name) {
                self.visit(&member, &here, value);
            }
        }
        self.requirements(schema, at, members);
    }

    fn requirements(
        &mut self,
        schema: &Map<String, Value>,
        at: &str,
        members: &Map<String, Value>,
    ) {
        for Requirement { when, groups } in requirements(schema) {
            let mut members = members.clone();
            members.retain(|name, _| !groups.concat().contains(name));
            let (constraint, first) = match when {
                Some((property, value)) => {
                    members.insert(property, value);
                    ("x-requires-when", &groups[0][0])
                }
                None => ("x-requires-any", &groups[0][0]),
            };
            let here = format!("{at}/{first}");
            self.put_as(constraint, at, &here, Value::from(members));
        }
    }

    fn put(&mut self, constraint: &str, at: &str, value: Value) {
        self.put_as(constraint, at, at, value);
    }

    /// Puts a value at one place, and expects the complaint at another.
    fn put_as(&mut self, constraint: &str, at: &str, pointer: &str, value: Value) {
        let mut whole = self.root.clone();
        *whole.pointer_mut(at).expect("a place in the value") = value;
        self.found.push(Mutation {
            constraint: constraint.to_owned(),
            pointer: pointer.to_owned(),
            value: whole,
        });
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the bounds of the document are small"
)]
fn whole(number: f64) -> Value {
    json!(number.floor() as i64)
}
