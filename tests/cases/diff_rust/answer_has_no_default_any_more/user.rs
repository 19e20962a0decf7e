//! Makes a value for a test.

use creatify_api::types::Gecko;

pub fn made() -> Gecko {
    Gecko::default()
}
