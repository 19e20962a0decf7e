//! Builds the request.

use creatify_api::types::Fox;

pub fn build() -> Fox {
    Fox::new("Fred", 3)
}
