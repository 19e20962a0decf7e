//! Reads nodes that may be absent or of another kind. In: a node. Out: what it holds. Knows no key.

use serde_json::Value;

/// The members of a mapping; none of anything else.
pub(super) fn members(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object).into_iter().flatten()
}

/// The elements of a list; none of anything else.
pub(super) fn elements(node: Option<&Value>) -> impl Iterator<Item = &Value> {
    node.and_then(Value::as_array).into_iter().flatten()
}

/// Whether a flag is set.
pub(super) fn is_true(node: Option<&Value>) -> bool {
    node == Some(&Value::Bool(true))
}
