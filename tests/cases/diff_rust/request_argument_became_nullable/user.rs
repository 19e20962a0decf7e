//! Builds the request.

use creatify_api::types::Frog;

pub fn build() -> Frog {
    Frog::new("Fritz")
}
