//! Merges and removes nodes as the Overlay Specification 1.1 says. In: a node and a value. Out: the node changed, and the
//! places that were written. Knows no overlay.

use crate::pointer::Pointer;
use serde_json::Value;

/// The places that a merge wrote, from the top down.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) pointers: Vec<Pointer>,
}

/// Two values that cannot merge.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) message: String,
}

/// The three kinds that merge each in their own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Scalar,
}

/// Which kind a value is.
pub(super) fn kind(value: &Value) -> Kind {
    match value {
        Value::Object(_) => Kind::Object,
        Value::Array(_) => Kind::Array,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Kind::Scalar,
    }
}

/// Merges `value` into a target: objects member by member, arrays by appending, scalars by replacing. A target that is an
/// array takes a single value as an element too.
pub(super) fn into(
    target: &mut Value,
    value: &Value,
    at: &Pointer,
    written: &mut Written,
) -> Result<(), Clash> {
    if let Value::Array(elements) = target
        && !value.is_array()
    {
        write_tree(value, at.index(elements.len()), written);
        elements.push(value.clone());
        return Ok(());
    }
    alike(target, value, at, written)
}

fn alike(
    target: &mut Value,
    value: &Value,
    at: &Pointer,
    written: &mut Written,
) -> Result<(), Clash> {
    match (target, value) {
        (Value::Object(members), Value::Object(added)) => {
            for (key, value) in added {
                let at = at.key(key);
                match members.get_mut(key) {
                    Some(member) => alike(member, value, &at, written)?,
                    None => {
                        members.insert(key.clone(), value.clone());
                        write_tree(value, at, written);
                    }
                }
            }
            Ok(())
        }
        (Value::Array(elements), Value::Array(added)) => {
            for value in added {
                write_tree(value, at.index(elements.len()), written);
                elements.push(value.clone());
            }
            Ok(())
        }
        (target, value) if kind(target) == Kind::Scalar && kind(value) == Kind::Scalar => {
            *target = value.clone();
            written.pointers.push(at.clone());
            Ok(())
        }
        (target, value) => Err(Clash {
            message: format!(
                "`{at}` is {}, the new value is {}",
                words(kind(target)),
                words(kind(value))
            ),
        }),
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "a mapping",
        Kind::Array => "a sequence",
        Kind::Scalar => "a scalar",
    }
}

fn write_tree(value: &Value, at: Pointer, written: &mut Written) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(key, value)| write_tree(value, at.key(key), written)),
        Value::Array(elements) => {
            elements
                .iter()
                .enumerate()
                .for_each(|(index, value)| write_tree(value, at.index(index), written));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    written.pointers.push(at);
}

/// What a removal took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Removed {
    /// It was not there; an earlier removal took its parent.
    Nothing,
    /// The whole document, or a member of an object.
    Member,
    /// An element of this array, with its index: those behind it have moved up.
    Element(Pointer, usize),
}

/// Removes the node at `target`.
pub(super) fn remove(document: &mut Value, target: &Pointer) -> Removed {
    let Some(parent) = target.parent() else {
        *document = Value::Null;
        return Removed::Member;
    };
    match document.pointer_mut(parent.as_str()) {
        Some(Value::Object(members)) => match members.shift_remove(&target.last()) {
            Some(_) => Removed::Member,
            None => Removed::Nothing,
        },
        Some(Value::Array(elements)) => match target.last().parse::<usize>() {
            Ok(index) if index < elements.len() => {
                elements.remove(index);
                Removed::Element(parent, index)
            }
            Ok(_) | Err(_) => Removed::Nothing,
        },
        Some(_) | None => Removed::Nothing,
    }
}

/// Where the node at `at`, below an array, stands after the removal of the array's element `gone`.
pub(super) fn after_removal(at: &Pointer, array: &Pointer, gone: usize) -> Pointer {
    let segments = at.segments();
    let depth = array.segments().len();
    match segments.get(depth).map(|segment| segment.parse::<usize>()) {
        Some(Ok(index)) if index > gone => {
            let moved = array.index(index - 1);
            segments[depth + 1..]
                .iter()
                .fold(moved, |pointer, segment| pointer.key(segment))
        }
        Some(Ok(_) | Err(_)) | None => at.clone(),
    }
}

/// Sorts places so that each element of an array comes behind those with a smaller index.
pub(super) fn by_index(targets: &[Pointer]) -> Vec<Pointer> {
    let rank = |segment: String| (segment.parse::<usize>().unwrap_or(usize::MAX), segment);
    let mut sorted = targets.to_vec();
    sorted.sort_by_cached_key(|target| target.segments().into_iter().map(rank).collect::<Vec<_>>());
    sorted
}
