//! Which elements of two lists belong together. In: two lists. Out: pairs. Knows what elements are called, not what they mean.

use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// An element of each list, where it has its like.
type Pair<'a> = (Option<&'a Value>, Option<&'a Value>);

/// Pairs equal elements first, then those of the same name, then what is left in order.
pub(super) fn elements<'a>(old: &'a [Value], new: &'a [Value]) -> Vec<Pair<'a>> {
    let mut before: Vec<&Value> = old.iter().collect();
    let mut after: Vec<&Value> = new.iter().collect();
    let mut pairs = Vec::new();
    pair_by(&mut before, &mut after, &mut pairs, |value| {
        Some(sorted(value).to_string())
    });
    pair_by(&mut before, &mut after, &mut pairs, name);
    // Scalars are what they are: another one is no change of the first.
    let scalar = |value: &&Value| !value.is_object() && !value.is_array();
    let lone = before.iter().chain(&after).all(scalar);
    if lone && before.len() + after.len() > 0 {
        pairs.extend(before.into_iter().map(|value| (Some(value), None)));
        pairs.extend(after.into_iter().map(|value| (None, Some(value))));
        return pairs;
    }
    let mut rest = after.into_iter();
    for value in before {
        pairs.push((Some(value), rest.next()));
    }
    pairs.extend(rest.map(|value| (None, Some(value))));
    pairs
}

fn pair_by<'a>(
    before: &mut Vec<&'a Value>,
    after: &mut Vec<&'a Value>,
    pairs: &mut Vec<Pair<'a>>,
    key: impl Fn(&Value) -> Option<String>,
) {
    let mut like: BTreeMap<String, VecDeque<usize>> = BTreeMap::new();
    for (index, value) in after.iter().enumerate() {
        if let Some(key) = key(value) {
            like.entry(key).or_default().push_back(index);
        }
    }
    let mut taken = vec![false; after.len()];
    before.retain(|value| {
        let found = key(value).and_then(|key| like.get_mut(&key)?.pop_front());
        if let Some(index) = found {
            taken[index] = true;
            pairs.push((Some(value), Some(after[index])));
        }
        found.is_none()
    });
    let mut index = 0;
    after.retain(|_| {
        index += 1;
        !taken[index - 1]
    });
}

/// What tells an element from the others of its list: a parameter's place and name, a server's address, a tag's name.
fn name(element: &Value) -> Option<String> {
    let text = |key: &str| element.get(key).and_then(Value::as_str);
    if let Some(name) = text("name") {
        return Some(format!("{} {name}", text("in").unwrap_or_default()));
    }
    text("$ref").or_else(|| text("url")).map(str::to_owned)
}

/// A value with its members in the order of their names, which says nothing.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().collect();
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(key, member)| (key.clone(), sorted(member)))
                    .collect(),
            )
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}
