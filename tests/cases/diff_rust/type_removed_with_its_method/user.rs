//! Names the type.

use creatify_api::types::Pod;

pub fn read(value: Pod) -> Option<i64> {
    value.size
}
