//! Days. In: `2027-01-31`, or days since 1970. Out: a date that can be compared. Knows no clock: chrono is built without its own.

use chrono::Days;

/// A day of the Gregorian calendar; ordered as time passes.
pub use chrono::NaiveDate as Date;

/// Reads `YYYY-MM-DD`; `None` for another form, and for a day that does not exist.
pub fn day(text: &str) -> Option<Date> {
    let date = Date::parse_from_str(text, "%Y-%m-%d").ok()?;
    // chrono takes spaces, signs and single digits, too.
    (date.to_string() == text).then_some(date)
}

/// The day that begins so many days after 1970-01-01 did, in UTC; the last that there is, if that is too far.
pub fn day_since_1970(count: u64) -> Date {
    after(Date::default(), count)
}

/// The day so many days later; the last that there is, if that is too far.
pub(super) fn after(day: Date, count: u64) -> Date {
    day.checked_add_days(Days::new(count)).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_read() {
        for text in ["2027-01-31", "2028-02-29", "2000-02-29", "0000-01-01"] {
            assert_eq!(
                day(text).map(|date| date.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-1-1",
            " 2027-01-01",
            "+027-01-01",
            "+2027-01-01",
            "12027-01-01",
            "2027/01/01",
            "2027-01-011",
            "20270101",
            "２０27-1-1",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        let table = [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_777, "2026-11-20"),
        ];
        for (count, expected) in table {
            assert_eq!(day_since_1970(count).to_string(), expected);
        }
        assert_eq!(day_since_1970(u64::MAX), Date::MAX);
    }
}
