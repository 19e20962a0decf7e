//! Builds the request.

use creatify_api::types::Heron;

pub fn build() -> Heron {
    Heron::new().prey("frog")
}
