//! Matches every value that it knows.

use creatify_api::types::LlamaKind;

pub fn describe(value: &LlamaKind) -> &str {
    match value {
        LlamaKind::Wild => "one",
        LlamaKind::Tame => "other",
        LlamaKind::Unknown(value) => value.as_str(),
        _ => "new",
    }
}
