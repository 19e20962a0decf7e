//! serde for the generated types. In: a type's own encoding. Out: `Serialize` or `Deserialize` by
//! way of it. Knows no field: the derives of serde would cost each build what this costs once.

/// Implements `serde::Serialize` for a type that can be encoded.
macro_rules! encode_with_serde {
    ($name:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&$crate::runtime::Encode::encode(self), serializer)
            }
        }
    };
}
pub(crate) use encode_with_serde;

/// Implements `serde::Deserialize` for a type that can be decoded.
macro_rules! decode_with_serde {
    ($name:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value =
                    <$crate::runtime::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::runtime::Decode>::decode(value)
                    .map_err(<D::Error as ::serde::de::Error>::custom)
            }
        }
    };
}
pub(crate) use decode_with_serde;
