//! Words for sentences. In: names. Out: text. Knows no change.

use crate::krate::Ident;

/// A name or value as inline code.
pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// An identifier as inline code.
pub(super) fn ident(name: &Ident) -> String {
    code(name.as_str())
}

/// `a`, `b` and `c`
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(code).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some(_) | None => names.concat(),
    }
}
