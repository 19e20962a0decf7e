//! Reads the field, and keeps the value as JSON.

use creatify_api::types::Skink;

pub fn kept(value: &Skink) -> (Option<&str>, Option<String>) {
    (value.name.as_deref(), serde_json::to_string(value).ok())
}
