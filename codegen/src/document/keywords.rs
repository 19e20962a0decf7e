//! Holds every key of a tree against the keyword table. In: the tree as written. Out: complaints. Knows no `openapiv3`.

use super::shown;
use crate::diagnostic::Diagnostics;
use crate::keyword::{self, Context, Fate};
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
                format!("a {} is a mapping, this is {found}", context.title()),
                help,
            );
            return;
        };
        if members.contains_key("$ref") {
            self.reference(members, at);
            return;
        }
        for (key, value) in members {
            self.member(key, value, context, at);
        }
    }

    fn reference(&mut self, members: &Map<String, Value>, at: &Pointer) {
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
            let message = format!("`{shown}` is not a keyword of a {}", context.title());
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
        for child in walk::children(value, keyword.below, &here) {
            self.node(child.value, child.context, &child.at);
        }
    }
}
