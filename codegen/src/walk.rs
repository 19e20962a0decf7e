//! Goes down a document. In: a value and what stands below its keyword. Out: the nodes below, with their places. Knows no meaning.

use crate::keyword::{Below, Context};
use crate::pointer::Pointer;
use serde_json::Value;

/// A node below a keyword.
#[derive(Debug, Clone)]
pub struct Child<'a> {
    /// Where it stands.
    pub at: Pointer,
    /// What kind of node it has to be.
    pub context: Context,
    /// The node as written.
    pub value: &'a Value,
}

/// The nodes that stand in `value`, the value of a keyword at `at`; none where it is not of the expected kind.
pub fn children<'a>(value: &'a Value, below: Below, at: &Pointer) -> Vec<Child<'a>> {
    let child = |at: Pointer, context: Context, value: &'a Value| Child { at, context, value };
    match below {
        Below::Nothing => Vec::new(),
        Below::OneOrBoolean(_) if value.is_boolean() => Vec::new(),
        Below::One(context) | Below::OneOrBoolean(context) => {
            vec![child(at.clone(), context, value)]
        }
        Below::List(context) => {
            let items = value.as_array().into_iter().flatten().enumerate();
            items
                .map(|(index, item)| child(at.index(index), context, item))
                .collect()
        }
        Below::Map(context) => {
            let members = value.as_object().into_iter().flatten();
            members
                .map(|(key, item)| child(at.key(key), context, item))
                .collect()
        }
    }
}
