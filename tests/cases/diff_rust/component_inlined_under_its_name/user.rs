//! Reads the field.

use creatify_api::types::Raven;

pub fn read(value: Raven) -> Option<String> {
    value.name
}
