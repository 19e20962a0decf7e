//! When something deprecated goes. In: `x-sunset`, and the day of the comparison where somebody named it. Out: the rule that
//! fits, and the rest of a sentence. Knows no operation.

use super::date::{self, Date};
use serde_json::Value;

/// How many days from its announcement a day is soon.
const SOON: u64 = 30;

/// What to say of the day on which something goes: the first rule where there is time, the second where the day is past.
pub(super) fn announced(
    today: Option<Date>,
    sunset: &Value,
    [later, past]: [&'static str; 2],
) -> (&'static str, String) {
    let shown = shown(sunset);
    match (day(sunset), today) {
        (None, _) => (
            "api-deprecated-sunset-parse",
            format!("will go on `{shown}`, which is no date"),
        ),
        (Some(day), Some(today)) if day < today => {
            (past, format!("was to go on {shown}, which is past"))
        }
        (Some(day), Some(today)) if day <= date::after(today, SOON) => (
            "sunset-near",
            format!("will go on {shown}, in less than {} days", SOON + 1),
        ),
        (Some(_), _) => (later, format!("will go on {shown}")),
    }
}

/// What to say of things that are gone together. The rules are for those that nobody deprecated, for those that went as
/// announced, and for those that went before the day that they named.
pub(super) fn gone<'a>(
    today: Option<Date>,
    nodes: impl IntoIterator<Item = &'a Value>,
    [surprising, announced, early]: [&'static str; 3],
) -> (&'static str, String) {
    let mut last: Option<(Date, &Value)> = None;
    let mut any = false;
    for node in nodes {
        any = true;
        if node.get("deprecated") != Some(&Value::Bool(true)) {
            return (surprising, "is gone".to_owned());
        }
        let sunset = node.get("x-sunset");
        if let Some((day, sunset)) = sunset.and_then(|sunset| Some((day(sunset)?, sunset)))
            && last.is_none_or(|(last, _)| last < day)
        {
            last = Some((day, sunset));
        }
    }
    match (last, today) {
        _ if !any => (surprising, "is gone".to_owned()),
        (Some((day, sunset)), Some(today)) if today < day => (
            early,
            format!("is gone already, and was to stay until {}", shown(sunset)),
        ),
        (Some(_) | None, _) => (
            announced,
            "is gone, as its deprecation announced".to_owned(),
        ),
    }
}

/// A day as the document writes it.
pub(super) fn shown(sunset: &Value) -> String {
    sunset
        .as_str()
        .map_or_else(|| sunset.to_string(), str::to_owned)
}

/// The day of `2027-01-31`, or of a moment in it (RFC 3339).
fn day(sunset: &Value) -> Option<Date> {
    let text = sunset.as_str()?;
    match text.split_once(['T', 't', ' ']) {
        Some((day, _)) => date::day(day),
        None => date::day(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_day_is_past_soon_or_later() {
        let today = date::day("2026-01-01");
        let table = [
            ("2025-12-31", "past"),
            ("2026-01-01", "sunset-near"),
            ("2026-01-31", "sunset-near"),
            ("2026-02-01", "later"),
            ("2026-02-01T10:00:00Z", "later"),
            ("2026-02-30", "api-deprecated-sunset-parse"),
            ("next year", "api-deprecated-sunset-parse"),
        ];
        for (text, expected) in table {
            let (rule, says) = announced(today, &json!(text), ["later", "past"]);
            assert_eq!(rule, expected, "{text}: {says}");
        }
        assert_eq!(
            announced(None, &json!("2025-12-31"), ["later", "past"]).0,
            "later"
        );
    }

    #[test]
    fn the_last_day_of_several_counts() {
        let rules = ["surprising", "announced", "early"];
        let node = |day: &str| json!({"deprecated": true, "x-sunset": day});
        let (early, late) = (node("2026-01-01"), node("2026-06-01"));
        let rule =
            |today: &str, nodes: &[&Value]| gone(date::day(today), nodes.iter().copied(), rules).0;
        assert_eq!(rule("2026-03-01", &[&early, &late]), "early");
        assert_eq!(rule("2026-03-01", &[&early]), "announced");
        assert_eq!(rule("2026-06-01", &[&late, &early]), "announced");
        assert_eq!(rule("2026-06-01", &[&late, &json!({})]), "surprising");
        assert_eq!(rule("2026-06-01", &[]), "surprising");
    }
}
