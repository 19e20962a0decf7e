//! Prints names and types. In: planned ones. Out: tokens.

use crate::krate::{Ident, Ty};
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// An identifier; raw ones stay raw.
pub(super) fn ident(ident: &Ident) -> proc_macro2::Ident {
    match ident.as_str().strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, Span::call_site()),
        None => proc_macro2::Ident::new(ident.as_str(), Span::call_site()),
    }
}

/// A value that may not be there.
pub(super) fn optional(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

/// A name of the wire that may not be there.
pub(super) fn name(name: Option<&str>) -> TokenStream {
    optional(name.map(|name| quote!(#name)))
}

/// A type, as it is stored.
pub(super) fn stored(ty: &Ty) -> TokenStream {
    match ty {
        Ty::Unit => quote!(()),
        Ty::Boolean => quote!(bool),
        Ty::Integer => quote!(i64),
        Ty::Float => quote!(f64),
        Ty::Text => quote!(String),
        Ty::Uuid => quote!(Uuid),
        Ty::Timestamp => quote!(Timestamp),
        Ty::Json => quote!(Value),
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Ty::List(item) => {
            let item = stored(item);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            let value = stored(value);
            quote!(std::collections::BTreeMap<String, #value>)
        }
        Ty::Nullable(inner) => {
            let inner = stored(inner);
            quote!(Option<#inner>)
        }
        Ty::Boxed(inner) => {
            let inner = stored(inner);
            quote!(Box<#inner>)
        }
    }
}

/// A type as a function takes it, and what makes the stored value of the argument `name` where they differ.
pub(super) fn taken(ty: &Ty, name: &proc_macro2::Ident) -> (TokenStream, Option<TokenStream>) {
    let stored = stored(ty);
    match ty {
        Ty::Text | Ty::Json | Ty::List(_) => {
            (quote!(impl Into<#stored>), Some(quote!(#name.into())))
        }
        Ty::Boxed(inner) => {
            let (taken, conversion) = taken(inner, name);
            let value = conversion.unwrap_or_else(|| quote!(#name));
            (taken, Some(quote!(Box::new(#value))))
        }
        Ty::Unit
        | Ty::Boolean
        | Ty::Integer
        | Ty::Float
        | Ty::Uuid
        | Ty::Timestamp
        | Ty::Named(_)
        | Ty::Map(_)
        | Ty::Nullable(_) => (stored, None),
    }
}
