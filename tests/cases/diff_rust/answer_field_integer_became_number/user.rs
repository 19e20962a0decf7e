//! Reads the field.

use creatify_api::types::Boar;

pub fn read(value: Boar) -> i64 {
    value.weight
}
