//! Builds the request.

use creatify_api::types::Eel;

pub fn build() -> Eel {
    Eel::new("Eli").volts(600)
}
