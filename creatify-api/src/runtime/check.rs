//! Requests against their limits. In: an encoded value and the rules for it. Out: every violation,
//! with its path. Knows neither the operation nor the wire.

mod closed;
mod requirement;

use std::collections::BTreeSet;

use serde_json::Value;

use super::encode::is_not_finite;
use super::error::Violation;
use super::rule::{Bound, Format, Nested, Rule};

/// What becomes of a text that is none of the values of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnknownValues {
    /// It is a violation.
    Refused,
    /// It is sent: the caller knows more than this version of the crate.
    Allowed,
}

/// Checks a body: an object against rules for its fields, a list item by item.
pub(crate) fn body(
    value: &Value,
    rules: &[Rule],
    unknown: UnknownValues,
    violations: &mut Vec<Violation>,
) {
    let mut check = Check::new("", unknown, violations);
    match value {
        Value::Array(items) => check.each_item(items, |check, item| check.object(item, rules)),
        other => check.object(other, rules),
    }
    check.finite(value);
}

/// Checks one parameter.
pub(crate) fn parameter(
    name: &str,
    value: &Value,
    rule: Option<&Rule>,
    unknown: UnknownValues,
    violations: &mut Vec<Violation>,
) {
    let mut check = Check::new(name, unknown, violations);
    if let Some(rule) = rule {
        check.value(value, rule);
    }
    check.finite(value);
}

/// Finds numbers that JSON cannot write.
pub(crate) fn finite(value: &Value, violations: &mut Vec<Violation>) {
    Check::new("", UnknownValues::Allowed, violations).finite(value);
}

/// A walk through a value; `path` is where it stands.
struct Check<'a> {
    path: String,
    unknown: UnknownValues,
    violations: &'a mut Vec<Violation>,
}

impl<'a> Check<'a> {
    fn new(path: &str, unknown: UnknownValues, violations: &'a mut Vec<Violation>) -> Self {
        Self {
            path: path.to_owned(),
            unknown,
            violations,
        }
    }

    fn violation(&mut self, message: String) {
        self.violations
            .push(Violation::new(self.path.clone(), message));
    }

    fn at_field(&mut self, name: &str, step: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        if before > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        step(self);
        self.path.truncate(before);
    }

    fn each_item(&mut self, items: &[Value], mut step: impl FnMut(&mut Self, &Value)) {
        for (index, item) in items.iter().enumerate() {
            let before = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            step(self, item);
            self.path.truncate(before);
        }
    }

    fn object(&mut self, value: &Value, rules: &[Rule]) {
        for rule in rules {
            if let Some(requires) = rule.requires.filter(|_| value.is_object()) {
                for (name, message) in requirement::unmet(value, requires) {
                    self.at_field(name, |check| check.violation(message));
                }
            } else if let Some(field) = value.get(rule.field) {
                self.at_field(rule.field, |check| check.value(field, rule));
            }
        }
    }

    fn value(&mut self, value: &Value, rule: &Rule) {
        match value {
            Value::Null | Value::Bool(_) => {}
            Value::Number(number) => self.number(number.as_f64().unwrap_or_default(), rule),
            Value::String(text) => self.text(text, rule),
            Value::Array(items) => self.list(items, rule),
            Value::Object(fields) => self.fields(fields, value, rule),
        }
    }

    fn number(&mut self, number: f64, rule: &Rule) {
        match rule.minimum {
            Some(Bound::Inclusive(minimum)) if number < minimum => {
                self.violation(format!("is {number}, at least {minimum} is allowed"));
            }
            Some(Bound::Exclusive(minimum)) if number <= minimum => {
                self.violation(format!("is {number}, only more than {minimum} is allowed"));
            }
            Some(Bound::Inclusive(_) | Bound::Exclusive(_)) | None => {}
        }
        match rule.maximum {
            Some(Bound::Inclusive(maximum)) if number > maximum => {
                self.violation(format!("is {number}, at most {maximum} is allowed"));
            }
            Some(Bound::Exclusive(maximum)) if number >= maximum => {
                self.violation(format!("is {number}, only less than {maximum} is allowed"));
            }
            Some(Bound::Inclusive(_) | Bound::Exclusive(_)) | None => {}
        }
        if let Some(unit) = rule.multiple_of
            && !is_multiple(number, unit)
        {
            self.violation(format!("is {number}, only multiples of {unit} are allowed"));
        }
    }

    fn text(&mut self, text: &str, rule: &Rule) {
        self.size(
            text.chars().count(),
            "character",
            rule.min_length,
            rule.max_length,
        );
        if let Some(pattern) = rule.pattern
            && !matches(pattern, text)
        {
            self.violation(match pattern {
                NOT_BLANK => "is blank".to_owned(),
                _ => format!("does not match the pattern `{pattern}`"),
            });
        }
        if let Some(format) = rule.format
            && let Some(what) = misses(format, text)
        {
            self.violation(format!("is not {what}"));
        }
        if let Some(values) = rule.one_of
            && self.unknown == UnknownValues::Refused
            && !values.contains(&text)
        {
            self.violation(closed::complaint(text, values));
        }
    }

    fn list(&mut self, items: &[Value], rule: &Rule) {
        self.size(items.len(), "item", rule.min_items, rule.max_items);
        if rule.unique_items {
            let distinct: BTreeSet<String> = items.iter().map(Value::to_string).collect();
            if distinct.len() < items.len() {
                self.violation("has equal items, each may come once".to_owned());
            }
        }
        match rule.nested {
            Some(Nested::Items(rules)) => {
                self.each_item(items, |check, item| check.object(item, rules()));
            }
            Some(Nested::EachItem(rule)) => {
                self.each_item(items, |check, item| check.value(item, rule));
            }
            Some(Nested::Object(_) | Nested::Values(_) | Nested::EachValue(_)) | None => {}
        }
    }

    fn fields(&mut self, fields: &super::Object, value: &Value, rule: &Rule) {
        self.size(
            fields.len(),
            "field",
            rule.min_properties,
            rule.max_properties,
        );
        match rule.nested {
            Some(Nested::Object(rules)) => self.object(value, rules()),
            Some(Nested::Values(rules)) => {
                for (name, field) in fields {
                    self.at_field(name, |check| check.object(field, rules()));
                }
            }
            Some(Nested::EachValue(rule)) => {
                for (name, field) in fields {
                    self.at_field(name, |check| check.value(field, rule));
                }
            }
            Some(Nested::Items(_) | Nested::EachItem(_)) | None => {}
        }
    }

    fn size(&mut self, size: usize, unit: &str, least: Option<usize>, most: Option<usize>) {
        let unit = if size == 1 {
            unit.to_owned()
        } else {
            format!("{unit}s")
        };
        if let Some(least) = least.filter(|least| size < *least) {
            self.violation(format!("has {size} {unit}, at least {least} are needed"));
        }
        if let Some(most) = most.filter(|most| size > *most) {
            self.violation(format!("has {size} {unit}, at most {most} are allowed"));
        }
    }

    /// Finds numbers that JSON cannot write, wherever they are: no rule names them.
    fn finite(&mut self, value: &Value) {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => {
                if is_not_finite(text) {
                    self.violation("is not a finite number".to_owned());
                }
            }
            Value::Array(items) => self.each_item(items, Self::finite),
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.at_field(name, |check| check.finite(field));
                }
            }
        }
    }
}

fn is_multiple(number: f64, unit: f64) -> bool {
    // Decimal units such as 0.01 have no exact binary form, so the quotient is only nearly whole.
    let quotient = number / unit;
    (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

/// The pattern of a text that must say something.
const NOT_BLANK: &str = r"\S";

fn matches(pattern: &str, text: &str) -> bool {
    if pattern == NOT_BLANK {
        // The engine knows no spaces but those of ASCII.
        return !text.trim().is_empty();
    }
    // A pattern that this engine cannot read (a look-ahead, say) is left for the server to check:
    // refusing the request would make the operation unusable.
    regex_lite::Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

/// What the text should have been, if it is not that.
fn misses(format: Format, text: &str) -> Option<&'static str> {
    let (is_met, what) = match format {
        Format::Uri => (reqwest::Url::parse(text).is_ok(), "an absolute URL"),
        Format::Decimal => (is_decimal(text), "a decimal number"),
        Format::Uuid => (uuid::Uuid::parse_str(text).is_ok(), "a UUID"),
        Format::DateTime => (
            chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            "an RFC 3339 timestamp",
        ),
    };
    (!is_met).then_some(what)
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    !(whole.is_empty() && fraction.is_empty())
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Encode as _;
    use serde_json::json;

    fn voice() -> &'static [Rule] {
        const { &[Rule::new("input_text").max_length(5)] }
    }

    fn scene() -> &'static [Rule] {
        const { &[Rule::new("voice").object(voice)] }
    }

    const RULES: &[Rule] = &[
        Rule::new("name").min_length(2).max_length(3),
        Rule::new("code").pattern("b+$"),
        Rule::new("url").format(Format::Uri),
        Rule::new("decimal").format(Format::Decimal),
        Rule::new("id").format(Format::Uuid),
        Rule::new("at").format(Format::DateTime),
        Rule::new("range").minimum(-0.5).maximum(0.5),
        Rule::new("open")
            .exclusive_minimum(0.0)
            .exclusive_maximum(1.0),
        Rule::new("step").multiple_of(0.01),
        Rule::new("list").min_items(1).max_items(2).unique_items(),
        Rule::new("tags").each_item(const { &Rule::new("").max_length(2) }),
        Rule::new("map").min_properties(1).max_properties(1),
        Rule::new("texts").each_value(const { &Rule::new("").min_length(1) }),
        Rule::new("scenes").items(scene),
        Rule::new("voices").values(voice),
        Rule::new("said").pattern(r"\S"),
        Rule::new("ratio").one_of(&["16x9", "1x1"]),
        Rule::new("ratios").each_item(const { &Rule::new("").one_of(&["16x9", ""]) }),
    ];

    fn violations(value: &Value) -> Vec<String> {
        let mut found = Vec::new();
        body(value, RULES, UnknownValues::Refused, &mut found);
        found.iter().map(Violation::to_string).collect()
    }

    #[test]
    fn values_within_their_limits_pass() {
        for value in [
            json!({}),
            json!({"name": null, "list": null, "range": null, "scenes": null}),
            json!({"name": "äöü", "code": "aabb", "url": "https://example.com"}),
            json!({"decimal": "-0.5", "id": "67e55044-10b1-426f-9247-bb680e5fe0c8"}),
            json!({"decimal": ".5", "at": "2025-09-01T10:00:00Z"}),
            json!({"range": -0.5, "open": 0.5, "step": 0.07, "list": [1, 2], "map": {"a": 1}}),
            json!({"scenes": [{"voice": {"input_text": "12345"}}, {}], "tags": ["ab"]}),
            json!({"ratio": "16x9", "ratios": ["", null, "16x9"]}),
            json!("no object"),
        ] {
            assert_eq!(violations(&value), Vec::<String>::new(), "{value}");
        }
    }

    #[test]
    fn each_limit_is_told_with_its_path() {
        let table = [
            (
                json!({"name": "äöüß"}),
                "name: has 4 characters, at most 3 are allowed",
            ),
            (
                json!({"name": "a"}),
                "name: has 1 character, at least 2 are needed",
            ),
            (
                json!({"code": "bba"}),
                "code: does not match the pattern `b+$`",
            ),
            (json!({"url": ""}), "url: is not an absolute URL"),
            (json!({"url": "/path"}), "url: is not an absolute URL"),
            (
                json!({"decimal": "1e3"}),
                "decimal: is not a decimal number",
            ),
            (json!({"decimal": "-"}), "decimal: is not a decimal number"),
            (json!({"id": "1"}), "id: is not a UUID"),
            (
                json!({"at": "2025-09-01"}),
                "at: is not an RFC 3339 timestamp",
            ),
            (
                json!({"range": -0.51}),
                "range: is -0.51, at least -0.5 is allowed",
            ),
            (json!({"range": 1}), "range: is 1, at most 0.5 is allowed"),
            (
                json!({"open": 0}),
                "open: is 0, only more than 0 is allowed",
            ),
            (
                json!({"open": 1}),
                "open: is 1, only less than 1 is allowed",
            ),
            (
                json!({"step": 0.075}),
                "step: is 0.075, only multiples of 0.01 are allowed",
            ),
            (
                json!({"list": []}),
                "list: has 0 items, at least 1 are needed",
            ),
            (
                json!({"list": [1, 2, 3]}),
                "list: has 3 items, at most 2 are allowed",
            ),
            (
                json!({"list": [1, 1]}),
                "list: has equal items, each may come once",
            ),
            (
                json!({"tags": ["a", "abc"]}),
                "tags[1]: has 3 characters, at most 2 are allowed",
            ),
            (
                json!({"map": {}}),
                "map: has 0 fields, at least 1 are needed",
            ),
            (
                json!({"texts": {"a": ""}}),
                "texts.a: has 0 characters, at least 1 are needed",
            ),
            (
                json!({"scenes": [{}, {"voice": {"input_text": "123456"}}]}),
                "scenes[1].voice.input_text: has 6 characters, at most 5 are allowed",
            ),
            (
                json!({"voices": {"a": {"input_text": "123456"}}}),
                "voices.a.input_text: has 6 characters, at most 5 are allowed",
            ),
            (json!({"said": " \u{a0}\n"}), "said: is blank"),
            (
                json!({"ratio": "16:9"}),
                "ratio: is `16:9`, not one of `16x9`, `1x1`; did you mean `16x9`?",
            ),
            (
                json!({"ratio": "1x1", "ratios": ["16x9", "x"]}),
                "ratios[1]: is `x`, not one of `16x9`, ``",
            ),
            (
                json!({"x": [{"y": f64::NAN.encode()}]}),
                "x[0].y: is not a finite number",
            ),
        ];
        for (value, message) in table {
            assert_eq!(violations(&value), [message], "{value}");
        }
    }

    /// A caller who knows a value that this version does not know can send it, and nothing else goes unchecked by that.
    #[test]
    fn unknown_values_are_allowed_where_the_caller_says_so() {
        let value = json!({"ratio": "16:9", "ratios": ["x"], "name": "a"});
        let mut found = Vec::new();
        body(&value, RULES, UnknownValues::Allowed, &mut found);
        let paths: Vec<_> = found.iter().map(Violation::path).collect();
        assert_eq!(paths, ["name"]);
        assert_eq!(violations(&value).len(), 3);
    }

    #[test]
    fn all_violations_come_at_once() {
        assert_eq!(
            violations(&json!({"name": "a", "code": "", "url": ""})).len(),
            3
        );
        assert_eq!(
            violations(&json!([{"name": "a"}])),
            ["[0].name: has 1 character, at least 2 are needed"]
        );
    }
}
