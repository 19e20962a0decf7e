//! Builds the request.

use creatify_api::types::Hen;

pub fn build() -> Hen {
    Hen::new().eggs(3)
}
