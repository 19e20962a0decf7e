//! Matches every value that it knows.

use creatify_api::types::KoalaKind;

pub fn describe(value: &KoalaKind) -> &str {
    match value {
        KoalaKind::A => "one",
        KoalaKind::B => "other",
        KoalaKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
