//! Reads the field.

use creatify_api::types::Carp;

pub fn read(value: Carp) -> Option<i64> {
    value.scales
}
