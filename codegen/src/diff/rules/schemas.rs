//! Rows about what schemas accept. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::Mirror;
use super::{ACCEPTED, PROMISED, REFUSED, Rule, UNEXPECTED, UNSAID, directed, mirrored};

const OPEN: &str = "the list said that it may grow";
const TOLERATED: &str =
    "whether the service still takes it, ignores it or refuses it, the document does not say";
const DEFAULTED: &str = "a default does not make it valid to leave a required property out";
const ADAPTS: &str = "who leaves it out may get something else than before";
const LOST: &str = "callers that read it find it no more";
const CLOSED: &str =
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
        notes,
        "a value of the discriminator names its variant"
    ),
    mirrored!(
        "discriminator-mapping-deleted",
        notes,
        "a value of the discriminator no longer names its variant"
    ),
    mirrored!(
        "discriminator-mapping-changed",
        Warning,
        Warning,
        "a value of the discriminator names another variant",
        TELLS,
        TELLS
    ),
    mirrored!(
        "additional-properties-forbidden",
        narrows,
        "an object takes no members that it does not name"
    ),
    mirrored!(
        "additional-properties-allowed",
        widens,
        "an object may have members that it does not name"
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

const fn request(
    id: &'static str,
    level: Level,
    meaning: &'static str,
    why: &'static str,
    mirror: &'static str,
) -> Rule {
    directed(
        id,
        level,
        Direction::Request,
        (meaning, why),
        Mirror::Of(mirror),
    )
}

const fn response(
    id: &'static str,
    level: Level,
    meaning: &'static str,
    why: &'static str,
    mirror: &'static str,
) -> Rule {
    directed(
        id,
        level,
        Direction::Response,
        (meaning, why),
        Mirror::Of(mirror),
    )
}

use Level::{Breaking, Info, Warning};

/// Rows about properties that come, go, or travel one way only.
const SINGLE: &[Rule] = &[
    directed(
        "request-property-became-required-with-default",
        Breaking,
        Direction::Request,
        ("a property with a default must be sent", DEFAULTED),
        Mirror::Waived("a default says nothing about answers"),
    ),
    request(
        "new-required-request-property",
        Breaking,
        "a property is new and must be sent",
        REFUSED,
        "response-required-property-added",
    ),
    directed(
        "new-required-request-property-with-default",
        Breaking,
        Direction::Request,
        (
            "a property is new and must be sent, though it has a default",
            DEFAULTED,
        ),
        Mirror::Waived("a default says nothing about answers"),
    ),
    request(
        "new-optional-request-property",
        Info,
        "a property is new and may be sent",
        ACCEPTED,
        "response-optional-property-added",
    ),
    request(
        "request-property-removed",
        Warning,
        "a property is gone from what can be sent",
        TOLERATED,
        "response-optional-property-removed",
    ),
    request(
        "request-property-forbidden",
        Breaking,
        "a property is gone from an object that takes no other members",
        REFUSED,
        "response-property-added-to-closed-object",
    ),
    response(
        "response-required-property-added",
        Info,
        "a property is new and always there",
        PROMISED,
        "new-required-request-property",
    ),
    response(
        "response-optional-property-added",
        Info,
        "a property is new and may be there",
        PROMISED,
        "new-optional-request-property",
    ),
    response(
        "response-property-added-to-closed-object",
        Warning,
        "a property is new in an object that promised to have no other members",
        CLOSED,
        "request-property-forbidden",
    ),
    response(
        "response-required-property-removed",
        Breaking,
        "a property that was always there is gone",
        LOST,
        "request-property-removed",
    ),
    response(
        "response-optional-property-removed",
        Breaking,
        "a property that could be there is gone",
        LOST,
        "request-property-removed",
    ),
    request(
        "request-required-property-became-read-only",
        Warning,
        "a property that had to be sent should not be sent",
        TOLERATED,
        "response-required-property-became-write-only",
    ),
    request(
        "request-optional-property-became-read-only",
        Warning,
        "a property that could be sent should not be sent",
        TOLERATED,
        "response-optional-property-became-write-only",
    ),
    request(
        "request-required-property-became-not-read-only",
        Breaking,
        "a property that was not sent must be",
        REFUSED,
        "response-required-property-became-not-write-only",
    ),
    request(
        "request-optional-property-became-not-read-only",
        Info,
        "a property that was not sent may be",
        ACCEPTED,
        "response-optional-property-became-not-write-only",
    ),
    response(
        "response-required-property-became-write-only",
        Breaking,
        "a property that was always there is no longer sent back",
        LOST,
        "request-required-property-became-read-only",
    ),
    response(
        "response-optional-property-became-write-only",
        Breaking,
        "a property that could be there is no longer sent back",
        LOST,
        "request-optional-property-became-read-only",
    ),
    response(
        "response-required-property-became-not-write-only",
        Info,
        "a property is sent back that was not",
        PROMISED,
        "request-required-property-became-not-read-only",
    ),
    response(
        "response-optional-property-became-not-write-only",
        Info,
        "a property may be sent back that was not",
        PROMISED,
        "request-optional-property-became-not-read-only",
    ),
    request(
        "request-property-became-write-only",
        Info,
        "a property is write-only, and still sent",
        ACCEPTED,
        "response-property-became-read-only",
    ),
    request(
        "request-property-became-not-write-only",
        Info,
        "a property is no longer write-only",
        ACCEPTED,
        "response-property-became-not-read-only",
    ),
    response(
        "response-property-became-read-only",
        Info,
        "a property is read-only, and still sent back",
        PROMISED,
        "request-property-became-write-only",
    ),
    response(
        "response-property-became-not-read-only",
        Info,
        "a property is no longer read-only",
        PROMISED,
        "request-property-became-not-write-only",
    ),
];

const MIRRORED: &[Rule] = ROWS.as_flattened();

/// Rows about schemas.
pub(super) static TABLES: [&[Rule]; 2] = [MIRRORED, SINGLE];
