//! Sends a further field.

use creatify_api::types::Hyena;

pub fn build() -> Hyena {
    let mut request = Hyena::new("a");
    request.extra.insert("c".to_owned(), true.into());
    request
}
