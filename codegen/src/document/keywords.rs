//! Holds every key of a tree against the keyword table. In: the tree as written. Out: complaints. Knows no `openapiv3`.

use super::shown;
use crate::diagnostic::Diagnostics;
use crate::keyword::{self, Below, Context, Fate};
use crate::pointer::Pointer;
use serde_yaml::{Mapping, Value};

/// Holds every key of the tree against the keyword table.
pub(super) struct Keywords<'a> {
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Keywords<'_> {
    pub(super) fn node(&mut self, value: &Value, context: Context, at: &Pointer) {
        let Value::Mapping(mapping) = value else {
            let found = shown(value);
            let help = "see the OpenAPI 3.0 standard for what stands here";
            self.diagnostics.push(
                at,
                format!("a {} is a mapping, this is {found}", context.title()),
                help,
            );
            return;
        };
        if mapping.contains_key("$ref") {
            self.reference(mapping, at);
            return;
        }
        for (key, value) in mapping {
            match key.as_str() {
                Some(key) => self.member(key, value, context, at),
                None => self.not_text(key, at),
            }
        }
    }

    fn reference(&mut self, mapping: &Mapping, at: &Pointer) {
        for key in mapping
            .keys()
            .filter_map(Value::as_str)
            .filter(|key| *key != "$ref")
        {
            self.diagnostics.push(
                &at.key(key),
                format!("`{key}` stands beside `$ref`, where every OpenAPI 3.0 reader ignores it"),
                "move the reference into `allOf: [{$ref: …}]`, which may have neighbours",
            );
        }
    }

    fn not_text(&mut self, key: &Value, at: &Pointer) {
        let message = format!("the key {} is not text", shown(key));
        self.diagnostics.push(
            at,
            message,
            "put the key in quotes, so that YAML reads it as text",
        );
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
        self.below(value, keyword.below, &here);
    }

    fn below(&mut self, value: &Value, below: Below, at: &Pointer) {
        match below {
            Below::Nothing => {}
            Below::One(context) => self.node(value, context, at),
            Below::OneOrBoolean(_) if value.is_bool() => {}
            Below::OneOrBoolean(context) => self.node(value, context, at),
            Below::List(context) => {
                for (index, item) in value.as_sequence().into_iter().flatten().enumerate() {
                    self.node(item, context, &at.index(index));
                }
            }
            Below::Map(context) => {
                for (key, item) in value.as_mapping().into_iter().flatten() {
                    match key.as_str() {
                        Some(key) => self.node(item, context, &at.key(key)),
                        None => self.not_text(key, at),
                    }
                }
            }
            Below::Statuses(context) => {
                for (key, item) in value.as_mapping().into_iter().flatten() {
                    match key {
                        Value::String(key) => self.node(item, context, &at.key(key)),
                        Value::Number(key) => self.node(item, context, &at.key(&key.to_string())),
                        other => self.not_text(other, at),
                    }
                }
            }
        }
    }
}
