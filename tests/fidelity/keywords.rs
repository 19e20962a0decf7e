//! Finds what the comparison would not look at. In: a page. Out: every key outside of schemas that this test does not
//! know, with its place. Knows no client; the keys of schemas are known where their shapes are.

use serde_yaml::Value;

/// A kind of node, and the keys of it that are held against the client or are for readers only.
#[rustfmt::skip]
const KNOWN: &[(Kind, &[&str])] = &[
    (Kind::Page, &["openapi", "info", "servers", "security", "paths", "components"]),
    (Kind::Components, &["schemas", "securitySchemes"]),
    (Kind::Scheme, &["type", "in", "name", "description"]),
    (Kind::Path, &["get", "put", "post", "delete", "options", "head", "patch", "trace"]),
    (Kind::Operation, &["operationId", "tags", "parameters", "requestBody", "responses", "security", "summary",
        "description", "x-source", "x-confidence"]),
    (Kind::Parameter, &["name", "in", "required", "schema", "style", "explode", "description"]),
    (Kind::Body, &["content", "required", "description"]),
    (Kind::Answer, &["content", "description"]),
    (Kind::Content, &["schema"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Components,
    Scheme,
    Path,
    Operation,
    Parameter,
    Body,
    Answer,
    Content,
}

/// The unknown keys of a page, each with the place it stands at.
pub(crate) fn unknown(page: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    node(page, "the page", Kind::Page, &mut found);
    found
}

fn node(tree: &Value, place: &str, kind: Kind, found: &mut Vec<(String, String)>) {
    let known = KNOWN.iter().find(|(known, _)| *known == kind);
    for (key, value) in members(tree) {
        if !known.is_some_and(|(_, keys)| keys.contains(&key)) {
            found.push((place.to_owned(), key.to_owned()));
        }
        let below = |kind: Kind, found: &mut Vec<(String, String)>| {
            for (name, value) in members(value) {
                node(value, &format!("{place} {name}"), kind, found);
            }
        };
        match (kind, key) {
            (Kind::Page, "components") => node(value, "the components", Kind::Components, found),
            (Kind::Page, "paths") => {
                for (path, item) in members(value) {
                    node(item, path, Kind::Path, found);
                }
            }
            (Kind::Components, "securitySchemes") => below(Kind::Scheme, found),
            (Kind::Path, _) => node(value, &format!("{key} {place}"), Kind::Operation, found),
            (Kind::Operation, "requestBody") => {
                node(value, &format!("{place} body"), Kind::Body, found);
            }
            (Kind::Operation, "responses") => below(Kind::Answer, found),
            (Kind::Operation, "parameters") => {
                for parameter in value.as_sequence().into_iter().flatten() {
                    let name = parameter.get("name").and_then(Value::as_str);
                    let place = format!("{place} ? {}", name.unwrap_or_default());
                    node(parameter, &place, Kind::Parameter, found);
                }
            }
            (Kind::Body | Kind::Answer, "content") => below(Kind::Content, found),
            _ => {}
        }
    }
}

fn members(tree: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let mapping = tree.as_mapping().into_iter().flatten();
    mapping.filter_map(|(key, value)| Some((key.as_str()?, value)))
}
