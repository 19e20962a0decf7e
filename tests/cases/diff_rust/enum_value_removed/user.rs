//! Matches every value that it knows.

use creatify_api::types::KiteKind;

pub fn describe(value: &KiteKind) -> &str {
    match value {
        KiteKind::Red => "one",
        KiteKind::Black => "other",
        KiteKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
