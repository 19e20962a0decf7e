//! What open string enums share. In: the name of a generated enum. Out: its conversions. Knows no
//! value of any enum.

use std::fmt;

use serde_json::Value;

use super::serde_impl::json_with_serde;
use super::{Decode, DecodeError, Encode};

/// A value that this version of the crate does not know; it is written as it came. As JSON it is its text.
///
/// Compare its text with [`as_str`](Self::as_str). To send a value that this crate does not know
/// yet, convert the text to the enum with `From`, and where the list of values is closed, send the call with
/// [`allow_unknown_values`](crate::Call::allow_unknown_values).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    pub(crate) fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The text of the value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Encode for UnknownValue {
    fn encode(&self) -> Value {
        self.as_str().encode()
    }
}

impl Decode for UnknownValue {
    fn decode(value: Value) -> Result<Self, DecodeError> {
        String::decode(value).map(|text| Self::new(&text))
    }
}

json_with_serde!(UnknownValue);

/// Implements the conversions and comparisons of a type with `as_str` and `From<&str>`.
macro_rules! string_enum {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // Not `Self::Err`, which may be a value of the document.
            fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl ::std::cmp::PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::cmp::PartialEq<$name> for str {
            fn eq(&self, other: &$name) -> bool {
                self == other.as_str()
            }
        }

        impl ::std::cmp::PartialEq<$name> for &str {
            fn eq(&self, other: &$name) -> bool {
                *self == other.as_str()
            }
        }

        impl $crate::runtime::Encode for $name {
            fn encode(&self) -> $crate::runtime::Value {
                $crate::runtime::Encode::encode(self.as_str())
            }
        }

        impl $crate::runtime::Decode for $name {
            fn decode(
                value: $crate::runtime::Value,
            ) -> ::std::result::Result<Self, $crate::runtime::DecodeError> {
                <::std::string::String as $crate::runtime::Decode>::decode(value).map(Self::from)
            }
        }

        $crate::runtime::json_with_serde!($name);
    };
}
pub(crate) use string_enum;
