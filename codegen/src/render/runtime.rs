//! The names of the runtime that generated code calls, and the imports of a file. In: tokens. Out: `use` items.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
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
    "Error",
    "FieldReader",
    "Format",
    "Items",
    "JobHandle",
    "JobList",
    "JobRecord",
    "JobState",
    "Jobs",
    "MediaType",
    "Method",
    "Object",
    "ObjectWriter",
    "Operation",
    "Paging",
    "Parameter",
    "Patch",
    "PendingCall",
    "Price",
    "Rule",
    "Settle",
    "SettleAll",
    "Style",
    "Timestamp",
    "UnknownValue",
    "Uuid",
    "Value",
    "Wait",
    "WaitAll",
    "json_with_serde",
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

    /// Notes the names that stand for something of their own: neither what follows `::` nor a variant's declaration.
    fn collect(&mut self, tokens: TokenStream, within_security: bool) {
        let mut in_security = within_security;
        let mut in_enum = false;
        let mut colons = 0;
        for token in tokens {
            let after_path = colons == 2;
            colons = match &token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons + 1,
                _ => 0,
            };
            match token {
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    in_security = within_security || name == "security";
                    in_enum |= name == "enum";
                    // Limits of another type are had by way of its trait.
                    if after_path && name == "rules" {
                        self.names.insert("Encode".to_owned());
                    }
                    let names = if within_security {
                        &mut self.keys
                    } else {
                        &mut self.names
                    };
                    if !after_path {
                        names.insert(name);
                    }
                }
                TokenTree::Group(group) if in_enum && group.delimiter() == Delimiter::Brace => {
                    for inner in group.stream() {
                        if let TokenTree::Group(payload) = inner {
                            self.collect(payload.stream(), false);
                        }
                    }
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
