//! Answers as they came. In: status, headers and bytes. Out: what can be told of them whatever
//! they hold: the job's id, a line of the text. Knows no operation and no type.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::redact::ServerText;

/// An answer as it came.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The `id` of the object in the body, even when the body breaks off after it: what was paid
    /// for must be found again.
    pub(crate) fn job_id(&self) -> Option<String> {
        let mut id = None;
        let mut deserializer = serde_json::Deserializer::from_slice(&self.body);
        // An error only says that the body ended badly; what was found until then counts.
        let _ = deserializer.deserialize_map(FindId(&mut id));
        id
    }

    /// The beginning of the body on one line.
    pub(crate) fn excerpt(&self) -> ServerText {
        ServerText::excerpt(&self.body)
    }
}

impl fmt::Debug for Answer {
    /// Headers and bytes stay out: they may hold what the caller sent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Reads an object for its `id` alone.
struct FindId<'a>(&'a mut Option<String>);

impl<'de> Visitor<'de> for FindId<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "id" {
                *self.0 = match map.next_value::<Value>()? {
                    Value::String(id) => (!id.is_empty()).then_some(id),
                    Value::Number(id) => Some(id.to_string()),
                    Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
                };
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &str) -> Answer {
        Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    #[test]
    fn the_id_is_found_in_whatever_came() {
        let table = [
            (r#"{"id": "a-1", "status": 5}"#, Some("a-1")),
            (r#"{"nested": {"id": "no"}, "id": 7}"#, Some("7")),
            (r#"{"id": "a-1", "output": "https://exa"#, Some("a-1")),
            (r#"{"id": null}"#, None),
            (r#"[{"id": "a"}]"#, None),
            ("<html>", None),
            ("", None),
        ];
        for (body, id) in table {
            assert_eq!(answer(body).job_id().as_deref(), id, "{body}");
        }
    }
}
