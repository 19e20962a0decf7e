//! Makes a value for a test.

use creatify_api::types::Kiwi;

pub fn made() -> Kiwi {
    Kiwi::default()
}
