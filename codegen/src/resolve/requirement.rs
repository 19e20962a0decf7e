//! Reads what the properties of a request require of each other. In: raw extension values, the properties. Out:
//! requirements, or complaints. Knows no operations.

use super::Resolver;
use crate::api::{Condition, Property, Requirement, Shape, Travel};
use crate::pointer::Pointer;
use crate::wire::WireName;
use indexmap::IndexMap;
use serde_json::Value;

const ANY: &str = "x-requires-any";
const WHEN: &str = "x-requires-when";

const ANY_HELP: &str =
    "write groups of properties of which one is needed, such as `[[text], [audio]]`";
const WHEN_HELP: &str =
    "write conditions such as `[{property: type, equals: text, then: [input_text]}]`";

impl Resolver<'_> {
    pub(super) fn requirements(
        &mut self,
        extensions: &IndexMap<String, Value>,
        properties: &[Property],
        at: &Pointer,
    ) -> Vec<Requirement> {
        let mut requirements = Vec::new();
        if let Some(raw) = extensions.get(ANY) {
            requirements.extend(self.any(raw, properties, &at.key(ANY)));
        }
        if let Some(raw) = extensions.get(WHEN) {
            let at = at.key(WHEN);
            let entries = raw.as_array().map(Vec::as_slice).unwrap_or_default();
            if entries.is_empty() {
                let message = format!("`{WHEN}` is not a list of conditions");
                self.diagnostics.push(&at, message, WHEN_HELP);
            }
            for (index, entry) in entries.iter().enumerate() {
                requirements.extend(self.when(entry, properties, &at.index(index)));
            }
        }
        requirements
    }

    fn any(&mut self, raw: &Value, properties: &[Property], at: &Pointer) -> Option<Requirement> {
        let groups = raw.as_array().map(Vec::as_slice).unwrap_or_default();
        if groups.is_empty() {
            let message = format!("`{ANY}` is not a list of groups");
            self.diagnostics.push(at, message, ANY_HELP);
            return None;
        }
        let groups = groups.iter().enumerate().map(|(index, group)| {
            let at = at.index(index);
            self.names(group, properties, &at, ANY_HELP)
        });
        // All groups are read, so that every complaint comes at once.
        let groups: Vec<Option<Vec<WireName>>> = groups.collect();
        let groups: Option<Vec<Vec<WireName>>> = groups.into_iter().collect();
        Some(Requirement {
            at: at.clone(),
            condition: Condition::Any(groups?),
        })
    }

    fn when(&mut self, raw: &Value, properties: &[Property], at: &Pointer) -> Option<Requirement> {
        let Some(members) = raw.as_object() else {
            let message = format!("the condition {raw} is not a mapping");
            self.diagnostics.push(at, message, WHEN_HELP);
            return None;
        };
        for key in members.keys() {
            if !["property", "equals", "then"].contains(&key.as_str()) {
                let message = format!("`{key}` is no member of a condition");
                self.diagnostics.push(&at.key(key), message, WHEN_HELP);
            }
        }
        let property = self.text_of(members, "property", at);
        let equals = self.text_of(members, "equals", at);
        let then = match members.get("then") {
            Some(then) => self.names(then, properties, &at.key("then"), WHEN_HELP),
            None => {
                self.diagnostics
                    .push(at, "a condition without `then`", WHEN_HELP);
                None
            }
        };
        let (property, equals, then) = (property?, equals?, then?);
        let deciding = self.sent(&property, properties, &at.key("property"))?;
        if let Shape::Enumeration(enumeration) = &deciding.schema.shape
            && !enumeration.values.iter().any(|one| one.value == equals)
        {
            let message = format!("`{property}` has no value `{equals}`");
            let help = "write one of its values, or add this one to them";
            self.diagnostics.push(&at.key("equals"), message, help);
        }
        Some(Requirement {
            at: at.clone(),
            condition: Condition::When {
                property,
                equals,
                then,
            },
        })
    }

    fn text_of(
        &mut self,
        members: &serde_json::Map<String, Value>,
        key: &str,
        at: &Pointer,
    ) -> Option<WireName> {
        match members.get(key) {
            Some(Value::String(text)) => Some(WireName(text.clone())),
            Some(other) => {
                let message = format!("`{key}` of a condition can't be {other}");
                self.diagnostics.push(&at.key(key), message, WHEN_HELP);
                None
            }
            None => {
                let message = format!("a condition without `{key}`");
                self.diagnostics.push(at, message, WHEN_HELP);
                None
            }
        }
    }

    /// A list of names of properties that are sent.
    fn names(
        &mut self,
        raw: &Value,
        properties: &[Property],
        at: &Pointer,
        help: &str,
    ) -> Option<Vec<WireName>> {
        let names = raw.as_array().map(Vec::as_slice).unwrap_or_default();
        let names: Option<Vec<_>> = names.iter().map(Value::as_str).collect();
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            let message = "this is not a list of properties".to_owned();
            self.diagnostics.push(at, message, help);
            return None;
        };
        let names = names.into_iter().enumerate().map(|(index, name)| {
            let name = WireName(name.to_owned());
            self.sent(&name, properties, &at.index(index))?;
            Some(name)
        });
        let names: Vec<Option<WireName>> = names.collect();
        names.into_iter().collect()
    }

    fn sent<'p>(
        &mut self,
        name: &WireName,
        properties: &'p [Property],
        at: &Pointer,
    ) -> Option<&'p Property> {
        let Some(property) = properties.iter().find(|one| one.name == *name) else {
            let message = format!("`{name}` is no property of this schema");
            let help = "correct the name, or add the property";
            self.diagnostics.push(at, message, help);
            return None;
        };
        if property.schema.travel == Travel::ResponseOnly {
            let message = format!("`{name}` is `readOnly`: no request has it");
            let help = "a requirement is about what is sent; name other properties";
            self.diagnostics.push(at, message, help);
            return None;
        }
        Some(property)
    }
}
