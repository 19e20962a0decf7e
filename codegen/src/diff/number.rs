//! Numbers and values as JSON means them: 1 equals 1.0. In: values. Out: order, equality and divisibility. Knows no schema.

use serde_json::{Number, Value};
use std::cmp::Ordering;

/// A number as an integer where it is one, however it is written.
fn integer(number: &Number) -> Option<i128> {
    if let Some(value) = number.as_i64() {
        return Some(i128::from(value));
    }
    if let Some(value) = number.as_u64() {
        return Some(i128::from(value));
    }
    let value = number.as_f64()?;
    // Above 2^53 a float no longer says which integer was meant.
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i128)
}

/// Which number is greater; `None` where one is no number.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    let (Value::Number(left), Value::Number(right)) = (left, right) else {
        return None;
    };
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}

/// Whether a value is a number without a fraction.
pub(super) fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Number(number) if integer(number).is_some() || number.as_f64().is_some_and(|value| value.fract() == 0.0))
}

/// Whether every multiple of `left` is one of `right`.
pub(super) fn is_multiple(left: &Value, right: &Value) -> bool {
    let (Value::Number(left), Value::Number(right)) = (left, right) else {
        return false;
    };
    if let (Some(left), Some(right)) = (integer(left), integer(right)) {
        return right != 0 && left % right == 0;
    }
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) if right != 0.0 => {
            let quotient = left / right;
            // 0.3 / 0.1 is not 3 in binary.
            (quotient - quotient.round()).abs() < 1e-9
        }
        _ => false,
    }
}

/// Whether two values are the same JSON value: numbers by value, members in any order.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(_), Value::Number(_)) => compare(left, right) == Some(Ordering::Equal),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, member)| right.get(key).is_some_and(|other| same(member, other)))
        }
        (
            Value::Null
            | Value::Bool(_)
            | Value::String(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_),
            _,
        ) => left == right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_compared_by_value() {
        assert!(same(&json!({"a": [1, 2.50]}), &json!({"a": [1.0, 2.5]})));
        assert!(!same(
            &json!(9_223_372_036_854_775_807_i64),
            &json!(9_223_372_036_854_775_806_i64)
        ));
        assert_eq!(compare(&json!(-1), &json!(u64::MAX)), Some(Ordering::Less));
        assert!(is_multiple(&json!(0.3), &json!(0.1)));
        assert!(is_multiple(&json!(10), &json!(5)));
        assert!(!is_multiple(&json!(5), &json!(10)));
        assert!(!is_multiple(&json!(5), &json!(0)));
    }
}
