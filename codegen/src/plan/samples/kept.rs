//! Finds plain values that keep limits. In: limits. Out: a value, or none that this step can think of. Knows no types.

use crate::krate::{Check, Format};

/// Texts to try where a pattern is asked for.
const TEXTS: [&str; 10] = [
    "text",
    "a",
    "abc",
    "1",
    "0.1",
    "123",
    "ABC",
    "en",
    "#000000",
    "user@example.com",
];

/// The longest text of an example.
const LONGEST: u64 = 60;

/// The most items of a list in an example.
const MOST_ITEMS: u64 = 3;

/// A text that keeps the limits, made of the name where that will do.
pub(super) fn text(name: &str, checks: &[Check]) -> Option<String> {
    let own = name.replace('_', " ");
    let fixed = checks.iter().find_map(|check| match check {
        Check::Format(Format::Uri) => Some("https://example.com/"),
        Check::Format(Format::Decimal) => Some("0.1"),
        _ => None,
    });
    let candidates = match fixed {
        Some(fixed) => vec![fixed.to_owned()],
        None => {
            let texts = TEXTS.iter().map(|text| (*text).to_owned());
            let fitted = |text: String| [text.clone(), in_length(&text, checks)];
            std::iter::once(own).chain(texts).flat_map(fitted).collect()
        }
    };
    candidates
        .into_iter()
        .find(|text| checks.iter().all(|check| is_kept(text, check)))
}

/// The text, repeated or cut until its length is allowed.
fn in_length(text: &str, checks: &[Check]) -> String {
    let mut least = 0;
    let mut most = LONGEST;
    for check in checks {
        match check {
            Check::MinLength(length) => least = (*length).min(LONGEST),
            Check::MaxLength(length) => most = (*length).min(LONGEST),
            _ => {}
        }
    }
    let length = (text.chars().count() as u64).clamp(least.min(most), most);
    let characters = text.chars().cycle();
    characters
        .take(usize::try_from(length).unwrap_or_default())
        .collect()
}

fn is_kept(text: &str, check: &Check) -> bool {
    let length = text.chars().count() as u64;
    match check {
        Check::MinLength(least) => length >= *least,
        Check::MaxLength(most) => length <= *most,
        Check::Pattern(pattern) => {
            regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text))
        }
        _ => true,
    }
}

/// A whole number that keeps the limits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "an example needs no more than the whole part"
)]
pub(super) fn integer(checks: &[Check]) -> Option<i64> {
    let candidates = numbers(checks).map(f64::ceil);
    find(candidates, checks).map(|number| number as i64)
}

/// A number that keeps the limits.
pub(super) fn number(checks: &[Check]) -> Option<f64> {
    find(numbers(checks), checks)
}

/// Numbers to try, the plainest first.
fn numbers(checks: &[Check]) -> impl Iterator<Item = f64> {
    let (mut least, mut most, mut unit) = (None, None, None);
    for check in checks {
        match check {
            Check::Minimum(value, exclusive) => {
                least = Some(if *exclusive { value + 1.0 } else { *value });
            }
            Check::Maximum(value, exclusive) => {
                most = Some(if *exclusive { value - 1.0 } else { *value });
            }
            Check::MultipleOf(value) => unit = Some(*value),
            _ => {}
        }
    }
    let middle = least.zip(most).map(|(least, most)| (least + most) / 2.0);
    let (low, high) = (least.unwrap_or(1.0), most.unwrap_or(1.0));
    let on_unit = unit.map(|unit: f64| (low / unit).ceil() * unit);
    let below = unit.map(|unit: f64| (high / unit).floor() * unit);
    [
        Some(low),
        on_unit,
        Some(1.0),
        most,
        below,
        middle,
        Some(high - 0.5),
        Some(low - 0.5),
        Some(0.0),
    ]
    .into_iter()
    .flatten()
}

fn find(candidates: impl Iterator<Item = f64>, checks: &[Check]) -> Option<f64> {
    let is_kept = |number: f64, check: &Check| match check {
        Check::Minimum(least, false) => number >= *least,
        Check::Minimum(least, true) => number > *least,
        Check::Maximum(most, false) => number <= *most,
        Check::Maximum(most, true) => number < *most,
        Check::MultipleOf(unit) => {
            let quotient = number / unit;
            (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
        }
        _ => true,
    };
    let mut candidates = candidates.filter(|number| number.abs() < 1e15);
    candidates.find(|number| checks.iter().all(|check| is_kept(*number, check)))
}

/// How many equal items a list has in an example; none where no number will do.
pub(super) fn items(checks: &[Check]) -> Option<u64> {
    let least = least_items(checks);
    let most = checks.iter().find_map(|check| match check {
        Check::MaxItems(count) => Some(*count),
        _ => None,
    });
    let count = least.max(1);
    // Items of an example are equal.
    let repeats = count > 1 && checks.contains(&Check::UniqueItems);
    (count <= MOST_ITEMS && most.is_none_or(|most| count <= most) && !repeats).then_some(count)
}

/// How many items a list has at least.
pub(super) fn least_items(checks: &[Check]) -> u64 {
    let least = checks.iter().find_map(|check| match check {
        Check::MinItems(count) => Some(*count),
        _ => None,
    });
    least.unwrap_or_default()
}

/// How many members a map has at least.
pub(super) fn least_members(checks: &[Check]) -> u64 {
    let least = checks.iter().find_map(|check| match check {
        Check::MinProperties(count) => Some(*count),
        _ => None,
    });
    least.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_limits() {
        use Check::{MaxLength, Maximum, MinLength, Minimum, MultipleOf, Pattern};
        let texts = [
            (vec![], Some("first name")),
            (vec![MaxLength(5)], Some("first")),
            (vec![MinLength(12)], Some("first namefi")),
            (vec![Pattern(r"\S".to_owned())], Some("first name")),
            (vec![Pattern("^[a-z]+$".to_owned())], Some("text")),
            (vec![Pattern("^never[0-9]$".to_owned())], None),
            (vec![MinLength(100)], None),
            (vec![Check::Format(Format::Uri), MaxLength(3)], None),
        ];
        for (checks, expected) in texts {
            assert_eq!(
                text("first_name", &checks).as_deref(),
                expected,
                "{checks:?}"
            );
        }
        let numbers = [
            (vec![], Some(1.0)),
            (vec![Minimum(5.0, true)], Some(6.0)),
            (vec![Minimum(-2.0, false), Maximum(0.0, true)], Some(-2.0)),
            (vec![Minimum(0.0, true), Maximum(1.0, true)], Some(0.5)),
            (vec![Minimum(5.0, false), MultipleOf(4.0)], Some(8.0)),
            (vec![Maximum(-3.0, false)], Some(-3.0)),
            (vec![Minimum(1.0, false), Maximum(0.0, false)], None),
        ];
        for (checks, expected) in numbers {
            assert_eq!(number(&checks), expected, "{checks:?}");
        }
        assert_eq!(items(&[Check::MinItems(2)]), Some(2));
        assert_eq!(items(&[Check::MinItems(2), Check::UniqueItems]), None);
        assert_eq!(items(&[Check::MaxItems(0)]), None);
    }
}
