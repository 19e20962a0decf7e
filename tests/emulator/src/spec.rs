//! Reads an OpenAPI 3.0 document as plain values. In: YAML text. Out: operations with parameters,
//! bodies, responses, prices and lifecycles. Knows neither HTTP nor validation.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A document, as far as the emulator needs it.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) operations: Vec<Operation>,
    pub(crate) lifecycles: BTreeMap<String, Lifecycle>,
    pub(crate) schemas: Schemas,
}

/// The named schemas, as written.
#[derive(Debug)]
pub(crate) struct Schemas(pub(crate) Map<String, Value>);

/// One method of one path.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Option<Body>,
    pub(crate) status: u16,
    /// The schema of the successful response; none when it has no body.
    pub(crate) response: Option<Value>,
    pub(crate) prices: Vec<Price>,
    /// The headers that carry the keys.
    pub(crate) key_headers: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) location: ParameterLocation,
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Value,
    pub(crate) array_style: ArrayStyle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    Path,
    Query,
    Header,
    Cookie,
}

/// How the items of an array parameter are written: `style` and `explode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArrayStyle {
    /// One `name=value` for each item.
    Exploded,
    /// One value, its items separated by this character. As in the service the value is decoded
    /// first, so an encoded separator separates too.
    Delimited(char),
}

#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    /// Media types and their schemas.
    pub(crate) contents: Vec<(String, Value)>,
}

/// A row of `x-credits`.
#[derive(Debug)]
pub(crate) struct Price {
    /// Thousandths of a credit, so that sums are exact.
    pub(crate) thousandths: i64,
    pub(crate) per_seconds: Option<u32>,
    pub(crate) when: Vec<(String, Value)>,
    pub(crate) default: bool,
}

/// An `x-lifecycle`: which members of a job say how it stands.
#[derive(Debug, Clone)]
pub(crate) struct Lifecycle {
    pub(crate) status: String,
    pub(crate) success: String,
    pub(crate) failures: Vec<String>,
    pub(crate) output: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) preview: Option<String>,
    pub(crate) started_by: Vec<String>,
}

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Reads a document; the complaint names the place.
pub(crate) fn read(text: &str) -> Result<Spec, String> {
    let root: Value = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let schemas = root.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).cloned();
    let mut spec = Spec {
        operations: Vec::new(),
        lifecycles: lifecycles(&root)?,
        schemas: Schemas(schemas.unwrap_or_default()),
    };
    let paths = root["paths"].as_object().ok_or("/paths is no mapping")?;
    for (path, item) in paths {
        let item = resolve(&root, item)?;
        for method in METHODS {
            if let Some(node) = item.get(method) {
                spec.operations
                    .push(operation(&root, path, method, item, node)?);
            }
        }
    }
    Ok(spec)
}

impl Schemas {
    /// The schema with its reference followed and the parts of `allOf` merged into it. What
    /// stands beside the parts wins; keys beside a reference mean nothing in OpenAPI 3.0.
    pub(crate) fn flat(&self, schema: &Value) -> Value {
        let mut seen = Vec::new();
        self.flatten(schema, &mut seen)
    }

    fn flatten<'a>(&'a self, schema: &'a Value, seen: &mut Vec<&'a str>) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            return match self.0.get(name) {
                Some(target) if !seen.contains(&name) => {
                    seen.push(name);
                    let flat = self.flatten(target, seen);
                    seen.pop();
                    flat
                }
                Some(_) | None => Value::Object(Map::new()),
            };
        }
        let Some(parts) = schema["allOf"].as_array() else {
            return schema.clone();
        };
        let mut merged = Map::new();
        for part in parts {
            if let Value::Object(part) = self.flatten(part, seen) {
                merge(&mut merged, part);
            }
        }
        let mut own = schema.as_object().cloned().unwrap_or_default();
        own.remove("allOf");
        merge(&mut merged, own);
        Value::Object(merged)
    }
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (key.as_str(), into.get_mut(&key), value) {
            ("properties", Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            ("required", Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (_, _, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Follows a reference within the document, one step after the other.
fn resolve<'a>(root: &'a Value, node: &'a Value) -> Result<&'a Value, String> {
    let mut node = node;
    for _ in 0..16 {
        let Some(reference) = node["$ref"].as_str() else {
            return Ok(node);
        };
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer));
        node = target.ok_or_else(|| format!("`{reference}` leads nowhere"))?;
    }
    Err("a reference leads in circles".to_owned())
}

fn list<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    node[key].as_array().into_iter().flatten()
}

fn text(node: &Value, key: &str) -> Option<String> {
    node[key].as_str().map(str::to_owned)
}

fn operation(
    root: &Value,
    path: &str,
    method: &str,
    item: &Value,
    node: &Value,
) -> Result<Operation, String> {
    let id = text(node, "operationId").unwrap_or_else(|| format!("{method} {path}"));
    let mut parameters: Vec<Parameter> = Vec::new();
    for written in list(item, "parameters").chain(list(node, "parameters")) {
        let parameter = parameter(resolve(root, written)?, &id)?;
        parameters
            .retain(|known| (known.location, &known.name) != (parameter.location, &parameter.name));
        parameters.push(parameter);
    }
    let body = match node.get("requestBody") {
        Some(body) => Some(self::body(resolve(root, body)?)),
        None => None,
    };
    let (status, response) = response(root, node, &id)?;
    let tag = list(node, "tags").next().and_then(Value::as_str);
    let first = path
        .split('/')
        .rfind(|part| !part.is_empty() && !part.starts_with('{'));
    Ok(Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag: tag.or(first).unwrap_or_default().to_owned(),
        parameters,
        body,
        status,
        response,
        prices: list(node, "x-credits").map(price).collect(),
        key_headers: key_headers(root, node),
        id,
    })
}

fn parameter(node: &Value, operation: &str) -> Result<Parameter, String> {
    let name = text(node, "name").ok_or_else(|| format!("{operation}: a parameter has no name"))?;
    let location = match node["in"].as_str() {
        Some("path") => ParameterLocation::Path,
        Some("query") => ParameterLocation::Query,
        Some("header") => ParameterLocation::Header,
        Some("cookie") => ParameterLocation::Cookie,
        Some(_) | None => return Err(format!("{operation}: `{name}` is in no known place")),
    };
    let explode = node["explode"].as_bool();
    let array_style = match (node["style"].as_str(), location) {
        (Some("pipeDelimited"), _) => ArrayStyle::Delimited('|'),
        (Some("spaceDelimited"), _) => ArrayStyle::Delimited(' '),
        // `form` is the style of queries, and explodes unless it is told not to.
        (_, ParameterLocation::Query | ParameterLocation::Cookie) if explode != Some(false) => {
            ArrayStyle::Exploded
        }
        (
            _,
            ParameterLocation::Path
            | ParameterLocation::Query
            | ParameterLocation::Header
            | ParameterLocation::Cookie,
        ) => ArrayStyle::Delimited(','),
    };
    let schema = node.get("schema").cloned();
    Ok(Parameter {
        location,
        name,
        required: node["required"] == true,
        schema: schema.unwrap_or_else(|| Value::Object(Map::new())),
        array_style,
    })
}

fn body(node: &Value) -> Body {
    let contents = node["content"].as_object().into_iter().flatten();
    let contents = contents.map(|(media_type, content)| {
        let schema = content.get("schema").cloned();
        let schema = schema.unwrap_or_else(|| Value::Object(Map::new()));
        (media_type.to_ascii_lowercase(), schema)
    });
    Body {
        required: node["required"] == true,
        contents: contents.collect(),
    }
}

/// The first successful response; operations without one get a 200 response without a body.
fn response(root: &Value, node: &Value, operation: &str) -> Result<(u16, Option<Value>), String> {
    let responses = node["responses"].as_object().into_iter().flatten();
    for (status, response) in responses {
        let Some(status) = status
            .parse()
            .ok()
            .filter(|status| (200..300).contains(status))
        else {
            continue;
        };
        let contents = &resolve(root, response)?["content"];
        let Some(contents) = contents.as_object().filter(|all| !all.is_empty()) else {
            return Ok((status, None));
        };
        let content = contents.get("application/json");
        let content = content.ok_or_else(|| format!("{operation}: the answer is not JSON"))?;
        return Ok((status, content.get("schema").cloned()));
    }
    Ok((200, None))
}

fn price(node: &Value) -> Price {
    let when = node["when"].as_object().into_iter().flatten();
    let credits = node["credits"].as_f64().unwrap_or_default();
    Price {
        thousandths: thousandths(credits),
        per_seconds: node["per_seconds"]
            .as_u64()
            .and_then(|seconds| u32::try_from(seconds).ok()),
        when: when
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect(),
        default: node["default"] == true,
    }
}

/// Credits as whole thousandths.
pub(crate) fn thousandths(credits: f64) -> i64 {
    (credits * 1000.0).round() as i64
}

/// The headers of the first security requirement; the document's own holds where none is given.
fn key_headers(root: &Value, node: &Value) -> Vec<String> {
    let requirements = node.get("security").unwrap_or(&root["security"]);
    let first = requirements.as_array().and_then(|all| all.first());
    let names = first.and_then(Value::as_object).into_iter().flatten();
    let schemes = names.filter_map(|(name, _)| {
        root.pointer("/components/securitySchemes")
            .and_then(|schemes| schemes.get(name))
    });
    schemes
        .filter(|scheme| scheme["in"] == "header")
        .filter_map(|scheme| text(scheme, "name"))
        .collect()
}

fn lifecycles(root: &Value) -> Result<BTreeMap<String, Lifecycle>, String> {
    let mut lifecycles = BTreeMap::new();
    for tag in list(root, "tags") {
        let Some(node) = tag.get("x-lifecycle") else {
            continue;
        };
        let name = text(tag, "name").ok_or("a tag has no name")?;
        let terminal = node["terminal"].as_object().into_iter().flatten();
        let (success, failures): (Vec<_>, Vec<_>) =
            terminal.partition(|(_, meaning)| *meaning == "success");
        let success = success.first().map(|(status, _)| (*status).clone());
        let lifecycle = Lifecycle {
            status: text(node, "status").ok_or_else(|| format!("{name}: no status"))?,
            success: success.ok_or_else(|| format!("{name}: no status means success"))?,
            failures: failures.into_iter().map(|(key, _)| key.clone()).collect(),
            output: text(node, "output"),
            reason: text(node, "reason"),
            preview: text(node, "preview"),
            started_by: list(node, "started_by")
                .filter_map(|id| id.as_str().map(str::to_owned))
                .collect(),
        };
        lifecycles.insert(name, lifecycle);
    }
    Ok(lifecycles)
}
