//! Matches every value that it knows.

use creatify_api::types::MoleKind;

pub fn describe(value: &MoleKind) -> &str {
    match value {
        MoleKind::Deep => "one",
        MoleKind::Shallow => "other",
        MoleKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
