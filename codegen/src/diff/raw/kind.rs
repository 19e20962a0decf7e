//! What an unexplained difference is about. In: the keys that lead to it. Out: a finding. Knows keys, not meanings.

use super::super::finding::{Both, Finding};
use super::price;
use serde_json::Value;

/// What people read and machines do not.
const PROSE: [&str; 11] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "termsOfService",
    "contact",
    "license",
    "x-enum-descriptions",
    // What a token looks like is between the service and who issues it.
    "bearerFormat",
];

/// Our extensions that decide names, or the order of arguments, in the generated client.
const NAMING: [&str; 3] = ["x-rust-name", "x-enum-varnames", "x-likely-required"];

/// What a key says by itself, wherever it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Prose,
    Naming,
    Price,
    Lifecycle,
    Extension,
}

pub(super) fn of(key: &str) -> Option<Kind> {
    match key {
        "x-credits" => Some(Kind::Price),
        "x-lifecycle" => Some(Kind::Lifecycle),
        key if PROSE.contains(&key) => Some(Kind::Prose),
        key if NAMING.contains(&key) => Some(Kind::Naming),
        key if key.starts_with("x-") && !is_judged(key) => Some(Kind::Extension),
        _ => None,
    }
}

/// Keywords whose meaning is compared wherever the judge looks: a difference that nobody reports is one of spelling.
const JUDGED: [&str; 56] = [
    "$ref",
    "type",
    "format",
    "enum",
    "nullable",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
    "uniqueItems",
    "readOnly",
    "writeOnly",
    "default",
    "deprecated",
    "discriminator",
    "x-known-values",
    "x-extensible-enum",
    "x-requires-any",
    "x-requires-when",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "headers",
    "schema",
    "security",
    "servers",
    "tags",
    "callbacks",
    "name",
    "in",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
    "scheme",
    "flows",
    "url",
    "mapping",
    "variables",
];

/// Whether the meaning of a keyword is compared.
pub(super) fn is_judged(key: &str) -> bool {
    JUDGED.contains(&key)
}

/// Whether the last of these keys is a name that the document gives, not a keyword.
pub(super) fn names_things(way: &[&str]) -> bool {
    let holder = way.len().checked_sub(2).map(|index| way[index]);
    let above = way.len().checked_sub(3).map(|index| way[index]);
    let named = [
        "properties",
        "paths",
        "schemas",
        "headers",
        "requestBodies",
        "responses",
        "securitySchemes",
        "callbacks",
        "links",
        "content",
        "variables",
        "scopes",
        "mapping",
        "patternProperties",
    ];
    // Those of an operation are a list.
    let component = holder == Some("parameters") && above == Some("components");
    // A property may itself be called `properties`.
    component || holder.is_some_and(|holder| named.contains(&holder)) && above != Some("properties")
}

/// Whether something other than a schema within others stands here that a reference may stand for.
pub(super) fn may_refer(way: &[&str]) -> bool {
    let from_end = |back: usize| way.len().checked_sub(back).map(|index| way[index]);
    let (last, holder, above) = (from_end(1), from_end(2), from_end(3));
    let named = ["responses", "headers", "requestBodies", "paths", "links"];
    // The elements of a list have no key of their own.
    let single = matches!(last, Some("parameters" | "requestBody")) && holder != Some("properties");
    let component = matches!(way, ["components", _, _]);
    let member =
        holder.is_some_and(|holder| named.contains(&holder)) && above != Some("properties");
    single || component || member
}

/// The finding for one difference, and whether it is only one of composition.
pub(super) fn finding<'a>(
    way: &[&str],
    at: Both<'a>,
    shown: Both<'a>,
    seen: Option<(&'a Value, &'a Value)>,
) -> (Finding<'a>, bool) {
    let key = way.last().copied().unwrap_or_default();
    let step = match at {
        (None, _) => format!("has `{key}` now"),
        (_, None) => format!("no longer has `{key}`"),
        (Some(_), Some(_)) => format!("has another `{key}`"),
    };
    let kind = if names_things(way) { None } else { of(key) };
    let finding = |rule: &str, says: String| match at {
        (Some(_), None) => Finding::new(rule, shown, says).gone(),
        (None | Some(_), _) => Finding::new(rule, shown, says),
    };
    let plain = |rule: &str, says: String| (finding(rule, says), false);
    match kind {
        Some(Kind::Price) => plain("price-changed", price::changed(at)),
        Some(Kind::Lifecycle) => plain("lifecycle-changed", step),
        Some(Kind::Naming) => plain("generated-name-changed", step),
        Some(Kind::Extension) => plain("extension-changed", step),
        Some(Kind::Prose) => plain("documentation-changed", step),
        None => structure(way, at, shown, seen),
    }
}

fn structure<'a>(
    way: &[&str],
    at: Both<'a>,
    shown: Both<'a>,
    seen: Option<(&'a Value, &'a Value)>,
) -> (Finding<'a>, bool) {
    let key = way.last().copied().unwrap_or_default();
    if let ["components", section, _] = way {
        let rule = match (*section, at) {
            ("schemas", (Some(_), None)) => "api-schema-removed",
            ("schemas", (None, Some(_))) => "api-schema-added",
            ("securitySchemes", (Some(_), None)) => "api-security-component-removed",
            ("securitySchemes", (None, Some(_))) => "api-security-component-added",
            (_, (Some(_), None)) => "component-removed",
            (_, (None, Some(_))) => "component-added",
            _ => "other-change",
        };
        if rule != "other-change" {
            let says = if at.0.is_some() {
                "is gone from the components"
            } else {
                "is a new component"
            };
            let finding = Finding::new(rule, shown, says);
            return (
                if at.1.is_none() {
                    finding.gone()
                } else {
                    finding
                },
                false,
            );
        }
    }
    if way == ["tags"] {
        let says = "describes other tags, or in another order";
        return (
            Finding::new("documentation-changed", shown, says).about("The document"),
            false,
        );
    }
    match seen {
        Some((old, new)) => {
            let says = "is written in another way, with the same meaning";
            (
                Finding::new("spelling-changed", (Some(old), Some(new)), says),
                true,
            )
        }
        None => {
            let says = match names_things(way) || key.is_empty() {
                true => "differs, and no rule judges it here".to_owned(),
                false => format!("differs in `{key}`, and no rule judges it here"),
            };
            let finding = Finding::new("other-change", shown, says);
            (
                if at.1.is_none() {
                    finding.gone()
                } else {
                    finding
                },
                false,
            )
        }
    }
}
