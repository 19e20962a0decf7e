//! Reads the extensions that corrections use. In: raw extension values. Out: typed ones, or complaints. Knows no schema.

use super::Resolver;
use crate::api::{Price, Shape};
use crate::pointer::Pointer;
use crate::wire::WireName;
use indexmap::IndexMap;
use openapiv3::SchemaData;
use serde_json::Value;

type Extensions = IndexMap<String, Value>;

/// `{property: value}`
fn condition(raw: &Value) -> Option<(WireName, WireName)> {
    let members = raw.as_object().filter(|members| members.len() == 1)?;
    let (property, value) = members.iter().next()?;
    Some((
        WireName(property.clone()),
        WireName(value.as_str()?.to_owned()),
    ))
}

impl Resolver<'_> {
    pub(super) fn text_extension(
        &mut self,
        extensions: &Extensions,
        key: &str,
        at: &Pointer,
    ) -> Option<String> {
        match extensions.get(key)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.diagnostics.push(
                    &at.key(key),
                    format!("`{key}` is {other}, not a text"),
                    "write one name",
                );
                None
            }
        }
    }

    pub(super) fn list_extension(
        &mut self,
        extensions: &Extensions,
        key: &str,
        at: &Pointer,
    ) -> Option<Vec<String>> {
        let raw = extensions.get(key)?;
        let items = raw.as_array().and_then(|items| {
            items
                .iter()
                .map(|item| item.as_str().map(str::to_owned))
                .collect::<Option<Vec<_>>>()
        });
        if items.is_none() {
            let help = "write a list of texts; quote what YAML would read as something else";
            self.diagnostics.push(
                &at.key(key),
                format!("`{key}` is not a list of texts"),
                help,
            );
        }
        items
    }

    /// A list with one text per value of an enumeration.
    pub(super) fn parallel_extension(
        &mut self,
        data: &SchemaData,
        key: &str,
        length: usize,
        at: &Pointer,
    ) -> Option<Vec<String>> {
        let list = self.list_extension(&data.extensions, key, at)?;
        if list.len() != length {
            let message = format!("`{key}` has {} entries for {length} values", list.len());
            self.diagnostics.push(
                &at.key(key),
                message,
                "write one entry per value, in the same order",
            );
        }
        Some(list)
    }

    /// Whether it is there and true.
    pub(super) fn flag_extension(
        &mut self,
        extensions: &Extensions,
        key: &str,
        at: &Pointer,
    ) -> bool {
        match extensions.get(key) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                let message = format!("`{key}` is {other}, not `true` or `false`");
                let help = "write `true`, or leave it out";
                self.diagnostics.push(&at.key(key), message, help);
                false
            }
        }
    }

    pub(super) fn prices(&mut self, extensions: &Extensions, at: &Pointer) -> Vec<Price> {
        let Some(raw) = extensions.get("x-credits") else {
            return Vec::new();
        };
        let at = at.key("x-credits");
        let entries = raw.as_array().map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() {
            let help = "write a list such as `[{credits: 5, per_seconds: 30}]`; `[{credits: 0}]` for free calls";
            self.diagnostics
                .push(&at, "`x-credits` is not a list of prices", help);
        }
        let entries = entries.iter().enumerate();
        entries
            .filter_map(|(index, entry)| self.price(entry, &at.index(index)))
            .collect()
    }

    fn price(&mut self, entry: &Value, at: &Pointer) -> Option<Price> {
        let help = "a price is such as `{credits: 5, per_seconds: 30, when: {model_version: standard}, default: true}`";
        let Some(members) = entry.as_object() else {
            self.diagnostics
                .push(at, format!("the price {entry} is not a mapping"), help);
            return None;
        };
        let when = members.get("when").and_then(condition);
        for (key, value) in members {
            let is_good = match key.as_str() {
                "credits" => value.as_f64().is_some_and(|credits| credits >= 0.0),
                "per_seconds" => value
                    .as_u64()
                    .is_some_and(|seconds| (1..=u64::from(u32::MAX)).contains(&seconds)),
                "when" => when.is_some(),
                "default" => value.is_boolean(),
                _ => {
                    self.diagnostics.push(
                        &at.key(key),
                        format!("`{key}` is no member of a price"),
                        help,
                    );
                    continue;
                }
            };
            if !is_good {
                self.diagnostics.push(
                    &at.key(key),
                    format!("`{key}` of a price can't be {value}"),
                    help,
                );
            }
        }
        let Some(credits) = members.get("credits").and_then(Value::as_f64) else {
            self.diagnostics.push(at, "a price without `credits`", help);
            return None;
        };
        Some(Price {
            at: at.clone(),
            credits,
            per_seconds: members.get("per_seconds").and_then(Value::as_u64),
            when,
            default: members
                .get("default")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        })
    }

    /// Complains about extensions that this shape has no use for: they would be lost without a word.
    pub(super) fn extensions_in_place(
        &mut self,
        extensions: &Extensions,
        shape: &Shape,
        at: &Pointer,
    ) {
        for key in extensions.keys() {
            let is_used = match (key.as_str(), shape) {
                (
                    "x-known-values" | "x-enum-varnames" | "x-enum-descriptions",
                    Shape::Enumeration(_),
                ) => true,
                ("x-likely-required", Shape::Object(_)) => true,
                // Around an object (`allOf`) it would be read by nobody.
                ("x-requires-any" | "x-requires-when", Shape::Object(_)) => {
                    self.raw_has(at, "properties")
                }
                (
                    "x-known-values"
                    | "x-enum-varnames"
                    | "x-enum-descriptions"
                    | "x-likely-required"
                    | "x-requires-any"
                    | "x-requires-when",
                    _,
                ) => false,
                _ => true,
            };
            if !is_used {
                let help = "put it where the values, or the properties, are listed";
                self.diagnostics.push(
                    &at.key(key),
                    format!("`{key}` has no meaning for this schema"),
                    help,
                );
            }
        }
    }

    /// Whether the node at `at` has `key` as written: `openapiv3` can't tell an empty list from none.
    pub(super) fn raw_has(&self, at: &Pointer, key: &str) -> bool {
        self.raw(at).is_some_and(|node| node.get(key).is_some())
    }

    /// The keys of the node at `at`, as written.
    pub(super) fn raw_keywords(&self, at: &Pointer) -> Vec<String> {
        let node = self.raw(at).and_then(Value::as_object);
        node.into_iter()
            .flat_map(|members| members.keys().cloned())
            .collect()
    }

    /// The node at `at`, as written.
    pub(super) fn raw(&self, at: &Pointer) -> Option<&Value> {
        self.document.raw.pointer(at.as_str())
    }
}
