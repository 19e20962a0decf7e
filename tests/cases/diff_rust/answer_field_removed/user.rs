//! Reads the field.

use creatify_api::types::Bat;

pub fn read(value: Bat) -> Option<String> {
    value.name
}
