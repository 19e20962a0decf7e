//! Builds the request.

use creatify_api::types::Hawk;

pub fn build() -> Hawk {
    Hawk::new().name("Hugo")
}
