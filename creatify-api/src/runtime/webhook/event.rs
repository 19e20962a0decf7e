//! Events. In: bytes from anybody. Out: what they say of a job, or why they say nothing. Knows
//! neither clients nor resources.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::error::Category;

use crate::runtime::error::Kind;
use crate::runtime::redact::ServerText;
use crate::runtime::{Error, Object, Uuid};

/// The largest body that [`Event::parse`] reads: 1 MiB. Genuine ones have some kilobytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// How many values and members a body may have: a body of empty objects would take a hundred times
/// its size in memory.
const MAX_VALUES: usize = 20_000;

/// What a webhook says of a job. **Anybody can send one**: see [the module](crate::webhook).
///
/// The service sends several shapes, all of which are read: `id`, `status` and `failed_reason` with
/// `output`, with `video_output` (and `video_thumbnail`) or with `previews`, or the whole record of
/// the job. Members that are none of these are kept in [`fields`](Self::fields).
///
/// serde writes an event as the object that came, with all its members, and reads one under the conditions of
/// [`parse`](Self::parse), but for the size of the body: what comes from a stranger is for `parse`.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    id: Uuid,
    status: String,
    fields: Object,
}

impl Event {
    /// Reads the body of a request.
    ///
    /// Fails with an error that is [`is_webhook`](Error::is_webhook) when it cannot be an event: it has
    /// more than [`MAX_BYTES`], is not UTF-8 or not JSON, is too deep (more than 127 levels) or too
    /// full (more than 20,000 values), is no object, names one of its members twice, or has no `id`
    /// that is a UUID, or no `status`. Response such a request with status 400.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_limited(bytes, MAX_BYTES)
    }

    /// Reads the body of a request that may have this many bytes, in place of [`MAX_BYTES`].
    pub fn parse_limited(bytes: &[u8], limit: usize) -> Result<Self, Error> {
        if bytes.len() > limit {
            return Err(refused(format!(
                "it has {} bytes, {limit} are the most",
                bytes.len()
            )));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let place = error.valid_up_to();
            refused(format!("it is not UTF-8, from byte {place} on"))
        })?;
        if values(text) > MAX_VALUES {
            return Err(refused(format!("it has more than {MAX_VALUES} values")));
        }
        Self::of(object(text)?)
    }

    /// The event that these members make.
    fn of(fields: Object) -> Result<Self, Error> {
        let id = match fields.get("id") {
            Some(Value::String(id)) => Uuid::parse_str(id)
                .map_err(|_| refused(format!("its `id` is not a UUID: {}", excerpt(id))))?,
            Some(_) => return Err(refused("its `id` is not a text")),
            None => return Err(refused("it has no `id`")),
        };
        let status = match fields.get("status") {
            Some(Value::String(status)) if !status.is_empty() => status.clone(),
            Some(_) => return Err(refused("its `status` is not a text, or an empty one")),
            None => return Err(refused("it has no `status`")),
        };
        Ok(Self { id, status, fields })
    }

    /// The job that it is about.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The state of the job, such as `done`; what a state means is said at the resource.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// Why the job failed.
    pub fn failed_reason(&self) -> Option<&str> {
        text(&self.fields, "failed_reason")
    }

    /// The address of the result: `output`, or `video_output` where the service calls it so.
    pub fn output(&self) -> Option<&str> {
        text(&self.fields, "output").or_else(|| text(&self.fields, "video_output"))
    }

    /// The address of a picture of the video.
    pub fn video_thumbnail(&self) -> Option<&str> {
        text(&self.fields, "video_thumbnail")
    }

    /// The previews, when there are several of them; else empty.
    pub fn previews(&self) -> &[Value] {
        let previews = self.fields.get("previews").and_then(Value::as_array);
        previews.map_or(&[], Vec::as_slice)
    }

    /// Everything that came, as it came.
    pub fn fields(&self) -> &Object {
        &self.fields
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = deserializer.deserialize_map(Members)?;
        let values: usize = fields.values().map(size).sum();
        if values > MAX_VALUES {
            let problem = refused(format!("it has more than {MAX_VALUES} values"));
            return Err(D::Error::custom(problem));
        }
        Self::of(fields).map_err(D::Error::custom)
    }
}

/// How many values there are, those inside included.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

impl fmt::Debug for Event {
    /// The other members stay out: addresses of results can be used by whoever reads them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Event")
            .field("id", &self.id)
            .field("status", &format_args!("{}", excerpt(&self.status)))
            .finish_non_exhaustive()
    }
}

/// A text that says something: the service sends empty ones for what is not there yet.
pub(super) fn text<'a>(fields: &'a Object, name: &str) -> Option<&'a str> {
    let text = fields.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

fn refused(problem: impl fmt::Display) -> Error {
    let problem = format!("the body is no webhook of the service: {problem}");
    Error::new(Kind::Webhook(ServerText::new(problem)))
}

/// The beginning of a text in quotes.
fn excerpt(text: &str) -> String {
    const LONGEST: usize = 40;
    ServerText::new(text).quoted(LONGEST)
}

/// At most how many values and names the text has, should it be JSON.
fn values(text: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (1, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => count += 1,
            _ => {}
        }
    }
    count
}

fn object(text: &str) -> Result<Object, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let fields = deserializer.deserialize_map(Members);
    let fields = fields.and_then(|fields| deserializer.end().map(|()| fields));
    fields.map_err(|error| match error.classify() {
        // The library's message shows what came instead, however long that is.
        Category::Data if !text.trim_ascii_start().starts_with('{') => {
            refused(format!("it is not an object but {}", excerpt(text)))
        }
        Category::Data => refused(error),
        Category::Syntax | Category::Eof | Category::Io => {
            let hint = if is_python(text) {
                " (single quotes are Python's; in JSON, other than the published examples have it, quotes are double)"
            } else {
                ""
            };
            refused(format!("it is not JSON, {error}{hint}: {}", excerpt(text)))
        }
    })
}

/// Whether the text looks like a dictionary of Python, as which webhooks are documented.
fn is_python(text: &str) -> bool {
    let inside = text.trim_ascii_start().strip_prefix('{');
    inside.is_some_and(|inside| inside.trim_ascii_start().starts_with('\''))
}

/// Reads an object whose members have different names: of two with one name, every reader could
/// take another one.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut fields = Object::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value::<Value>()?;
            if fields.contains_key(&name) {
                let problem = format!("it has the member {} twice", excerpt(&name));
                return Err(A::Error::custom(problem));
            }
            fields.insert(name, value);
        }
        Ok(fields)
    }
}
