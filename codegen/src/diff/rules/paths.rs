//! Rows about paths and operations. In: nothing. Out: rows. Knows no document.

use super::super::report::Level;
use super::{Rule, plain};

/// Rows about paths and operations.
pub(super) const RULES: &[Rule] = &[
    plain(
        "endpoint-added",
        Level::Info,
        "an operation is new",
        "nobody calls it yet",
    ),
    plain(
        "api-path-removed-without-deprecation",
        Level::Breaking,
        "a path is gone with all its operations",
        "calls of it fail, and nothing announced that",
    ),
    plain(
        "api-path-removed-with-deprecation",
        Level::Warning,
        "a path is gone whose operations were all deprecated",
        "calls of it fail, as was announced; whether the time was long enough, a person has to know",
    ),
    plain(
        "api-removed-without-deprecation",
        Level::Breaking,
        "an operation is gone",
        "calls of it fail, and nothing announced that",
    ),
    plain(
        "api-removed-with-deprecation",
        Level::Warning,
        "a deprecated operation is gone",
        "calls of it fail, as was announced; whether the time was long enough, a person has to know",
    ),
    plain(
        "api-path-removed-before-sunset",
        Level::Breaking,
        "a path is gone whose operations were to stay until a day that has not come",
        "callers rely on the day that was announced",
    ),
    plain(
        "api-removed-before-sunset",
        Level::Breaking,
        "a deprecated operation is gone before the day that was announced",
        "callers rely on that day",
    ),
    plain(
        "api-sunset-date-too-small",
        Level::Breaking,
        "an operation is deprecated, and the day on which it goes is past already",
        "calls of it may fail from now on, and nothing announced that",
    ),
    plain(
        "api-sunset-date-changed-too-small",
        Level::Breaking,
        "the day on which a deprecated operation goes is another one, and past already",
        "calls of it may fail from now on, earlier than was announced",
    ),
    plain(
        "sunset-near",
        Level::Warning,
        "the day on which a deprecated operation goes is a month away at most",
        "whether callers can do without it so soon, a person has to know",
    ),
    plain(
        "api-deprecated-sunset-parse",
        Level::Warning,
        "the day on which a deprecated operation goes is not written as a date",
        "callers cannot tell when it goes",
    ),
    plain(
        "path-parameter-renamed",
        Level::Info,
        "a parameter in the path has another name",
        "the name never travels",
    ),
    plain(
        "endpoint-deprecated",
        Level::Info,
        "an operation is deprecated",
        "it works as before",
    ),
    plain(
        "endpoint-deprecated-with-sunset",
        Level::Info,
        "an operation is deprecated, with the day on which it goes",
        "it works as before, until then",
    ),
    plain(
        "endpoint-reactivated",
        Level::Info,
        "an operation is no longer deprecated",
        "it works as before",
    ),
    plain(
        "sunset-changed",
        Level::Warning,
        "the day on which a deprecated operation goes is another one",
        "who planned for the old day has to look",
    ),
    plain(
        "sunset-deleted",
        Level::Warning,
        "a deprecated operation no longer says when it goes",
        "who planned for the day has to look",
    ),
    plain(
        "api-operation-id-added",
        Level::Info,
        "an operation has an operationId",
        "it never travels; generated clients name their methods by it",
    ),
    plain(
        "api-operation-id-removed",
        Level::Info,
        "an operation has another operationId, or none",
        "it never travels; generated clients name their methods by it",
    ),
    plain(
        "api-tag-added",
        Level::Info,
        "an operation has one more tag",
        "it never travels; generated clients group their methods by it",
    ),
    plain(
        "api-tag-removed",
        Level::Info,
        "an operation has one tag less",
        "it never travels; generated clients group their methods by it",
    ),
];
