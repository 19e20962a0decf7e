//! Reads the field.

use creatify_api::types::Pig;

pub fn read(value: Pig) -> Option<String> {
    value.name
}
