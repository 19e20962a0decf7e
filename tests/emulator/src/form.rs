//! Forms and queries. In: text as it came over the wire, and the schema of what it says. Out: JSON
//! values. Knows no operations.

use serde_json::{Map, Value};

use super::spec::Schemas;

/// The pairs of a query, still encoded.
pub(crate) fn pairs(query: &str) -> Vec<(&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect()
}

/// A name or value of a form, where a plus sign stands for a space.
pub(crate) fn decode(text: &str) -> String {
    decode_path(&text.replace('+', " "))
}

/// A part of a path. What is no percent-encoding stays as it is.
pub(crate) fn decode_path(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let hex = bytes.get(index + 1..index + 3);
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[index], byte) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                index += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
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
    let fields = pairs(text).into_iter();
    let fields = fields.map(|(name, value)| (decode(name), decode(value)));
    Ok(object(fields, flat, schemas))
}

pub(crate) fn multipart(
    content_type: &str,
    body: &[u8],
    flat: &Value,
    schemas: &Schemas,
) -> Result<Value, String> {
    let boundary = content_type
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim_matches('"'))
        .filter(|boundary| !boundary.is_empty())
        .ok_or("Multipart form parse error - there is no boundary")?;
    let malformed = || "Multipart form parse error - a part is malformed".to_owned();
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter may stand at the very start, without the line end before it.
    let padded = [b"\r\n", body].concat();
    let mut fields = Vec::new();
    let mut rest = after(&padded, delimiter.as_bytes()).ok_or_else(malformed)?;
    while !rest.starts_with(b"--") {
        let end = position(rest, delimiter.as_bytes()).ok_or_else(malformed)?;
        let part = rest[..end].strip_prefix(b"\r\n").ok_or_else(malformed)?;
        fields.push(self::part(part).ok_or_else(malformed)?);
        rest = &rest[end + delimiter.len()..];
    }
    Ok(object(fields.into_iter(), flat, schemas))
}

/// Name and content of a part.
fn part(part: &[u8]) -> Option<(String, String)> {
    let end = position(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&part[..end]).ok()?;
    let disposition = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let name = disposition.split(';').find_map(|parameter| {
        let value = parameter.trim().strip_prefix("name=")?;
        Some(value.trim_matches('"').to_owned())
    })?;
    let content = String::from_utf8_lossy(&part[end + 4..]).into_owned();
    Some((name, content))
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

fn after<'a>(bytes: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    Some(&bytes[position(bytes, wanted)? + wanted.len()..])
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
    use super::{decode, multipart};
    use crate::spec::Schemas;
    use serde_json::json;

    #[test]
    fn percent_signs_and_plus_signs() {
        for (text, expected) in [
            ("a+b%20c", "a b c"),
            ("%C3%A4", "ä"),
            ("100%", "100%"),
            ("%zz", "%zz"),
        ] {
            assert_eq!(decode(text), expected);
        }
    }

    #[test]
    fn parts_become_members_with_their_types() {
        let flat = json!({"properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}});
        let body = "--x\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n7\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"b\"\r\n\r\ntrue\r\n--x\r\n\
                    Content-Disposition: form-data; name=\"t\"\r\n\r\na\r\nb\r\n--x--\r\n";
        let schemas = Schemas(Default::default());
        let read = multipart(
            "multipart/form-data; boundary=x",
            body.as_bytes(),
            &flat,
            &schemas,
        );
        assert_eq!(read, Ok(json!({"n": 7, "b": true, "t": "a\r\nb"})));
        for broken in ["", "--x", "--x\r\n\r\n7\r\n--x--", "--y--"] {
            let read = multipart(
                "multipart/form-data; boundary=x",
                broken.as_bytes(),
                &flat,
                &schemas,
            );
            assert!(read.is_err(), "{broken}");
        }
    }
}
