//! Matches every value that it knows.

use creatify_api::types::MouseKind;

pub fn describe(value: &MouseKind) -> &str {
    match value {
        MouseKind::House => "one",
        MouseKind::Field => "other",
        MouseKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
