//! Builds what is only received now.

use creatify_api::types::Panda;

pub fn build() -> Panda {
    Panda::new().name("Paula")
}
