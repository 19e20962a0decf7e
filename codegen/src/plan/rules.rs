//! Collects the limits of what is sent. In: a schema. Out: a rule for the runtime. Knows no Rust types but their names.

use super::Planner;
use super::usage::Way;
use crate::api::{self, Additional, Condition, Number, Schema, Shape, Text};
use crate::krate::{Check, Format, Nested, Requirement, Rule};
use crate::wire::WireName;

impl<'a> Planner<'a> {
    /// The limits of a field or parameter.
    pub(super) fn rule(&self, wire: &WireName, schema: &'a Schema) -> Rule {
        let schema = self.usage.followed(schema);
        Rule {
            wire: wire.clone(),
            checks: self.checks(schema),
            nested: self.nested(schema),
        }
    }

    fn checks(&self, schema: &'a Schema) -> Vec<Check> {
        match &schema.shape {
            Shape::Integer(number) | Shape::Number(number) => number_checks(number),
            Shape::Text(text) => text_checks(text),
            Shape::List(list) => {
                let mut checks = Vec::new();
                checks.extend(list.min_items.map(Check::MinItems));
                checks.extend(list.max_items.map(Check::MaxItems));
                checks.extend(list.unique_items.then_some(Check::UniqueItems));
                checks
            }
            Shape::Object(object) => {
                let mut checks = Vec::new();
                checks.extend(object.min_properties.map(Check::MinProperties));
                checks.extend(object.max_properties.map(Check::MaxProperties));
                checks
            }
            // A list that the document calls incomplete refuses nothing.
            Shape::Enumeration(list) if list.open => Vec::new(),
            Shape::Enumeration(list) => {
                let values = list.values.iter().map(|one| one.value.clone());
                vec![Check::OneOf(values.collect())]
            }
            Shape::Any | Shape::Boolean | Shape::Reference(_) | Shape::Union(_) => Vec::new(),
        }
    }

    fn nested(&self, schema: &'a Schema) -> Option<Nested> {
        match &schema.shape {
            Shape::Object(object) if object.properties.is_empty() => match &object.additional {
                Additional::Schema(values) => {
                    self.element_rule(values, Nested::Values, Nested::EachValue)
                }
                Additional::Unsaid | Additional::Forbidden | Additional::Any => None,
            },
            Shape::Object(_) => self.type_name(schema, Way::Sent).map(Nested::Object),
            Shape::List(list) => self.element_rule(&list.items, Nested::Items, Nested::EachItem),
            Shape::Any
            | Shape::Boolean
            | Shape::Integer(_)
            | Shape::Number(_)
            | Shape::Text(_)
            | Shape::Enumeration(_)
            | Shape::Reference(_)
            | Shape::Union(_) => None,
        }
    }

    fn element_rule(
        &self,
        schema: &'a Schema,
        objects: fn(crate::krate::Ident) -> Nested,
        others: fn(Box<Rule>) -> Nested,
    ) -> Option<Nested> {
        // An element has no name of its own: complaints show its index or key.
        let rule = self.rule(&WireName(String::new()), schema);
        match rule.nested {
            Some(Nested::Object(name)) if rule.checks.is_empty() => Some(objects(name)),
            Some(_) => Some(others(Box::new(rule))),
            None if rule.checks.is_empty() => None,
            None => Some(others(Box::new(rule))),
        }
    }
}

fn number_checks(number: &Number) -> Vec<Check> {
    let Number {
        format,
        minimum,
        maximum,
        multiple_of,
    } = number;
    let mut checks = Vec::new();
    checks.extend(minimum.map(|(value, exclusive)| Check::Minimum(value, exclusive)));
    checks.extend(maximum.map(|(value, exclusive)| Check::Maximum(value, exclusive)));
    checks.extend(multiple_of.map(Check::MultipleOf));
    if format.as_deref() == Some("int32") {
        if minimum.is_none() {
            checks.push(Check::Minimum(f64::from(i32::MIN), false));
        }
        if maximum.is_none() {
            checks.push(Check::Maximum(f64::from(i32::MAX), false));
        }
    }
    checks
}

fn text_checks(text: &Text) -> Vec<Check> {
    let Text {
        format,
        pattern,
        min_length,
        max_length,
    } = text;
    let mut checks = Vec::new();
    checks.extend(min_length.map(Check::MinLength));
    checks.extend(max_length.map(Check::MaxLength));
    match format.as_deref() {
        Some("uri") => checks.push(Check::Format(Format::Uri)),
        Some("decimal") => checks.push(Check::Format(Format::Decimal)),
        _ => {}
    }
    // What the client's regular expressions do not know is left to the server.
    checks.extend(
        pattern
            .clone()
            .filter(|pattern| regex_lite::Regex::new(pattern).is_ok())
            .map(Check::Pattern),
    );
    checks
}

/// What an object must hold.
pub(super) fn requirement(requirement: &api::Requirement) -> Requirement {
    match requirement.condition.clone() {
        Condition::Any(groups) => Requirement::Any(groups),
        Condition::When {
            property,
            equals,
            then,
        } => Requirement::When {
            field: property,
            equals,
            then,
        },
    }
}
