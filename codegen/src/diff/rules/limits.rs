//! Rows about limits of numbers, texts, arrays and objects. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::Mirror;
use super::{ACCEPTED, PROMISED, REFUSED, Rule, UNEXPECTED, directed, mirrored};

const UNDECIDED: &str =
    "whether the new pattern matches more, less or other texts cannot be decided";

const ROWS: &[[Rule; 2]] = &[
    mirrored!("max-increased", widens, "`maximum` rose"),
    mirrored!("max-decreased", narrows, "`maximum` fell"),
    mirrored!("max-set", narrows, "`maximum` is new"),
    mirrored!("max-unset", widens, "`maximum` is gone"),
    mirrored!("min-increased", narrows, "`minimum` rose"),
    mirrored!("min-decreased", widens, "`minimum` fell"),
    mirrored!("min-set", narrows, "`minimum` is new"),
    mirrored!("min-unset", widens, "`minimum` is gone"),
    mirrored!("max-length-increased", widens, "`maxLength` rose"),
    mirrored!("max-length-decreased", narrows, "`maxLength` fell"),
    mirrored!("max-length-set", narrows, "`maxLength` is new"),
    mirrored!("max-length-unset", widens, "`maxLength` is gone"),
    mirrored!("min-length-increased", narrows, "`minLength` rose"),
    mirrored!("min-length-decreased", widens, "`minLength` fell"),
    mirrored!("min-length-set", narrows, "`minLength` is new"),
    mirrored!("min-length-unset", widens, "`minLength` is gone"),
    mirrored!("max-items-increased", widens, "`maxItems` rose"),
    mirrored!("max-items-decreased", narrows, "`maxItems` fell"),
    mirrored!("max-items-set", narrows, "`maxItems` is new"),
    mirrored!("max-items-unset", widens, "`maxItems` is gone"),
    mirrored!("min-items-increased", narrows, "`minItems` rose"),
    mirrored!("min-items-decreased", widens, "`minItems` fell"),
    mirrored!("min-items-set", narrows, "`minItems` is new"),
    mirrored!("min-items-unset", widens, "`minItems` is gone"),
    mirrored!("max-properties-increased", widens, "`maxProperties` rose"),
    mirrored!("max-properties-decreased", narrows, "`maxProperties` fell"),
    mirrored!("max-properties-set", narrows, "`maxProperties` is new"),
    mirrored!("max-properties-unset", widens, "`maxProperties` is gone"),
    mirrored!("min-properties-increased", narrows, "`minProperties` rose"),
    mirrored!("min-properties-decreased", widens, "`minProperties` fell"),
    mirrored!("min-properties-set", narrows, "`minProperties` is new"),
    mirrored!("min-properties-unset", widens, "`minProperties` is gone"),
    mirrored!(
        "pattern-added",
        narrows,
        "texts must match a pattern that they need not have matched"
    ),
    mirrored!(
        "pattern-removed",
        widens,
        "texts need no longer match a pattern"
    ),
    mirrored!(
        "pattern-generalized",
        widens,
        "the pattern matches more than before"
    ),
    mirrored!(
        "pattern-specialized",
        narrows,
        "the pattern matches less than before"
    ),
    mirrored!(
        "pattern-replaced",
        changes,
        "the pattern matches texts that it did not, and no longer some that it did"
    ),
    mirrored!(
        "pattern-changed",
        Warning,
        Warning,
        "the pattern is another one",
        UNDECIDED,
        UNDECIDED
    ),
    mirrored!(
        "multiple-of-tightened",
        narrows,
        "numbers must be multiples of a number of which they need not have been"
    ),
    mirrored!(
        "multiple-of-loosened",
        widens,
        "numbers need no longer be multiples of a number"
    ),
    mirrored!(
        "multiple-of-changed",
        changes,
        "numbers must be multiples of another number"
    ),
    mirrored!(
        "unique-items-added",
        narrows,
        "an array must not repeat an element"
    ),
    mirrored!(
        "unique-items-removed",
        widens,
        "an array may repeat elements"
    ),
];

/// Rows about limits.
pub(super) const RULES: &[Rule] = ROWS.as_flattened();
