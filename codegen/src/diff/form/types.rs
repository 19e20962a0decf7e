//! The kinds of JSON values that a schema object accepts. In: its keywords. Out: a set. Knows no limits.

use super::super::number;
use serde_json::Value;
use std::fmt;

/// A set of kinds of values. `number` is two of them, with and without a fraction, so that `integer` lies within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Types(u8);

impl Types {
    pub(in super::super) const BOOLEAN: Self = Self(1);
    pub(in super::super) const INTEGER: Self = Self(2);
    pub(in super::super) const FRACTION: Self = Self(4);
    pub(in super::super) const NUMBER: Self = Self(6);
    pub(in super::super) const STRING: Self = Self(8);
    pub(in super::super) const ARRAY: Self = Self(16);
    pub(in super::super) const OBJECT: Self = Self(32);
    pub(in super::super) const ANY: Self = Self(63);

    pub(in super::super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(in super::super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(in super::super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether something of `other` is in this.
    pub(in super::super) fn touches(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }

    pub(in super::super) fn contains(self, other: Self) -> bool {
        self.and(other) == other
    }

    /// The kind of a value.
    pub(in super::super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self(0),
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(_) if number::is_integer(value) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ANY,
        }
    }
}

/// Keywords that speak of one kind of values only.
const SPEAKING: [(Types, &[&str]); 4] = [
    (
        Types::OBJECT,
        &[
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
    (
        Types::ARRAY,
        &["items", "minItems", "maxItems", "uniqueItems"],
    ),
    (Types::STRING, &["pattern", "minLength", "maxLength"]),
    (Types::NUMBER, &["minimum", "maximum", "multipleOf"]),
];

/// The kinds that one schema object accepts by its own keywords.
pub(super) fn stated(object: &Value) -> Types {
    match object.get("type").and_then(Value::as_str) {
        Some(name) => Types::named(name),
        None => inferred(object).unwrap_or(Types::ANY),
    }
}

/// The kind that a schema object without `type` plainly means, where its keywords speak of one kind only.
pub(super) fn inferred(object: &Value) -> Option<Types> {
    let speaks = |keywords: &[&str]| keywords.iter().any(|keyword| object.get(keyword).is_some());
    let mut found = SPEAKING.iter().filter(|(_, keywords)| speaks(keywords));
    let first = found.next()?;
    found.next().is_none().then_some(first.0)
}

impl fmt::Display for Types {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ANY {
            return formatter.write_str("any value");
        }
        let words = [
            (Self::BOOLEAN, "a boolean"),
            (Self::NUMBER, "a number"),
            (Self::INTEGER, "an integer"),
            (Self::FRACTION, "a fraction"),
            (Self::STRING, "a string"),
            (Self::ARRAY, "an array"),
            (Self::OBJECT, "an object"),
        ];
        let mut rest = *self;
        let mut shown = Vec::new();
        for (kind, word) in words {
            if rest.contains(kind) {
                shown.push(word);
                rest = Self(rest.0 & !kind.0);
            }
        }
        match shown.is_empty() {
            true => formatter.write_str("nothing"),
            false => formatter.write_str(&shown.join(" or ")),
        }
    }
}
