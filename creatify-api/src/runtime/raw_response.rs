//! HTTP responses before they are decoded. In: status, headers and the bytes of the body. Out: the id
//! of the job in it, and an excerpt of the body for messages. Depends on no operation and no type.

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::redact::ServerText;

/// A response before it is decoded.
#[derive(Clone)]
pub(crate) struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl RawResponse {
    /// The `id` of the object in the body, even when the body breaks off after it: what was paid
    /// for must be found again.
    ///
    /// Takes time in proportion to the body, and no memory beside the id.
    pub(crate) fn job_id(&self) -> Option<String> {
        self.job_id_in(self.body.len())
    }

    /// The same, if it is within the first bytes.
    pub(crate) fn job_id_in(&self, bytes: usize) -> Option<String> {
        let mut id = None;
        let body = &self.body[..bytes.min(self.body.len())];
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        // An error only says that the body ended badly; what was found until then counts.
        let _ = deserializer.deserialize_map(FindId(&mut id));
        id
    }

    /// The beginning of the body on one line.
    pub(crate) fn excerpt(&self) -> ServerText {
        ServerText::excerpt(&self.body)
    }
}

impl fmt::Debug for RawResponse {
    /// Headers and bytes stay out: they may hold what the caller sent.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RawResponse")
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
                *self.0 = map.next_value::<Id>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// What can be an id: a text or a number. Anything else is read past, however large it is.
struct Id(Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadId)
    }
}

struct ReadId;

impl<'de> Visitor<'de> for ReadId {
    type Value = Id;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an id")
    }

    fn visit_str<E>(self, text: &str) -> Result<Id, E> {
        Ok(Id((!text.is_empty()).then(|| text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
        Ok(Id(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
        Ok(Id(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Id, E> {
        Ok(Id(Some(number.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Id, E> {
        Ok(Id(None))
    }

    fn visit_unit<E>(self) -> Result<Id, E> {
        Ok(Id(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Id, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Id(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Id, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Id(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &str) -> RawResponse {
        RawResponse {
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
            (r#"{"id": ""}"#, None),
            (r#"{"id": -7.5}"#, Some("-7.5")),
            (r#"{"id": [{"id": 1}], "a": 1}"#, None),
            (r#"{"id": {"id": "no"}, "a": 1}"#, None),
            (r#"[{"id": "a"}]"#, None),
            ("<html>", None),
            ("", None),
        ];
        for (body, id) in table {
            assert_eq!(response(body).job_id().as_deref(), id, "{body}");
        }
        let late = response(r#"{"text": "long", "id": "a-1"}"#);
        assert_eq!(late.job_id_in(20), None);
        assert_eq!(late.job_id_in(usize::MAX).as_deref(), Some("a-1"));
    }
}
