//! Reads the field.

use creatify_api::types::Crow;

pub fn read(value: Crow) -> Option<i64> {
    value.caws
}
