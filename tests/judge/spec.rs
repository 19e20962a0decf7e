//! The document, read by the judge of the judge. In: spec/openapi.yaml. Out: the parameters and
//! bodies of its operations as plain schemas. Shares no line with the emulator's reader.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

/// The document as a plain value.
#[derive(Debug, Clone)]
pub(crate) struct Spec(pub(crate) Value);

/// One way to write the body of one operation.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) media_type: String,
    pub(crate) schema: Value,
}

/// The parameters in the query of one operation.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) operation: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<(String, Value)>,
}

impl Spec {
    /// The committed document.
    pub(crate) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/openapi.yaml");
        let text = fs::read_to_string(path).expect("the document");
        Self(serde_yaml::from_str(&text).expect("YAML"))
    }

    /// The document as text: JSON is YAML.
    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// A schema without a reference or `allOf` at its top.
    pub(crate) fn flat(&self, schema: &Value) -> Map<String, Value> {
        let mut flat = Map::new();
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.0.pointer(reference.trim_start_matches('#'));
            return self.flat(target.expect("a target of the reference"));
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            flat.extend(self.flat(part));
        }
        let members = schema.as_object().into_iter().flatten();
        let members = members.filter(|(name, _)| *name != "allOf");
        flat.extend(members.map(|(name, value)| (name.clone(), value.clone())));
        flat
    }

    /// Every operation as path, method and its object.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("paths").iter();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods").iter();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    /// Every way to write a body.
    pub(crate) fn bodies(&self) -> Vec<Body> {
        let mut bodies = Vec::new();
        for (path, _, operation) in self.operations() {
            let content = operation["requestBody"]["content"].as_object();
            for (media_type, content) in content.into_iter().flatten() {
                bodies.push(Body {
                    operation: text(&operation["operationId"]),
                    path: path.to_owned(),
                    media_type: media_type.clone(),
                    schema: content["schema"].clone(),
                });
            }
        }
        bodies
    }

    /// Every operation that has parameters in its query.
    pub(crate) fn queries(&self) -> Vec<Query> {
        let mut queries = Vec::new();
        for (path, _, operation) in self.operations() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let parameters: Vec<_> = parameters
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| (text(&parameter["name"]), parameter["schema"].clone()))
                .collect();
            if !parameters.is_empty() {
                queries.push(Query {
                    operation: text(&operation["operationId"]),
                    path: path.to_owned(),
                    parameters,
                });
            }
        }
        queries
    }

    /// The keywords of every schema that a request is held against.
    pub(crate) fn request_keywords(&self) -> BTreeSet<String> {
        let mut keywords = BTreeSet::new();
        for body in self.bodies() {
            self.keywords(&body.schema, &mut keywords);
        }
        for (_, _, operation) in self.operations() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for parameter in parameters {
                self.keywords(&parameter["schema"], &mut keywords);
            }
        }
        keywords
    }

    fn keywords(&self, schema: &Value, keywords: &mut BTreeSet<String>) {
        let schema = self.flat(schema);
        if schema.get("readOnly") == Some(&Value::Bool(true)) {
            // What must not be sent at all can be wrong in one way only.
            keywords.insert("readOnly".to_owned());
            return;
        }
        for (keyword, value) in &schema {
            match keyword.as_str() {
                "properties" => {
                    let members = value.as_object().into_iter().flatten();
                    members.for_each(|(_, member)| self.keywords(member, keywords));
                }
                "items" | "additionalProperties" => self.keywords(value, keywords),
                _ => {}
            }
            let name = match keyword.as_str() {
                "format" => format!("format {}", text(value)),
                _ => keyword.clone(),
            };
            keywords.insert(name);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
