//! Builds the request.

use creatify_api::types::Duck;

pub fn build() -> Duck {
    Duck::new("Donald")
}
