//! Prints structs. In: planned ones. Out: items. Knows no enumerations and no operations.

use super::docs::{self, deprecated};
use super::rule::{requirement, rule};
use super::ty;
use crate::krate::{Direction, Field, Presence, Struct, Ty};
use proc_macro2::TokenStream;
use quote::quote;

/// The items of one struct. Each is written and read, whichever way it travels: users keep what came, and read what
/// they will send.
pub(super) fn items(structure: &Struct) -> Vec<TokenStream> {
    let name = ty::ident(&structure.name);
    let constructor = structure
        .direction
        .is_sent()
        .then(|| constructor(structure));
    let items = [definition(structure)].into_iter().chain(constructor);
    items
        .chain([
            encode(structure),
            decode(structure),
            quote!(json_with_serde!(#name);),
        ])
        .collect()
}

fn definition(structure: &Struct) -> TokenStream {
    let docs = docs::attributes(&structure.docs);
    let deprecated_type = deprecated(structure.deprecated);
    let name = ty::ident(&structure.name);
    let fields = structure.fields.iter().map(|field| {
        let docs = docs::attributes(&field.docs);
        let mark = deprecated(field.deprecated);
        let name = ty::ident(&field.name);
        let ty = field_type(field);
        quote!(#docs #mark pub #name: #ty)
    });
    let extra = match structure.direction {
        Direction::Request => " Further members, sent as they are and checked by nothing.",
        Direction::Response => {
            " Members that this version of the crate does not know, as they came."
        }
        Direction::Both => {
            " Members that are no fields, as they came; they are sent as they are and checked by nothing."
        }
    };
    let default = structure.has_default().then(|| quote!(, Default));
    quote! {
        #docs
        #deprecated_type
        #[derive(Debug, Clone, PartialEq #default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields,)*
            #[doc = #extra]
            pub extra: Object,
        }
    }
}

fn field_type(field: &Field) -> TokenStream {
    let ty = ty::stored(&field.ty);
    match field.presence {
        Presence::Required => ty,
        Presence::RequiredNullable | Presence::Optional => quote!(Option<#ty>),
        Presence::Patch => quote!(Patch<#ty>),
    }
}

fn constructor(structure: &Struct) -> TokenStream {
    let name = ty::ident(&structure.name);
    let mut arguments = Vec::new();
    let mut members = Vec::new();
    for field in &structure.fields {
        let member = ty::ident(&field.name);
        match field.presence {
            Presence::Required => {
                let (taken, conversion) = ty::taken(&field.ty, &member);
                arguments.push(quote!(#member: #taken));
                let conversion = conversion.map(|value| quote!(: #value));
                members.push(quote!(#member #conversion));
            }
            Presence::RequiredNullable => {
                let ty = ty::stored(&field.ty);
                arguments.push(quote!(#member: Option<#ty>));
                members.push(quote!(#member));
            }
            Presence::Optional => members.push(quote!(#member: None)),
            Presence::Patch => members.push(quote!(#member: Patch::Absent)),
        }
    }
    let text = match (arguments.is_empty(), members.len() == arguments.len()) {
        (true, _) => " Creates a request; all fields are optional and unset.",
        (false, true) => " Creates a request with all its fields.",
        (false, false) => " Creates a request with the required fields; optional fields are unset.",
    };
    // Many required fields are many arguments, so that forgetting one does not compile.
    let many = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let setters = structure.fields.iter().filter_map(setter);
    quote! {
        impl #name {
            #[doc = #text]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#members,)* extra: Object::new() }
            }
            #(#setters)*
            #[doc = " Adds a member that is no field: sent as it is and checked by nothing. One with the name of a field is"]
            #[doc = " that field, with its limits, unless the field is set: then the field wins."]
            pub fn extra_member(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
                self.extra.insert(name.into(), value.into());
                self
            }
        }
    }
}

fn setter(field: &Field) -> Option<TokenStream> {
    let docs = docs::attributes(&field.docs);
    let deprecated = deprecated(field.deprecated);
    let name = ty::ident(&field.name);
    let (taken, value) = match field.presence {
        Presence::Required | Presence::RequiredNullable => return None,
        Presence::Optional => {
            let (taken, conversion) = ty::taken(&field.ty, &name);
            let value = conversion.unwrap_or_else(|| quote!(#name));
            (taken, quote!(Some(#value)))
        }
        Presence::Patch => match &field.ty {
            Ty::Boxed(inner) => {
                let inner = ty::stored(inner);
                (
                    quote!(impl Into<Patch<#inner>>),
                    quote!(#name.into().map(Box::new)),
                )
            }
            other => {
                let ty = ty::stored(other);
                (quote!(impl Into<Patch<#ty>>), quote!(#name.into()))
            }
        },
    };
    Some(quote! {
        #docs
        #deprecated
        pub fn #name(mut self, #name: #taken) -> Self {
            self.#name = #value;
            self
        }
    })
}

fn encode(structure: &Struct) -> TokenStream {
    let name = ty::ident(&structure.name);
    let fields = structure.fields.iter().map(|field| {
        let member = ty::ident(&field.name);
        let wire = field.wire.as_str();
        match field.presence {
            Presence::Required | Presence::RequiredNullable => {
                quote!(object.required(#wire, &self.#member);)
            }
            Presence::Optional | Presence::Patch => quote!(object.optional(#wire, &self.#member);),
        }
    });
    let limited = structure
        .fields
        .iter()
        .filter(|field| !field.rule.checks.is_empty() || field.rule.nested.is_some());
    let required = structure.requirements.iter().map(requirement);
    let rules: Vec<TokenStream> = limited
        .map(|field| rule(&field.rule))
        .chain(required)
        .collect();
    // What is received is not held to limits.
    let is_checked = structure.direction.is_sent() && !rules.is_empty();
    let rules = is_checked.then(|| {
        quote! {
            fn rules() -> &'static [Rule] {
                const { &[#(#rules),*] }
            }
        }
    });
    quote! {
        impl Encode for #name {
            fn encode(&self) -> Value {
                let mut object = ObjectWriter::new();
                #(#fields)*
                object.finish(&self.extra)
            }
            #rules
        }
    }
}

fn decode(structure: &Struct) -> TokenStream {
    let name = ty::ident(&structure.name);
    let fields = structure.fields.iter().map(|field| {
        let member = ty::ident(&field.name);
        let wire = field.wire.as_str();
        match (field.presence, structure.direction) {
            (Presence::Required, _) | (Presence::RequiredNullable, Direction::Request) => {
                quote!(#member: fields.required(#wire)?)
            }
            // A server that leaves out what it promised to send as null is understood.
            (Presence::RequiredNullable, Direction::Response | Direction::Both)
            | (Presence::Optional | Presence::Patch, _) => quote!(#member: fields.optional(#wire)?),
        }
    });
    quote! {
        impl Decode for #name {
            fn decode(value: Value) -> Result<Self, DecodeError> {
                let mut fields = FieldReader::new(value)?;
                Ok(Self { #(#fields,)* extra: fields.rest() })
            }
        }
    }
}
