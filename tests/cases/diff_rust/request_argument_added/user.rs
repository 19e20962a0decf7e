//! Builds the request.

use creatify_api::types::Finch;

pub fn build() -> Finch {
    Finch::new("Fee")
}
