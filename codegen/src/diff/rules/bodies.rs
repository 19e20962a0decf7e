//! Rows about request bodies. In: nothing. Out: rows. Knows no document.

use super::super::report::{Direction, Level};
use super::{Mirror, Rule, directed};

const NONE: &str = "an answer always may have a body; its media types say which";

/// Rows about request bodies.
pub(super) const RULES: &[Rule] = &[
    directed(
        "request-body-added-required",
        Level::Breaking,
        Direction::Request,
        (
            "a body is new and must be sent",
            "calls without it are refused",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-body-added-optional",
        Level::Info,
        Direction::Request,
        (
            "a body is new and may be sent",
            "calls without it work as before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-body-removed",
        Level::Breaking,
        Direction::Request,
        (
            "the body is gone",
            "what callers send is refused, or has no effect",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-body-became-required",
        Level::Breaking,
        Direction::Request,
        ("the body must be sent", "calls without it are refused"),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-body-became-optional",
        Level::Info,
        Direction::Request,
        (
            "the body need no longer be sent",
            "calls with it work as before",
        ),
        Mirror::Waived(NONE),
    ),
    directed(
        "request-body-media-type-added",
        Level::Info,
        Direction::Request,
        (
            "the body can be written in one more media type",
            "the others work as before",
        ),
        Mirror::Of("response-media-type-added"),
    ),
    directed(
        "request-body-media-type-removed",
        Level::Breaking,
        Direction::Request,
        (
            "the body can no longer be written in a media type",
            "calls in it are refused",
        ),
        Mirror::Of("response-media-type-removed"),
    ),
    directed(
        "request-body-media-type-name-changed",
        Level::Info,
        Direction::Request,
        (
            "the text is written in another charset",
            "most of what reads one charset reads the other",
        ),
        Mirror::Of("response-media-type-name-changed"),
    ),
    directed(
        "request-body-media-type-name-generalized",
        Level::Info,
        Direction::Request,
        (
            "the media type is a more general one",
            "what was written in the special one is in the general one too",
        ),
        Mirror::Of("response-media-type-name-generalized"),
    ),
    directed(
        "request-body-media-type-name-specialized",
        Level::Breaking,
        Direction::Request,
        (
            "the media type is a more special one",
            "what was written in the general one may not be in the special one",
        ),
        Mirror::Of("response-media-type-name-specialized"),
    ),
    directed(
        "request-body-media-type-schema-added",
        Level::Breaking,
        Direction::Request,
        (
            "the body has a schema and had none",
            "what was sent may not match it",
        ),
        Mirror::Of("response-media-type-schema-added"),
    ),
    directed(
        "request-body-media-type-schema-removed",
        Level::Info,
        Direction::Request,
        ("the body has no schema any more", "anything matches"),
        Mirror::Of("response-media-type-schema-removed"),
    ),
    directed(
        "request-body-encoding-changed",
        Level::Warning,
        Direction::Request,
        (
            "the parts of a form are written in another way",
            "whether the service reads both, the document does not say",
        ),
        Mirror::Waived(NONE),
    ),
];
