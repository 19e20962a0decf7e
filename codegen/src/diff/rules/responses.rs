//! Rows about answers. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::{Mirror, Rule, directed};

const NONE: &str = "requests have no status, and their headers are parameters";

/// Rows about answers.
pub(super) const RULES: &[Rule] = &[
    directed(
        "response-success-status-added",
        Level::Info,
        Direction::Response,
        (
            "an answer to a success is new",
            "callers that asked for nothing new get what they got",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-success-status-removed",
        Level::Breaking,
        Direction::Response,
        (
            "an answer to a success is gone",
            "callers wait for an answer that no longer comes",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-non-success-status-added",
        Level::Info,
        Direction::Response,
        (
            "an answer to a failure is new",
            "any status can come; now one more is described",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-non-success-status-removed",
        Level::Warning,
        Direction::Response,
        (
            "an answer to a failure is gone",
            "it comes no more, or is no longer described",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-media-type-added",
        Level::Info,
        Direction::Response,
        (
            "the answer may come in one more media type",
            "who asks for another gets it as before",
        ),
        Mirror::Of("request-body-media-type-added"),
    ),
    directed(
        "response-media-type-removed",
        Level::Breaking,
        Direction::Response,
        (
            "the answer no longer comes in a media type",
            "who asks for it gets something else",
        ),
        Mirror::Of("request-body-media-type-removed"),
    ),
    directed(
        "response-media-type-name-changed",
        Level::Info,
        Direction::Response,
        (
            "the text is written in another charset",
            "callers read the essence of the name",
        ),
        Mirror::Of("request-body-media-type-name-changed"),
    ),
    directed(
        "response-media-type-name-generalized",
        Level::Breaking,
        Direction::Response,
        (
            "the media type is a more general one",
            "callers that know the special one may not read it",
        ),
        Mirror::Of("request-body-media-type-name-generalized"),
    ),
    directed(
        "response-media-type-name-specialized",
        Level::Info,
        Direction::Response,
        (
            "the media type is a more special one",
            "who reads the general one reads it too",
        ),
        Mirror::Of("request-body-media-type-name-specialized"),
    ),
    directed(
        "response-media-type-schema-added",
        Level::Info,
        Direction::Response,
        (
            "the answer has a schema and had none",
            "more is promised than before",
        ),
        Mirror::Of("request-body-media-type-schema-added"),
    ),
    directed(
        "response-media-type-schema-removed",
        Level::Breaking,
        Direction::Response,
        (
            "the answer has no schema any more",
            "nothing is promised of what comes",
        ),
        Mirror::Of("request-body-media-type-schema-removed"),
    ),
    directed(
        "response-header-serialization-changed",
        Level::Breaking,
        Direction::Response,
        (
            "the value of a header is written in another way",
            "callers read something else from what the service writes",
        ),
        Mirror::Of("request-parameter-serialization-changed"),
    ),
    directed(
        "response-header-added",
        Level::Info,
        Direction::Response,
        ("a header is new", "callers ignore what they do not know"),
        Mirror::Waived(NONE),
    ),
    directed(
        "required-response-header-removed",
        Level::Breaking,
        Direction::Response,
        (
            "a header that was always there is gone",
            "callers that read it find it no more",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "optional-response-header-removed",
        Level::Breaking,
        Direction::Response,
        (
            "a header that could be there is gone",
            "callers that read it find it no more",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-header-became-optional",
        Level::Breaking,
        Direction::Response,
        (
            "a header is no longer always there",
            "callers that rely on it fail",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "response-header-became-required",
        Level::Info,
        Direction::Response,
        ("a header is always there", "more is promised than before"),
        Mirror::Waived(NONE),
    ),
];
