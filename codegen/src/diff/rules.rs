//! The catalogue: every rule by which a change is judged, as a row. In: nothing. Out: rows. Knows no document.

mod bodies;
mod callbacks;
mod document;
mod extensions;
mod limits;
mod parameters;
mod paths;
mod properties;
mod responses;
mod schemas;
mod security;

use super::report::{Direction, Level};
use std::sync::LazyLock;

/// What the catalogue says about the opposite direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mirror {
    /// The rule that judges the same edit where the values travel the other way.
    Of(&'static str),
    /// There is none, and why.
    Waived(&'static str),
}

/// One row of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What it is called in reports and in lists of accepted changes; oasdiff's name where the meaning is the same.
    pub id: &'static str,
    /// How bad what it reports is.
    pub level: Level,
    /// Which way the values travel; `None` where that has no meaning.
    pub direction: Option<Direction>,
    /// What happened.
    pub meaning: &'static str,
    /// Why it has this level.
    pub rationale: &'static str,
    /// What judges the same edit in the other direction.
    pub mirror: Mirror,
}

/// The rule for what no other rule explains.
pub(super) const OTHER: &str = "other-change";

/// What stands in for a row that is missing, which the tests of the catalogue do not let happen.
pub(super) static UNKNOWN: Rule = plain(
    OTHER,
    Level::Warning,
    "something differs that no rule explains",
    "a person has to look at it",
);

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let tables: [&[Rule]; 11] = [
        paths::RULES,
        parameters::RULES,
        bodies::RULES,
        callbacks::RULES,
        responses::RULES,
        schemas::RULES,
        properties::RULES,
        limits::RULES,
        security::RULES,
        document::RULES,
        extensions::RULES,
    ];
    tables.concat()
});

/// Every rule, by subject.
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// Names of oasdiff that say where a value stands; here one rule judges it wherever it stands.
const PLACES: [(&str, &str); 7] = [
    ("request-parameter-property-", "request-property-"),
    ("request-header-property-", "request-property-"),
    ("request-parameter-", "request-property-"),
    ("request-body-", "request-property-"),
    ("response-body-", "response-property-"),
    ("response-header-", "response-property-"),
    ("response-mediatype-", "response-property-"),
];

/// The rule of this name, or of the name that oasdiff gives it at a certain place (`request-body-max-decreased`).
pub fn find(id: &str) -> Option<&'static Rule> {
    let exact = |id: &str| RULES.iter().find(|rule| rule.id == id);
    let elsewhere =
        |(place, ours): &(&str, &str)| exact(&format!("{ours}{}", id.strip_prefix(place)?));
    exact(id).or_else(|| PLACES.iter().find_map(elsewhere))
}

const REFUSED: &str = "a request that was right may be refused";
const ACCEPTED: &str = "every request that was right still is";
const PROMISED: &str = "every answer was one that callers expected before";
const UNEXPECTED: &str = "an answer may come that callers had no reason to expect";
const UNSAID: &str = "it limits no value; callers may rely on it all the same";

/// The two rules about one edit of a value's schema, for either direction.
macro_rules! mirrored {
    ($name:literal, narrows, $meaning:literal) => {
        mirrored!($name, Breaking, Info, $meaning, REFUSED, PROMISED)
    };
    ($name:literal, widens, $meaning:literal) => {
        mirrored!($name, Info, Breaking, $meaning, ACCEPTED, UNEXPECTED)
    };
    ($name:literal, changes, $meaning:literal) => {
        mirrored!($name, Breaking, Breaking, $meaning, REFUSED, UNEXPECTED)
    };
    ($name:literal, notes, $meaning:literal) => {
        mirrored!($name, Info, Info, $meaning, UNSAID, UNSAID)
    };
    ($name:literal, $request:ident, $response:ident, $meaning:literal, $why:expr, $why_not:expr) => {
        [
            directed(
                concat!("request-property-", $name),
                Level::$request,
                Direction::Request,
                ($meaning, $why),
                Mirror::Of(concat!("response-property-", $name)),
            ),
            directed(
                concat!("response-property-", $name),
                Level::$response,
                Direction::Response,
                ($meaning, $why_not),
                Mirror::Of(concat!("request-property-", $name)),
            ),
        ]
    };
}
use mirrored;

/// A rule about values that travel one way.
const fn directed(
    id: &'static str,
    level: Level,
    direction: Direction,
    words: (&'static str, &'static str),
    mirror: Mirror,
) -> Rule {
    Rule {
        id,
        level,
        direction: Some(direction),
        meaning: words.0,
        rationale: words.1,
        mirror,
    }
}

/// A rule about what has no direction.
const fn plain(
    id: &'static str,
    level: Level,
    meaning: &'static str,
    rationale: &'static str,
) -> Rule {
    Rule {
        id,
        level,
        direction: None,
        meaning,
        rationale,
        mirror: Mirror::Waived("it says nothing about values that travel"),
    }
}
