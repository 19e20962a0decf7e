//! Prints limits. In: planned rules. Out: constant expressions. Knows no types but their names.

use super::ty;
use crate::krate::{Check, Format, Nested, Requirement, Rule};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A rule as the chain of calls that builds it.
pub(super) fn rule(rule: &Rule) -> TokenStream {
    let wire = rule.wire.as_str();
    let checks = rule.checks.iter().map(check);
    let nested = rule.nested.as_ref().map(nested);
    quote!(Rule::new(#wire)#(#checks)*#nested)
}

/// A requirement as the rule of a whole object.
pub(super) fn requirement(requirement: &Requirement) -> TokenStream {
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
        Check::OneOf(values) => {
            let values = values.iter().map(|value| value.as_str());
            quote!(.one_of(&[#(#values),*]))
        }
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
