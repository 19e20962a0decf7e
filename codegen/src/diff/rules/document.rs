//! Rows about the document as a whole. In: nothing. Out: rows. Knows no document.

use super::super::report::Level;
use super::{Rule, plain};

/// Rows about the document as a whole.
pub(super) const RULES: &[Rule] = &[
    plain(
        "openapi-version-changed",
        Level::Info,
        "the document follows another version of OpenAPI 3.0",
        "its patches change no meaning",
    ),
    plain(
        "api-version-changed",
        Level::Info,
        "the API has another version",
        "the other findings say what that means",
    ),
    plain(
        "api-schema-added",
        Level::Info,
        "a component schema is new",
        "operations say where it is used",
    ),
    plain(
        "api-schema-removed",
        Level::Info,
        "a component schema is gone",
        "operations say where it was used; generated clients lose a type",
    ),
    plain(
        "component-added",
        Level::Info,
        "a component is new",
        "operations say where it is used",
    ),
    plain(
        "component-removed",
        Level::Info,
        "a component is gone",
        "operations say where it was used",
    ),
    plain(
        "component-renamed",
        Level::Info,
        "a component has another name and the same content",
        "the name never travels; generated clients name a type by it",
    ),
    plain(
        "documentation-changed",
        Level::Info,
        "what people read is another text",
        "machines do not read it",
    ),
    plain(
        "spelling-changed",
        Level::Info,
        "the same meaning is written in another way",
        "the same documents are accepted",
    ),
    plain(
        "other-change",
        Level::Info,
        "something differs that no rule judges",
        "every difference is reported, so that nothing slips through",
    ),
];
