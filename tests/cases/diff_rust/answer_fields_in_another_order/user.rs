//! Reads the field.

use creatify_api::types::Dove;

pub fn read(value: Dove) -> Option<String> {
    value.nest
}
