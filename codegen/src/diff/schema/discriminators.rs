//! Compares how values name their variant. In: discriminators, and variants that are each other's like. Out: findings about
//! them. Knows no operation.

use super::super::finding::Both;
use super::super::form::{Alternative, Branch, Form};
use super::super::judge::Relation;
use super::super::paths::target;
use super::super::side::{Side, named};
use super::Context;
use serde_json::Value;

/// A value that names a variant.
#[derive(Debug, Clone)]
pub(super) struct Key<'a> {
    pub(super) text: String,
    /// Where the document says so; `None` where the name of the schema does.
    pub(super) node: Option<&'a Value>,
}

/// The discriminator that holds in every alternative.
fn of<'a>(form: &Form<'a>) -> Option<&'a Value> {
    let mut found = form.shared.iter();
    found.find_map(|object| object.get("discriminator"))
}

/// The values that name an alternative: those of the mapping, or else the name of its schema.
pub(super) fn keys<'a>(side: &'a Side, alternative: &Alternative<'a>) -> Vec<Key<'a>> {
    let branches = alternative.branches.iter();
    let keys = branches.flat_map(|branch| named_by(side, *branch));
    let mut keys: Vec<Key<'a>> = keys.collect();
    keys.sort_by(|one, other| one.text.cmp(&other.text));
    keys
}

fn named_by<'a>(side: &'a Side, branch: Branch<'a>) -> Vec<Key<'a>> {
    let Some(discriminator) = branch.owner.get("discriminator") else {
        return Vec::new();
    };
    let variant = target(side, branch.node);
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let entries = mapping.into_iter().flatten();
    let ours = entries.filter(|(_, node)| leads_to(side, node, variant));
    let mut keys: Vec<Key<'a>> = ours
        .map(|(text, node)| Key {
            text: text.clone(),
            node: Some(node),
        })
        .collect();
    let reference = branch.node.get("$ref").and_then(Value::as_str);
    if let (true, Some(text)) = (keys.is_empty(), reference.and_then(named)) {
        keys.push(Key { text, node: None });
    }
    keys
}

/// Whether a value of a `mapping` leads to a schema: by its address, or by its name alone.
fn leads_to(side: &Side, node: &Value, schema: &Value) -> bool {
    let Some(text) = node.as_str() else {
        return false;
    };
    let by_name = || {
        let schemas = side.root.pointer("/components/schemas");
        schemas.and_then(|schemas| schemas.get(text))
    };
    let found = side.resolve(text).or_else(by_name);
    found.is_some_and(|found| std::ptr::eq(target(side, found), schema))
}

/// Compares the discriminators of two schemas, leaving aside which values name which variant.
pub(super) fn compare<'a>(context: &mut Context<'a>, old: &Form<'a>, new: &Form<'a>) {
    let at = (of(old), of(new));
    let (name, says) = match at {
        (None, Some(_)) => ("added", "says by a discriminator now which variant it is"),
        (Some(_), None) => ("removed", "no longer has a discriminator"),
        (Some(old), Some(new)) => {
            return property(context, (old.get("propertyName"), new.get("propertyName")));
        }
        (None, None) => return,
    };
    context.shift(Relation::EQUAL, &format!("discriminator-{name}"), at, says);
}

fn property<'a>(context: &mut Context<'a>, at: Both<'a>) {
    if let (Some(before), Some(after)) = at
        && before != after
    {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (before, after) = (text(before), text(after));
        let says = format!("names its variant in `{after}` instead of `{before}`");
        let rule = "discriminator-property-name-changed";
        context.shift(Relation::EQUAL, rule, at, says);
    }
}

/// Compares the values that name one variant.
pub(super) fn compare_keys<'a>(
    context: &mut Context<'a>,
    at: Both<'a>,
    (variant, base): (&str, Option<&str>),
    (old, new): (&[Key<'a>], &[Key<'a>]),
) {
    let lacks = |keys: &[Key<'a>], key: &Key<'a>| !keys.iter().any(|other| other.text == key.text);
    let gone: Vec<&Key<'a>> = old.iter().filter(|key| lacks(new, key)).collect();
    let come: Vec<&Key<'a>> = new.iter().filter(|key| lacks(old, key)).collect();
    let (relation, name, says) = match (gone.as_slice(), come.as_slice()) {
        ([], []) => return,
        ([], come) => {
            let says = format!("names {variant} by {} too", texts(come));
            (Relation::WIDENED, "added", says)
        }
        (gone, []) => {
            let says = format!("no longer names {variant} by {}", texts(gone));
            (Relation::NARROWED, "deleted", says)
        }
        (gone, come) => {
            let says = format!(
                "names {variant} by {} instead of {}",
                texts(come),
                texts(gone)
            );
            (Relation::CHANGED, "changed", says)
        }
    };
    let node = |keys: &[&Key<'a>]| keys.iter().find_map(|key| key.node);
    let shown = (node(&gone).or(at.0), node(&come).or(at.1));
    let mut finding = context
        .finding(&format!("discriminator-mapping-{name}"), shown, says)
        .claim_old(gone.iter().filter_map(|key| key.node))
        .claim_new(come.iter().filter_map(|key| key.node));
    if let Some(base) = base {
        finding = finding.about(format!("`{base}`"));
    }
    context.report(relation, finding);
}

fn texts(keys: &[&Key<'_>]) -> String {
    let texts: Vec<String> = keys.iter().map(|key| format!("`{}`", key.text)).collect();
    texts.join(", ")
}
