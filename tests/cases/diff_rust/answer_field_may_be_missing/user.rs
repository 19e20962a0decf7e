//! Reads the field.

use creatify_api::types::Bull;

pub fn read(value: Bull) -> i64 {
    value.horns
}
