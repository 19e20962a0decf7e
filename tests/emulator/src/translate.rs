//! OpenAPI 3.0 schemas as JSON Schema 2020-12. In: a schema as written, and a direction. Out: a
//! schema with everything it refers to. Knows no operations and no values.

use serde_json::{Map, Value, json};

use super::spec::Schemas;

/// Whether a schema is for requests or for responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the server: `readOnly` members are ignored, so they may be anything.
    Request,
    /// From the server: `writeOnly` members never appear.
    Response,
}

/// Translates a schema, with the named schemas that it reaches below `$defs`.
pub(crate) fn schema(
    schemas: &Schemas,
    written: &Value,
    direction: Direction,
) -> Result<Value, String> {
    let mut translator = Translator {
        direction,
        reached: Vec::new(),
    };
    let mut root = match translator.node(written)? {
        Value::Object(root) => root,
        other => return Ok(other),
    };
    let mut definitions = Map::new();
    while let Some(name) = translator.reached.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        let target = schemas.0.get(&name);
        let target = target.ok_or_else(|| format!("there is no schema `{name}`"))?;
        let translated = translator.node(target)?;
        definitions.insert(name, translated);
    }
    if !definitions.is_empty() {
        root.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Ok(Value::Object(root))
}

struct Translator {
    direction: Direction,
    reached: Vec<String>,
}

impl Translator {
    fn node(&mut self, written: &Value) -> Result<Value, String> {
        let Some(written) = written.as_object() else {
            return Ok(written.clone());
        };
        if let Some(reference) = written.get("$ref").and_then(Value::as_str) {
            let name = reference.strip_prefix("#/components/schemas/");
            let name = name.ok_or_else(|| format!("`{reference}` is no schema"))?;
            self.reached.push(name.to_owned());
            return Ok(json!({"$ref": format!("#/$defs/{name}")}));
        }
        let mut translated = Map::new();
        for (key, value) in written {
            self.keyword(written, key, value, &mut translated)?;
        }
        Ok(nullable(written, translated))
    }

    fn keyword(
        &mut self,
        written: &Map<String, Value>,
        key: &str,
        value: &Value,
        translated: &mut Map<String, Value>,
    ) -> Result<(), String> {
        let value = match key {
            "type" | "enum" | "pattern" | "minLength" | "maxLength" | "minItems" | "maxItems"
            | "uniqueItems" | "minProperties" | "maxProperties" | "multipleOf" => value.clone(),
            "minimum" | "maximum" => {
                let exclusive = match key {
                    "minimum" => "exclusiveMinimum",
                    _ => "exclusiveMaximum",
                };
                if written.get(exclusive) == Some(&Value::Bool(true)) {
                    translated.insert(exclusive.to_owned(), value.clone());
                    return Ok(());
                }
                value.clone()
            }
            "additionalProperties" if *value == Value::Bool(false) => {
                // Beside `properties`, the validator says which member is not known, and not only that one is.
                let none = || Value::Object(Map::new());
                translated.entry("properties").or_insert_with(none);
                value.clone()
            }
            // Responses are not held to it.
            "x-requires-any" | "x-requires-when" if self.direction == Direction::Request => {
                value.clone()
            }
            "items" | "not" | "additionalProperties" => self.node(value)?,
            "allOf" | "anyOf" | "oneOf" => {
                let parts = value.as_array().into_iter().flatten();
                Value::Array(
                    parts
                        .map(|part| self.node(part))
                        .collect::<Result<_, _>>()?,
                )
            }
            "properties" => self.properties(value)?,
            "required" => self.required(written, value),
            "format" => return self.format(value, translated),
            // What is left describes, or belongs to other tools.
            _ => return Ok(()),
        };
        translated.insert(key.to_owned(), value);
        Ok(())
    }

    fn properties(&mut self, value: &Value) -> Result<Value, String> {
        let mut translated = Map::new();
        for (name, property) in value.as_object().into_iter().flatten() {
            let property = match self.is_hidden(property) {
                true => Value::Bool(self.direction == Direction::Request),
                false => self.node(property)?,
            };
            translated.insert(name.clone(), property);
        }
        Ok(Value::Object(translated))
    }

    fn required(&self, written: &Map<String, Value>, value: &Value) -> Value {
        let names = value.as_array().into_iter().flatten();
        let visible = names.filter(|name| {
            let property = name.as_str().and_then(|name| {
                written
                    .get("properties")
                    .and_then(|properties| properties.get(name))
            });
            !property.is_some_and(|property| self.is_hidden(property))
        });
        Value::Array(visible.cloned().collect())
    }

    fn is_hidden(&self, property: &Value) -> bool {
        let mark = match self.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        property[mark] == true
    }

    fn format(&self, value: &Value, translated: &mut Map<String, Value>) -> Result<(), String> {
        let limits = match value.as_str() {
            Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
            Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
            _ => None,
        };
        if let Some((least, most)) = limits {
            translated.entry("minimum").or_insert(least);
            translated.entry("maximum").or_insert(most);
            return Ok(());
        }
        // The service sends an empty text where it has no address yet.
        let format = match (value.as_str(), self.direction) {
            (Some("uri"), Direction::Response) => json!("uri-or-empty"),
            _ => value.clone(),
        };
        translated.insert("format".to_owned(), format);
        Ok(())
    }
}

/// Lets null in where the schema says `nullable`.
fn nullable(written: &Map<String, Value>, mut translated: Map<String, Value>) -> Value {
    if written.get("nullable") != Some(&Value::Bool(true)) {
        return Value::Object(translated);
    }
    let composed = ["allOf", "anyOf", "oneOf", "not"]
        .iter()
        .any(|key| translated.contains_key(*key));
    if composed {
        return json!({"anyOf": [{"type": "null"}, translated]});
    }
    if let Some(kind) = translated.remove("type") {
        translated.insert("type".to_owned(), json!([kind, "null"]));
    }
    if let Some(Value::Array(values)) = translated.get_mut("enum") {
        values.push(Value::Null);
    }
    Value::Object(translated)
}
