//! Matches every value that it knows.

use creatify_api::types::LionKind;

pub fn describe(value: &LionKind) -> &str {
    match value {
        LionKind::East => "one",
        LionKind::West => "other",
        LionKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
