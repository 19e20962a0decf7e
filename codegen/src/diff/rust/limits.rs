//! Compares limits. In: the rules of two fields or parameters. Out: words. Knows no types.

use super::words::code;
use crate::krate::{Check, Format, Nested, Requirement, Rule};
use crate::wire::WireName;

/// What changed, unless nothing did but names and order.
pub(super) fn changed(old: &Rule, new: &Rule) -> Option<String> {
    compared(&all(old, ""), &all(new, ""))
}

/// What the fields of a struct require of each other, where that changed.
pub(super) fn requirements(old: &[Requirement], new: &[Requirement]) -> Option<String> {
    let all = |requirements: &[Requirement]| -> Vec<String> {
        requirements.iter().map(required).collect()
    };
    compared(&all(old), &all(new))
}

fn required(requirement: &Requirement) -> String {
    let names = |names: &[WireName]| {
        let names: Vec<String> = names.iter().map(|name| code(name.as_str())).collect();
        names.join(" and ")
    };
    match requirement {
        Requirement::Any(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| names(group)).collect();
            groups.join(" or ")
        }
        Requirement::When {
            field,
            equals,
            then,
        } => {
            let (field, equals) = (code(field.as_str()), code(equals.as_str()));
            format!("{} when {field} is {equals}", names(then))
        }
    }
}

fn compared(old: &[String], new: &[String]) -> Option<String> {
    let lost = old.iter().filter(|limit| !new.contains(limit));
    let set = new.iter().filter(|limit| !old.contains(limit));
    let parts: Vec<String> = lost
        .map(|limit| format!("no longer {limit}"))
        .chain(set.map(|limit| format!("now {limit}")))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// All limits of a value and of what it holds; those of a named type are said where that type stands.
fn all(rule: &Rule, whose: &str) -> Vec<String> {
    let Rule {
        wire: _,
        checks,
        nested,
    } = rule;
    let mut limits: Vec<String> = checks
        .iter()
        .map(|check| format!("{}{whose}", words(check)))
        .collect();
    match nested {
        Some(Nested::EachItem(each)) => limits.extend(all(each, &format!(" in each item{whose}"))),
        Some(Nested::EachValue(each)) => {
            limits.extend(all(each, &format!(" in each value{whose}")));
        }
        Some(Nested::Object(_) | Nested::Items(_) | Nested::Values(_)) | None => {}
    }
    limits
}

fn words(check: &Check) -> String {
    match check {
        Check::MinLength(length) => format!("at least {length} characters"),
        Check::MaxLength(length) => format!("at most {length} characters"),
        Check::Pattern(pattern) => format!("of the pattern {}", code(pattern)),
        Check::Minimum(value, false) => format!("{value} or more"),
        Check::Minimum(value, true) => format!("more than {value}"),
        Check::Maximum(value, false) => format!("{value} or less"),
        Check::Maximum(value, true) => format!("less than {value}"),
        Check::MultipleOf(value) => format!("a multiple of {value}"),
        Check::MinItems(count) => format!("at least {count} items"),
        Check::MaxItems(count) => format!("at most {count} items"),
        Check::UniqueItems => "without equal items".to_owned(),
        Check::MinProperties(count) => format!("at least {count} members"),
        Check::MaxProperties(count) => format!("at most {count} members"),
        Check::Format(Format::Uri) => "an absolute URL".to_owned(),
        Check::Format(Format::Decimal) => "a decimal number as text".to_owned(),
        // Which values those are is said where the enum is compared.
        Check::OneOf(_) => "one of the listed values".to_owned(),
    }
}
