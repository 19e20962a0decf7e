//! Holds the pages against the client. In: fragments and the client as data. Out: every difference, with what is
//! published and what is generated. Knows no correction.

use crate::client::{Client, Operation, Parameter};
use crate::fields::{Way, default, documented_default, limits};
use crate::keywords::unknown;
use crate::published::{Page, Pages, scalar, texts, truth};
use crate::rust::Type;
use serde_yaml::Value;
use std::collections::BTreeSet;
use std::fmt;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// `Lipsync.status received` or `lipsyncs_list ? ids`.
    pub(crate) place: String,
    pub(crate) published: String,
    pub(crate) generated: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {} -> {}",
            self.place, self.published, self.generated
        )
    }
}

/// All differences, each once, sorted by place.
pub(crate) fn differences(pages: &Pages, client: &Client) -> BTreeSet<Difference> {
    let mut found = BTreeSet::new();
    let mut operations = BTreeSet::new();
    for page in pages.values() {
        let mut comparison = Comparison {
            page: Page { tree: page, pages },
            client,
            found: &mut found,
            operations: &mut operations,
            visited: BTreeSet::new(),
        };
        comparison.page();
    }
    for id in client
        .operations
        .keys()
        .filter(|id| !operations.contains(*id))
    {
        found.insert(Difference {
            place: id.clone(),
            published: "nothing".to_owned(),
            generated: "an operation".to_owned(),
        });
    }
    for (name, values) in &client.enums {
        let variants: BTreeSet<_> = values.written.keys().cloned().collect();
        if values.written != values.read || values.known != variants || values.variants != variants
        {
            found.insert(Difference {
                place: format!("enum {name}"),
                published: "the same values everywhere".to_owned(),
                generated: "other values in `as_str`, in `From`, in `KNOWN` or among the variants"
                    .to_owned(),
            });
        }
    }
    found
}

/// One page in comparison.
pub(crate) struct Comparison<'a> {
    pub(crate) page: Page<'a>,
    pub(crate) client: &'a Client,
    pub(crate) found: &'a mut BTreeSet<Difference>,
    pub(crate) operations: &'a mut BTreeSet<String>,
    /// Places that were compared, with the direction and the type they were compared to.
    pub(crate) visited: BTreeSet<(String, Way, String)>,
}

impl<'a> Comparison<'a> {
    fn page(&mut self) {
        let page = self.page.tree;
        for (place, key) in unknown(page) {
            let generated = "nothing: this test does not know the key".to_owned();
            self.same(&place, format!("`{key}`"), generated);
        }
        let servers = page
            .get("servers")
            .and_then(Value::as_sequence)
            .and_then(|list| list.first());
        let server = servers
            .and_then(|server| server.get("url"))
            .map_or("nothing".to_owned(), scalar);
        self.same(
            "the server",
            server,
            self.client.base_url.clone().unwrap_or_default(),
        );
        for (path, item) in members(page.get("paths")) {
            for (method, operation) in members(Some(item)) {
                self.operation(path, &method.to_uppercase(), operation);
            }
        }
        // A component that no operation leads to would be compared with nothing.
        for (name, _) in members(
            page.get("components")
                .and_then(|components| components.get("schemas")),
        ) {
            if !self.visited.iter().any(|(place, _, _)| place == name) {
                self.same(
                    name,
                    "a schema",
                    "nothing: no operation of its page leads to it".to_owned(),
                );
            }
        }
    }

    fn operation(&mut self, path: &str, method: &str, published: &'a Value) {
        let id = published.get("operationId").map(scalar).unwrap_or_default();
        self.operations.insert(id.clone());
        let client = self.client;
        let Some(generated) = client.operations.get(&id) else {
            return self.same(&id, format!("{method} {path}"), "nothing".to_owned());
        };
        self.same(
            &id,
            format!("{method} {path}"),
            format!("{} {}", generated.method, generated.path),
        );
        self.same(
            &format!("{id} tag"),
            texts(published.get("tags")).join(", "),
            generated.resource.clone(),
        );
        self.same(
            &format!("{id} security"),
            self.security(published),
            keys(generated),
        );
        self.parameters(&id, published, generated);
        self.body(&id, published.get("requestBody"), generated);
        self.answer(&id, published, generated);
    }

    /// The headers of each way to authenticate.
    fn security(&self, operation: &Value) -> String {
        let schemes = self
            .page
            .tree
            .get("components")
            .and_then(|components| components.get("securitySchemes"));
        let ways = operation
            .get("security")
            .or_else(|| self.page.tree.get("security"));
        let ways = ways
            .and_then(Value::as_sequence)
            .into_iter()
            .flatten()
            .map(|way| {
                let headers = members(Some(way)).map(|(name, _)| {
                    let scheme = schemes
                        .and_then(|schemes| schemes.get(name))
                        .unwrap_or(&Value::Null);
                    match (scheme.get("type").map(scalar), scheme.get("in").map(scalar)) {
                        (Some(kind), Some(place)) if kind == "apiKey" && place == "header" => {
                            scheme.get("name").map(scalar).unwrap_or_default()
                        }
                        _ => format!("`{name}`, which is no header"),
                    }
                });
                headers
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect::<Vec<_>>()
                    .join(" and ")
            });
        ways.collect::<Vec<_>>().join(", or ")
    }

    fn parameters(&mut self, id: &str, published: &'a Value, generated: &'a Operation) {
        let mut known = BTreeSet::new();
        for parameter in published
            .get("parameters")
            .and_then(Value::as_sequence)
            .into_iter()
            .flatten()
        {
            let name = parameter.get("name").map(scalar).unwrap_or_default();
            let place = format!("{id} ? {name}");
            known.insert(name.clone());
            let empty = &Value::Null;
            let schema = parameter.get("schema").unwrap_or(empty);
            let want = self.page.rust(schema);
            let required = truth(parameter, "required");
            let mut line = vec![format!(
                "{} {} {want}",
                parameter.get("in").map(scalar).unwrap_or_default(),
                if required { "argument" } else { "setter" }
            )];
            line.extend(self.page.limits(schema));
            for key in ["style", "explode"] {
                line.extend(
                    parameter
                        .get(key)
                        .map(|value| format!("{key} {}", scalar(value))),
                );
            }
            // An argument has no documentation of its own.
            line.extend(schema.get("default").filter(|_| !required).map(default));
            let Some(found) = generated
                .parameters
                .iter()
                .find(|parameter| parameter.name == name)
            else {
                self.same(&place, line.join(", "), "nothing".to_owned());
                continue;
            };
            self.same(
                &place,
                line.join(", "),
                self.parameter_line(generated, found, &want),
            );
            let ty = generated.arguments.get(&name).or(generated
                .setters
                .parameters
                .get(&name)
                .map(|(ty, _)| ty));
            if let Some(ty) = ty {
                self.descend(schema, &place, Way::Sent, ty);
            }
        }
        for extra in generated
            .parameters
            .iter()
            .filter(|parameter| !known.contains(&parameter.name))
        {
            let line = self.parameter_line(generated, extra, &Type::plain(""));
            self.same(&format!("{id} ? {}", extra.name), "nothing", line);
        }
    }

    fn parameter_line(&self, operation: &Operation, parameter: &Parameter, want: &Type) -> String {
        let argument = operation.arguments.get(&parameter.name);
        let setter = operation.setters.parameters.get(&parameter.name);
        let (how, ty) = match (argument, setter) {
            (Some(ty), None) => ("argument", self.seen(ty, want).to_string()),
            (None, Some((ty, _))) => ("setter", self.seen(ty, want).to_string()),
            (Some(_), Some(_)) => ("argument and setter", String::new()),
            (None, None) => ("out of reach", String::new()),
        };
        let mut line = vec![format!("{} {how} {ty}", parameter.location)];
        let ty = argument.or(setter.map(|(ty, _)| ty));
        line.extend(limits(parameter.rule.as_ref(), ty.map(Type::innermost)));
        line.extend(
            parameter
                .written
                .iter()
                .map(|(key, value)| format!("{key} {value}")),
        );
        line.extend(setter.and_then(|(_, docs)| documented_default(docs)));
        line.join(", ")
    }

    fn body(&mut self, id: &str, published: Option<&'a Value>, generated: &Operation) {
        let place = format!("{id} body");
        let contents: Vec<_> = members(published.and_then(|body| body.get("content"))).collect();
        let schemas: Vec<&'a Value> = contents
            .iter()
            .filter_map(|(_, content)| content.get("schema"))
            .collect();
        let want = schemas.first().map(|schema| self.page.rust(schema));
        let mut offered: Vec<String> = contents
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        // JSON first: it is what is sent unless the caller chooses.
        offered.sort_by_key(|name| (name != "application/json", name.clone()));
        let required = published.is_none_or(|body| truth(body, "required"));
        let mut line = offered;
        line.extend(want.as_ref().map(Type::to_string));
        line.extend((!required).then(|| "may be left out".to_owned()));
        let mut found: Vec<String> = Vec::new();
        for (index, media_type) in generated.body.iter().enumerate() {
            let name = match media_type.as_str() {
                "Json" => "application/json",
                "Form" => "application/x-www-form-urlencoded",
                "Multipart" => "multipart/form-data",
                other => other,
            };
            let selectable = index == 0 || generated.setters.media_types.contains(media_type);
            found.push(if selectable {
                name.to_owned()
            } else {
                format!("{name} without a setter")
            });
        }
        let sent = generated.body_type.as_ref();
        found.extend(sent.map(|ty| self.seen(ty, want.as_ref().unwrap_or(ty)).to_string()));
        self.same(&place, line.join(", "), found.join(", "));
        for schema in schemas {
            if let Some(ty) = sent {
                self.descend(schema, &place, Way::Sent, ty);
            }
        }
    }

    fn answer(&mut self, id: &str, published: &'a Value, generated: &Operation) {
        let place = format!("{id} answer");
        let nothing = Type::plain("()");
        let found = generated.output.as_ref().unwrap_or(&nothing);
        let answers =
            members(published.get("responses")).filter(|(status, _)| status.starts_with('2'));
        for (_, answer) in answers {
            let contents: Vec<_> = members(answer.get("content")).collect();
            let empty = contents
                .is_empty()
                .then_some(("application/json", &Value::Null));
            for (media_type, content) in contents.into_iter().chain(empty) {
                let schema = content.get("schema");
                let want = schema.map_or(nothing.clone(), |schema| self.page.rust(schema));
                let seen = self.seen(found, &want);
                self.same(
                    &place,
                    format!("{media_type} {want}"),
                    format!("application/json {seen}"),
                );
                if let Some(schema) = schema {
                    self.descend(schema, &place, Way::Received, found);
                }
            }
        }
    }

    /// Notes a difference, if it is one.
    pub(crate) fn same(&mut self, place: &str, published: impl Into<String>, generated: String) {
        let published = published.into();
        if published != generated {
            self.found.insert(Difference {
                place: place.to_owned(),
                published,
                generated,
            });
        }
    }
}

fn keys(operation: &Operation) -> String {
    let ways = operation.security.iter().map(list_and);
    ways.collect::<Vec<_>>().join(", or ")
}

fn list_and(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(" and ")
}

fn members(tree: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mapping = tree.and_then(Value::as_mapping);
    mapping
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str()?, value)))
}
