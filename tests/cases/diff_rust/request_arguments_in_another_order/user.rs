//! Builds the request.

use creatify_api::types::Goose;

pub fn build() -> Goose {
    Goose::new("Gus", 3)
}
