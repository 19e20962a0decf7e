//! Compares what a correction expects with what is there. In: two values. Out: the first difference. Knows no overlay.

use serde_json::Value;

/// Where a node is not what was expected, and both values in short.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The way down from the compared node, `/properties/status` for instance.
    pub(super) at: String,
    pub(super) expected: String,
    pub(super) actual: String,
}

/// The first difference. Of a mapping only the members that `expected` names are looked at; `null` there means absent or
/// null, and an empty mapping means empty, since it would mean nothing otherwise.
pub(super) fn difference(expected: &Value, actual: &Value) -> Option<Difference> {
    if let (Value::Object(wanted), Value::Object(found)) = (expected, actual)
        && (!wanted.is_empty() || found.is_empty())
    {
        return wanted.iter().find_map(|(key, value)| {
            let difference = match found.get(key) {
                Some(member) => difference(value, member),
                None if value.is_null() => None,
                None => Some(Difference {
                    at: String::new(),
                    expected: short(value),
                    actual: "absent".to_owned(),
                }),
            };
            let key = key.replace('~', "~0").replace('/', "~1");
            difference.map(|difference| Difference {
                at: format!("/{key}{}", difference.at),
                ..difference
            })
        });
    }
    let differs = expected != actual;
    differs.then(|| Difference {
        at: String::new(),
        expected: short(expected),
        actual: short(actual),
    })
}

/// A value as JSON, cut to what fits a message.
fn short(value: &Value) -> String {
    const LENGTH: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(LENGTH) {
        Some((cut, _)) => format!("`{}…`", &text[..cut]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_named_members_are_compared() {
        let actual = json!({"type": "string", "items": {"type": "x"}, "enum": ["a"], "n": null});
        for same in [
            json!({"type": "string"}),
            json!({"items": {"type": "x"}, "enum": ["a"]}),
            json!({"n": null, "absent": null}),
        ] {
            assert_eq!(difference(&same, &actual), None, "{same}");
        }
        assert_eq!(difference(&json!({}), &json!({})), None);
    }

    #[test]
    fn the_first_difference_is_named() {
        let actual = json!({"type": "string", "items": {"a/b": 1}});
        for (expected, at) in [
            (json!({"type": "integer"}), "/type"),
            (json!({"items": {}}), "/items"),
            (json!({"items": {"a/b": 2}}), "/items/a~1b"),
            (json!({"type": null}), "/type"),
            (json!({"absent": 1}), "/absent"),
            (json!([]), ""),
        ] {
            assert_eq!(
                difference(&expected, &actual)
                    .map(|found| found.at)
                    .as_deref(),
                Some(at),
                "{expected}"
            );
        }
    }
}
