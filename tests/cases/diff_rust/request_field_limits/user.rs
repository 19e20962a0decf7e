//! Builds the request.

use creatify_api::types::Hare;

pub fn build() -> Hare {
    Hare::new().name("Hans")
}
