//! Reads a page's schemas. In: YAML trees. Out: what a schema is, which Rust type it asks for, and its limits. Knows
//! nothing of the client.

use crate::rust::Type;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// Keys of a schema that only a reader sees.
const PROSE: &[&str] = &[
    "description",
    "title",
    "example",
    "externalDocs",
    "x-source",
    "x-confidence",
];

/// Keys of a schema that this test holds against the client.
#[rustfmt::skip]
const HELD: &[&str] = &[
    "$ref", "additionalProperties", "allOf", "default", "enum", "exclusiveMaximum", "exclusiveMinimum",
    "format", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
    "minProperties", "minimum", "multipleOf", "nullable", "pattern", "properties", "readOnly", "required",
    "type", "uniqueItems", "writeOnly",
];

/// The limits, and what the client calls them.
const LIMITS: &[(&str, &str)] = &[
    ("maxItems", "max_items"),
    ("maxLength", "max_length"),
    ("maxProperties", "max_properties"),
    ("minItems", "min_items"),
    ("minLength", "min_length"),
    ("minProperties", "min_properties"),
    ("multipleOf", "multiple_of"),
    ("pattern", "pattern"),
];

/// The vendored fragments, by file name.
pub(crate) type Pages = BTreeMap<String, Value>;

/// A schema behind references, and where it is: `Lipsync.status` or `JobStatusEnum`.
#[derive(Debug, Clone)]
pub(crate) struct Schema<'a> {
    pub(crate) at: String,
    pub(crate) tree: &'a Value,
    pub(crate) nullable: bool,
}

/// What a schema is.
#[derive(Debug)]
pub(crate) enum Shape<'a> {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    Enumeration(Vec<String>),
    List(&'a Value),
    Map(Option<&'a Value>),
    Object(&'a serde_yaml::Mapping),
    /// Something that this test does not know, with the reason.
    Strange(String),
}

/// One page among all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<'a> {
    pub(crate) tree: &'a Value,
    pub(crate) pages: &'a Pages,
}

impl<'a> Page<'a> {
    /// The component of that name, from this page if it has it.
    pub(crate) fn component(&self, name: &str) -> Option<&'a Value> {
        let others = self.pages.values();
        std::iter::once(self.tree)
            .chain(others)
            .find_map(|page| page.get("components")?.get("schemas")?.get(name))
    }

    /// What is behind `$ref` and behind an `allOf` of one element.
    pub(crate) fn follow(&self, tree: &'a Value, at: &str) -> Schema<'a> {
        let mut schema = Schema {
            at: at.to_owned(),
            tree,
            nullable: truth(tree, "nullable"),
        };
        // No page nests references deeper; a circle ends here, and its end is a strange shape.
        for _ in 0..16 {
            let reference = match schema
                .tree
                .get("allOf")
                .and_then(Value::as_sequence)
                .map(Vec::as_slice)
            {
                Some([only]) => only,
                _ => schema.tree,
            };
            let Some(name) = reference.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let name = name.trim_start_matches("#/components/schemas/");
            let Some(target) = self.component(name) else {
                break;
            };
            let nullable = schema.nullable || truth(target, "nullable");
            schema = Schema {
                at: name.to_owned(),
                tree: target,
                nullable,
            };
        }
        schema
    }

    /// The Rust type that a schema asks for; types of the client are `object` or `enum`.
    pub(crate) fn rust(&self, tree: &'a Value) -> Type {
        let schema = self.follow(tree, "");
        let format = schema.tree.get("format").and_then(Value::as_str);
        match (shape(schema.tree), format) {
            (Shape::Any, _) => Type::plain("Value"),
            (Shape::Boolean, _) => Type::plain("bool"),
            (Shape::Integer, _) => Type::plain("i64"),
            (Shape::Number, _) => Type::plain("f64"),
            (Shape::Text, Some("uuid")) => Type::plain("Uuid"),
            (Shape::Text, Some("date-time")) => Type::plain("Timestamp"),
            (Shape::Text, _) => Type::plain("String"),
            (Shape::Enumeration(_), _) => Type::plain("enum"),
            (Shape::Object(_), _) => Type::plain("object"),
            (Shape::List(items), _) => Type::of("Vec", vec![self.element(items)]),
            (Shape::Map(values), _) => {
                let value = values.map_or(Type::plain("Value"), |values| self.element(values));
                Type::of("BTreeMap", vec![Type::plain("String"), value])
            }
            (Shape::Strange(reason), _) => Type::plain(&reason),
        }
    }

    fn element(&self, tree: &'a Value) -> Type {
        let ty = self.rust(tree);
        if self.follow(tree, "").nullable && ty.name != "Value" {
            Type::of("Option", vec![ty])
        } else {
            ty
        }
    }

    /// The limits of a schema and of what it holds, one text each.
    pub(crate) fn limits(&self, tree: &'a Value) -> Vec<String> {
        let schema = self.follow(tree, "").tree;
        let mut limits: Vec<String> = LIMITS
            .iter()
            .filter_map(|(key, name)| Some(format!("{name} {}", scalar(schema.get(*key)?))))
            .collect();
        let format = schema.get("format").and_then(Value::as_str);
        for (key, exclusive, of_format) in [
            ("minimum", "exclusiveMinimum", i32::MIN),
            ("maximum", "exclusiveMaximum", i32::MAX),
        ] {
            if let Some(number) = schema.get(key) {
                let prefix = if truth(schema, exclusive) {
                    "exclusive_"
                } else {
                    ""
                };
                limits.push(format!("{prefix}{key} {}", scalar(number)));
            } else if format == Some("int32") {
                limits.push(format!("{key} {of_format}"));
            }
        }
        if truth(schema, "uniqueItems") {
            limits.push("unique_items true".to_owned());
        }
        match format {
            Some("uri") => limits.push("format Uri".to_owned()),
            Some("decimal") => limits.push("format Decimal".to_owned()),
            _ => {}
        }
        if let Shape::Enumeration(values) = shape(schema) {
            limits.push(format!("one_of {}", values.join(" + ")));
        }
        limits.sort();
        limits.extend(match shape(schema) {
            Shape::Object(_) => Some("object checked".to_owned()),
            Shape::List(items) => self.inner_limits(items, "items", "each_item"),
            Shape::Map(Some(values)) => self.inner_limits(values, "values", "each_value"),
            _ => None,
        });
        limits
    }

    fn inner_limits(&self, tree: &'a Value, objects: &str, others: &str) -> Option<String> {
        let limits = self.limits(tree);
        match limits.as_slice() {
            [] => None,
            [only] if only == "object checked" => Some(format!("{objects} checked")),
            _ => Some(format!("{others} ({})", limits.join(", "))),
        }
    }
}

/// What a schema without a reference is.
pub(crate) fn shape(tree: &Value) -> Shape<'_> {
    let Some(mapping) = tree.as_mapping() else {
        return Shape::Strange("a schema that is no mapping".to_owned());
    };
    for key in mapping.keys() {
        let key = key.as_str().unwrap_or_default();
        if !HELD.contains(&key) && !PROSE.contains(&key) {
            return Shape::Strange(format!("a schema with `{key}`"));
        }
    }
    let format = tree.get("format").and_then(Value::as_str);
    let properties = tree.get("properties").and_then(Value::as_mapping);
    let kind = tree.get("type").and_then(Value::as_str);
    match (kind, format, properties) {
        (Some("string"), _, None) if tree.get("enum").is_some() => {
            Shape::Enumeration(texts(tree.get("enum")))
        }
        (Some("string"), None | Some("uuid" | "date-time" | "uri" | "decimal"), None) => {
            Shape::Text
        }
        (Some("boolean"), None, None) => Shape::Boolean,
        (Some("integer"), None | Some("int32" | "int64"), None) => Shape::Integer,
        (Some("number"), None | Some("float" | "double"), None) => Shape::Number,
        (Some("array"), None, None) => match tree.get("items") {
            Some(items) => Shape::List(items),
            None => Shape::Strange("an array without `items`".to_owned()),
        },
        (Some("object"), None, Some(properties)) if tree.get("additionalProperties").is_none() => {
            Shape::Object(properties)
        }
        (Some("object"), None, None) => match tree.get("additionalProperties") {
            Some(values) if values.as_mapping().is_some_and(|values| !values.is_empty()) => {
                Shape::Map(Some(values))
            }
            _ => Shape::Map(None),
        },
        (None, None, None) if tree.get("$ref").is_none() && tree.get("allOf").is_none() => {
            Shape::Any
        }
        _ => Shape::Strange(format!(
            "a schema of type {kind:?} and format {format:?} that this test cannot read"
        )),
    }
}

/// The texts of a list; what is no text is shown as YAML has it.
pub(crate) fn texts(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_sequence)
        .into_iter()
        .flatten()
        .map(scalar)
        .collect()
}

pub(crate) fn truth(tree: &Value, key: &str) -> bool {
    tree.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// A scalar as text, numbers as short as can be.
pub(crate) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |number| number.to_string()),
        other => format!("{other:?}"),
    }
}
