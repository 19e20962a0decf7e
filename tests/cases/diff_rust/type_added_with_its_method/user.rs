//! Reads the field.

use creatify_api::types::Otter;

pub fn read(value: Otter) -> Option<String> {
    value.name
}
