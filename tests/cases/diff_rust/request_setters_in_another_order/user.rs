//! Builds the request.

use creatify_api::types::Gnat;

pub fn build() -> Gnat {
    Gnat::new().name("Gina").age(1)
}
