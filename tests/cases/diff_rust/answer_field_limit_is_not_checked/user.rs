//! Reads the field.

use creatify_api::types::Crab;

pub fn read(value: Crab) -> Option<i64> {
    value.claws
}
