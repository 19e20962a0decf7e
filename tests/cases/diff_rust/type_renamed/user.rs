//! Names the type.

use creatify_api::types::Moth;

pub fn read(value: Moth) -> Option<String> {
    value.name
}
