//! Reads and validates requests. In: path values, query, headers, body bytes, and the contract of an
//! operation. Out: plain values, and everything that breaks the document. Knows no accounts.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::check::{Check, Finding, member};
use super::form;
use super::ignored::{self, Text};
use super::response::Reply;
use super::spec::{ArrayStyle, Operation, Parameter, ParameterLocation, Schemas};
use super::translate::Direction;

/// What an operation accepts, compiled.
#[derive(Debug)]
pub(crate) struct Contract {
    parameters: Vec<Check>,
    bodies: Vec<Body>,
}

/// A media type of a body, and its schema.
#[derive(Debug)]
struct Body {
    media_type: String,
    check: Check,
    written: Value,
    /// Flattened, so that forms can be read.
    flat: Value,
}

/// A request before it is parsed.
#[derive(Debug)]
pub(crate) struct RawRequest<'a> {
    pub(crate) path_values: &'a [(String, String)],
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
}

/// A request after it was parsed.
#[derive(Debug, Default)]
pub(crate) struct ParsedRequest {
    pub(crate) query: Map<String, Value>,
    pub(crate) body: Map<String, Value>,
    /// What is wrong with it.
    pub(crate) findings: Vec<Finding>,
    /// What the service would ignore; it is in neither `query` nor `body`.
    pub(crate) ignored: Vec<Finding>,
    /// Members of the body that may name a record.
    pub(crate) texts: Vec<Text>,
    refusal: Option<Reply>,
}

impl Contract {
    pub(crate) fn compile(operation: &Operation, schemas: &Schemas) -> Result<Self, String> {
        let compile = |schema: &Value| Check::compile(schemas, schema, Direction::Request);
        let parameters = operation.parameters.iter();
        let contents = operation.body.iter().flat_map(|body| &body.contents);
        Ok(Self {
            parameters: parameters
                .map(|parameter| compile(&parameter.schema))
                .collect::<Result<_, _>>()?,
            bodies: contents
                .map(|(media_type, schema)| {
                    Ok(Body {
                        media_type: media_type.clone(),
                        check: compile(schema)?,
                        written: schema.clone(),
                        flat: schemas.flat(schema),
                    })
                })
                .collect::<Result<_, String>>()?,
        })
    }
}

impl ParsedRequest {
    /// The response to a request that breaks the document; none when it does not. Strictly taken, what
    /// would be ignored breaks it too.
    pub(crate) fn refusal(&self, strict: bool) -> Option<Reply> {
        let ignored = self.ignored.iter().filter(|_| strict);
        let findings: Vec<Finding> = self.findings.iter().chain(ignored).cloned().collect();
        if findings.is_empty() {
            return None;
        }
        // An id that is none finds nothing.
        if findings
            .iter()
            .any(|finding| finding.pointer.starts_with("/path/"))
        {
            return Some(Reply::detail(404, "Not found."));
        }
        let refusal = self.refusal.clone();
        Some(refusal.unwrap_or_else(|| Reply::fields(&findings)))
    }
}

/// Reads a request and collects all that is wrong with it.
pub(crate) async fn read(
    operation: &Operation,
    contract: &Contract,
    schemas: &Schemas,
    raw_request: &RawRequest<'_>,
) -> ParsedRequest {
    let mut parsed = ParsedRequest::default();
    let pairs = form::pairs(raw_request.query.as_bytes());
    for (parameter, check) in operation.parameters.iter().zip(&contract.parameters) {
        let place = match parameter.location {
            ParameterLocation::Path => "/path",
            ParameterLocation::Query => "/query",
            ParameterLocation::Header => "/headers",
            // No operation reads cookies, and browsers send them unasked.
            ParameterLocation::Cookie => continue,
        };
        let raw = written(parameter, raw_request, &pairs);
        let place = member(place, &parameter.name);
        if raw.is_empty() {
            if parameter.required {
                parsed.findings.push(Finding::new(place, "is required"));
            }
            continue;
        }
        let flat = schemas.flat(&parameter.schema);
        match value(parameter, &flat, schemas, &raw) {
            Ok(value) => {
                parsed.findings.extend(check.findings(&value, &place));
                if parameter.location == ParameterLocation::Query {
                    parsed.query.insert(parameter.name.clone(), value);
                }
            }
            Err(reason) => parsed.findings.push(Finding::new(place, reason)),
        }
    }
    for (name, _) in &pairs {
        let known = |parameter: &&Parameter| parameter.location == ParameterLocation::Query;
        let mut known = operation.parameters.iter().filter(known);
        if !known.any(|parameter| parameter.name == *name) {
            let place = member("/query", name);
            let reason = "is not a parameter of this operation: the service ignores it";
            parsed.ignored.push(Finding::new(place, reason));
        }
    }
    read_body(operation, contract, schemas, raw_request, &mut parsed).await;
    parsed
}

/// The texts of a parameter: of a query decoded already, of a path and a header as they came.
fn written(
    parameter: &Parameter,
    raw_request: &RawRequest<'_>,
    pairs: &[(String, String)],
) -> Vec<String> {
    match parameter.location {
        ParameterLocation::Path => raw_request
            .path_values
            .iter()
            .filter(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.clone())
            .collect(),
        ParameterLocation::Query => pairs
            .iter()
            .filter(|(name, _)| *name == parameter.name)
            .map(|(_, value)| value.clone())
            .collect(),
        ParameterLocation::Header | ParameterLocation::Cookie => raw_request
            .headers
            .get_all(&parameter.name)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect(),
    }
}

fn value(
    parameter: &Parameter,
    flat: &Value,
    schemas: &Schemas,
    raw: &[String],
) -> Result<Value, String> {
    let decode = |text: &str| match parameter.location {
        ParameterLocation::Path => form::decode_path(text),
        ParameterLocation::Query | ParameterLocation::Header | ParameterLocation::Cookie => {
            text.to_owned()
        }
    };
    if flat["type"] == "array" {
        let items = schemas.flat(&flat["items"]);
        let texts: Vec<String> = match (parameter.array_style, raw) {
            (ArrayStyle::Exploded, raw) => raw.iter().map(|text| decode(text)).collect(),
            (ArrayStyle::Delimited(_), [one]) if one.is_empty() => Vec::new(),
            (ArrayStyle::Delimited(separator), [one]) => {
                let decoded = decode(one);
                decoded.split(separator).map(str::to_owned).collect()
            }
            (ArrayStyle::Delimited(_), _) => return Err("is given more than once".to_owned()),
        };
        let values = texts.iter().map(|text| form::typed(&items, text));
        return Ok(Value::Array(values.collect()));
    }
    match raw {
        [one] => Ok(form::typed(flat, &decode(one))),
        _ => Err("is given more than once".to_owned()),
    }
}

async fn read_body(
    operation: &Operation,
    contract: &Contract,
    schemas: &Schemas,
    raw_request: &RawRequest<'_>,
    parsed: &mut ParsedRequest,
) {
    let Some(body) = &operation.body else {
        // Callers send `{}` where nothing is asked for, and the service does not mind.
        if !matches!(raw_request.body.trim_ascii(), b"" | b"{}") {
            let reason = "this operation takes no body: the service ignores it";
            parsed.ignored.push(Finding::new("/body", reason));
        }
        return;
    };
    if raw_request.body.is_empty() {
        if body.required {
            let finding = Finding::new("/body", "a body is required");
            parsed.refusal = Some(Reply::whole("No data provided."));
            parsed.findings.push(finding);
        }
        return;
    }
    let content_type = raw_request.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default();
    let essence = essence(content_type);
    let offered = contract
        .bodies
        .iter()
        .find(|body| body.media_type == essence);
    let Some(offered) = offered else {
        let detail = format!("Unsupported media type \"{essence}\" in request.");
        parsed
            .findings
            .push(Finding::new("/headers/Content-Type", detail.as_str()));
        parsed.refusal = Some(Reply::detail(415, &detail));
        return;
    };
    let value = match essence.as_str() {
        "application/x-www-form-urlencoded" => {
            form::urlencoded(raw_request.body, &offered.flat, schemas)
        }
        "multipart/form-data" => {
            form::multipart(content_type, raw_request.body, &offered.flat, schemas).await
        }
        _ => serde_json::from_slice(raw_request.body)
            .map_err(|error| format!("JSON parse error - {error}")),
    };
    match value {
        Ok(mut value) => {
            let findings = offered.check.findings(&value, "/body");
            parsed.findings.extend(findings);
            let found = ignored::strip(schemas, &offered.written, &mut value);
            parsed.ignored.extend(found.ignored);
            parsed.texts = found.texts;
            if let Value::Object(members) = value {
                parsed.body = members;
            }
        }
        Err(reason) => {
            parsed.refusal = Some(Reply::detail(400, &reason));
            parsed.findings.push(Finding::new("/body", reason));
        }
    }
}

/// The media type without its parameters.
fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
