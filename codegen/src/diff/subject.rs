//! What people call a node. In: its pointer and the tree. Out: words such as "`items[].name` of `Order`". Knows no rule.

use super::paths::METHODS;
use crate::pointer::Pointer;
use serde_json::Value;

/// The subject of a sentence about a node.
pub(super) fn subject(root: &Value, pointer: &Pointer) -> String {
    let segments = named(root, pointer);
    let (base, rest) = base(root, &segments);
    let path = path(rest);
    match (path.is_empty(), base.is_empty()) {
        (true, false) => base,
        (false, true) => format!("`{path}`"),
        (false, false) => format!("`{path}` of {}", lower(&base)),
        (true, true) => "The document".to_owned(),
    }
}

/// A subject within a sentence: only its beginning has a capital.
pub(super) fn lower(subject: &str) -> String {
    let mut letters = subject.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

/// The way to a node; an element of `required` stands for the property that it names.
fn named(root: &Value, pointer: &Pointer) -> Vec<String> {
    let mut segments = pointer.segments();
    let element = root.pointer(pointer.as_str()).and_then(Value::as_str);
    if let ([.., key, _], Some(name)) = (segments.as_slice(), element)
        && key == "required"
    {
        segments.truncate(segments.len() - 2);
        segments.extend(["properties".to_owned(), name.to_owned()]);
    }
    segments
}

/// What holds the schema that a pointer leads into, and the rest of the pointer.
fn base<'s>(root: &Value, segments: &'s [String]) -> (String, &'s [String]) {
    let words: Vec<&str> = segments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["components", "schemas", name, ..] => (format!("`{name}`"), &segments[3..]),
        ["components", "callbacks", name, ..] => {
            (callback(root, (name, 3), segments), within(segments, 3))
        }
        ["components", kind, name, ..] => (component(root, kind, name), within(segments, 3)),
        ["paths", _, "parameters", _, ..] => (
            parameter(root, &segments[..4], "A parameter"),
            within(segments, 4),
        ),
        ["paths", _, _, "parameters", _, ..] => (
            parameter(root, &segments[..5], "A parameter"),
            within(segments, 5),
        ),
        ["paths", _, _, "requestBody", ..] => ("The request body".to_owned(), within(segments, 4)),
        ["paths", _, _, "responses", _, "headers", name, ..] => {
            (format!("The header `{name}`"), within(segments, 7))
        }
        ["paths", _, _, "responses", status, ..] => {
            (format!("The answer {status}"), within(segments, 5))
        }
        ["paths", _, _, "callbacks", name, ..] => {
            (callback(root, (name, 5), segments), within(segments, 5))
        }
        ["paths", path, method, ..] if METHODS.contains(method) => {
            (format!("`{} {path}`", method.to_uppercase()), &[])
        }
        ["paths", path, ..] => (format!("The path `{path}`"), &[]),
        ["security", ..] => ("The API".to_owned(), &[]),
        ["servers", ..] => ("The API".to_owned(), &[]),
        ["tags", index, ..] => {
            let name = root
                .pointer(&format!("/tags/{index}/name"))
                .and_then(Value::as_str);
            (format!("The tag `{}`", name.unwrap_or(index)), &[])
        }
        ["info", ..] => ("The API's `info`".to_owned(), &[]),
        _ => (String::new(), &[]),
    }
}

/// What stands below the schema of a media type, a parameter or a header.
fn within(segments: &[String], from: usize) -> &[String] {
    let rest = segments.get(from..).unwrap_or_default();
    let schema = rest.iter().position(|segment| segment == "schema");
    schema.map_or(&[], |index| &rest[index + 1..])
}

fn component(root: &Value, kind: &str, name: &str) -> String {
    match kind {
        "parameters" => parameter(
            root,
            &["components".to_owned(), kind.to_owned(), name.to_owned()],
            &format!("The parameter `{name}`"),
        ),
        "requestBodies" => format!("The request body `{name}`"),
        "responses" => format!("The answer `{name}`"),
        "headers" => format!("The header `{name}`"),
        "securitySchemes" => format!("The security scheme `{name}`"),
        "links" => format!("The link `{name}`"),
        "examples" => format!("The example `{name}`"),
        kind => format!("`{name}` of {kind}"),
    }
}

/// A callback, or the part of it that a pointer leads into.
fn callback(root: &Value, (name, from): (&str, usize), segments: &[String]) -> String {
    let below: Vec<&str> = segments.iter().skip(from).map(String::as_str).collect();
    match below.as_slice() {
        [_, _, "requestBody", ..] => format!("The body of the callback `{name}`"),
        [_, _, "responses", status, ..] => format!("The answer {status} to the callback `{name}`"),
        [_, _, "parameters", _, ..] => {
            let parameter = parameter(root, &segments[..from + 4], "A parameter");
            format!("{parameter} of the callback `{name}`")
        }
        _ => format!("The callback `{name}`"),
    }
}

/// A parameter by its place and name; `otherwise` where it only refers to another.
fn parameter(root: &Value, segments: &[String], otherwise: &str) -> String {
    let pointer = segments
        .iter()
        .fold(Pointer::root(), |pointer, segment| pointer.key(segment));
    let node = root.pointer(pointer.as_str());
    let text = |key: &str| node.and_then(|node| node.get(key)).and_then(Value::as_str);
    match (text("in"), text("name")) {
        (Some(place), Some(name)) => format!("The {place} parameter `{name}`"),
        _ => otherwise.to_owned(),
    }
}

/// The way down a schema as people write it: `scenes[].character.type`.
fn path(segments: &[String]) -> String {
    let mut text = String::new();
    let mut rest = segments.iter().map(String::as_str);
    while let Some(segment) = rest.next() {
        match segment {
            "properties" => {
                let name = rest.next().unwrap_or_default();
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(name);
            }
            "items" => text.push_str("[]"),
            "additionalProperties" => text.push_str("{}"),
            "allOf" | "oneOf" | "anyOf" => {
                rest.next();
            }
            // A keyword of the schema itself.
            _ => break,
        }
    }
    text
}
