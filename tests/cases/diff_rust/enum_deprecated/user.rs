//! Matches every value that it knows.

use creatify_api::types::MinkKind;

pub fn describe(value: &MinkKind) -> &str {
    match value {
        MinkKind::Wild => "one",
        MinkKind::Tame => "other",
        MinkKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
