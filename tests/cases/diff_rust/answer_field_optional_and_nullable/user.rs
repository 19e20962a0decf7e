//! An optional field of an answer is an `Option` already: null is nothing new.

use creatify_api::types::Clam;

pub fn read(value: Clam) -> Option<i64> {
    value.pearls
}
