//! Bodies. In: an encoded value and a media type. Out: what is sent, or why it cannot be. Knows
//! neither the operation nor the network.

use serde_json::Value;

use super::error::Violation;
use super::operation::MediaType;
use super::url::{percent, text};

/// A body, ready to be sent any number of times.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// No body and no `Content-Type`.
    Empty,
    /// Bytes with their `Content-Type`.
    Bytes(MediaType, Vec<u8>),
    /// Text parts; the transport chooses the boundary.
    Parts(Vec<(String, String)>),
}

/// Writes a value in a media type.
pub(crate) fn write(value: &Value, media_type: MediaType, violations: &mut Vec<Violation>) -> Body {
    match media_type {
        MediaType::Json => Body::Bytes(media_type, value.to_string().into_bytes()),
        MediaType::Form => {
            let pairs = pairs(value, violations);
            let pairs = pairs
                .iter()
                .map(|(key, value)| format!("{}={}", form(key), form(value)));
            Body::Bytes(media_type, pairs.collect::<Vec<_>>().join("&").into_bytes())
        }
        MediaType::Multipart => Body::Parts(pairs(value, violations)),
    }
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
        let Body::Bytes(_, bytes) = write(&value, MediaType::Form, &mut violations) else {
            panic!("a form is bytes");
        };
        let expected = "a=x+y%2Bz%26%3D&b=1&b=true&c=%7B%22d%22%3A%5Bnull%5D%7D&f=0.5";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
        assert!(violations.is_empty());
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
