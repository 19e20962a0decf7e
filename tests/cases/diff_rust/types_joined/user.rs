//! Names the type that is sent.

use creatify_api::types::OxRequest;

pub fn build() -> OxRequest {
    OxRequest::new().name("Otto")
}
