//! The committed client as data. In: its generated sources. Out: operations, structs and enums, or what was not
//! understood. Knows no document.

use crate::rust::{self, Rule, Type};
use std::collections::{BTreeMap, BTreeSet};
use syn::Item;

/// Everything that the generated sources say.
#[derive(Debug, Default)]
pub(crate) struct Client {
    pub(crate) base_url: Option<String>,
    /// The header of each key, by the name of its constant.
    pub(crate) keys: BTreeMap<String, String>,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) structs: BTreeMap<String, Struct>,
    pub(crate) enums: BTreeMap<String, Enum>,
}

/// One operation: its constant, its method, and the setters of its call.
#[derive(Debug, Default)]
pub(crate) struct Operation {
    pub(crate) resource: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<String>,
    pub(crate) security: Vec<BTreeSet<String>>,
    pub(crate) arguments: BTreeMap<String, Type>,
    pub(crate) body_type: Option<Type>,
    pub(crate) output: Option<Type>,
    pub(crate) setters: Setters,
}

/// What a call can be told.
#[derive(Debug, Default, Clone)]
pub(crate) struct Setters {
    /// By the parameter's name on the wire.
    pub(crate) parameters: BTreeMap<String, (Type, String)>,
    pub(crate) media_types: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) location: String,
    pub(crate) name: String,
    pub(crate) rule: Option<Rule>,
    /// `style` and `explode` where they are not the usual ones.
    pub(crate) written: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
pub(crate) struct Struct {
    /// Type and documentation of each field.
    pub(crate) fields: BTreeMap<String, (Type, String)>,
    pub(crate) arguments: BTreeMap<String, Type>,
    /// By the field that is set.
    pub(crate) setters: BTreeMap<String, Type>,
    /// Whether it has a constructor: whatever is received can be written too.
    pub(crate) is_sent: bool,
    pub(crate) written: Vec<Line>,
    pub(crate) read: Vec<Line>,
    pub(crate) rules: Vec<Rule>,
}

/// One field as it is encoded or decoded: `required` or `optional`.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) wire: String,
    pub(crate) field: String,
    pub(crate) how: String,
}

/// The values of an enum in its three places.
#[derive(Debug, Default)]
pub(crate) struct Enum {
    pub(crate) variants: BTreeSet<String>,
    pub(crate) known: BTreeSet<String>,
    pub(crate) written: BTreeMap<String, String>,
    pub(crate) read: BTreeMap<String, String>,
}

impl Client {
    /// Reads the files of `src/generated`, by their paths below it.
    pub(crate) fn read(files: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut client = Self::default();
        let mut parsed = Vec::new();
        for (path, text) in files {
            parsed.push((
                path,
                syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?,
            ));
        }
        // Security comes first, for operations name its constants.
        parsed.sort_by_key(|(path, _)| path.as_str() != "security.rs");
        for (path, file) in &parsed {
            let read = match path.split_once('/') {
                Some((_, "mod.rs")) => Ok(()),
                Some(("resources", name)) => client.resource(name.trim_end_matches(".rs"), file),
                Some(("types", _)) => file.items.iter().try_for_each(|item| client.item(item)),
                None if path.as_str() == "mod.rs" => Ok(()),
                None if path.as_str() == "security.rs" => client.security(file),
                Some(_) | None => Err("a file of no known kind".to_owned()),
            };
            read.map_err(|error| format!("creatify-api/src/generated/{path}: {error}"))?;
        }
        Ok(client)
    }

    fn security(&mut self, file: &syn::File) -> Result<(), String> {
        for item in &file.items {
            let Item::Const(constant) = item else {
                continue;
            };
            match rust::text(&constant.expr) {
                Ok(text) => self.base_url = Some(text),
                Err(_) => {
                    let (base, _) = rust::chain(&constant.expr)?;
                    let header = base
                        .given
                        .first()
                        .copied()
                        .ok_or("a key without a header")?;
                    self.keys
                        .insert(constant.ident.to_string(), rust::text(header)?);
                }
            }
        }
        Ok(())
    }
}
