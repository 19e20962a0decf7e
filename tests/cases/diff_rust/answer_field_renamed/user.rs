//! Reads the field.

use creatify_api::types::Bee;

pub fn read(value: Bee) -> Option<i64> {
    value.stings
}
