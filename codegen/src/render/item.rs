//! Prints types. In: planned structs and enums. Out: items.

use super::{docs, ty};
use crate::krate::{
    Check, Direction, Enum, Field, Format, Item, Nested, Presence, Requirement, Rule, Struct, Ty,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The items of one type.
pub(super) fn items(item: &Item) -> Vec<TokenStream> {
    match item {
        Item::Struct(structure) => struct_items(structure),
        Item::Enum(enumeration) => enum_items(enumeration),
    }
}

fn struct_items(structure: &Struct) -> Vec<TokenStream> {
    let mut items = vec![definition(structure)];
    if structure.direction.is_sent() {
        items.push(constructor(structure));
        items.push(encode(structure));
    }
    if structure.direction.is_received() {
        items.push(decode(structure));
    }
    let name = ty::ident(&structure.name);
    match structure.direction {
        Direction::Request => items.push(quote!(encode_with_serde!(#name);)),
        Direction::Response => items.push(quote!(decode_with_serde!(#name);)),
        Direction::Both => {
            items.push(quote!(encode_with_serde!(#name);));
            items.push(quote!(decode_with_serde!(#name);));
        }
    }
    items
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
    let extra = structure.extra.then(|| {
        let text = if structure.direction.is_received() {
            " Fields that this version of the crate does not know."
        } else {
            " Further fields to send."
        };
        quote!(#[doc = #text] pub extra: Object)
    });
    let members = fields.chain(extra);
    quote! {
        #docs
        #deprecated_type
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#members,)* }
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
    if structure.extra {
        members.push(quote!(extra: Object::new()));
    }
    let text = match (arguments.is_empty(), members.len() == arguments.len()) {
        (true, _) => " Nothing is set.",
        (false, true) => " With all its fields.",
        (false, false) => " With what is required; everything else is left out until it is set.",
    };
    // Many required fields are many arguments, so that forgetting one does not compile.
    let many = (arguments.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    // Nothing required: the type also has the usual `Default`, in the same words as `new`.
    let unset = arguments
        .is_empty()
        .then(|| quote!(#[allow(clippy::new_without_default)]));
    let setters = structure.fields.iter().filter_map(setter);
    quote! {
        impl #name {
            #[doc = #text]
            #many
            #unset
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#members,)* }
            }
            #(#setters)*
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
    let extra = structure.extra.then(|| quote!(object.extra(&self.extra);));
    let limited = structure
        .fields
        .iter()
        .filter(|field| !field.rule.checks.is_empty() || field.rule.nested.is_some());
    let required = structure.requirements.iter().map(requirement);
    let rules: Vec<TokenStream> = limited
        .map(|field| rule(&field.rule))
        .chain(required)
        .collect();
    let rules = (!rules.is_empty()).then(|| {
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
                #extra
                object.finish()
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
        match field.presence {
            Presence::Required => quote!(#member: fields.required(#wire)?),
            Presence::RequiredNullable | Presence::Optional | Presence::Patch => {
                quote!(#member: fields.optional(#wire)?)
            }
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

/// A rule as the chain of calls that builds it.
pub(super) fn rule(rule: &Rule) -> TokenStream {
    let wire = rule.wire.as_str();
    let checks = rule.checks.iter().map(check);
    let nested = rule.nested.as_ref().map(nested);
    quote!(Rule::new(#wire)#(#checks)*#nested)
}

/// A requirement as the rule of a whole object.
fn requirement(requirement: &Requirement) -> TokenStream {
    match requirement {
        Requirement::Any(groups) => {
            let groups = groups.iter().map(|group| {
                let names = group.iter().map(|name| name.as_str());
                quote!(&[#(#names),*])
            });
            quote!(Rule::requires_any(&[#(#groups),*]))
        }
        Requirement::When {
            field,
            equals,
            then,
        } => {
            let (field, equals) = (field.as_str(), equals.as_str());
            let then = then.iter().map(|name| name.as_str());
            quote!(Rule::requires_when(#field, #equals, &[#(#then),*]))
        }
    }
}

fn check(check: &Check) -> TokenStream {
    match check {
        Check::MinLength(length) => call("min_length", &count(*length)),
        Check::MaxLength(length) => call("max_length", &count(*length)),
        Check::Pattern(pattern) => call("pattern", &pattern_literal(pattern)),
        Check::Minimum(value, false) => call("minimum", &Literal::f64_unsuffixed(*value)),
        Check::Minimum(value, true) => call("exclusive_minimum", &Literal::f64_unsuffixed(*value)),
        Check::Maximum(value, false) => call("maximum", &Literal::f64_unsuffixed(*value)),
        Check::Maximum(value, true) => call("exclusive_maximum", &Literal::f64_unsuffixed(*value)),
        Check::MultipleOf(value) => call("multiple_of", &Literal::f64_unsuffixed(*value)),
        Check::MinItems(number) => call("min_items", &count(*number)),
        Check::MaxItems(number) => call("max_items", &count(*number)),
        Check::UniqueItems => quote!(.unique_items()),
        Check::MinProperties(number) => call("min_properties", &count(*number)),
        Check::MaxProperties(number) => call("max_properties", &count(*number)),
        Check::Format(Format::Uri) => quote!(.format(Format::Uri)),
        Check::Format(Format::Decimal) => quote!(.format(Format::Decimal)),
    }
}

fn call(name: &str, argument: &Literal) -> TokenStream {
    let name = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
    quote!(.#name(#argument))
}

fn count(number: u64) -> Literal {
    Literal::u64_unsuffixed(number)
}

/// A regular expression reads best without doubled backslashes.
fn pattern_literal(pattern: &str) -> Literal {
    let plain = pattern
        .chars()
        .all(|character| character != '"' && character.is_ascii_graphic());
    if plain && let Ok(raw) = format!("r\"{pattern}\"").parse() {
        return raw;
    }
    Literal::string(pattern)
}

fn nested(nested: &Nested) -> TokenStream {
    match nested {
        Nested::Object(name) => {
            let name = ty::ident(name);
            quote!(.object(#name::rules))
        }
        Nested::Items(name) => {
            let name = ty::ident(name);
            quote!(.items(#name::rules))
        }
        Nested::Values(name) => {
            let name = ty::ident(name);
            quote!(.values(#name::rules))
        }
        Nested::EachItem(each) => {
            let each = rule(each);
            quote!(.each_item(const { &#each }))
        }
        Nested::EachValue(each) => {
            let each = rule(each);
            quote!(.each_value(const { &#each }))
        }
    }
}

fn enum_items(enumeration: &Enum) -> Vec<TokenStream> {
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

/// The mark of what should no longer be used.
pub(super) fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}
