//! Reads a document. In: YAML or JSON text. Out: `openapiv3` values, every key of the text accounted for. Knows no Rust names.
//!
//! Two passes over one parsed tree: the first holds every key against the keyword table, so that nothing which `openapiv3`
//! would drop goes unnoticed; the second reads each operation and each component on its own, so that one bad node yields
//! one complaint.

mod keywords;

use crate::diagnostic::{Diagnostics, Spec};
use crate::keyword::{self, Context};
use crate::pointer::Pointer;
use crate::walk;
use crate::yaml;
use indexmap::IndexMap;
use keywords::Keywords;
use openapiv3::ReferenceOr;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A document whose every part could be read.
#[derive(Debug, Clone)]
pub struct Document {
    /// What complaints call it.
    pub name: String,
    /// The tree as written; keys beside the standard's are read from here.
    pub raw: Value,
    /// `info`
    pub info: openapiv3::Info,
    /// `servers`
    pub servers: Vec<openapiv3::Server>,
    /// `tags`
    pub tags: Vec<openapiv3::Tag>,
    /// The requirement of operations that state none.
    pub security: Vec<openapiv3::SecurityRequirement>,
    /// Every method of every path, in document order.
    pub operations: Vec<Operation>,
    /// `components/schemas`
    pub schemas: IndexMap<String, ReferenceOr<openapiv3::Schema>>,
    /// `components/parameters`
    pub parameters: IndexMap<String, ReferenceOr<openapiv3::Parameter>>,
    /// `components/requestBodies`
    pub request_bodies: IndexMap<String, ReferenceOr<openapiv3::RequestBody>>,
    /// `components/responses`
    pub responses: IndexMap<String, ReferenceOr<openapiv3::Response>>,
    /// `components/securitySchemes`
    pub security_schemes: IndexMap<String, ReferenceOr<openapiv3::SecurityScheme>>,
}

/// One method of one path.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Where it stands.
    pub at: Pointer,
    /// The path template.
    pub path: String,
    /// The method in lower case, as in the document.
    pub method: String,
    /// The parameters of the whole path.
    pub shared_parameters: Vec<ReferenceOr<openapiv3::Parameter>>,
    /// The operation itself.
    pub operation: openapiv3::Operation,
}

/// The keys of a path that are methods.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Reads a document.
pub fn read(spec: &Spec) -> Result<Document, Diagnostics> {
    from_tree(&spec.name, &yaml::read(spec)?)
}

/// Reads a document whose text was read already. Complaints call it `name`.
pub fn from_tree(name: &str, raw: &Value) -> Result<Document, Diagnostics> {
    let mut diagnostics = Diagnostics::new(name);
    if check_version(raw, &mut diagnostics) {
        Keywords {
            diagnostics: &mut diagnostics,
        }
        .node(raw, Context::Root, &Pointer::root());
    }
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let document = Reader {
        root: raw,
        diagnostics: &mut diagnostics,
    }
    .document(name);
    match document {
        Some(document) => diagnostics.or(document),
        None => Err(diagnostics),
    }
}

/// Whether this is a document of OpenAPI 3.0; complains when it is not.
pub(crate) fn check_version(raw: &Value, diagnostics: &mut Diagnostics) -> bool {
    let root = Pointer::root();
    if !raw.is_object() {
        diagnostics.push(
            &root,
            "the document is not a mapping",
            "an OpenAPI document begins with `openapi: 3.0.3`",
        );
        return false;
    }
    if raw.get("swagger").is_some() {
        let help = "convert it to OpenAPI 3.0 first";
        diagnostics.push(&root.key("swagger"), "this is a Swagger 2 document", help);
        return false;
    }
    let at = root.key("openapi");
    match raw.get("openapi") {
        Some(Value::String(version)) if version.starts_with("3.0.") => true,
        Some(version) => {
            let shown = shown(version);
            let help = "only OpenAPI 3.0.x is read; 3.1 changed the meaning of `type`, `nullable` and `$ref`";
            diagnostics.push(&at, format!("the OpenAPI version is {shown}"), help);
            false
        }
        None => {
            diagnostics.push(
                &root,
                "there is no `openapi` version",
                "begin the document with `openapi: 3.0.3`",
            );
            false
        }
    }
}

/// A scalar as it would be written; other nodes by their kind.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => format!("`{value}`"),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// Reads the parts of the tree into `openapiv3` values.
struct Reader<'a> {
    root: &'a Value,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn document(&mut self, name: &str) -> Option<Document> {
        let root = Pointer::root();
        let components = self
            .root
            .get("components")
            .cloned()
            .unwrap_or(Value::Object(Map::new()));
        let at = root.key("components");
        let Some(raw_info) = self.root.get("info") else {
            self.diagnostics.push(
                &root,
                "there is no `info`",
                "add `info` with `title` and `version`",
            );
            return None;
        };
        let info = self.value(raw_info, Context::Info, &root.key("info"));
        let operations = self.operations();
        Some(Document {
            name: name.to_owned(),
            raw: self.root.clone(),
            info: info?,
            servers: self.list("servers", Context::Server)?,
            tags: self.list("tags", Context::Tag)?,
            security: self.list("security", Context::Root)?,
            operations,
            schemas: self.map(&components, "schemas", Context::Schema, &at),
            parameters: self.map(&components, "parameters", Context::Parameter, &at),
            request_bodies: self.map(&components, "requestBodies", Context::RequestBody, &at),
            responses: self.map(&components, "responses", Context::Response, &at),
            security_schemes: self.map(
                &components,
                "securitySchemes",
                Context::SecurityScheme,
                &at,
            ),
        })
    }

    fn operations(&mut self) -> Vec<Operation> {
        let paths_at = Pointer::root().key("paths");
        let paths = self.root.get("paths").and_then(Value::as_object);
        let Some(paths) = paths.filter(|paths| !paths.is_empty()) else {
            self.diagnostics.push(
                &paths_at,
                "there are no `paths`",
                "a client needs at least one operation",
            );
            return Vec::new();
        };
        let mut operations = Vec::new();
        for (path, item) in paths {
            let at = paths_at.key(path);
            if item.get("$ref").is_some() {
                self.diagnostics.push(
                    &at,
                    "a path that is a reference is not supported yet",
                    "write the path out",
                );
                continue;
            }
            let shared = item
                .get("parameters")
                .cloned()
                .unwrap_or(Value::Array(Vec::new()));
            let shared_parameters: Vec<_> = shared
                .as_array()
                .into_iter()
                .flatten()
                .enumerate()
                .filter_map(|(index, raw)| {
                    self.value(raw, Context::Parameter, &at.key("parameters").index(index))
                })
                .collect();
            for (method, raw) in item.as_object().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    continue;
                }
                let at = at.key(method);
                if let Some(operation) = self.value(raw, Context::Operation, &at) {
                    let (path, method) = (path.clone(), method.clone());
                    let shared_parameters = shared_parameters.clone();
                    operations.push(Operation {
                        at,
                        path,
                        method,
                        shared_parameters,
                        operation,
                    });
                }
            }
        }
        operations
    }

    fn list<T: DeserializeOwned>(&mut self, key: &str, context: Context) -> Option<Vec<T>> {
        match self.root.get(key) {
            Some(raw) => self.value(raw, context, &Pointer::root().key(key)),
            None => Some(Vec::new()),
        }
    }

    fn map<T: DeserializeOwned>(
        &mut self,
        components: &Value,
        key: &str,
        context: Context,
        at: &Pointer,
    ) -> IndexMap<String, T> {
        let members = components
            .get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let at = at.key(key);
        members
            .filter_map(|(name, raw)| {
                Some((name.clone(), self.value(raw, context, &at.key(name))?))
            })
            .collect()
    }

    /// Reads one node; on failure complains at the deepest node that can't be read on its own.
    fn value<T: DeserializeOwned>(
        &mut self,
        raw: &Value,
        context: Context,
        at: &Pointer,
    ) -> Option<T> {
        match T::deserialize(raw) {
            Ok(value) => Some(value),
            Err(error) => {
                let before = self.diagnostics.iter().count();
                self.narrow(raw, context, at);
                if self.diagnostics.iter().count() == before {
                    self.complain(at, context, &error);
                }
                None
            }
        }
    }

    fn narrow(&mut self, raw: &Value, context: Context, at: &Pointer) {
        for (key, value) in raw.as_object().into_iter().flatten() {
            let Some(keyword) = keyword::find(context, key) else {
                continue;
            };
            for child in walk::children(value, keyword.below, &at.key(key)) {
                self.retry(child.value, child.context, &child.at);
            }
        }
    }

    fn retry(&mut self, raw: &Value, context: Context, at: &Pointer) {
        let _: Option<()> = match context {
            Context::Schema => self
                .value::<ReferenceOr<openapiv3::Schema>>(raw, context, at)
                .map(drop),
            Context::Parameter => self
                .value::<ReferenceOr<openapiv3::Parameter>>(raw, context, at)
                .map(drop),
            Context::RequestBody => self
                .value::<ReferenceOr<openapiv3::RequestBody>>(raw, context, at)
                .map(drop),
            Context::Response => self
                .value::<ReferenceOr<openapiv3::Response>>(raw, context, at)
                .map(drop),
            Context::MediaType => self
                .value::<openapiv3::MediaType>(raw, context, at)
                .map(drop),
            Context::Root
            | Context::Info
            | Context::Server
            | Context::Tag
            | Context::Components
            | Context::PathItem
            | Context::Operation
            | Context::SecurityScheme => None,
        };
    }

    fn complain(&mut self, at: &Pointer, context: Context, error: &serde_json::Error) {
        let message = match context {
            // What is said about the absence of both `schema` and `content` is not for people.
            Context::Parameter if error.to_string().contains("ParameterSchemaOrContent") => {
                "this parameter has no `schema`".to_owned()
            }
            _ => format!("this {} can't be read: {error}", context.title()),
        };
        self.diagnostics.push(
            at,
            message,
            "compare it with the OpenAPI 3.0 standard; a value has the wrong type or is missing",
        );
    }
}
