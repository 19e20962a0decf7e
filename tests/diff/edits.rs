//! Random edits of a tree that leave it a document, mostly. In: a tree and numbers. Out: another tree. Knows no OpenAPI.

use serde_json::Value;

/// One edit: which node, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edit {
    pub(crate) node: usize,
    pub(crate) change: usize,
}

/// Makes one edit; the tree is the same where the node cannot be edited that way.
pub(crate) fn apply(tree: &mut Value, edit: Edit) {
    let count = size(tree);
    let mut left = edit.node % count;
    visit(tree, &mut left, edit.change);
}

fn size(node: &Value) -> usize {
    match node {
        Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}

/// Counts down to the node that is meant, and edits it.
fn visit(node: &mut Value, left: &mut usize, change: usize) -> bool {
    if *left == 0 {
        edited(node, change);
        return true;
    }
    *left -= 1;
    match node {
        Value::Array(elements) => elements
            .iter_mut()
            .any(|element| visit(element, left, change)),
        Value::Object(members) => members
            .values_mut()
            .any(|member| visit(member, left, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Words that mean something in a schema.
const WORDS: [&str; 8] = [
    "string", "integer", "number", "array", "object", "uuid", "header", "other",
];

fn edited(node: &mut Value, change: usize) {
    match node {
        Value::Null => *node = Value::Bool(true),
        Value::Bool(value) => *value = !*value,
        Value::Number(number) => *node = Value::from(number.as_f64().unwrap_or_default() + 1.0),
        Value::String(text) => *text = WORDS[change % WORDS.len()].to_owned(),
        Value::Array(elements) if !elements.is_empty() => {
            let index = change % elements.len();
            match change % 3 {
                0 => drop(elements.remove(index)),
                1 => elements.rotate_left(1),
                _ => elements.push(elements[index].clone()),
            }
        }
        Value::Array(elements) => elements.push(Value::from("new")),
        Value::Object(members) => {
            let key = members.keys().nth(change % members.len().max(1)).cloned();
            match (key, change % 3) {
                (Some(key), 0) => drop(members.shift_remove(&key)),
                (Some(key), 1) => {
                    let value = members.shift_remove(&key).unwrap_or_default();
                    members.insert(format!("{key}_"), value);
                }
                (Some(_) | None, _) => {
                    drop(members.insert("x-new".to_owned(), Value::from(change)))
                }
            }
        }
    }
}

/// The same tree with all members in the opposite order.
pub(crate) fn reversed(node: &Value) -> Value {
    match node {
        Value::Array(elements) => elements.iter().map(reversed).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .rev()
                .map(|(key, member)| (key.clone(), reversed(member)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => node.clone(),
    }
}
