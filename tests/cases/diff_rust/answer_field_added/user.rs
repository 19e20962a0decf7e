//! Reads the field.

use creatify_api::types::Ant;

pub fn read(value: Ant) -> i64 {
    value.legs
}
