//! What a change of the document does to callers. In: two documents as written. Out: every change, judged. Knows no Rust name.
//!
//! ```text
//! Side::read      text        -> Side       any valid OpenAPI 3.0 document, also one the generator cannot plan
//! operation::walk Side, Side  -> Judged     pairs of nodes that mean the same place, and what differs in meaning
//! raw::unclaimed  Judged      -> Finding    what differs as a value and no rule has explained
//! report::gather  Finding     -> Report     one change per edit, with its places and the operations it reaches
//! verdict::judge  Side, Side  -> Verdict    the report, and what happens to users of the generated crate
//! review::review  Verdict     -> Review     levels and accepted changes of this project applied
//! print           Review      -> text       in six formats; `changelog` in a seventh
//! ```
//!
//! Schemas are compared by the set of documents that they accept, not by their spelling, and in the direction in which
//! they travel: a request may accept more, an answer may promise more, and never the other way round.

mod body;
mod callback;
mod changelog;
mod date;
mod document;
mod finding;
mod form;
mod judge;
mod media;
mod node;
mod number;
mod operation;
mod parameter;
mod paths;
mod pattern;
mod policy;
mod positions;
pub mod print;
mod raw;
mod report;
mod response;
mod review;
mod rules;
pub mod rust;
mod schema;
mod security;
mod server;
mod side;
mod subject;
mod sunset;
mod verdict;
mod version;
mod written;

pub use changelog::changelog;
pub use date::{Date, day, day_since_1970};
pub use policy::{Entry, Policy, nearest_rule};
pub use report::{Change, Direction, Effect, Level, Place, Report};
pub use review::{Acceptance, Item, Note, Review, Ruling, review};
pub use rules::{Mirror, Rule, find, rules};
pub use rust::{Bump, RustChange};
pub use side::Side;
pub use verdict::{Verdict, bump, judge};
pub use version::Version;

/// Everything that differs between two documents, judged for those who call the API.
///
/// `compare(x, x)` is empty, and `compare(x, y)` is not when the two differ as values: what no rule explains is reported
/// as `other-change`.
///
/// Whether the day on which something goes has come is left open; [`compare_on`] says it.
pub fn compare(old: &Side, new: &Side) -> Report {
    judged(judge::Judge::new(old, new))
}

/// The same, as it is on the day `today`.
pub fn compare_on(old: &Side, new: &Side, today: Date) -> Report {
    let mut judge = judge::Judge::new(old, new);
    judge.today = Some(today);
    judged(judge)
}

fn judged(mut judged: judge::Judge<'_>) -> Report {
    document::walk(&mut judged);
    paths::walk(&mut judged);
    raw::unclaimed(&mut judged);
    report::gather(&judged)
}
