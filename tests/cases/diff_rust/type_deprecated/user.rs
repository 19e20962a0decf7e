//! Reads the field.

use creatify_api::types::Ram;

pub fn read(value: Ram) -> Option<String> {
    value.name
}
