//! Builds the request.

use creatify_api::types::Fly;

pub fn build() -> Fly {
    Fly::new("Flo", "bzz")
}
