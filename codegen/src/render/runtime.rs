//! The names of the runtime that generated code calls, and the imports of a file. In: tokens. Out: `use` items.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// Everything that generated code takes from `crate::runtime`.
const RUNTIME: &[&str] = &[
    "ApiKey",
    "Call",
    "Client",
    "Decode",
    "DecodeError",
    "Encode",
    "FieldReader",
    "Format",
    "MediaType",
    "Method",
    "Object",
    "ObjectWriter",
    "Operation",
    "Parameter",
    "Patch",
    "Price",
    "Rule",
    "Style",
    "Timestamp",
    "UnknownValue",
    "Uuid",
    "Value",
    "decode_with_serde",
    "encode_with_serde",
    "string_enum",
];

/// The names that the items of a file mention.
pub(super) struct Mentioned {
    names: BTreeSet<String>,
    keys: BTreeSet<String>,
}

impl Mentioned {
    /// Goes through the items once.
    pub(super) fn by(items: &[TokenStream]) -> Self {
        let mut mentioned = Self {
            names: BTreeSet::new(),
            keys: BTreeSet::new(),
        };
        for item in items {
            mentioned.collect(item.clone(), false);
        }
        mentioned
    }

    /// The import of the runtime's names.
    pub(super) fn runtime(&self) -> Option<TokenStream> {
        let names = idents(
            self.names
                .iter()
                .filter(|name| RUNTIME.contains(&name.as_str())),
        );
        (!names.is_empty()).then(|| quote!(use crate::runtime::{#(#names),*};))
    }

    /// The import of generated types, without those of the file itself.
    pub(super) fn types(
        &self,
        types: &BTreeSet<&str>,
        own: &BTreeSet<&str>,
    ) -> Option<TokenStream> {
        let wanted = |name: &&String| types.contains(name.as_str()) && !own.contains(name.as_str());
        let names = idents(self.names.iter().filter(wanted));
        (!names.is_empty()).then(|| quote!(use crate::types::{#(#names),*};))
    }

    /// The import of the key constants: what stands in a `security` member.
    pub(super) fn keys(&self) -> Option<TokenStream> {
        let names = idents(self.keys.iter());
        (!names.is_empty()).then(|| quote!(use crate::generated::security::{#(#names),*};))
    }

    fn collect(&mut self, tokens: TokenStream, within_security: bool) {
        let mut in_security = within_security;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    in_security = within_security || name == "security";
                    let names = if within_security {
                        &mut self.keys
                    } else {
                        &mut self.names
                    };
                    names.insert(name);
                }
                TokenTree::Group(group) => self.collect(group.stream(), in_security),
                TokenTree::Punct(punct) if punct.as_char() == ',' => in_security = within_security,
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

fn idents<'a>(names: impl Iterator<Item = &'a String>) -> Vec<Ident> {
    names.map(|name| format_ident!("{name}")).collect()
}
