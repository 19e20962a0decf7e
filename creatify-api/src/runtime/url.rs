//! Addresses. In: a base URL, a path template and parameters. Out: the URL as it is requested, or
//! every reason why there is none. Knows neither bodies nor keys.

mod raw;

use reqwest::Url;
use serde_json::Value;

use super::error::Violation;
use super::operation::{Location, Operation, Parameter, Style};

pub(crate) use raw::raw;

/// A parameter and the value the caller gave it.
pub(crate) type Argument<'a> = (&'a Parameter, &'a Value);

/// The URL of a request. The path of the base URL stays in front, and slashes stay as they are.
pub(crate) fn build(
    base: &Url,
    operation: &Operation,
    arguments: &[Argument<'_>],
    violations: &mut Vec<Violation>,
) -> Url {
    let path = path(operation.path, arguments, violations);
    let path = format!("{}{path}", base.path().trim_end_matches('/'));
    let mut url = base.clone();
    url.set_path(&path);
    // The parser removes `.` and `..`, which would turn the request into another one.
    if violations.is_empty() && url.path() != path {
        violations.push(Violation::new(
            "path",
            format!("`{path}` would become `{}`", url.path()),
        ));
    }
    let query = query(arguments, violations);
    url.set_query((!query.is_empty()).then_some(query.as_str()));
    url
}

/// The template with its parameters filled in.
fn path(template: &str, arguments: &[Argument<'_>], violations: &mut Vec<Violation>) -> String {
    let segments = template
        .split('/')
        .map(|segment| path_segment(segment, arguments, violations));
    segments.collect::<Vec<_>>().join("/")
}

fn path_segment(
    template: &str,
    arguments: &[Argument<'_>],
    violations: &mut Vec<Violation>,
) -> String {
    let mut segment = String::new();
    let mut rest = template;
    let mut last_name = None;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        segment.push_str(before);
        segment.push_str(&path_value(name, arguments, violations));
        last_name = Some(name);
        rest = after;
    }
    segment.push_str(rest);
    if let (Some(name), "." | "..") = (last_name, segment.as_str()) {
        violations.push(Violation::new(
            name,
            "is a dot segment, which would change the path",
        ));
    }
    segment
}

fn path_value(name: &str, arguments: &[Argument<'_>], violations: &mut Vec<Violation>) -> String {
    let argument = arguments
        .iter()
        .find(|(parameter, _)| parameter.location == Location::Path && parameter.name == name);
    let Some((_, value)) = argument else {
        violations.push(Violation::new(
            name,
            "is part of the path and was not given",
        ));
        return String::new();
    };
    let text = simple(value)
        .iter()
        .map(|item| percent(item))
        .collect::<Vec<_>>()
        .join(",");
    if text.is_empty() {
        violations.push(Violation::new(
            name,
            "is empty, which would change the path",
        ));
    }
    text
}

/// The query, without its question mark.
fn query(arguments: &[Argument<'_>], violations: &mut Vec<Violation>) -> String {
    let mut pairs: Vec<String> = Vec::new();
    for (parameter, value) in arguments {
        if parameter.location == Location::Query {
            query_pairs(parameter, value, &mut pairs, violations);
        }
    }
    pairs.join("&")
}

fn query_pairs(
    parameter: &Parameter,
    value: &Value,
    pairs: &mut Vec<String>,
    violations: &mut Vec<Violation>,
) {
    let name = percent(parameter.name);
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            pairs.push(format!("{name}={}", percent(&text(value))));
        }
        // A list without items has no form on the wire, so the parameter is left out.
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) => {
            let items = items.iter().map(|item| percent(&text(item)));
            match delimiter(parameter.style) {
                Some(delimiter) if !parameter.explode => {
                    pairs.push(format!(
                        "{name}={}",
                        items.collect::<Vec<_>>().join(delimiter)
                    ));
                }
                Some(_) => pairs.extend(items.map(|item| format!("{name}={item}"))),
                None => violations.push(Violation::new(parameter.name, "cannot be a list")),
            }
        }
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| (percent(key), percent(&text(value))));
            match delimiter(parameter.style) {
                None => pairs.extend(fields.map(|(key, value)| format!("{name}[{key}]={value}"))),
                Some(_) if parameter.explode => {
                    pairs.extend(fields.map(|(key, value)| format!("{key}={value}")));
                }
                Some(delimiter) => {
                    let flat = fields.map(|(key, value)| format!("{key}{delimiter}{value}"));
                    pairs.push(format!(
                        "{name}={}",
                        flat.collect::<Vec<_>>().join(delimiter)
                    ));
                }
            }
        }
    }
}

/// What stands between the items of a list; `None` for the style that is for objects only.
fn delimiter(style: Style) -> Option<&'static str> {
    match style {
        Style::Simple | Style::Form => Some(","),
        Style::SpaceDelimited => Some("%20"),
        Style::PipeDelimited => Some("%7C"),
        Style::DeepObject => None,
    }
}

/// The value in the `simple` style, before any escaping: its items, to be joined with commas.
pub(crate) fn simple(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| [key.clone(), text(value)])
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![text(value)],
    }
}

/// A value as text: a string as it is, nothing for null, everything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Escapes all but the unreserved characters of RFC 3986.
pub(crate) fn percent(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Method;
    use serde_json::json;

    fn operation(path: &'static str) -> Operation {
        Operation {
            id: "test",
            method: Method::Get,
            path,
            parameters: &[],
            body: &[],
            security: &[],
            prices: &[],
            idempotent: false,
            jobs: None,
            job_name: None,
            paging: None,
        }
    }

    fn url(
        base: &str,
        path: &'static str,
        arguments: &[(Parameter, Value)],
    ) -> Result<String, String> {
        let mut violations = Vec::new();
        let arguments: Vec<_> = arguments
            .iter()
            .map(|(parameter, value)| (parameter, value))
            .collect();
        let base = Url::parse(base).expect("a URL");
        let url = build(&base, &operation(path), &arguments, &mut violations);
        match violations.first() {
            None => Ok(url.as_str().replacen("https://h", "", 1)),
            Some(violation) => Err(violation.to_string()),
        }
    }

    #[test]
    fn paths() {
        let id = Parameter::path("id");
        let table = [
            ("https://h", "/a/{id}/", json!("x"), Ok("/a/x/")),
            ("https://h/", "/a/{id}", json!("x"), Ok("/a/x")),
            ("https://h/v1/", "/a/{id}/", json!(5), Ok("/v1/a/5/")),
            (
                "https://h",
                "/a/{id}/",
                json!("ä /?#%~"),
                Ok("/a/%C3%A4%20%2F%3F%23%25~/"),
            ),
            ("https://h", "/a/{id}.mp4", json!("."), Ok("/a/..mp4")),
            ("https://h", "/a/{id}/", json!("../b"), Ok("/a/..%2Fb/")),
            (
                "https://h",
                "/a/{id}/",
                json!(".."),
                Err("id: is a dot segment, which would change the path"),
            ),
            ("https://h", "/a/.{id}/", json!(".x"), Ok("/a/..x/")),
            (
                "https://h",
                "/a/{id}/",
                json!(""),
                Err("id: is empty, which would change the path"),
            ),
            (
                "https://h",
                "/a/{id}/",
                json!(["a", "b,"]),
                Ok("/a/a,b%2C/"),
            ),
            (
                "https://h",
                "/a/{other}/",
                json!("x"),
                Err("other: is part of the path and was not given"),
            ),
        ];
        for (base, path, value, expected) in table {
            let actual = url(base, path, &[(id, value)]);
            assert_eq!(
                actual.as_deref().map_err(String::as_str),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn two_values_cannot_form_a_dot_segment() {
        let arguments = [
            (Parameter::path("a"), json!("%2e")),
            (Parameter::path("b"), json!(".")),
        ];
        assert_eq!(
            url("https://h", "/{a}{b}/", &arguments).as_deref(),
            Ok("/%252e./")
        );
        let template = url("https://h", "/.{b}/", &arguments[1..]);
        assert!(template.is_err(), "{template:?}");
    }

    #[test]
    fn queries() {
        let list = json!(["a b", "c,d"]);
        let object = json!({"k": "v&", "l": 1});
        let query = Parameter::query("q");
        let table = [
            (query, json!("a+b c"), "?q=a%2Bb%20c"),
            (query, json!(true), "?q=true"),
            (query, json!(null), ""),
            (query, json!([]), ""),
            (query, list.clone(), "?q=a%20b&q=c%2Cd"),
            (query.explode(false), list.clone(), "?q=a%20b,c%2Cd"),
            (
                query.explode(false).style(Style::SpaceDelimited),
                list.clone(),
                "?q=a%20b%20c%2Cd",
            ),
            (
                query.explode(false).style(Style::PipeDelimited),
                list,
                "?q=a%20b%7Cc%2Cd",
            ),
            (query, object.clone(), "?k=v%26&l=1"),
            (query.explode(false), object.clone(), "?q=k,v%26,l,1"),
            (query.style(Style::DeepObject), object, "?q[k]=v%26&q[l]=1"),
        ];
        for (parameter, value, expected) in table {
            let actual = url("https://h", "/", &[(parameter, value.clone())]);
            assert_eq!(actual, Ok(format!("/{expected}")), "{value}");
        }
    }
}
