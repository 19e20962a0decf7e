//! Random values. In: a schema of the document. Out: a proptest strategy for values that a request
//! may send. Knows nothing of how the emulator makes its own values.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

use crate::spec::Spec;

/// The pattern of a text that must say something.
pub(crate) const NOT_BLANK: &str = r"\S";

/// How a value is written: a form has no null and only texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As JSON.
    Json,
    /// As fields of a form, or as a parameter.
    Text,
}

/// Values that a schema allows in a request.
pub(crate) fn value(spec: &Spec, schema: &Value, encoding: Encoding) -> BoxedStrategy<Value> {
    let schema = spec.flat(schema);
    let inner = plain(spec, &schema, encoding);
    if schema.get("nullable") == Some(&Value::Bool(true)) && encoding == Encoding::Json {
        return prop_oneof![4 => inner, 1 => Just(Value::Null)].boxed();
    }
    inner
}

fn plain(spec: &Spec, schema: &Map<String, Value>, encoding: Encoding) -> BoxedStrategy<Value> {
    if let Some(values) = schema.get("enum") {
        let values = values.as_array().expect("a list of values").clone();
        return select(values).boxed();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => string(schema),
        Some("boolean") => any::<bool>().prop_map(Value::from).boxed(),
        Some("integer") => integer(schema),
        Some("number") => number(schema),
        Some("array") => array(spec, schema, encoding),
        Some("object") => object(spec, schema, encoding),
        Some(other) => panic!("values of the type {other} cannot be made yet"),
        None => anything(),
    }
}

fn object(spec: &Spec, schema: &Map<String, Value>, encoding: Encoding) -> BoxedStrategy<Value> {
    let mut members = Vec::new();
    for (name, member) in properties(schema) {
        let member = Value::from(member);
        if spec.flat(&member).get("readOnly") == Some(&Value::Bool(true)) {
            continue;
        }
        let values = value(spec, &member, encoding);
        let values = match is_required(schema, name) {
            true => values.prop_map(Some).boxed(),
            false => option::of(values).boxed(),
        };
        let name = name.clone();
        members.push(values.prop_map(move |value| value.map(|value| (name.clone(), value))));
    }
    let members = members.prop_map(|members| members.into_iter().flatten().collect::<Map<_, _>>());
    let mut members = members.boxed();
    for requirement in requirements(schema) {
        let needed = needed(spec, schema, &requirement.groups[0], encoding);
        members = (members, needed)
            .prop_map(move |(mut members, needed)| {
                if !requirement.is_met(&members) {
                    members.extend(needed);
                }
                members
            })
            .boxed();
    }
    if !schema.contains_key("additionalProperties") {
        return members.prop_map(Value::Object).boxed();
    }
    let more = btree_map("[a-z]{1,8}", anything(), 0..4);
    (members, more)
        .prop_map(|(mut members, more)| {
            members.extend(more);
            Value::Object(members)
        })
        .boxed()
}

/// Values of some properties that say something.
fn needed(
    spec: &Spec,
    schema: &Map<String, Value>,
    names: &[String],
    encoding: Encoding,
) -> BoxedStrategy<Map<String, Value>> {
    let values = names.iter().map(|name| {
        let values = value(spec, &schema["properties"][name], encoding);
        let values = values.prop_filter("a value that says something", is_given);
        let name = name.clone();
        values.prop_map(move |value| (name.clone(), value))
    });
    let values: Vec<_> = values.collect();
    values.prop_map(Map::from_iter).boxed()
}

/// Whether a value is there: null, a blank text and an empty list are not.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => text.contains(|letter: char| letter.is_alphanumeric()),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// What members require of each other.
pub(crate) struct Requirement {
    /// The member and its value for which it holds; none where it always does.
    pub(crate) when: Option<(String, Value)>,
    /// Members that are needed together; one group is enough.
    pub(crate) groups: Vec<Vec<String>>,
}

impl Requirement {
    fn is_met(&self, members: &Map<String, Value>) -> bool {
        let holds = |(name, value): &(String, Value)| members.get(name) == Some(value);
        let given = |name: &String| members.get(name).is_some_and(is_given);
        let mut groups = self.groups.iter();
        !self.when.as_ref().is_none_or(holds) || groups.any(|group| group.iter().all(given))
    }
}

/// What the members of an object require of each other.
pub(crate) fn requirements(schema: &Map<String, Value>) -> Vec<Requirement> {
    let any = schema.get("x-requires-any").map(|groups| Requirement {
        when: None,
        groups: serde_json::from_value(groups.clone()).expect("groups of names"),
    });
    let when = schema.get("x-requires-when").and_then(Value::as_array);
    let when = when.into_iter().flatten().map(|condition| {
        let property = condition["property"].as_str().expect("a property");
        let then = serde_json::from_value(condition["then"].clone());
        Requirement {
            when: Some((property.to_owned(), condition["equals"].clone())),
            groups: vec![then.expect("names")],
        }
    });
    any.into_iter().chain(when).collect()
}

/// The properties of a schema.
pub(crate) fn properties(
    schema: &Map<String, Value>,
) -> impl Iterator<Item = (&String, Map<String, Value>)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let members = properties.into_iter().flatten();
    members.map(|(name, member)| (name, member.as_object().cloned().unwrap_or_default()))
}

/// Whether an object must have a property.
pub(crate) fn is_required(schema: &Map<String, Value>, name: &str) -> bool {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().any(|required| required == name)
}

fn array(spec: &Spec, schema: &Map<String, Value>, encoding: Encoding) -> BoxedStrategy<Value> {
    let items = value(spec, &schema["items"], encoding);
    let least = limit(schema, "minItems").unwrap_or(0);
    let most = limit(schema, "maxItems").unwrap_or(4);
    let usual = vec(items.clone(), least..=most.min(least + 3));
    let full = vec(items, most..=most);
    prop_oneof![6 => usual, 1 => full]
        .prop_map(Value::from)
        .boxed()
}

/// A limit that is a count.
pub(crate) fn limit(schema: &Map<String, Value>, keyword: &str) -> Option<usize> {
    let limit = schema.get(keyword).and_then(Value::as_u64);
    limit.map(|limit| usize::try_from(limit).expect("a small number"))
}

fn integer(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let bound = |keyword, otherwise| schema.get(keyword).map_or(Some(otherwise), Value::as_i64);
    let least = bound("minimum", -1_000).expect("an integer");
    let most = bound("maximum", 1_000).expect("an integer");
    prop_oneof![4 => least..=most, 1 => Just(least), 1 => Just(most)]
        .prop_map(Value::from)
        .boxed()
}

fn number(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let bound = |keyword, otherwise| schema.get(keyword).map_or(Some(otherwise), Value::as_f64);
    let least = bound("minimum", -1_000.0).expect("a number");
    let most = bound("maximum", 1_000.0).expect("a number");
    prop_oneof![4 => least..=most, 1 => Just(least), 1 => Just(most)]
        .prop_map(|number| json!(number))
        .boxed()
}

fn string(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let most = limit(schema, "maxLength");
    let strings = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => uuid(),
        Some("uri") => uri(most),
        Some("date-time") => date_time(),
        // A pattern of the document says more than its format `decimal`.
        Some("decimal") | None => match schema.get("pattern").and_then(Value::as_str) {
            Some(NOT_BLANK) => text(1, most)
                .prop_filter("a text that says something", |text| {
                    text.contains(|letter: char| letter.is_alphanumeric())
                })
                .boxed(),
            Some(pattern) => matching(pattern),
            None => text(limit(schema, "minLength").unwrap_or(0), most),
        },
        Some(other) => panic!("texts of the format {other} cannot be made yet"),
    };
    let known = schema.get("x-known-values").and_then(Value::as_array);
    match known.cloned() {
        Some(known) => prop_oneof![select(known), strings.prop_map(Value::from)].boxed(),
        None => strings.prop_map(Value::from).boxed(),
    }
}

fn uuid() -> BoxedStrategy<String> {
    let digits = any::<u128>().prop_map(|bits| format!("{bits:032x}"));
    let parts = digits.prop_map(|digits| {
        let cut = [0..8, 8..12, 12..16, 16..20, 20..32];
        cut.map(|range| digits[range].to_owned()).join("-")
    });
    parts.boxed()
}

/// Addresses on this machine, where nobody listens: nothing may be sent to a stranger.
fn uri(most: Option<usize>) -> BoxedStrategy<String> {
    let most = most.unwrap_or(400);
    let hosts = select(vec![
        "http://127.0.0.1:9",
        "https://localhost:9",
        "http://[::1]:9",
    ]);
    let rests = string_regex(
        "(/[a-zA-Z0-9._~-]{0,12}(%[0-9A-F]{2})?){0,5}(\\?[a-z]{1,5}=[a-z0-9,+]{0,9})?",
    )
    .expect("an expression");
    let usual = (hosts, rests).prop_map(|(host, rest)| format!("{host}{rest}"));
    let longest = format!("{:x<most$}", "http://127.0.0.1:9/");
    prop_oneof![8 => usual, 1 => Just(longest)].boxed()
}

fn date_time() -> BoxedStrategy<String> {
    string_regex("20[0-9]{2}-0[1-9]-[12][0-9]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]0[0-9]:30)")
        .expect("an expression")
        .boxed()
}

/// Texts that match a pattern of the document and hold a digit: a decimal number without one is
/// none, whatever the pattern says.
fn matching(pattern: &str) -> BoxedStrategy<String> {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    string_regex(&pattern.replace("\\d", "[0-9]"))
        .expect("a pattern of the document")
        .prop_filter("a number has a digit", |text| {
            text.contains(|letter: char| letter.is_ascii_digit())
        })
        .boxed()
}

fn text(least: usize, most: Option<usize>) -> BoxedStrategy<String> {
    let letters = || {
        any::<char>().prop_filter("a letter that text fields take", |letter| {
            !letter.is_control() || *letter == '\n'
        })
    };
    let usual = vec(letters(), least..=most.unwrap_or(40).min(least + 40));
    let usual = usual.prop_map(String::from_iter);
    match most {
        Some(most) => {
            // As long as it may be, counted in characters and not in bytes.
            let longest = letters().prop_map(move |letter| String::from_iter(vec![letter; most]));
            prop_oneof![12 => usual, 1 => longest].boxed()
        }
        None => usual.boxed(),
    }
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z ]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-z]{1,6}", inner, 0..4).prop_map(Value::from_iter),
        ]
    })
    .boxed()
}
