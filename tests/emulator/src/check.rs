//! Compiled schemas. In: a schema as written, and values. Out: where a value breaks it, and why.
//! Knows no HTTP.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use super::requirement;
use super::spec::Schemas;
use super::translate::{self, Direction};

/// A place in a request or a response that breaks the document, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// A JSON pointer: `/body/...`, `/query/NAME`, `/path/NAME`, `/headers/NAME`, `/path`,
    /// `/method` or `/body`. A missing member is named itself, not the object around it.
    pub pointer: String,
    /// What is wrong there.
    pub reason: String,
}

impl Finding {
    pub(crate) fn new(pointer: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            reason: shorten(reason.into(), 500),
        }
    }
}

/// A compiled schema, which validates values.
#[derive(Debug)]
pub(crate) struct Check(Validator);

impl Check {
    pub(crate) fn compile(
        schemas: &Schemas,
        written: &Value,
        direction: Direction,
    ) -> Result<Self, String> {
        let schema = translate::schema(schemas, written, direction)?;
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .with_format("decimal", is_decimal)
            .with_format("uri-or-empty", |text: &str| text.is_empty() || is_uri(text))
            .with_keyword("x-requires-any", requirement::any)
            .with_keyword("x-requires-when", requirement::when)
            .build(&schema)
            .map_err(|error| error.to_string())?;
        Ok(Self(validator))
    }

    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Everything that is wrong with the value; pointers start with the prefix.
    pub(crate) fn findings(&self, value: &Value, prefix: &str) -> Vec<Finding> {
        if self.0.is_valid(value) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for error in self.0.iter_errors(value) {
            report(&error, prefix, &mut findings);
        }
        findings
    }
}

/// What Django's decimal fields take: digits with at most one point, or nothing to the left of
/// it. The document's own pattern also lets the empty text and a lone sign through.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    numeric(whole) && numeric(fraction) && whole.len() + fraction.len() > 0
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let unusual = |byte: u8| byte <= b' ' || byte >= 0x7f || b"<>\"{}|\\^`".contains(&byte);
    !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.bytes().any(unusual)
}

fn report(error: &ValidationError<'_>, prefix: &str, findings: &mut Vec<Finding>) {
    let place = format!("{prefix}{}", error.instance_path().as_str());
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            findings.push(Finding::new(member(&place, name), "is required"));
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                findings.push(Finding::new(member(&place, name), "is not a known member"));
            }
        }
        ValidationErrorKind::Custom { message, .. } => {
            let (name, reason) = requirement::read(message);
            findings.push(Finding::new(member(&place, name), reason));
        }
        ValidationErrorKind::FalseSchema => {
            findings.push(Finding::new(place, "must not be sent in this direction"));
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            // The branch that comes furthest is the one that was meant: of "null or an object" the
            // object, when an object was given.
            let depth = |error: &ValidationError<'_>| error.instance_path().as_str().len();
            let own = depth(error);
            let deepest = |branch: &&Vec<ValidationError<'static>>| {
                branch.iter().map(&depth).max().unwrap_or_default()
            };
            match context.iter().max_by_key(deepest) {
                Some(branch) if deepest(&branch) > own => {
                    for error in branch {
                        report(error, prefix, findings);
                    }
                }
                Some(_) | None => findings.push(Finding::new(place, reason(error))),
            }
        }
        _ => findings.push(Finding::new(place, reason(error))),
    }
}

/// Why a value is refused. Reasons repeat the value, unless it is long.
fn reason(error: &ValidationError<'_>) -> String {
    let reason = error.to_string();
    match reason.len() > 300 {
        true => error.masked().to_string(),
        false => reason,
    }
}

/// The pointer of a member.
pub(crate) fn member(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Cuts a text that was sent and may be of any length, so that memory stays bounded.
pub(crate) fn shorten(mut text: String, limit: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(limit) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{is_decimal, is_uri};

    #[test]
    fn decimals_and_addresses() {
        for (text, expected) in [
            ("-0.4", true),
            (".5", true),
            ("1", true),
            ("", false),
            ("-", false),
            ("1e3", false),
        ] {
            assert_eq!(is_decimal(text), expected, "{text}");
        }
        for (text, expected) in [
            ("https://a.example/b?c=d", true),
            ("a.example", false),
            ("http://a b", false),
        ] {
            assert_eq!(is_uri(text), expected, "{text}");
        }
    }
}
