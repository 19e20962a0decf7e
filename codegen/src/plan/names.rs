//! Decides Rust names. In: wire names. Out: identifiers. Knows no types.

use crate::action;
use crate::krate::Ident;
use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// The longest name that is taken over; longer ones can only be a mistake or an attack.
pub(super) const LONGEST: usize = 200;

/// Type names that generated files need for other things.
const TAKEN_TYPES: &[&str] = &[
    "ApiKey",
    "Box",
    "BTreeMap",
    "Call",
    "Client",
    "Credentials",
    "Decode",
    "DecodeError",
    "Encode",
    "Err",
    "Error",
    "FieldReader",
    "Format",
    "Items",
    "JobHandle",
    "JobList",
    "JobRecord",
    "Jobs",
    "JobState",
    "Location",
    "MediaType",
    "Method",
    "None",
    "Object",
    "ObjectWriter",
    "Ok",
    "Operation",
    "Option",
    "Paging",
    "Parameter",
    "Patch",
    "Price",
    "Response",
    "Result",
    "Rule",
    "Self",
    "Settle",
    "SettleAll",
    "Some",
    "String",
    "Style",
    "Timestamp",
    "UnknownValue",
    "Uuid",
    "Value",
    "Vec",
    "Wait",
    "WaitAll",
];

/// Names of a call's own methods.
const TAKEN_SETTERS: &[&str] = &[
    "allow_unknown_values",
    "blocking",
    "body",
    "clone",
    "content_type",
    "estimate",
    "expected_seconds",
    "header",
    "into_builder",
    "into_future",
    "new",
    "operation",
    "parameter",
    "pending",
    "retry",
    "send",
    "timeout",
    "total_timeout",
];

/// Names of a client's own methods, and of the file that lists the others.
const TAKEN_HANDLES: &[&str] = &["base_url", "builder", "clone", "from_env", "new", "r#mod"];

/// `text` as an identifier, when it can be one; keywords become raw or get an underscore.
pub(super) fn identifier(text: &str) -> Option<Ident> {
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // A name may not begin with a digit; an underscore before it keeps it recognisable.
    let text = if text.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{text}")
    } else {
        text.to_owned()
    };
    if is_identifier(&text) {
        return Some(Ident::checked(text));
    }
    let raw = format!("r#{text}");
    if is_identifier(&raw) {
        return Some(Ident::checked(raw));
    }
    let underscored = format!("{text}_");
    is_identifier(&underscored).then(|| Ident::checked(underscored))
}

fn is_identifier(text: &str) -> bool {
    // `gen` is a keyword since the edition of 2024, which syn does not ask for.
    text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

/// A field, an argument or a setter: `snake_case`.
pub(super) fn field(wire: &str) -> Option<Ident> {
    identifier(&wire.to_snake_case())
}

/// A type or a variant: `UpperCamelCase`.
pub(super) fn camel(text: &str) -> Option<Ident> {
    identifier(&text.to_upper_camel_case())
}

/// A constant: `SHOUTY_SNAKE_CASE`.
pub(super) fn constant(text: &str) -> Option<Ident> {
    identifier(&text.trim_start_matches("r#").to_shouty_snake_case())
}

/// What a component would be called: without `Enum` and without the hash that drf-spectacular puts before it.
pub(super) fn component(name: &str) -> String {
    let stem = name
        .strip_suffix("Enum")
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name);
    let stem = if stem.len() < name.len() {
        without_hash(stem)
    } else {
        stem
    };
    stem.to_upper_camel_case()
}

/// Three lower-case hexadecimal digits at the end, the first perhaps in upper case, at least one of them a figure.
fn without_hash(stem: &str) -> &str {
    let Some((rest, hash)) = stem
        .len()
        .checked_sub(3)
        .and_then(|at| stem.split_at_checked(at))
    else {
        return stem;
    };
    let hexadecimal = hash.to_ascii_lowercase();
    let is_hash = hexadecimal.chars().all(|digit| digit.is_ascii_hexdigit())
        && hash.chars().any(|digit| digit.is_ascii_digit())
        && hash
            .chars()
            .skip(1)
            .all(|digit| !digit.is_ascii_uppercase());
    if is_hash && !rest.is_empty() {
        rest
    } else {
        stem
    }
}

/// A type's name that collides with no name that generated files need.
pub(super) fn free_type(name: &str) -> String {
    if TAKEN_TYPES.contains(&name) {
        format!("{name}Model")
    } else {
        name.to_owned()
    }
}

/// A setter's name that collides with no method of a call.
pub(super) fn free_setter(name: Ident) -> Ident {
    suffixed(name, TAKEN_SETTERS, "_parameter")
}

/// A handle's name that collides with no method of a client, and its file's with no other.
pub(super) fn free_handle(name: Ident) -> Ident {
    suffixed(name, TAKEN_HANDLES, "_resource")
}

/// Names of a type's own functions and of its field for members that are no fields.
const TAKEN_FIELDS: &[&str] = &["clone", "default", "extra", "extra_member", "new"];

/// A field's name that collides with none that every type has: its setter is a function of the type.
pub(super) fn free_field(name: Ident) -> Ident {
    suffixed(name, TAKEN_FIELDS, "_")
}

fn suffixed(name: Ident, taken: &[&str], suffix: &str) -> Ident {
    if taken.contains(&name.as_str()) {
        Ident::checked(format!(
            "{}{suffix}",
            name.as_str().trim_start_matches("r#")
        ))
    } else {
        name
    }
}

/// The handle's type: that of a tag which is called as something else is gets a name of its own.
pub(super) fn handle(tag: &str, is_taken: impl Fn(&str) -> bool) -> Option<Ident> {
    let name = camel(tag)?;
    if TAKEN_TYPES.contains(&name.as_str()) || is_taken(name.as_str()) {
        identifier(&format!("{}Resource", name.as_str()))
    } else {
        Some(name)
    }
}

/// The constant of an operation; `JOBS` says how the jobs of the resource live.
pub(super) fn free_constant(name: Ident) -> Ident {
    suffixed(name, &["JOBS"], "_OPERATION")
}

/// A method's name that is not taken for a constructor's.
pub(super) fn free_method(name: Ident) -> Ident {
    suffixed(name, &["new"], "_call")
}

/// The method's name, before it is known to be free.
pub(super) fn method(tag: &str, operation_id: &str) -> String {
    action::of(&tag.to_snake_case(), &operation_id.to_snake_case()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_are_in_snake_case() {
        assert_eq!(method("lipsyncs_v2", "lipsyncs_v2_render_create"), "render");
        assert_eq!(method("Pets", "listPets"), "list_pets");
        assert_eq!(method("petStore", "petStoreOpen"), "open");
    }

    #[test]
    fn components_drop_enum_and_hash() {
        let table = [
            ("AspectRatioBc4Enum", "AspectRatio"),
            ("ModelVersion699Enum", "ModelVersion"),
            ("Type93bEnum", "Type"),
            ("CaptionStyleEnum", "CaptionStyle"),
            ("AspectRatioV2Enum", "AspectRatioV2"),
            ("GoodAndBadEnum", "GoodAndBad"),
            ("Model699", "Model699"),
            ("Enum", "Enum"),
            ("APIVoice", "ApiVoice"),
        ];
        for (name, expected) in table {
            assert_eq!(component(name), expected, "{name}");
        }
    }

    #[test]
    fn every_name_becomes_an_identifier_or_nothing() {
        let table = [
            ("type", Some("r#type")),
            ("self", Some("self_")),
            ("16x9", Some("_16x9")),
            ("X-API-ID", Some("x_api_id")),
            ("größe", Some("größe")),
            ("", None),
            ("!?", None),
            ("_", None),
        ];
        for (wire, expected) in table {
            assert_eq!(field(wire).as_ref().map(Ident::as_str), expected, "{wire}");
        }
        assert_eq!(field(&"a".repeat(10_000)), None);
    }
}
