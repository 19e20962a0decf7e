//! Forms and queries. In: text as it came over the wire, and the schema of what it says. Out: JSON
//! values. Knows no operations.

use std::convert::Infallible;
use std::error::Error as _;

use axum::body::Bytes;
use serde_json::{Map, Value};

use super::spec::Schemas;

/// The names and values of a query or a form, decoded; bytes that are no UTF-8 become replacement characters.
pub(crate) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A part of a path. What is no percent-encoding stays as it is.
pub(crate) fn decode_path(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text);
    decoded.decode_utf8_lossy().into_owned()
}

/// A text as the type of its schema reads it; a text that cannot be read so stays a text, and
/// the schema refuses it.
pub(crate) fn typed(flat: &Value, text: &str) -> Value {
    let parsed = || serde_json::from_str::<Value>(text).ok();
    let read = match flat["type"].as_str() {
        Some("integer") => is_integer(text).then(parsed).flatten(),
        Some("number") => parsed().filter(|it| it.is_number() && !text.contains(' ')),
        Some("boolean") => parsed().filter(Value::is_boolean),
        Some("object" | "array") => parsed(),
        Some(_) | None => None,
    };
    read.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Digits, with a minus sign at most: `2.0`, `2e0` and ` 2` are whole numbers in JSON and in no query.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn urlencoded(body: &[u8], flat: &Value, schemas: &Schemas) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the form is not UTF-8".to_owned())?;
    let fields = pairs(text.as_bytes()).into_iter();
    Ok(object(fields, flat, schemas))
}

/// Reads a form in parts, which was read whole before: its size is bounded by then.
pub(crate) async fn multipart(
    content_type: &str,
    body: &Bytes,
    flat: &Value,
    schemas: &Schemas,
) -> Result<Value, String> {
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    if boundary.is_empty() {
        return Err(malformed(multer::Error::NoBoundary));
    }
    let body = body.clone();
    let stream = futures_util::stream::once(async { Ok::<_, Infallible>(body) });
    let mut parts = multer::Multipart::new(stream, boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let name = part.name().map(str::to_owned);
        let name = name.ok_or("Multipart form parse error - a part has no name")?;
        fields.push((name, part.text().await.map_err(malformed)?));
    }
    Ok(object(fields.into_iter(), flat, schemas))
}

/// What is wrong with a form, and why as far as it is known.
fn malformed(error: multer::Error) -> String {
    let cause = error.source().map(|cause| format!(": {cause}"));
    let cause = cause.unwrap_or_default();
    format!("Multipart form parse error - {error}{cause}")
}

/// The fields as one object: a field whose schema is a list may come several times.
fn object(
    fields: impl Iterator<Item = (String, String)>,
    flat: &Value,
    schemas: &Schemas,
) -> Value {
    let mut object = Map::new();
    for (name, text) in fields {
        let schema = schemas.flat(&flat["properties"][&name]);
        if schema["type"] == "array" && !text.trim_start().starts_with('[') {
            let item = typed(&schemas.flat(&schema["items"]), &text);
            let list = object
                .entry(name)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                items.push(item);
            }
            continue;
        }
        object.insert(name, typed(&schema, &text));
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::{Bytes, decode_path, multipart, pairs, urlencoded};
    use crate::spec::Schemas;
    use serde_json::{Value, json};

    #[test]
    fn percent_signs_and_plus_signs() {
        for (text, form, path) in [
            ("a+b%20c", "a b c", "a+b c"),
            ("%C3%A4", "ä", "ä"),
            ("100%", "100%", "100%"),
            ("%zz", "%zz", "%zz"),
            ("%+1%", "% 1%", "%+1%"),
            ("%FF", "\u{FFFD}", "\u{FFFD}"),
        ] {
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let query = format!("{text}&&x={text}&x=");
            let expected = [pair(form, ""), pair("x", form), pair("x", "")];
            assert_eq!(pairs(query.as_bytes()), expected);
            assert_eq!(decode_path(text), path);
        }
    }

    #[test]
    fn a_form_that_is_no_text_is_refused() {
        let schemas = Schemas(Default::default());
        let read = urlencoded(b"a=\xFF", &json!({}), &schemas);
        assert_eq!(read, Err("the form is not UTF-8".to_owned()));
    }

    async fn read(content_type: &str, body: &str) -> Result<Value, String> {
        let flat = json!({"properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}});
        let body = Bytes::copy_from_slice(body.as_bytes());
        multipart(content_type, &body, &flat, &Schemas(Default::default())).await
    }

    const TYPE: &str = "multipart/form-data; boundary=x";

    #[tokio::test]
    async fn parts_become_members_with_their_types() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n7\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"b\"\r\n\r\ntrue\r\n--x\r\n\
                    content-disposition: form-data; name=t\r\n\r\na\r\nb\r\n--x--\r\n";
        let expected = json!({"n": 7, "b": true, "t": "a\r\nb"});
        for content_type in [
            TYPE,
            "Multipart/Form-Data;BOUNDARY=\"x\"",
            "multipart/form-data; charset=utf-8; boundary=x",
        ] {
            assert_eq!(read(content_type, body).await, Ok(expected.clone()));
        }
        assert_eq!(read(TYPE, "--x--").await, Ok(json!({})));
    }

    #[tokio::test]
    async fn what_is_wrong_with_a_form_is_told() {
        let named = "Content-Disposition: form-data; name=\"n\"\r\n\r\n7";
        let part = format!("--x\r\n{named}");
        for (content_type, body, reason) in [
            (TYPE, "", "incomplete"),
            (TYPE, "--x", "incomplete"),
            (TYPE, "--y--", "incomplete"),
            (TYPE, "--x\r\n\r\n7\r\n--x--", "incomplete"),
            (TYPE, "--x\r\nA: b\r\n\r\n7\r\n--x--", "no name"),
            (TYPE, "--x\r\n@ b\r\n\r\n7\r\n--x--", "header"),
            (TYPE, &*part, "\"n\" received with incomplete data"),
            ("multipart/form-data", "--x--", "boundary"),
            (
                "multipart/form-data; boundary=",
                "--x--",
                "boundary not found",
            ),
            ("multipart/form-data; boundary=\"\"", "----", "Content-Type"),
        ] {
            let reply = read(content_type, body).await;
            let told = reply.expect_err(body);
            assert!(
                told.starts_with("Multipart form parse error - ") && told.contains(reason),
                "{content_type:?} {body:?}: {told}"
            );
        }
    }
}
