//! Names the type.

use creatify_api::types::Quail;

pub fn read(value: Quail) -> Option<String> {
    value.name
}
