//! Rows about parameters. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::{Mirror, Rule, directed};

const NONE: &str = "answers have no parameters";

/// Rows about parameters.
pub(super) const RULES: &[Rule] = &[
    directed(
        "new-request-path-parameter",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter is new in the path",
            "the address that callers know leads nowhere",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "new-required-request-parameter",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter is new and must be sent",
            "calls without it are refused",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "new-optional-request-parameter",
        Level::Info,
        Direction::Request,
        (
            "a parameter is new and may be sent",
            "calls without it work as before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-removed",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter is gone",
            "the list of parameters is complete: what it does not name has no effect, or is refused",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-removed-before-sunset",
        Level::Breaking,
        Direction::Request,
        (
            "a deprecated parameter is gone before the day that was announced",
            "callers rely on that day",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-removed-with-deprecation",
        Level::Warning,
        Direction::Request,
        (
            "a deprecated parameter is gone",
            "it has no effect or is refused, as was announced",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-in-changed",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter travels in another part of the request",
            "it is not found where callers put it",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-became-required",
        Level::Breaking,
        Direction::Request,
        ("a parameter must be sent", "calls without it are refused"),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-became-optional",
        Level::Info,
        Direction::Request,
        (
            "a parameter need no longer be sent",
            "calls with it work as before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-deprecated",
        Level::Info,
        Direction::Request,
        ("a parameter is deprecated", "it works as before"),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-reactivated",
        Level::Info,
        Direction::Request,
        ("a parameter is no longer deprecated", "it works as before"),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-empty-value-allowed",
        Level::Info,
        Direction::Request,
        (
            "a parameter may be sent without a value",
            "calls with a value work as before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-empty-value-refused",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter may no longer be sent without a value",
            "calls that do so are refused",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-serialization-changed",
        Level::Breaking,
        Direction::Request,
        (
            "a list or an object is written in another way",
            "the service reads something else from what callers write",
        ),
        Mirror::Of("response-header-serialization-changed"),
    ),
    directed(
        "request-parameter-allow-reserved-changed",
        Level::Warning,
        Direction::Request,
        (
            "reserved characters are written in another way",
            "most services read both",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-default-value-added",
        Level::Warning,
        Direction::Request,
        (
            "a parameter has a default",
            "who leaves it out may get something else than before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-default-value-changed",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter has another default",
            "who leaves it out gets something else than before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-parameter-default-value-removed",
        Level::Breaking,
        Direction::Request,
        (
            "a parameter has no default any more",
            "who leaves it out no longer knows what it gets",
        ),
        Mirror::Waived(NONE),
    ),
];
