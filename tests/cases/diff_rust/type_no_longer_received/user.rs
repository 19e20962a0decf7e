//! Reads the type from stored JSON.

use creatify_api::types::Pike;

pub fn stored(text: &str) -> Option<Pike> {
    serde_json::from_str(text).ok()
}
