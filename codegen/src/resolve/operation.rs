//! Gives one operation its meaning. In: an `openapiv3` operation and its place. Out: an `api` operation. Knows no Rust names.

use super::{Resolver, is_header_name, prose, shortened};
use crate::api::{
    Body, Content, Location, Method, Operation, Parameter, Response, Shape, Status, Style,
};
use crate::document;
use crate::pointer::Pointer;
use crate::wire::WireName;
use indexmap::IndexMap;
use openapiv3::{
    MediaType, ParameterData, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
    SecurityRequirement, StatusCode,
};

impl Resolver<'_> {
    pub(super) fn operation(&mut self, written: &document::Operation) -> Operation {
        let document::Operation {
            at,
            path,
            method,
            shared_parameters,
            operation,
        } = written;
        let openapiv3::Operation {
            tags: _,
            summary,
            description,
            external_docs: _,
            operation_id,
            parameters,
            request_body,
            responses,
            callbacks: _,
            deprecated,
            security,
            servers: _,
            extensions,
        } = operation;
        let id = operation_id
            .clone()
            .unwrap_or_else(|| synthetic_id(method, path));
        let shared_at = at.parent().unwrap_or_default().key("parameters");
        let mut all = self.parameters(shared_parameters, &shared_at);
        for own in self.parameters(parameters, &at.key("parameters")) {
            all.retain(|shared| (&shared.name, shared.location) != (&own.name, own.location));
            all.push(own);
        }
        self.check_path(path, &all, at);
        Operation {
            at: at.clone(),
            id: WireName(id),
            method: http_method(method),
            path: path.clone(),
            summary: prose(summary.as_ref()),
            description: prose(description.as_ref()),
            deprecated: *deprecated,
            parameters: all,
            body: request_body
                .as_ref()
                .and_then(|body| self.body(body, &at.key("requestBody"))),
            responses: self.responses(responses, &at.key("responses")),
            security: self.security(security.as_ref(), at),
            prices: self.prices(extensions, at),
            idempotent: self.flag_extension(extensions, "x-idempotent", at),
            // Read when all components are known.
            paging: None,
            rust_name: self.text_extension(extensions, "x-rust-name", at),
        }
    }

    fn parameters(
        &mut self,
        written: &[ReferenceOr<openapiv3::Parameter>],
        list: &Pointer,
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for (index, parameter) in written.iter().enumerate() {
            let Some(parameter) = self.parameter(parameter, &list.index(index)) else {
                continue;
            };
            let twin = |other: &Parameter| {
                (&other.name, other.location) == (&parameter.name, parameter.location)
            };
            if parameters.iter().any(twin) {
                let message = format!("the parameter `{}` stands twice", parameter.name);
                self.diagnostics.push(
                    &parameter.at,
                    message,
                    "a parameter is unique by `name` and `in`",
                );
                continue;
            }
            parameters.push(parameter);
        }
        parameters
    }

    fn parameter(
        &mut self,
        written: &ReferenceOr<openapiv3::Parameter>,
        at: &Pointer,
    ) -> Option<Parameter> {
        let written = match written {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => {
                let name = self.local(reference, "#/components/parameters/", at)?;
                let document = self.document;
                match document.parameters.get(&name) {
                    Some(ReferenceOr::Item(item)) => {
                        let at = Pointer::root()
                            .key("components")
                            .key("parameters")
                            .key(&name);
                        return self.parameter_item(item, &at);
                    }
                    Some(ReferenceOr::Reference { .. }) | None => {
                        self.missing(reference, at);
                        return None;
                    }
                }
            }
        };
        self.parameter_item(written, at)
    }

    fn parameter_item(
        &mut self,
        written: &openapiv3::Parameter,
        at: &Pointer,
    ) -> Option<Parameter> {
        let (location, style) = match written {
            openapiv3::Parameter::Query { style, .. } => (Location::Query, query_style(style)),
            openapiv3::Parameter::Header { .. } => (Location::Header, Style::Simple),
            openapiv3::Parameter::Path { style, .. } => (Location::Path, path_style(style)),
            openapiv3::Parameter::Cookie { .. } => (Location::Cookie, Style::Form),
        };
        let ParameterData {
            name,
            description,
            required,
            deprecated,
            format,
            example: _,
            examples: _,
            explode,
            extensions,
        } = written.parameter_data_ref();
        if location == Location::Path && !required {
            let help = "a path parameter is always there; write `required: true`";
            self.diagnostics.push(
                at,
                format!("the path parameter `{name}` is not required"),
                help,
            );
        }
        let ours = ["accept", "authorization", "content-type"];
        if location == Location::Header && ours.contains(&name.to_ascii_lowercase().as_str()) {
            let help = "the standard ignores such a parameter: content types and security say it; remove it";
            self.diagnostics
                .push(at, format!("`{name}` is no header for a parameter"), help);
        } else if location == Location::Header && !is_header_name(name) {
            let message = format!("`{}` is no name of a header", shortened(name));
            self.diagnostics
                .push(&at.key("name"), message, "correct the name");
        }
        if location == Location::Cookie {
            self.diagnostics.push(
                at,
                "parameters in cookies are not supported yet",
                "remove it in spec/overlay.yaml",
            );
        }
        if matches!(style, Style::Label | Style::Matrix) {
            let help = "write `style: simple`, if the server takes it";
            self.diagnostics.push(
                &at.key("style"),
                "the styles `label` and `matrix` are not supported yet",
                help,
            );
        }
        let ParameterSchemaOrContent::Schema(schema) = format else {
            return None;
        };
        let schema = self.schema(schema, &at.key("schema"));
        if let Shape::Union(_) = schema.shape {
            self.diagnostics.push(
                &schema.at,
                "a parameter of several types is not supported yet",
                "choose one type",
            );
        }
        Some(Parameter {
            at: at.clone(),
            name: WireName(name.clone()),
            location,
            style,
            // The standard: lists are written apart by default in the form style only.
            explode: explode.unwrap_or(style == Style::Form),
            required: *required,
            deprecated: deprecated.unwrap_or(false),
            description: prose(description.as_ref()),
            schema,
            rust_name: self.text_extension(extensions, "x-rust-name", at),
        })
    }

    fn check_path(&mut self, path: &str, parameters: &[Parameter], at: &Pointer) {
        let path_at = at.parent().unwrap_or_default();
        let names = placeholders(path);
        let braces = path.matches('{').count().max(path.matches('}').count());
        if !path.starts_with('/') || braces != names.len() {
            let message = format!("`{}` is no path template", shortened(path));
            self.diagnostics
                .push(&path_at, message, "begin it with `/`, and close each brace");
        }
        let is_path = |parameter: &&Parameter| parameter.location == Location::Path;
        for name in &names {
            if !parameters
                .iter()
                .filter(is_path)
                .any(|parameter| parameter.name.0 == *name)
            {
                let message = format!(
                    "the path has a placeholder `{{{name}}}` but no parameter of that name"
                );
                self.diagnostics.push(
                    &path_at,
                    message,
                    "add the parameter, with `in: path` and `required: true`",
                );
            }
        }
        for parameter in parameters.iter().filter(is_path) {
            if !names.contains(&parameter.name.as_str()) {
                let message = format!(
                    "the path has no placeholder for its parameter `{}`",
                    parameter.name
                );
                self.diagnostics
                    .push(&parameter.at, message, "correct the name, or the path");
            }
        }
    }

    fn body(
        &mut self,
        written: &ReferenceOr<openapiv3::RequestBody>,
        at: &Pointer,
    ) -> Option<Body> {
        let (body, at) = match written {
            ReferenceOr::Item(item) => (item, at.clone()),
            ReferenceOr::Reference { reference } => {
                let name = self.local(reference, "#/components/requestBodies/", at)?;
                let document = self.document;
                let Some(ReferenceOr::Item(item)) = document.request_bodies.get(&name) else {
                    self.missing(reference, at);
                    return None;
                };
                (
                    item,
                    Pointer::root()
                        .key("components")
                        .key("requestBodies")
                        .key(&name),
                )
            }
        };
        let openapiv3::RequestBody {
            description: _,
            content,
            required,
            extensions: _,
        } = body;
        let contents = self.contents(content, &at.key("content"));
        Some(Body {
            at,
            required: *required,
            contents,
        })
    }

    fn contents(&mut self, written: &IndexMap<String, MediaType>, at: &Pointer) -> Vec<Content> {
        let mut contents = Vec::new();
        for (media_type, content) in written {
            let at = at.key(media_type);
            let schema = content
                .schema
                .as_ref()
                .map(|schema| self.schema(schema, &at.key("schema")));
            contents.push(Content {
                at,
                media_type: media_type.clone(),
                schema,
            });
        }
        contents
    }

    fn responses(&mut self, written: &openapiv3::Responses, at: &Pointer) -> Vec<Response> {
        let openapiv3::Responses {
            default,
            responses,
            extensions: _,
        } = written;
        let mut resolved = Vec::new();
        for (code, response) in responses {
            let (status, key) = match code {
                StatusCode::Code(code) => (Status::Code(*code), code.to_string()),
                StatusCode::Range(class) => {
                    let class = u8::try_from(*class).unwrap_or(u8::MAX);
                    (Status::Class(class), format!("{class}XX"))
                }
            };
            resolved.extend(self.response(response, status, &at.key(&key)));
        }
        if let Some(response) = default {
            resolved.extend(self.response(response, Status::Default, &at.key("default")));
        }
        for key in self.raw_keywords(at).iter().filter(|key| !is_status(key)) {
            let message = format!("`{}` is no status", shortened(key));
            let help = "write a code such as '200', a class such as '2XX', or `default`";
            self.diagnostics.push(&at.key(key), message, help);
        }
        if resolved.is_empty() {
            self.diagnostics.push(
                at,
                "the operation has no answers",
                "describe at least the answer of success",
            );
        }
        resolved
    }

    fn response(
        &mut self,
        written: &ReferenceOr<openapiv3::Response>,
        status: Status,
        at: &Pointer,
    ) -> Option<Response> {
        let (response, at) = match written {
            ReferenceOr::Item(item) => (item, at.clone()),
            ReferenceOr::Reference { reference } => {
                let name = self.local(reference, "#/components/responses/", at)?;
                let document = self.document;
                let Some(ReferenceOr::Item(item)) = document.responses.get(&name) else {
                    self.missing(reference, at);
                    return None;
                };
                (
                    item,
                    Pointer::root()
                        .key("components")
                        .key("responses")
                        .key(&name),
                )
            }
        };
        let openapiv3::Response {
            description: _,
            headers: _,
            content,
            links: _,
            extensions: _,
        } = response;
        let contents = self.contents(content, &at.key("content"));
        Some(Response {
            at,
            status,
            contents,
        })
    }

    fn security(
        &mut self,
        own: Option<&Vec<SecurityRequirement>>,
        at: &Pointer,
    ) -> Vec<Vec<WireName>> {
        let (requirements, at) = match own {
            Some(own) => (own, at.key("security")),
            None => (&self.document.security, Pointer::root().key("security")),
        };
        let mut alternatives = Vec::new();
        for (index, requirement) in requirements.iter().enumerate() {
            for name in requirement
                .keys()
                .filter(|name| !self.document.security_schemes.contains_key(*name))
            {
                let message = format!("there is no security scheme `{name}`");
                let help = "correct the name, or add the scheme to `components/securitySchemes`";
                self.diagnostics
                    .push(&at.index(index).key(name), message, help);
            }
            alternatives.push(
                requirement
                    .keys()
                    .map(|name| WireName(name.clone()))
                    .collect(),
            );
        }
        alternatives
    }
}

/// The names in braces of a path template, in order.
fn placeholders(path: &str) -> Vec<&str> {
    let opened = path.split('{').skip(1);
    opened
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

/// Whether a key of `responses` says when the answer comes.
fn is_status(key: &str) -> bool {
    let mut characters = key.chars();
    let class = characters
        .next()
        .is_some_and(|first| ('1'..='5').contains(&first));
    let rest = characters.as_str();
    key == "default"
        || (class
            && (rest == "XX"
                || (rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit()))))
}

/// A name for an operation that has none: `get_api_voices`.
fn synthetic_id(method: &str, path: &str) -> String {
    let words = path
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    std::iter::once(method)
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

fn http_method(method: &str) -> Method {
    match method {
        "get" => Method::Get,
        "put" => Method::Put,
        "delete" => Method::Delete,
        "options" => Method::Options,
        "head" => Method::Head,
        "patch" => Method::Patch,
        "trace" => Method::Trace,
        // The document step hands on these eight only.
        _ => Method::Post,
    }
}

fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

fn path_style(style: &PathStyle) -> Style {
    match style {
        PathStyle::Simple => Style::Simple,
        PathStyle::Label => Style::Label,
        PathStyle::Matrix => Style::Matrix,
    }
}
