//! Names the type.

use creatify_api::types::Newt;

pub fn read(value: Newt) -> Option<String> {
    value.name
}
