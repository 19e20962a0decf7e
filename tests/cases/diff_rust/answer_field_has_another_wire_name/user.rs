//! The name in Rust stays.

use creatify_api::types::Dog;

pub fn read(value: Dog) -> Option<i64> {
    value.barks
}
