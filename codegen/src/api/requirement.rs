//! What the properties of a request require of each other. In: nothing. Out: plain data. Knows no Rust.

use crate::pointer::Pointer;
use crate::wire::WireName;

/// What a request must hold beside the required properties. An answer need not.
///
/// A property that is null, a blank text or an empty list counts as absent.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// Where it stands.
    pub at: Pointer,
    /// What is required, and when.
    pub condition: Condition,
}

/// What is required, and when.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All properties of at least one of these groups (`x-requires-any`).
    Any(Vec<Vec<WireName>>),
    /// More properties when one has a certain value (`x-requires-when`).
    When {
        /// The property that decides; while it is absent nothing is required.
        property: WireName,
        /// Its value.
        equals: WireName,
        /// The properties that are then required.
        then: Vec<WireName>,
    },
}
