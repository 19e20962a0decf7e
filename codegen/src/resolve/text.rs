//! Gives texts and enumerations their meaning. In: an `openapiv3` string. Out: an `api` schema. Knows no other type.

use super::schema::plain;
use super::{Resolver, labels, prose};
use crate::api::{EnumValue, Enumeration, Schema, Shape, Text};
use crate::pointer::Pointer;
use crate::wire::WireName;
use openapiv3::{SchemaData, StringFormat, StringType, VariantOrUnknownOrEmpty};
use std::collections::{BTreeMap, BTreeSet};

impl Resolver<'_> {
    pub(super) fn text(&mut self, string: &StringType, data: &SchemaData, at: &Pointer) -> Schema {
        let StringType {
            format,
            pattern,
            enumeration,
            min_length,
            max_length,
        } = string;
        let known = self.list_extension(&data.extensions, "x-known-values", at);
        let written = self.raw_has(at, "enum");
        if written || known.is_some() {
            let open = !written;
            if written && known.is_some() {
                let help = "`enum` lists all values, `x-known-values` those that are known: keep one of the two";
                let message = "`x-known-values` stands beside `enum`";
                self.diagnostics
                    .push(&at.key("x-known-values"), message, help);
            }
            let values: Vec<String> = match known {
                Some(known) if open => known,
                _ => enumeration.iter().flatten().cloned().collect(),
            };
            let nullable = enumeration.contains(&None);
            let list = at.key(if open { "x-known-values" } else { "enum" });
            return Schema {
                nullable,
                ..self.enumeration(values, open, data, &list, at)
            };
        }
        plain(
            at,
            Shape::Text(Text {
                format: match format {
                    VariantOrUnknownOrEmpty::Item(StringFormat::Date) => Some("date".to_owned()),
                    VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => {
                        Some("date-time".to_owned())
                    }
                    VariantOrUnknownOrEmpty::Item(StringFormat::Password) => {
                        Some("password".to_owned())
                    }
                    VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => Some("byte".to_owned()),
                    VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => {
                        Some("binary".to_owned())
                    }
                    VariantOrUnknownOrEmpty::Unknown(name) => Some(name.clone()),
                    VariantOrUnknownOrEmpty::Empty => None,
                },
                pattern: pattern.clone(),
                min_length: min_length.map(|length| length as u64),
                max_length: max_length.map(|length| length as u64),
            }),
        )
    }

    pub(super) fn enumeration(
        &mut self,
        values: Vec<String>,
        open: bool,
        data: &SchemaData,
        list: &Pointer,
        at: &Pointer,
    ) -> Schema {
        if values.is_empty() {
            let help = "list at least one value, or remove the key in spec/overlay.yaml";
            self.diagnostics.push(
                list,
                "the list of values is empty, so nothing could ever be sent",
                help,
            );
        }
        let texts: Vec<&str> = values.iter().map(String::as_str).collect();
        let (description, labels) = match &prose(data.description.as_ref()) {
            Some(description) => labels::split(description, &texts),
            None => (None, Vec::new()),
        };
        let names = self.parallel_extension(data, "x-enum-varnames", values.len(), at);
        let descriptions = self.parallel_extension(data, "x-enum-descriptions", values.len(), at);
        let labels: BTreeMap<WireName, String> = labels.into_iter().collect();
        let mut seen: BTreeSet<WireName> = BTreeSet::new();
        let mut resolved: Vec<EnumValue> = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            let value = WireName(value);
            if !seen.insert(value.clone()) {
                let message = format!("the value `{value}` stands twice");
                self.diagnostics
                    .push(&list.index(index), message, "remove one of the two");
                continue;
            }
            let label = labels.get(&value).cloned();
            let written = descriptions.as_ref().and_then(|list| list.get(index));
            let description = prose(written).or(label);
            let rust_name = names.as_ref().and_then(|list| list.get(index).cloned());
            resolved.push(EnumValue {
                at: list.index(index),
                value,
                description,
                rust_name,
            });
        }
        let shape = Shape::Enumeration(Enumeration {
            values: resolved,
            open,
        });
        Schema {
            description,
            ..plain(at, shape)
        }
    }

    pub(super) fn odd_values(&mut self, values: &[serde_json::Value], at: &Pointer) {
        for (index, value) in values
            .iter()
            .enumerate()
            .filter(|(_, value)| !value.is_string())
        {
            let message = format!("the value {value} is no text to YAML");
            let help = "put it in quotes if it is meant as text; enumerations of other values are not supported yet";
            self.diagnostics
                .push(&at.key("enum").index(index), message, help);
        }
    }
}
