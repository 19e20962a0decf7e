//! Builds the request.

use creatify_api::types::Emu;

pub fn build() -> Emu {
    Emu::new("Emil", 50)
}
