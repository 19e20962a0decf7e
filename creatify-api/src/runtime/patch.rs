//! A field that can be left out, set to null, or set. In: what the caller chose. Out: the three
//! cases, told apart. Knows neither field names nor the wire.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};

/// An optional field that may also be null: leaving it out and sending null mean different things.
///
/// A setter takes anything that converts: a value, [`Patch::Null`], or an `Option`, whose `None`
/// is sent as null (use [`Patch::Absent`] to leave the field out).
///
/// ```
/// use creatify_api::Patch;
///
/// let title: Patch<String> = "Spring".into();
/// assert_eq!(title.value().map(String::as_str), Some("Spring"));
/// assert!(Patch::<String>::from(None).is_null());
/// assert!(Patch::<String>::default().is_absent());
/// ```
///
/// In a struct with serde's derives a field that is absent is left out by these attributes; without them writing it
/// fails, since `null` would be something else:
///
/// ```text
/// #[serde(default, skip_serializing_if = "Patch::is_absent")]
/// title: Patch<String>,
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Patch<T> {
    /// The field is not sent at all.
    #[default]
    Absent,
    /// The field is sent as `null`.
    Null,
    /// The field is sent with this value.
    Value(T),
}

impl<T> Patch<T> {
    /// The value, unless the field is absent or null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(change(value)),
        }
    }

    /// The value by move, unless the field is absent or null.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether the field is left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the field is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Patch<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for Patch<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    /// The value or null. What is absent cannot be written: an error.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => Err(S::Error::custom(
                "an absent field cannot be written: add `skip_serializing_if = \"Patch::is_absent\"`",
            )),
            Self::Null => serializer.serialize_none(),
            Self::Value(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    /// The value or null. A field that is absent is so by `#[serde(default)]`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}
