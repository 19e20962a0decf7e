//! Texts against closed lists. In: a text that the list does not have, and the list. Out: the complaint.
//! Knows neither fields nor operations.

/// How many values of a list are shown.
const MOST_SHOWN: usize = 8;

/// How many characters of the text are shown.
const LONGEST: usize = 40;

/// What is wrong with a text that is none of the values.
pub(super) fn complaint(text: &str, values: &[&str]) -> String {
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    let listed: Vec<String> = values
        .iter()
        .take(MOST_SHOWN)
        .map(|one| code(one))
        .collect();
    let mut said = format!("is {}, not one of {}", code(&shown), listed.join(", "));
    match values.len().saturating_sub(MOST_SHOWN) {
        0 => {}
        1 => said.push_str(" and 1 other"),
        others => said.push_str(&format!(" and {others} others")),
    }
    if let Some(nearest) = nearest(text, values) {
        said.push_str(&format!("; did you mean {}?", code(nearest)));
    }
    said
}

fn code(text: &str) -> String {
    format!("`{}`", text.escape_debug())
}

/// The value that differs least, if it is near.
fn nearest<'a>(text: &str, values: &[&'a str]) -> Option<&'a str> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let candidates = values.iter().map(|value| (distance(text, value), *value));
    let (distance, value) = candidates.min_by_key(|(distance, _)| *distance)?;
    // Every text of one or two characters is near to every other.
    let allowed = value.chars().count() / 3;
    (distance <= allowed && !value.is_empty()).then_some(value)
}

/// How many characters have to be put in, taken out or changed; case does not count.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.to_lowercase().chars().collect();
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut before = index;
        row[0] = index + 1;
        for (place, right) in other.iter().enumerate() {
            let changed = before + usize::from(left != right);
            before = row[place + 1];
            row[place + 1] = changed.min(before + 1).min(row[place] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_complaint_names_what_may_be_meant() {
        let ratios = ["16x9", "9x16", "1x1"];
        let many: Vec<String> = (0..10).map(|number| format!("value-{number}0")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let table = [
            (
                "16:9",
                "is `16:9`, not one of `16x9`, `9x16`, `1x1`; did you mean `16x9`?",
            ),
            (
                "16X9",
                "is `16X9`, not one of `16x9`, `9x16`, `1x1`; did you mean `16x9`?",
            ),
            ("wide", "is `wide`, not one of `16x9`, `9x16`, `1x1`"),
            ("", "is ``, not one of `16x9`, `9x16`, `1x1`"),
            ("a\n", "is `a\\n`, not one of `16x9`, `9x16`, `1x1`"),
        ];
        for (text, expected) in table {
            assert_eq!(complaint(text, &ratios), expected);
        }
        let long = complaint(&"x".repeat(50), &many);
        assert!(
            long.starts_with(&format!("is `{}...`", "x".repeat(40))),
            "{long}"
        );
        assert!(long.ends_with("`value-70` and 2 others"), "{long}");
        assert_eq!(complaint("b", &["a"]), "is `b`, not one of `a`");
        let case = complaint("A", &["", "a"]);
        assert_eq!(case, "is `A`, not one of ``, `a`; did you mean `a`?");
    }

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
            ("Ä", "ä", 0),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }
}
