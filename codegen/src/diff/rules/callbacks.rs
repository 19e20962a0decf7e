//! Rows about the requests that a service sends. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::{Mirror, Rule, directed, plain};

const NONE: &str = "an operation's own body and answers have rules of their own";

const PARAMETERS: &str = "an operation's own parameters have rules of their own";

/// Rows about callbacks.
pub(super) const RULES: &[Rule] = &[
    plain(
        "callback-added",
        Level::Info,
        "the service sends a request that it did not",
        "only who asks for it gets it",
    ),
    plain(
        "callback-removed",
        Level::Breaking,
        "the service no longer sends a request",
        "who waits for it waits in vain",
    ),
    plain(
        "callback-renamed",
        Level::Info,
        "a callback has another name and the same address",
        "its name never travels",
    ),
    plain(
        "callback-changed",
        Level::Warning,
        "something of a callback differs beside its parameters, its body and its answers",
        "who receives it has to look at it",
    ),
    plain(
        "callback-documentation-changed",
        Level::Info,
        "the operationId, the tags or the deprecation of a callback differ",
        "none of them travels",
    ),
    directed(
        "callback-parameter-added",
        Level::Info,
        Direction::Response,
        (
            "a callback comes with another parameter",
            "who did not read it need not now",
        ),
        Mirror::Waived(PARAMETERS),
    ),
    directed(
        "callback-parameter-removed",
        Level::Breaking,
        Direction::Response,
        (
            "a callback no longer comes with a parameter",
            "who reads it fails",
        ),
        Mirror::Waived(PARAMETERS),
    ),
    directed(
        "callback-parameter-became-optional",
        Level::Breaking,
        Direction::Response,
        (
            "a callback may come without a parameter",
            "who always reads it fails",
        ),
        Mirror::Of("request-parameter-became-required"),
    ),
    directed(
        "callback-parameter-became-required",
        Level::Info,
        Direction::Response,
        (
            "a callback always comes with a parameter",
            "who can do without it still can",
        ),
        Mirror::Of("request-parameter-became-optional"),
    ),
    directed(
        "callback-parameter-serialization-changed",
        Level::Breaking,
        Direction::Response,
        (
            "a parameter of a callback is written in another way",
            "who receives it reads something else from what the service writes",
        ),
        Mirror::Of("request-parameter-serialization-changed"),
    ),
    directed(
        "callback-body-added",
        Level::Info,
        Direction::Response,
        ("a callback has a body", "who did not read one need not now"),
        Mirror::Waived(NONE),
    ),
    directed(
        "callback-body-removed",
        Level::Breaking,
        Direction::Response,
        ("a callback no longer has a body", "who reads it fails"),
        Mirror::Waived(NONE),
    ),
    directed(
        "callback-body-became-optional",
        Level::Breaking,
        Direction::Response,
        (
            "a callback may come without its body",
            "who always reads it fails",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "callback-body-became-required",
        Level::Info,
        Direction::Response,
        (
            "a callback always has its body",
            "who can do without it still can",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "callback-answer-added",
        Level::Info,
        Direction::Request,
        (
            "a callback can be answered with another status",
            "every answer that was right still is",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "callback-answer-removed",
        Level::Breaking,
        Direction::Request,
        (
            "a callback is no longer expected to be answered with a status",
            "an answer that was right may count as a failure",
        ),
        Mirror::Waived(NONE),
    ),
];
