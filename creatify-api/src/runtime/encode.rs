//! Rust values as JSON. In: a field or a parameter. Out: a JSON value and the rules it must meet
//! before it is sent. Knows neither the operation nor the wire.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Number, Value};
use uuid::Uuid;

use super::decode::{Object, Timestamp};
use super::{Patch, Rule};

/// The text that stands for a number JSON cannot write (NaN and the infinities) until the check
/// refuses it. It is drawn by lot, so that no text of a caller or of a server can be taken for it; it leaves the process neither way.
static NOT_FINITE: LazyLock<String> =
    LazyLock::new(|| format!("\0not finite {:016x}", fastrand::u64(..)));

/// Whether the text stands for a number that JSON cannot write.
pub(crate) fn is_not_finite(text: &str) -> bool {
    text.starts_with('\0') && text == NOT_FINITE.as_str()
}

/// A value that can be written as JSON: what is sent, and whatever a caller keeps.
pub(crate) trait Encode {
    /// The value as JSON.
    fn encode(&self) -> Value;

    /// The limits on the fields of the value, when it is an object that is sent.
    fn rules() -> &'static [Rule]
    where
        Self: Sized,
    {
        &[]
    }
}

impl Encode for bool {
    fn encode(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Encode for i32 {
    fn encode(&self) -> Value {
        Value::from(*self)
    }
}

impl Encode for i64 {
    fn encode(&self) -> Value {
        Value::from(*self)
    }
}

impl Encode for f64 {
    fn encode(&self) -> Value {
        match Number::from_f64(*self) {
            Some(number) => Value::Number(number),
            None => Value::String(NOT_FINITE.clone()),
        }
    }
}

impl Encode for str {
    fn encode(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl Encode for String {
    fn encode(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Encode for Uuid {
    fn encode(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Encode for Timestamp {
    fn encode(&self) -> Value {
        Value::String(self.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

impl Encode for Value {
    fn encode(&self) -> Value {
        self.clone()
    }
}

impl Encode for Object {
    fn encode(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self) -> Value {
        Value::Array(self.iter().map(T::encode).collect())
    }

    fn rules() -> &'static [Rule] {
        T::rules()
    }
}

impl<T: Encode> Encode for BTreeMap<String, T> {
    fn encode(&self) -> Value {
        Value::Object(
            self.iter()
                .map(|(key, value)| (key.clone(), value.encode()))
                .collect(),
        )
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self) -> Value {
        (**self).encode()
    }

    fn rules() -> &'static [Rule] {
        T::rules()
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::encode)
    }

    fn rules() -> &'static [Rule] {
        T::rules()
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self) -> Value {
        (**self).encode()
    }
}

/// A field that may be left out.
pub(crate) trait Presence {
    /// The field as JSON; `None` leaves it out.
    fn presence(&self) -> Option<Value>;
}

impl<T: Encode> Presence for Option<T> {
    fn presence(&self) -> Option<Value> {
        self.as_ref().map(T::encode)
    }
}

impl<T: Encode> Presence for Patch<T> {
    fn presence(&self) -> Option<Value> {
        match self {
            Patch::Absent => None,
            Patch::Null => Some(Value::Null),
            Patch::Value(value) => Some(value.encode()),
        }
    }
}

/// Collects the fields of an object.
#[derive(Debug, Default)]
pub(crate) struct ObjectWriter {
    fields: Object,
}

impl ObjectWriter {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn required(&mut self, name: &str, value: &impl Encode) {
        self.insert(name, Some(value.encode()));
    }

    pub(crate) fn optional(&mut self, name: &str, value: &impl Presence) {
        self.insert(name, value.presence());
    }

    /// The object, with the members that are no fields; a field wins over one of its name.
    pub(crate) fn finish(mut self, extra: &Object) -> Value {
        for (name, value) in extra {
            if !self.fields.contains_key(name) {
                self.insert(name, Some(value.clone()));
            }
        }
        Value::Object(self.fields)
    }

    fn insert(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.fields.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_null_and_set_are_three_things() {
        let mut object = ObjectWriter::new();
        object.optional("absent", &Patch::<String>::Absent);
        object.optional("null", &Patch::<String>::Null);
        object.optional("set", &Patch::Value("text"));
        object.optional("none", &None::<bool>);
        object.optional("some", &Some(false));
        assert_eq!(
            object.finish(&Object::new()),
            json!({"null": null, "set": "text", "some": false})
        );
    }

    #[test]
    fn a_known_field_wins_over_an_extra_one() {
        let mut object = ObjectWriter::new();
        object.required("name", &"new");
        let mut extra = Object::new();
        extra.insert("name".to_owned(), json!("old"));
        extra.insert("later".to_owned(), json!(1));
        assert_eq!(object.finish(&extra), json!({"name": "new", "later": 1}));
    }
}
