//! Bodies. In: an encoded value and a media type. Out: what is sent, or why it cannot be. Knows
//! neither the operation nor the network.

use bytes::Bytes;
use serde_json::Value;

use super::error::Violation;
use super::operation::MediaType;
use super::url::{percent, text};

/// A body, ready to be sent any number of times.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Body {
    /// The `Content-Type`; none when there is no body.
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Writes a value in a media type.
pub(crate) fn write(value: &Value, media_type: MediaType, violations: &mut Vec<Violation>) -> Body {
    let (content_type, text) = match media_type {
        MediaType::Json => (media_type.as_str().to_owned(), value.to_string()),
        MediaType::Form => {
            let pairs = pairs(value, violations);
            let pairs = pairs
                .iter()
                .map(|(key, value)| format!("{}={}", form(key), form(value)));
            let text = pairs.collect::<Vec<_>>().join("&");
            (media_type.as_str().to_owned(), text)
        }
        MediaType::Multipart => {
            let pairs = pairs(value, violations);
            let boundary = boundary(&pairs);
            let content_type = format!("{}; boundary={boundary}", media_type.as_str());
            (content_type, parts(&pairs, &boundary))
        }
    };
    Body {
        content_type: Some(content_type),
        bytes: text.into(),
    }
}

/// A line that no part holds.
fn boundary(pairs: &[(String, String)]) -> String {
    loop {
        let boundary = format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        if !pairs.iter().any(|(_, text)| text.contains(&boundary)) {
            return boundary;
        }
    }
}

/// Text parts (RFC 7578).
fn parts(pairs: &[(String, String)], boundary: &str) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        // As browsers escape names in a header line.
        let name = name
            .replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A");
        text.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    text.push_str(&format!("--{boundary}--\r\n"));
    text
}

/// The fields as names and texts: scalars as they are, a list as one pair per item, objects as
/// JSON.
fn pairs(value: &Value, violations: &mut Vec<Violation>) -> Vec<(String, String)> {
    let Value::Object(fields) = value else {
        violations.push(Violation::new(
            "body",
            "only an object can be sent as a form",
        ));
        return Vec::new();
    };
    let mut pairs = Vec::new();
    for (name, field) in fields {
        let items = match field {
            Value::Array(items) => items.as_slice(),
            other => std::slice::from_ref(other),
        };
        for item in items {
            match item {
                Value::Null => violations.push(Violation::new(
                    name.as_str(),
                    "is null, which a form cannot say",
                )),
                other => pairs.push((name.clone(), text(other))),
            }
        }
    }
    pairs
}

fn form(part: &str) -> String {
    // The form encoding writes a space as a plus; a plus of the text is `%2B` by then.
    percent(part).replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn forms() {
        let value = json!({"a": "x y+z&=", "b": [1, true], "c": {"d": [null]}, "e": [], "f": 0.5});
        let mut violations = Vec::new();
        let bytes = write(&value, MediaType::Form, &mut violations).bytes;
        let expected = "a=x+y%2Bz%26%3D&b=1&b=true&c=%7B%22d%22%3A%5Bnull%5D%7D&f=0.5";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        assert!(violations.is_empty());
    }

    #[test]
    fn parts_are_delimited_by_what_none_of_them_holds() {
        let value = json!({"a\"\r\n": "x\r\n--y", "b": [1, 2]});
        let body = write(&value, MediaType::Multipart, &mut Vec::new());
        let content_type = body.content_type.expect("a content type");
        let (_, boundary) = content_type.split_once("boundary=").expect("a boundary");
        let expected = [
            format!("--{boundary}"),
            "Content-Disposition: form-data; name=\"a%22%0D%0A\"\r\n\r\nx\r\n--y".to_owned(),
            format!("--{boundary}"),
            "Content-Disposition: form-data; name=\"b\"\r\n\r\n1".to_owned(),
            format!("--{boundary}"),
            "Content-Disposition: form-data; name=\"b\"\r\n\r\n2".to_owned(),
            format!("--{boundary}--\r\n"),
        ];
        assert_eq!(String::from_utf8_lossy(&body.bytes), expected.join("\r\n"));
    }

    #[test]
    fn null_has_no_form() {
        for media_type in [MediaType::Form, MediaType::Multipart] {
            let mut violations = Vec::new();
            write(
                &json!({"a": null, "b": [null], "c": 1}),
                media_type,
                &mut violations,
            );
            let paths: Vec<_> = violations.iter().map(Violation::path).collect();
            assert_eq!(paths, ["a", "b"]);
        }
    }
}
