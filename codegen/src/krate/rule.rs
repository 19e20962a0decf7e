//! Limits as data. In: nothing. Out: plain data that can always be printed. Knows no document.

use super::Ident;
use crate::wire::WireName;

/// The limits of one field or parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name on the wire.
    pub wire: WireName,
    /// Its limits.
    pub checks: Vec<Check>,
    /// The limits of what it holds.
    pub nested: Option<Nested>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// In characters.
    MinLength(u64),
    /// In characters.
    MaxLength(u64),
    /// A regular expression.
    Pattern(String),
    /// The least value, and whether it is excluded.
    Minimum(f64, bool),
    /// The greatest value, and whether it is excluded.
    Maximum(f64, bool),
    /// What it is a multiple of.
    MultipleOf(f64),
    /// The least length of a list.
    MinItems(u64),
    /// The greatest length of a list.
    MaxItems(u64),
    /// No item stands twice.
    UniqueItems,
    /// The least number of members.
    MinProperties(u64),
    /// The greatest number of members.
    MaxProperties(u64),
    /// The format of a text.
    Format(Format),
    /// The only texts there are.
    OneOf(Vec<WireName>),
}

/// The format of a text that has no Rust type of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An absolute URI.
    Uri,
    /// A decimal number.
    Decimal,
}

/// The limits of what a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Nested {
    /// An object of this type.
    Object(Ident),
    /// A list of objects of this type.
    Items(Ident),
    /// A map to objects of this type.
    Values(Ident),
    /// A list of values with limits.
    EachItem(Box<Rule>),
    /// A map to values with limits.
    EachValue(Box<Rule>),
}

/// What an object must hold beside the required fields; names on the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum Requirement {
    /// All fields of at least one of these groups.
    Any(Vec<Vec<WireName>>),
    /// More fields when one has a certain value.
    When {
        /// The field that decides.
        field: WireName,
        /// Its value.
        equals: WireName,
        /// The fields that are then required.
        then: Vec<WireName>,
    },
}
