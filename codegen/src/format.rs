//! Lays out a generated file. In: header, documentation, imports and items as tokens. Out: text. Knows no meaning.

use proc_macro2::TokenStream;

/// Whether blank lines stand between items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// As in a list of modules; what is documented, or an implementation, still stands apart.
    Tight,
    /// As between types.
    Loose,
}

/// The text of a file.
pub fn file(
    header: &str,
    docs: &[String],
    uses: &[Option<TokenStream>],
    items: &[TokenStream],
    spacing: Spacing,
) -> String {
    let mut text = header.to_owned();
    for line in docs {
        text.push_str("//!");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(line);
        }
        text.push('\n');
    }
    let uses: Vec<String> = uses.iter().flatten().map(print).collect();
    if !uses.is_empty() {
        text.push('\n');
        text.push_str(&uses.concat());
    }
    for (index, item) in items.iter().enumerate() {
        let item = members_apart(&print(item));
        let apart = item.starts_with("///") || item.starts_with("impl");
        if index == 0 || spacing == Spacing::Loose || apart {
            text.push('\n');
        }
        text.push_str(&item);
    }
    text
}

/// One item as text. Tokens that are no item can't come from this crate's own templates; they are shown as they are.
fn print(item: &TokenStream) -> String {
    match syn::parse2(item.clone()) {
        Ok(parsed) => prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![parsed],
        }),
        Err(error) => format!("compile_error!({:?});\n", format!("{error}: {item}")),
    }
}

/// Puts a blank line between the members of an `impl` block: prettyplease keeps none.
fn members_apart(text: &str) -> String {
    if !text.contains("impl") {
        return text.to_owned();
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        let ends = matches!(lines.last(), Some(&"    }" | &"    ];"))
            || lines
                .last()
                .is_some_and(|last| last.starts_with("    pub const ") && last.ends_with(';'));
        if ends && line.starts_with("    ") && !line.starts_with("     ") {
            lines.push("");
        }
        lines.push(line);
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}
