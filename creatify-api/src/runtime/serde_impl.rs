//! serde for the generated types. In: a type's own encoding. Out: `Serialize` and `Deserialize` by
//! way of it. Knows no field.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;

use super::{Decode, check};

/// Implements `serde::Serialize` and `serde::Deserialize` for a type with an encoding of its own.
macro_rules! json_with_serde {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                let value = $crate::runtime::Encode::encode(self);
                $crate::runtime::serde_impl::write(&value, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_impl::read(deserializer)
            }
        }
    };
}
pub(crate) use json_with_serde;

/// Writes an encoded value. A number that JSON cannot write is an error with its path: `null` in its place could
/// not be read again.
pub(crate) fn write<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    let mut violations = Vec::new();
    check::finite(value, &mut violations);
    match violations.first() {
        Some(violation) => Err(S::Error::custom(violation)),
        None => value.serialize(serializer),
    }
}

/// Reads any value and decodes it; the error says where in the value it does not fit.
pub(crate) fn read<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    T::decode(value).map_err(D::Error::custom)
}
