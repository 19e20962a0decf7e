//! Rows about extensions. In: nothing. Out: rows. Knows no document.

use super::super::report::Level;
use super::{Rule, plain};

/// Rows about extensions.
pub(super) const RULES: &[Rule] = &[
    plain(
        "price-changed",
        Level::Warning,
        "a call costs another number of credits",
        "calls work as before and cost something else",
    ),
    plain(
        "lifecycle-changed",
        Level::Warning,
        "jobs go through other states",
        "who waits for a job may wait for another state",
    ),
    plain(
        "generated-name-changed",
        Level::Info,
        "an extension that shapes the generated client changed",
        "nothing of it travels",
    ),
    plain(
        "extension-changed",
        Level::Info,
        "another extension changed",
        "what it means is for its readers to say",
    ),
];
