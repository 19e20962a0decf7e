//! Reads the field.

use creatify_api::types::Deer;

pub fn read(value: Deer) -> Option<i64> {
    value.antlers
}
