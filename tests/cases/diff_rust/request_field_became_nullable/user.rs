//! The setter still takes a text, but the field is public: it is a `Patch` now.

use creatify_api::types::Goat;

pub fn build() -> Goat {
    Goat::new().name("Gerda")
}

pub fn read(value: Goat) -> Option<String> {
    value.name
}
