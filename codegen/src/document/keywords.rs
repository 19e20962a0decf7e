//! Holds every key of a tree against the keyword table. In: the tree as written. Out: complaints. Knows no `openapiv3`.

use super::shown;
use crate::diagnostic::Diagnostics;
use crate::keyword::{self, Below, Context, Fate};
use crate::pointer::Pointer;
use crate::walk;
use serde_json::{Map, Value};

/// Holds every key of the tree against the keyword table.
pub(super) struct Keywords<'a> {
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Keywords<'_> {
    pub(super) fn node(&mut self, value: &Value, context: Context, at: &Pointer) {
        let Value::Object(members) = value else {
            let found = shown(value);
            let help = "see the OpenAPI 3.0 standard for what stands here";
            self.diagnostics.push(
                at,
                format!("{} is a mapping, this is {found}", context.article()),
                help,
            );
            return;
        };
        if members.contains_key("$ref") {
            self.reference(members, context, at);
            return;
        }
        for (key, value) in members {
            self.member(key, value, context, at);
        }
    }

    fn reference(&mut self, members: &Map<String, Value>, context: Context, at: &Pointer) {
        if members
            .get("$ref")
            .is_some_and(|target| !target.is_string())
        {
            let help = "write the reference as text, such as '#/components/schemas/Lipsync'";
            self.diagnostics
                .push(&at.key("$ref"), "this reference is not text", help);
        }
        if matches!(
            context,
            Context::MediaType | Context::Operation | Context::Info | Context::Components
        ) {
            let help = "write it out; OpenAPI 3.0 has no references here";
            self.diagnostics.push(
                &at.key("$ref"),
                format!("{} can't be a reference", context.article()),
                help,
            );
        }
        for key in members.keys().filter(|key| *key != "$ref") {
            self.diagnostics.push(
                &at.key(key),
                format!("`{key}` stands beside `$ref`, where every OpenAPI 3.0 reader ignores it"),
                "move the reference into `allOf: [{$ref: …}]`, which may have neighbours",
            );
        }
    }

    fn member(&mut self, key: &str, value: &Value, context: Context, at: &Pointer) {
        let here = at.key(key);
        let Some(keyword) = keyword::find(context, key) else {
            let shown: String = key.chars().take(80).collect();
            let message = format!("`{shown}` is not a keyword of {}", context.article());
            let help = match keyword::nearest(context, key) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None if key.starts_with("x-") => {
                    "an extension that is not read needs a row in codegen/src/keyword.rs that says why".to_owned()
                }
                None => "correct it, or remove it in spec/overlay.yaml; OpenAPI 3.0 does not know it".to_owned(),
            };
            self.diagnostics.push(&here, message, help);
            return;
        };
        if let Fate::Unsupported(help) = keyword.fate {
            self.diagnostics
                .push(&here, format!("`{key}` is not supported yet"), help);
            return;
        }
        if let Some(message) = wrong_kind(key, value, keyword.below) {
            let help = "see the OpenAPI 3.0 standard for what stands here";
            self.diagnostics.push(&here, message, help);
            return;
        }
        for child in walk::children(value, keyword.below, &here) {
            self.node(child.value, child.context, &child.at);
        }
    }
}

/// What is wrong with the kind of a keyword's value, when it is.
fn wrong_kind(key: &str, value: &Value, below: Below) -> Option<String> {
    match below {
        Below::List(_) if !value.is_array() => {
            Some(format!("`{key}` is a list, this is {}", shown(value)))
        }
        Below::Map(_) if !value.is_object() => {
            Some(format!("`{key}` is a mapping, this is {}", shown(value)))
        }
        // A default may be null; any other keyword without a value says nothing.
        Below::Nothing if value.is_null() && !["default", "example"].contains(&key) => {
            Some(format!("`{key}` has no value"))
        }
        Below::Nothing
        | Below::One(_)
        | Below::OneOrBoolean(_)
        | Below::List(_)
        | Below::Map(_) => None,
    }
}
