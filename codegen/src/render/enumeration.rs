//! Prints enumerations. In: planned enums. Out: items. Knows no structs.

use super::docs::{self, deprecated};
use super::ty;
use crate::krate::Enum;
use proc_macro2::TokenStream;
use quote::quote;

/// The items of one enumeration.
pub(super) fn items(enumeration: &Enum) -> Vec<TokenStream> {
    let docs = docs::attributes(&enumeration.docs);
    let deprecated = deprecated(enumeration.deprecated);
    let name = ty::ident(&enumeration.name);
    let variants: Vec<_> = enumeration
        .variants
        .iter()
        .map(|variant| ty::ident(&variant.name))
        .collect();
    let values: Vec<_> = enumeration
        .variants
        .iter()
        .map(|variant| variant.wire.as_str())
        .collect();
    let variant_docs = enumeration
        .variants
        .iter()
        .map(|variant| docs::attributes(&variant.docs));
    let definition = quote! {
        #docs
        #deprecated
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #variants,)*
            #[doc = " A value that this version of the crate does not know."]
            Unknown(UnknownValue),
        }
    };
    let inherent = quote! {
        impl #name {
            #[doc = " The values that the specification lists."]
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];
            #[doc = " The value as it is sent."]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }
    };
    let from = quote! {
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(UnknownValue::new(other)),
                }
            }
        }
    };
    vec![definition, inherent, from, quote!(string_enum!(#name);)]
}
