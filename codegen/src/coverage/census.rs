//! Counts what a document holds. In: the tree as written. Out: rows for every operation, parameter, schema, property and value. Knows no Rust.

use super::generated::Generated;
use crate::keyword::{self, Context};
use crate::krate::Direction;
use crate::pointer::Pointer;
use crate::walk;
use serde_json::Value;
use std::collections::BTreeMap;

/// All that has to be accounted for.
#[derive(Debug, Default)]
pub(super) struct Census {
    pub(super) operations: Vec<Row>,
    pub(super) parameters: Vec<Row>,
    pub(super) schemas: Vec<SchemaRows>,
    /// How often each keyword stands where.
    pub(super) keywords: BTreeMap<(Context, String), usize>,
}

/// One thing that has to be accounted for.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) at: Pointer,
    /// The operation that a parameter belongs to.
    pub(super) owner: String,
    pub(super) name: String,
    /// Its keywords, or its method and path.
    pub(super) detail: String,
    /// How many values it lists.
    pub(super) values: usize,
    /// `readOnly` or `writeOnly`, where it is.
    travel: Option<&'static str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operation,
    Parameter,
    Component,
    Property,
    Value,
}

/// A component with all that stands inside it.
#[derive(Debug)]
pub(super) struct SchemaRows {
    pub(super) row: Row,
    pub(super) properties: Vec<Row>,
    pub(super) values: Vec<Row>,
}

impl Row {
    /// Why nothing was generated for it, when that is as it should be.
    pub(super) fn reason(&self, generated: &Generated) -> Option<String> {
        let component = self.component();
        match self.kind {
            Kind::Operation => None,
            // A parameter of a whole path stands once and becomes one of each operation.
            Kind::Parameter => None,
            Kind::Component if self.detail.contains("$ref") => {
                Some("another name for the schema it refers to".to_owned())
            }
            Kind::Component if !generated.any_within(&component) => {
                Some("no operation uses it".to_owned())
            }
            Kind::Component => Some("a plain type; used where it is referred to".to_owned()),
            Kind::Value if !generated.any_within(&component) => {
                Some("no operation uses it".to_owned())
            }
            Kind::Value => None,
            Kind::Property => {
                let owner = self
                    .at
                    .parent()
                    .and_then(|properties| properties.parent())?;
                let directions = generated.directions(&owner);
                match (self.travel, directions) {
                    (_, []) => Some("the type around it is not generated".to_owned()),
                    (Some(travel), [Direction::Request]) => {
                        Some(format!("`{travel}`, and the type is only sent"))
                    }
                    (Some(travel), [Direction::Response]) => {
                        Some(format!("`{travel}`, and the type is only received"))
                    }
                    _ => None,
                }
            }
        }
    }

    fn component(&self) -> Pointer {
        let segments = self.at.segments();
        segments
            .iter()
            .take(3)
            .fold(Pointer::root(), |pointer, segment| pointer.key(segment))
    }
}

/// Goes through a document.
pub(super) fn take(raw: &Value) -> Census {
    let mut census = Census::default();
    census.node(raw, Context::Root, &Pointer::root(), "");
    census
}

impl Census {
    /// Counts the keywords of a node and goes below; `owner` is the operation around it.
    fn node(&mut self, value: &Value, context: Context, at: &Pointer, owner: &str) {
        let owner = match context {
            Context::Operation => self.operation(value, at),
            _ => owner.to_owned(),
        };
        if context == Context::Parameter && value.get("$ref").is_none() {
            self.parameter(value, at, &owner);
        }
        let schemas = Pointer::root().key("components").key("schemas");
        if context == Context::Schema && at.parent() == Some(schemas) {
            self.component(value, at);
        }
        for (key, value) in value.as_object().into_iter().flatten() {
            let Some(keyword) = keyword::find(context, key) else {
                continue;
            };
            *self.keywords.entry((context, key.clone())).or_default() += 1;
            for child in walk::children(value, keyword.below, &at.key(key)) {
                self.node(child.value, child.context, &child.at, &owner);
            }
        }
    }

    fn operation(&mut self, value: &Value, at: &Pointer) -> String {
        let segments = at.segments();
        let method = segments
            .last()
            .map(|method| method.to_uppercase())
            .unwrap_or_default();
        let path = segments.get(1).cloned().unwrap_or_default();
        let name = value
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let detail = format!("{method} {path}");
        self.operations.push(Row {
            detail,
            ..row(at, name.clone(), value, Kind::Operation)
        });
        name
    }

    fn parameter(&mut self, value: &Value, at: &Pointer, owner: &str) {
        let name = value
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let own = keywords(value);
        let schema = value.get("schema").map(keywords).unwrap_or_default();
        let detail = if schema.is_empty() {
            own
        } else {
            format!("{own}; schema: {schema}")
        };
        self.parameters.push(Row {
            owner: owner.to_owned(),
            detail,
            ..row(at, name, value, Kind::Parameter)
        });
    }

    fn component(&mut self, value: &Value, at: &Pointer) {
        let mut properties = Vec::new();
        inner_properties(value, at, "", &mut properties);
        let values = values(value, at);
        self.schemas.push(SchemaRows {
            row: row(at, at.last(), value, Kind::Component),
            properties,
            values,
        });
    }
}

fn row(at: &Pointer, name: String, value: &Value, kind: Kind) -> Row {
    let is = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or(false);
    let travel = match (is("readOnly"), is("writeOnly")) {
        (true, _) => Some("readOnly"),
        (_, true) => Some("writeOnly"),
        (false, false) => None,
    };
    Row {
        at: at.clone(),
        owner: String::new(),
        name,
        detail: keywords(value),
        values: values(value, at).len(),
        travel,
        kind,
    }
}

/// Every property inside a schema, at any depth, with its path: `results[].id`.
fn inner_properties(value: &Value, at: &Pointer, path: &str, rows: &mut Vec<Row>) {
    for (name, property) in value
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let at = at.key("properties").key(name);
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        rows.push(row(&at, path.clone(), property, Kind::Property));
        inner_properties(property, &at, &path, rows);
    }
    if let Some(items) = value.get("items") {
        inner_properties(items, &at.key("items"), &format!("{path}[]"), rows);
    }
    if let Some(values) = value.get("additionalProperties") {
        inner_properties(
            values,
            &at.key("additionalProperties"),
            &format!("{path}{{}}"),
            rows,
        );
    }
}

fn values(value: &Value, at: &Pointer) -> Vec<Row> {
    let list = ["enum", "x-known-values"]
        .iter()
        .find_map(|key| Some((at.key(key), value.get(*key)?.as_array()?)));
    let Some((list_at, list)) = list else {
        return Vec::new();
    };
    let texts = list
        .iter()
        .enumerate()
        .filter_map(|(index, item)| Some((index, item.as_str()?)));
    texts
        .map(|(index, text)| Row {
            at: list_at.index(index),
            owner: String::new(),
            name: text.to_owned(),
            detail: String::new(),
            values: 0,
            travel: None,
            kind: Kind::Value,
        })
        .collect()
}

/// The keywords of a node in short: flags by name, scalars with their value.
fn keywords(value: &Value) -> String {
    let mut shown = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        shown.push(match value {
            Value::Bool(true) => format!("`{key}`"),
            Value::Bool(_) | Value::Number(_) => format!("`{key}: {}`", text(value)),
            Value::String(short)
                if [
                    "type",
                    "format",
                    "pattern",
                    "in",
                    "style",
                    "$ref",
                    "x-rust-name",
                ]
                .contains(&key.as_str()) =>
            {
                format!("`{key}: {short}`")
            }
            Value::Null | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                format!("`{key}`")
            }
        });
    }
    shown.join(" ")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
