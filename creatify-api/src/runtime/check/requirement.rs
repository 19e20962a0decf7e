//! What the fields of an object require of each other. In: an encoded object, one requirement. Out:
//! the field that lacks and why it is needed. Knows no limits of single values.

use serde_json::Value;

use super::super::rule::Requires;

/// The fields that an object lacks, with the complaints; none where the requirement is met.
pub(super) fn unmet(value: &Value, requires: Requires) -> Vec<(&'static str, String)> {
    let lacks = |name: &&&'static str| !value.get(**name).is_some_and(is_given);
    let (names, reason) = match requires {
        Requires::Any(groups) => {
            let missing = |group: &&&[&'static str]| group.iter().filter(lacks).count();
            // The group that was meant is the one that lacks least.
            let nearest = groups.iter().min_by_key(missing).copied();
            let groups: Vec<String> = groups.iter().map(|group| listed(group)).collect();
            let reason = format!("{} must be given", groups.join(" or "));
            (nearest.unwrap_or_default(), reason)
        }
        Requires::When {
            field,
            equals,
            then,
        } => {
            let applies = value.get(field).and_then(Value::as_str) == Some(equals);
            let reason = format!("must be given when `{field}` is `{equals}`");
            (if applies { then } else { &[] }, reason)
        }
    };
    let missing = names.iter().filter(lacks);
    missing
        .map(|name| (*name, complaint(value, name, &reason)))
        .collect()
}

/// Whether a value says anything.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

fn complaint(value: &Value, name: &str, reason: &str) -> String {
    let state = match value.get(name) {
        None => "is missing",
        Some(Value::String(_)) => "is blank",
        Some(Value::Array(_)) => "is empty",
        Some(_) => "is null",
    };
    format!("{state}: {reason}")
}

/// `a` and `b`
fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::super::{UnknownValues, body};
    use crate::runtime::error::Violation;
    use crate::runtime::rule::Rule;
    use serde_json::{Value, json};

    fn voice() -> &'static [Rule] {
        const { &[Rule::requires_when("type", "text", &["input_text"])] }
    }

    const RULES: &[Rule] = &[
        Rule::requires_any(&[&["text"], &["audio", "length"], &["tracks"]]),
        Rule::new("voices").items(voice),
        Rule::new("by_name").values(voice),
    ];

    fn violations(value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        body(value, RULES, UnknownValues::Refused, &mut found);
        found.iter().map(Violation::to_string).collect()
    }

    #[test]
    fn what_is_required_passes_when_it_is_there() {
        for value in [
            json!({"text": "a"}),
            json!({"text": " ", "audio": "b", "length": 0}),
            json!({"text": null, "tracks": [1]}),
            json!({"text": "a", "voices": [{"type": "text", "input_text": "a"}]}),
            json!({"text": "a", "voices": [{}, {"type": "silence"}, {"type": null}]}),
            json!("no object"),
        ] {
            assert_eq!(violations(&value), Vec::<String>::new(), "{value}");
        }
    }

    #[test]
    fn what_lacks_is_told_with_its_path() {
        let any = "`text` or `audio` and `length` or `tracks` must be given";
        let when = "must be given when `type` is `text`";
        let table = [
            (json!({}), format!("text: is missing: {any}")),
            (
                json!({"text": "\t\u{a0}"}),
                format!("text: is blank: {any}"),
            ),
            (json!({"text": null}), format!("text: is null: {any}")),
            (json!({"audio": "a"}), format!("text: is missing: {any}")),
            (
                json!([{"text": "a"}, {"tracks": []}]),
                format!("[1].text: is missing: {any}"),
            ),
            (
                json!({"text": "a", "voices": [{}, {"type": "text"}]}),
                format!("voices[1].input_text: is missing: {when}"),
            ),
            (
                json!({"text": "a", "by_name": {"x": {"type": "text", "input_text": ""}}}),
                format!("by_name.x.input_text: is blank: {when}"),
            ),
        ];
        for (value, message) in table {
            assert_eq!(violations(&value), [message], "{value}");
        }
    }
}
