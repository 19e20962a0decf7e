//! Bodies of refusals. In: what the server sent with an error status. Out: what it says of which
//! field. Knows every shape that the service uses, and no status.

use std::fmt;

use serde_json::{Value, json};

use crate::runtime::decode::{DecodeError, FieldReader};
use crate::runtime::redact::ServerText;
use crate::runtime::serde_impl::json_with_serde;
use crate::runtime::{Decode, Encode};

/// What the server says is wrong with a request.
///
/// As JSON it is `{"path":"name","message":"Too long."}`, in this and every later version; members that are added to it are
/// ignored when it is read. What is read is held to the same rules as what a server sends: keys of this process
/// are taken out of it, control characters are escaped, and what is beyond 64 KiB is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    path: ServerText,
    message: ServerText,
}

impl FieldError {
    /// The field, such as `video_inputs[0].voice`; empty when the message is about the request as a
    /// whole.
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// What the server says of it, in its words; without keys, and with escapes for control characters.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }
}

impl Encode for FieldError {
    fn encode(&self) -> Value {
        json!({"path": self.path(), "message": self.message()})
    }
}

impl Decode for FieldError {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut fields = FieldReader::new(value)?;
        let (path, message): (String, String) =
            (fields.required("path")?, fields.required("message")?);
        Ok(Self {
            path: ServerText::new(path),
            message: ServerText::new(message),
        })
    }
}

json_with_serde!(FieldError);

impl fmt::Display for FieldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(formatter, "{}", self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

/// Members that hold messages about the request as a whole: of Django REST Framework the first
/// two, of gateways the others.
const WHOLE: &[&str] = &["detail", "non_field_errors", "message", "error"];

/// How deep messages are looked for; a body that is nested deeper is no list of messages.
const DEEPEST: usize = 32;

/// The messages of a body: `["message"]`, `{"detail": "message"}`, `{"field": ["message"]}`, nested
/// as the request is nested. A body that is not JSON has none.
pub(crate) fn field_errors(body: &[u8]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        collect(&value, &Path::default(), &mut errors);
    }
    errors
}

/// Where a message stands.
#[derive(Debug, Clone, Default)]
struct Path {
    text: String,
    depth: usize,
}

impl Path {
    fn field(&self, name: &str) -> Self {
        let text = match (WHOLE.contains(&name), self.text.is_empty()) {
            (true, _) => self.text.clone(),
            (false, true) => name.to_owned(),
            (false, false) => format!("{}.{name}", self.text),
        };
        self.deeper(text)
    }

    fn item(&self, index: usize) -> Self {
        self.deeper(format!("{}[{index}]", self.text))
    }

    fn deeper(&self, text: String) -> Self {
        Self {
            text,
            depth: self.depth + 1,
        }
    }
}

fn collect(value: &Value, path: &Path, errors: &mut Vec<FieldError>) {
    if path.depth > DEEPEST {
        return;
    }
    match value {
        // A list of texts is several messages about one thing; a list of objects is one per item.
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if item.is_string() {
                    collect(item, path, errors);
                } else {
                    collect(item, &path.item(index), errors);
                }
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, &path.field(name), errors);
            }
        }
        Value::String(message) => errors.push(FieldError {
            path: ServerText::new(&path.text),
            message: ServerText::new(message),
        }),
        // A bare number or flag beside the messages is a code of the server's own.
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_the_service() {
        let table: &[(&str, &[&str])] = &[
            (
                r#"["Link must have at least one image or one video."]"#,
                &["Link must have at least one image or one video."],
            ),
            (r#"{"detail": "Not found."}"#, &["Not found."]),
            (
                r#"{"name": ["Too long.", "Not nice."], "text": "Missing."}"#,
                &["name: Too long.", "name: Not nice.", "text: Missing."],
            ),
            (
                r#"{"non_field_errors": ["text or audio is needed"]}"#,
                &["text or audio is needed"],
            ),
            (
                r#"{"video_inputs": [{}, {"voice": {"input_text": ["Too long."]}}]}"#,
                &["video_inputs[1].voice.input_text: Too long."],
            ),
            (
                r#"{"video_inputs": {"non_field_errors": ["Empty."]}}"#,
                &["video_inputs: Empty."],
            ),
            (
                r#"{"error": {"message": "No."}, "code": 17, "ok": false}"#,
                &["No."],
            ),
            (r#""just a text""#, &["just a text"]),
            ("<html>502</html>", &[]),
            ("", &[]),
            ("[[[[]]]]", &[]),
        ];
        for (body, expected) in table {
            let errors: Vec<_> = field_errors(body.as_bytes())
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(errors, *expected, "{body}");
        }
        let deep = format!("{}\"x\"{}", r#"{"a":"#.repeat(100), "}".repeat(100));
        assert!(field_errors(deep.as_bytes()).is_empty());
    }
}
