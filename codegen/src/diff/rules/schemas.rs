//! Rows about what schemas accept. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::Mirror;
use super::{ACCEPTED, PROMISED, REFUSED, Rule, UNEXPECTED, UNSAID, directed, mirrored};

const OPEN: &str = "the list said that it may grow";
pub(super) const TOLERATED: &str =
    "whether the service still takes it, ignores it or refuses it, the document does not say";
const ADAPTS: &str = "who leaves it out may get something else than before";
const ALIKE: &str =
    "what fits the one fits the other: its optional members may be absent or come unnamed";
pub(super) const CLOSED: &str =
    "callers that refuse unknown members, as the schema let them, refuse the answer";
const OVERLAPS: &str =
    "values that match several alternatives were valid on one side only; few services mean it";
const TELLS: &str = "callers that choose the variant by it have to look elsewhere";

const ROWS: &[[Rule; 2]] = &[
    mirrored!(
        "type-changed",
        changes,
        "the type or the format is another one"
    ),
    mirrored!(
        "type-generalized",
        widens,
        "the type or the format admits more values"
    ),
    mirrored!(
        "type-specialized",
        narrows,
        "the type or the format admits fewer values"
    ),
    mirrored!(
        "list-of-types-widened",
        widens,
        "a choice of plain types has one more"
    ),
    mirrored!(
        "list-of-types-narrowed",
        narrows,
        "a choice of plain types has one less"
    ),
    mirrored!("one-of-added", widens, "`oneOf` has one more alternative"),
    mirrored!(
        "one-of-removed",
        narrows,
        "`oneOf` has one alternative less"
    ),
    mirrored!("any-of-added", widens, "`anyOf` has one more alternative"),
    mirrored!(
        "any-of-removed",
        narrows,
        "`anyOf` has one alternative less"
    ),
    mirrored!(
        "alternative-like-another-added",
        Info,
        Info,
        "there is one more alternative, which differs from another in optional members only",
        ACCEPTED,
        ALIKE
    ),
    mirrored!(
        "alternative-like-another-removed",
        Info,
        Info,
        "there is one alternative less, which differed from another in optional members only",
        ALIKE,
        PROMISED
    ),
    mirrored!(
        "any-of-became-one-of",
        Warning,
        Info,
        "overlapping alternatives exclude each other now",
        OVERLAPS,
        PROMISED
    ),
    mirrored!(
        "one-of-became-any-of",
        Info,
        Warning,
        "overlapping alternatives no longer exclude each other",
        ACCEPTED,
        OVERLAPS
    ),
    mirrored!(
        "not-added",
        narrows,
        "`not` excludes values that were accepted"
    ),
    mirrored!("not-removed", widens, "`not` is gone"),
    mirrored!("not-tightened", narrows, "`not` excludes more values"),
    mirrored!("not-loosened", widens, "`not` excludes fewer values"),
    mirrored!("not-changed", changes, "`not` excludes other values"),
    mirrored!(
        "reference-changed",
        Warning,
        Warning,
        "a reference that leaves the document leads elsewhere",
        TOLERATED,
        TOLERATED
    ),
    mirrored!("became-nullable", widens, "null is accepted"),
    mirrored!("became-not-nullable", narrows, "null is no longer accepted"),
    mirrored!(
        "became-enum",
        narrows,
        "any value was accepted, and only listed ones are now"
    ),
    mirrored!(
        "enum-dropped",
        widens,
        "only listed values were accepted, and others are now"
    ),
    mirrored!(
        "enum-value-added",
        widens,
        "the list of values has one more"
    ),
    mirrored!(
        "enum-value-removed",
        narrows,
        "the list of values has one less"
    ),
    mirrored!(
        "open-enum-value-added",
        Info,
        Info,
        "a list of values that may grow has one more",
        ACCEPTED,
        OPEN
    ),
    mirrored!(
        "x-extensible-enum-value-removed",
        narrows,
        "a list of values that may grow has one less"
    ),
    mirrored!("default-value-added", notes, "a default is stated"),
    mirrored!(
        "default-value-removed",
        notes,
        "a default is no longer stated"
    ),
    mirrored!(
        "default-value-changed",
        Warning,
        Info,
        "the default is another one",
        ADAPTS,
        UNSAID
    ),
    mirrored!("deprecated", notes, "the property or type is deprecated"),
    mirrored!(
        "reactivated",
        notes,
        "the property or type is no longer deprecated"
    ),
    mirrored!(
        "discriminator-added",
        notes,
        "a property tells the variants apart"
    ),
    mirrored!(
        "discriminator-removed",
        notes,
        "no property tells the variants apart any more"
    ),
    mirrored!(
        "discriminator-property-name-changed",
        Warning,
        Warning,
        "another property tells the variants apart",
        TELLS,
        TELLS
    ),
    mirrored!(
        "discriminator-mapping-added",
        widens,
        "one more value names a variant"
    ),
    mirrored!(
        "discriminator-mapping-deleted",
        narrows,
        "a value no longer names its variant"
    ),
    mirrored!(
        "discriminator-mapping-changed",
        changes,
        "other values than before name a variant"
    ),
    mirrored!(
        "became-union",
        narrows,
        "any value of a type was accepted, and one of several alternatives has to match now"
    ),
    mirrored!(
        "union-dropped",
        widens,
        "one of several alternatives had to match, and any value of the type is accepted now"
    ),
    mirrored!(
        "one-of-overlaps",
        Warning,
        Info,
        "what matched one alternative matches another too, which `oneOf` refuses",
        OVERLAPS,
        PROMISED
    ),
    mirrored!(
        "one-of-no-longer-overlaps",
        Info,
        Warning,
        "what matched two alternatives, which `oneOf` refuses, matches one",
        ACCEPTED,
        OVERLAPS
    ),
    mirrored!(
        "additional-properties-forbidden",
        narrows,
        "an object takes no members that it does not name"
    ),
    mirrored!(
        "additional-properties-allowed",
        Info,
        Warning,
        "an object may have members that it does not name",
        ACCEPTED,
        CLOSED
    ),
    mirrored!(
        "additional-properties-restricted",
        narrows,
        "members that an object does not name are of one type"
    ),
    mirrored!(
        "additional-properties-unrestricted",
        widens,
        "members that an object does not name are of any type"
    ),
    mirrored!("became-required", narrows, "a property must be there"),
    mirrored!("became-optional", widens, "a property need not be there"),
];

/// Rows about schemas.
pub(super) const RULES: &[Rule] = ROWS.as_flattened();
