//! What the members of a request require of each other. In: `x-requires-any` and `x-requires-when` as
//! written, an object. Out: the members that it lacks. Knows no other keyword.

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

/// A compiled keyword, which validates objects.
type Compiled<'a> = Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>>;

/// Stands between the name of a member and what is wrong with it: messages have no place for both.
const BETWEEN: char = '\u{0}';

/// Groups of members, of which one has to be there whole.
#[derive(Debug)]
struct Any(Vec<Vec<String>>);

/// Members that have to be there when another one has a certain value.
#[derive(Debug)]
struct When {
    property: String,
    equals: String,
    then: Vec<String>,
}

/// Reads `x-requires-any`.
pub(super) fn any<'a>(_: &'a Map<String, Value>, written: &'a Value, _: Location) -> Compiled<'a> {
    let groups = written.as_array().filter(|groups| !groups.is_empty());
    let groups = groups.and_then(|groups| groups.iter().map(names).collect());
    let groups = groups.ok_or_else(|| malformed("x-requires-any", written))?;
    Ok(Box::new(Each(vec![Any(groups)])))
}

/// Reads `x-requires-when`.
pub(super) fn when<'a>(_: &'a Map<String, Value>, written: &'a Value, _: Location) -> Compiled<'a> {
    let conditions = written.as_array().and_then(|conditions| {
        let condition = |written: &Value| {
            Some(When {
                property: written["property"].as_str()?.to_owned(),
                equals: written["equals"].as_str()?.to_owned(),
                then: names(&written["then"])?,
            })
        };
        conditions.iter().map(condition).collect()
    });
    let conditions = conditions.ok_or_else(|| malformed("x-requires-when", written))?;
    Ok(Box::new(Each::<When>(conditions)))
}

/// The member and the reason of an error that was made here.
pub(super) fn read(message: &str) -> (&str, &str) {
    message.split_once(BETWEEN).unwrap_or(("", message))
}

fn malformed(keyword: &str, written: &Value) -> ValidationError<'static> {
    ValidationError::custom(format!("`{keyword}` cannot be {written}"))
}

fn names(written: &Value) -> Option<Vec<String>> {
    let names = written.as_array().filter(|names| !names.is_empty())?;
    names
        .iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect()
}

trait Requirement: Send + Sync {
    /// The members that an object lacks, and why they are needed.
    fn missing(&self, object: &Value) -> (Vec<&str>, String);
}

impl Requirement for Any {
    fn missing(&self, object: &Value) -> (Vec<&str>, String) {
        let missing = self.0.iter().map(|group| absent(object, group));
        // The group that lacks least is the one that was meant.
        let nearest = missing.min_by_key(Vec::len).unwrap_or_default();
        let groups: Vec<_> = self.0.iter().map(|group| group.join(" and ")).collect();
        (nearest, format!("{} is required.", groups.join(" or ")))
    }
}

impl Requirement for When {
    fn missing(&self, object: &Value) -> (Vec<&str>, String) {
        let reason = format!("is required when {} is {}.", self.property, self.equals);
        match object[&self.property] == self.equals.as_str() {
            true => (absent(object, &self.then), reason),
            false => (Vec::new(), reason),
        }
    }
}

fn absent<'a>(object: &Value, names: &'a [String]) -> Vec<&'a str> {
    let names = names
        .iter()
        .filter(|name| !is_given(&object[name.as_str()]));
    names.map(String::as_str).collect()
}

/// Null, a blank text and an empty list are nothing.
fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    }
}

/// Requirements that hold together.
#[derive(Debug)]
struct Each<R>(Vec<R>);

impl<R: Requirement> Each<R> {
    fn errors<'i>(&self, value: &Value) -> Vec<ValidationError<'i>> {
        let mut errors = Vec::new();
        for requirement in self.0.iter().filter(|_| value.is_object()) {
            let (names, reason) = requirement.missing(value);
            for name in names {
                errors.push(ValidationError::custom(format!("{name}{BETWEEN}{reason}")));
            }
        }
        errors
    }
}

impl<'i, R: Requirement + 'static> Keyword<'i> for Each<R> {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        self.errors(value).into_iter().next().map_or(Ok(()), Err)
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.errors(value).is_empty()
    }

    fn iter_errors(&self, value: &'i Value) -> Box<dyn Iterator<Item = ValidationError<'i>> + 'i> {
        Box::new(self.errors(value).into_iter())
    }
}
