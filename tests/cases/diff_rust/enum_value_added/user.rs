//! Matches every value that it knows.

use creatify_api::types::JayKind;

pub fn describe(value: &JayKind) -> &str {
    match value {
        JayKind::Blue => "one",
        JayKind::Green => "other",
        JayKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
