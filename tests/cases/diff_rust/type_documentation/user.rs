//! Reads the field.

use creatify_api::types::Rat;

pub fn read(value: Rat) -> Option<String> {
    value.name
}
