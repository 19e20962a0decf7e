//! Builds the request.

use creatify_api::types::Elk;

pub fn build() -> Elk {
    Elk::new("Eva")
}
