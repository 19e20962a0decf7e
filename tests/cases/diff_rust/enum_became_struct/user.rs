//! Makes the value of a text.

use creatify_api::types::Puma;

pub fn parse(text: &str) -> Puma {
    Puma::from(text)
}
