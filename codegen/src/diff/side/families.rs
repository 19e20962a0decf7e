//! Which components extend one that tells its variants apart. In: a tree. Out: for each such base, references to those that
//! extend it. Knows no rule.
//!
//! A base has a `discriminator` and lists no alternatives; a component extends it by naming it in its `allOf`, and so do
//! those that extend this one. Whoever refers to the base means any of them.

use super::{decoded, resolve};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Where schemas that have a name stand.
const SCHEMAS: &str = "#/components/schemas/";

/// The variants of every base, by its name.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Families(IndexMap<String, Value>);

impl Families {
    pub(super) fn of(root: &Value) -> Self {
        let mut families: IndexMap<String, Vec<Value>> = IndexMap::new();
        let schemas = root.pointer("/components/schemas");
        let Some(schemas) = schemas.and_then(Value::as_object) else {
            return Self::default();
        };
        for name in schemas.keys() {
            for base in ancestors(schemas, name) {
                if schemas.get(base).is_some_and(is_base) {
                    let variants = families.entry(base.to_owned()).or_default();
                    variants.push(reference_to(name));
                }
            }
        }
        let lists = families.into_iter();
        Self(
            lists
                .map(|(base, list)| (base, Value::Array(list)))
                .collect(),
        )
    }

    /// References to what extends the schema that a reference names; `None` where nothing does.
    pub(in super::super) fn variants(&self, reference: &str) -> Option<&Value> {
        self.0.get(&named(reference)?)
    }

    /// The base that a member of one of these lists extends, and the component that it refers to; `None` for any node of
    /// the document itself.
    pub(in super::super) fn member<'v>(
        &'v self,
        root: &'v Value,
        node: &Value,
    ) -> Option<(&'v str, &'v Value)> {
        let ours = |list: &&Value| {
            let mut members = list.as_array().into_iter().flatten();
            members.any(|member| std::ptr::eq(member, node))
        };
        let (base, _) = self.0.iter().find(|(_, list)| ours(list))?;
        Some((base, resolve(root, node.get("$ref")?.as_str()?)?))
    }

    /// Every base, as references name it, with references to its variants.
    pub(in super::super) fn all(&self) -> impl Iterator<Item = (String, &Value)> {
        self.0
            .iter()
            .map(|(base, list)| (reference_text(base), list))
    }
}

/// The name of the schema that a reference, or a value of a `mapping`, leads to.
pub(in super::super) fn named(reference: &str) -> Option<String> {
    let name = decoded(reference.strip_prefix(SCHEMAS)?);
    let inner = !name.contains('/');
    inner.then(|| name.replace("~1", "/").replace("~0", "~"))
}

fn is_base(schema: &Value) -> bool {
    schema.get("discriminator").is_some()
        && schema.get("oneOf").is_none()
        && schema.get("anyOf").is_none()
}

/// What a component extends, over all steps.
fn ancestors<'v>(schemas: &'v Map<String, Value>, name: &'v str) -> Vec<&'v str> {
    let mut found = Vec::new();
    let mut known = HashSet::from([name]);
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        let schema = schemas.get(next);
        let members = schema.and_then(|schema| schema.get("allOf"));
        // A component that only refers to another is that one.
        for member in members
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .chain(schema)
        {
            let parent = member.get("$ref").and_then(Value::as_str).and_then(named);
            let parent = parent.and_then(|parent| schemas.get_key_value(&parent));
            if let Some((parent, _)) = parent.filter(|(parent, _)| known.insert(parent)) {
                found.push(parent.as_str());
                open.push(parent);
            }
        }
    }
    found
}

fn reference_text(name: &str) -> String {
    format!("{SCHEMAS}{}", name.replace('~', "~0").replace('/', "~1"))
}

fn reference_to(name: &str) -> Value {
    let entry = ("$ref".to_owned(), Value::String(reference_text(name)));
    Value::Object(Map::from_iter([entry]))
}
