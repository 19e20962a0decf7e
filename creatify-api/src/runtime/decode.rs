//! JSON as Rust values, leniently. In: a JSON value. Out: the value as a type, or the path of the
//! first thing that does not fit. Knows neither the operation nor any limit.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use uuid::Uuid;

use super::Patch;
use super::redact::ServerText;

/// A JSON object whose fields are not described.
pub type Object = serde_json::Map<String, Value>;

/// A point in time, in UTC.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// Why a response is not what the specification describes: where, what was expected, what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeError {
    path: ServerText,
    message: ServerText,
}

impl DecodeError {
    pub(crate) fn new(message: impl AsRef<str>) -> Self {
        Self {
            path: ServerText::default(),
            message: ServerText::new(message),
        }
    }

    fn expected(what: &str, found: &Value) -> Self {
        Self::new(format!("expected {what}, found {}", describe(found)))
    }

    /// The same error, seen from the object that holds the field. The name may be a key of a map, which a
    /// server chooses.
    fn inside_field(self, name: &str) -> Self {
        self.inside(name)
    }

    /// The same error, seen from the list that holds the item.
    fn inside_item(self, index: usize) -> Self {
        self.inside(&format!("[{index}]"))
    }

    fn inside(mut self, place: &str) -> Self {
        let path = self.path.as_str();
        let separator = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = ServerText::new(format!("{place}{separator}{path}"));
        self
    }

    /// Where in the response, such as `results[3].created_at`; empty for the response as a whole.
    pub fn path(&self) -> &str {
        self.path.as_str()
    }

    /// What was expected there and what came.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(formatter, "{}", self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for DecodeError {}

/// A value that can be read from a response.
///
/// The types of this crate implement it; it is public so that code can be generic over calls, and
/// so that JSON that came another way (a webhook, a stored response) can be read.
pub trait Decode: Sized {
    /// Reads the value; unknown fields are kept, limits are not enforced.
    fn decode(value: Value) -> Result<Self, DecodeError>;

    /// What the response of an operation must hold for it.
    #[doc(hidden)]
    const CONTENT: Content = Content::Json;
}

/// What a response must hold.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// JSON.
    Json,
    /// JSON or nothing.
    JsonOrNothing,
    /// Whatever the server sends, it is left alone.
    Anything,
}

impl Content {
    /// The body as JSON, as far as it must be.
    pub(crate) fn read(self, body: &[u8]) -> Result<Value, DecodeError> {
        match self {
            Self::Anything => Ok(Value::Null),
            Self::JsonOrNothing if body.is_empty() => Ok(Value::Null),
            Self::Json | Self::JsonOrNothing => serde_json::from_slice(body)
                .map_err(|error| DecodeError::new(format!("it is not JSON: {error}"))),
        }
    }
}

/// A response without content; whatever the server sent is left alone.
impl Decode for () {
    fn decode(_: Value) -> Result<Self, DecodeError> {
        Ok(())
    }

    const CONTENT: Content = Content::Anything;
}

impl Decode for bool {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        value
            .as_bool()
            .ok_or_else(|| DecodeError::expected("a boolean", &value))
    }
}

impl Decode for i32 {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        integer(&value)
            .and_then(|number| Self::try_from(number).ok())
            .ok_or_else(|| DecodeError::expected("an integer of 32 bits", &value))
    }
}

impl Decode for i64 {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        integer(&value).ok_or_else(|| DecodeError::expected("an integer", &value))
    }
}

impl Decode for f64 {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        value
            .as_f64()
            .ok_or_else(|| DecodeError::expected("a number", &value))
    }
}

impl Decode for String {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        text("a string", value)
    }
}

impl Decode for Uuid {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        parsed("a UUID", value, |text| Self::parse_str(text).ok())
    }
}

impl Decode for Timestamp {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        parsed("an RFC 3339 timestamp", value, parse_timestamp)
    }
}

impl Decode for Value {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        Ok(value)
    }
}

impl Decode for Object {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Object(fields) => Ok(fields),
            other => Err(DecodeError::expected("an object", &other)),
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let Value::Array(items) = value else {
            return Err(DecodeError::expected("a list", &value));
        };
        let mut list = Self::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            list.push(T::decode(item).map_err(|error| error.inside_item(index))?);
        }
        Ok(list)
    }
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        for (name, item) in Object::decode(value)? {
            let item = T::decode(item).map_err(|error| error.inside_field(&name))?;
            map.insert(name, item);
        }
        Ok(map)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        T::decode(value).map(Self::new)
    }
}

/// Null, and as a whole response also one without content (204), is `None`.
impl<T: Decode> Decode for Option<T> {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        match value {
            Value::Null => Ok(None),
            other => T::decode(other).map(Some),
        }
    }

    const CONTENT: Content = Content::JsonOrNothing;
}

/// A field that may be missing.
pub(crate) trait FromPresence: Sized {
    /// Reads the field; `None` says that it is missing.
    fn from_presence(value: Option<Value>) -> Result<Self, DecodeError>;
}

impl<T: Decode> FromPresence for Option<T> {
    fn from_presence(value: Option<Value>) -> Result<Self, DecodeError> {
        value.map_or(Ok(None), Self::decode)
    }
}

impl<T: Decode> FromPresence for Patch<T> {
    fn from_presence(value: Option<Value>) -> Result<Self, DecodeError> {
        match value {
            None => Ok(Self::Absent),
            Some(Value::Null) => Ok(Self::Null),
            Some(other) => T::decode(other).map(Self::Value),
        }
    }
}

/// Takes an object apart, field by field; what is left at the end is unknown to this version.
#[derive(Debug)]
pub(crate) struct FieldReader {
    fields: Object,
}

impl FieldReader {
    pub(crate) fn new(value: Value) -> Result<Self, DecodeError> {
        Object::decode(value).map(|fields| Self { fields })
    }

    pub(crate) fn required<T: Decode>(&mut self, name: &str) -> Result<T, DecodeError> {
        match self.fields.remove(name) {
            Some(value) => T::decode(value).map_err(|error| error.inside_field(name)),
            None => Err(DecodeError::new("this required field is missing").inside_field(name)),
        }
    }

    pub(crate) fn optional<T: FromPresence>(&mut self, name: &str) -> Result<T, DecodeError> {
        T::from_presence(self.fields.remove(name)).map_err(|error| error.inside_field(name))
    }

    pub(crate) fn rest(self) -> Object {
        self.fields
    }
}

/// A JSON number without a fraction; `3.0` counts, for servers that write every number so.
fn integer(value: &Value) -> Option<i64> {
    // 2^63 as a float; every float below it in size fits an i64 exactly once it has no fraction.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    value.as_i64().or_else(|| {
        let float = value.as_f64()?;
        (float.fract() == 0.0 && (-LIMIT..LIMIT).contains(&float)).then_some(float as i64)
    })
}

fn text(what: &str, value: Value) -> Result<String, DecodeError> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(DecodeError::expected(what, &other)),
    }
}

fn parsed<T>(
    what: &str,
    value: Value,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, DecodeError> {
    match value.as_str().and_then(parse) {
        Some(parsed) => Ok(parsed),
        None => Err(DecodeError::expected(what, &value)),
    }
}

/// RFC 3339; a missing offset is read as UTC, as a server with time zones switched off means it.
pub(crate) fn parse_timestamp(text: &str) -> Option<Timestamp> {
    parse_moment(text).map(|(timestamp, _)| timestamp)
}

/// The same, and whether the text has an offset from UTC.
pub(crate) fn parse_moment(text: &str) -> Option<(Timestamp, bool)> {
    if let Ok(timestamp) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some((timestamp.to_utc(), true));
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok())
        .map(|timestamp| (timestamp.and_utc(), false))
}

/// What came, short enough for one line of a message.
fn describe(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        // Redacted before it is cut: half a key would not be recognised.
        Value::String(text) => ServerText::new(text).quoted(LONGEST),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(fields) => format!("an object with {} fields", fields.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn integers_accept_a_zero_fraction_only() {
        assert_eq!(i64::decode(json!(3)), Ok(3));
        assert_eq!(i64::decode(json!(3.0)), Ok(3));
        assert_eq!(i64::decode(json!(-9223372036854775808i64)), Ok(i64::MIN));
        for wrong in [
            json!(3.5),
            json!("3"),
            json!(1e19),
            json!(u64::MAX),
            json!(null),
        ] {
            assert!(i64::decode(wrong.clone()).is_err(), "{wrong}");
        }
        assert_eq!(f64::decode(json!(3)), Ok(3.0));
        assert!(i32::decode(json!(2_147_483_648_i64)).is_err());
    }

    #[test]
    fn timestamps_with_and_without_an_offset() {
        let utc = "2025-09-01T10:00:00.123456Z";
        for same in [
            utc,
            "2025-09-01T12:00:00.123456+02:00",
            "2025-09-01T10:00:00.123456",
        ] {
            let timestamp = Timestamp::decode(json!(same)).expect(same);
            assert_eq!(super::super::Encode::encode(&timestamp), json!(utc));
        }
        for wrong in ["", "yesterday", "2025-13-01T00:00:00Z"] {
            assert!(Timestamp::decode(json!(wrong)).is_err(), "{wrong}");
        }
    }

    #[derive(Debug)]
    struct Page {
        results: Vec<BTreeMap<String, i64>>,
        next: Option<String>,
        rest: Object,
    }

    impl Decode for Page {
        fn decode(value: Value) -> Result<Self, DecodeError> {
            let mut fields = FieldReader::new(value)?;
            Ok(Self {
                results: fields.required("results")?,
                next: fields.optional("next")?,
                rest: fields.rest(),
            })
        }
    }

    #[test]
    fn the_path_names_the_place() {
        let table = [
            (json!({"results": [{"a": 1}, {"a": "x"}]}), "results[1].a"),
            (json!({"results": [1]}), "results[0]"),
            (json!({"next": null}), "results"),
            (json!({"results": [], "next": 5}), "next"),
            (json!([]), ""),
        ];
        for (value, path) in table {
            let error = Page::decode(value.clone()).expect_err("must not decode");
            assert_eq!(error.path(), path, "{value}");
        }
    }

    #[test]
    fn a_response_without_content_is_none() {
        let nothing = |content: Content| content.read(b"");
        assert_eq!(nothing(Option::<i64>::CONTENT), Ok(Value::Null));
        assert_eq!(nothing(<()>::CONTENT), Ok(Value::Null));
        assert_eq!(Option::<i64>::CONTENT.read(b"3"), Ok(Value::from(3)));
        assert_eq!(<()>::CONTENT.read(b"<html>"), Ok(Value::Null));
        assert!(nothing(i64::CONTENT).is_err());
    }

    #[test]
    fn unknown_fields_are_kept() {
        let page =
            Page::decode(json!({"results": [], "next": null, "later": [1]})).expect("a page");
        assert!(page.results.is_empty() && page.next.is_none());
        assert_eq!(Value::Object(page.rest), json!({"later": [1]}));
    }
}
