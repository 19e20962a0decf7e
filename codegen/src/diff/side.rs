//! Reads a document to compare. In: YAML or JSON text. Out: its tree, or what makes it no OpenAPI 3.0 document. Knows no keyword table.

use crate::diagnostic::{Diagnostics, Spec};
use crate::yaml;
use serde_json::Value;

mod families;
mod forbidden;
mod valid;

pub(super) use families::{Families, named};

/// A document as it is written: any valid one of OpenAPI 3.0, also one that the generator cannot plan.
#[derive(Debug, Clone)]
pub struct Side {
    /// What reports call it.
    pub name: String,
    /// The text, from which positions are found.
    pub text: String,
    /// The tree.
    pub root: Value,
    /// Which components extend which, found once.
    pub(super) families: Families,
}

/// The only syntaxes whose first character is this one are JSON, and YAML that is written like it.
const JSON_START: char = '{';

/// How many digits the largest number of 64 bits has.
const LONG: usize = 20;

impl Side {
    /// Reads a document that reports call `name`.
    ///
    /// # Errors
    ///
    /// Unreadable text, Swagger 2, OpenAPI 3.1, nodes that have another kind than the standard gives them, and what could be
    /// read in two ways (two like addresses, a parameter twice, an unknown security scheme), each with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let spec = Spec::new(name, text);
        let root = tree(&spec)?;
        let mut diagnostics = Diagnostics::new(name);
        valid::document(&root, &mut diagnostics);
        forbidden::document(&root, &mut diagnostics);
        diagnostics
            .or(())
            .map_err(|diagnostics| diagnostics.located(&spec))?;
        let Spec { name, text } = spec;
        Ok(Self {
            families: Families::of(&root),
            name,
            text,
            root,
        })
    }

    /// The node that a reference names; `None` for one that leaves the document or leads nowhere.
    pub(super) fn resolve(&self, reference: &str) -> Option<&Value> {
        resolve(&self.root, reference)
    }
}

fn resolve<'v>(root: &'v Value, reference: &str) -> Option<&'v Value> {
    let pointer = reference.strip_prefix('#')?;
    // A reference is a URI: what stands in it is percent-encoded, a pointer is not.
    root.pointer(&decoded(pointer))
}

fn tree(spec: &Spec) -> Result<Value, Diagnostics> {
    if spec.text.trim_start().starts_with(JSON_START) && !holds_long_number(&spec.text) {
        // What is not JSON may still be YAML in braces, and then the YAML reader has the better words for what is wrong.
        if let Some(root) = yaml::read_json(&spec.text) {
            return Ok(root);
        }
    }
    yaml::read(spec)
}

/// Whether a number stands outside of texts that may need more than 64 bits. The fast reader would round it in silence; the
/// YAML reader says what is wrong.
fn holds_long_number(text: &str) -> bool {
    let (mut quoted, mut escaped, mut digits) = (false, false, 0);
    for byte in text.bytes() {
        quoted ^= byte == b'"' && !escaped;
        escaped = quoted && byte == b'\\' && !escaped;
        digits = if !quoted && byte.is_ascii_digit() {
            digits + 1
        } else {
            0
        };
        if digits >= LONG {
            return true;
        }
    }
    false
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
