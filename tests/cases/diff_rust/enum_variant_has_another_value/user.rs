//! Matches every value that it knows.

use creatify_api::types::LarkKind;

pub fn describe(value: &LarkKind) -> &str {
    match value {
        LarkKind::Sky => "one",
        LarkKind::Wood => "other",
        LarkKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
