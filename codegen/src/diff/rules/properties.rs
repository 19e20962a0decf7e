//! Rows about properties that come, go, or travel one way only. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::schemas::{CLOSED, TOLERATED};
use super::{ACCEPTED, Mirror, PROMISED, REFUSED, Rule, directed};
use Level::{Breaking, Info, Warning};

const DEFAULTED: &str = "a default does not make it valid to leave a required property out";
const UNHELD: &str = "answers are held to no requirement";
const LOST: &str = "callers that read it find it no more";

/// Rows about properties that come, go, or travel one way only.
pub(super) const RULES: &[Rule] = &[
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
    directed(
        "request-property-requirement-added",
        Breaking,
        Direction::Request,
        (
            "an object must hold properties that it could leave out",
            REFUSED,
        ),
        Mirror::Waived(UNHELD),
    ),
    directed(
        "request-property-requirement-removed",
        Info,
        Direction::Request,
        (
            "an object may leave out properties that it had to hold",
            ACCEPTED,
        ),
        Mirror::Waived(UNHELD),
    ),
    directed(
        "request-property-requirement-changed",
        Breaking,
        Direction::Request,
        ("an object must hold other properties than before", REFUSED),
        Mirror::Waived(UNHELD),
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
