//! Days. In: `2027-01-31`, or days since 1970. Out: a date that can be compared. Knows no clock.

use std::fmt;

/// A day of the Gregorian calendar; ordered as time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, from 0 to 9999.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; `None` for another form, and for a day that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |byte: &u8| byte.is_ascii_digit();
        let form = |(index, byte): (usize, u8)| match index {
            4 | 7 => byte == b'-',
            _ => digits(&byte),
        };
        if text.len() != 10 || !text.bytes().enumerate().all(form) {
            return None;
        }
        let date = Self {
            year: text[..4].parse().ok()?,
            month: text[5..7].parse().ok()?,
            day: text[8..].parse().ok()?,
        };
        (1..=days(date.year, date.month))
            .contains(&date.day)
            .then_some(date)
    }

    /// The day so many days later; not beyond the year 9999.
    pub(super) fn after(mut self, count: u16) -> Self {
        for _ in 0..count {
            (self.year, self.month, self.day) = match (self.month, self.day) {
                (12, 31) if self.year >= 9999 => return self,
                (12, 31) => (self.year + 1, 1, 1),
                (month, day) if day >= days(self.year, month) => (self.year, month + 1, 1),
                (month, day) => (self.year, month, day + 1),
            };
        }
        self
    }

    /// The day that begins so many days after 1970-01-01 did, in UTC.
    pub fn since_1970(mut count: u64) -> Self {
        let mut date = Self {
            year: 1970,
            month: 1,
            day: 1,
        };
        loop {
            let length = u64::from(days(date.year, date.month));
            if count < length || date.year >= 9999 {
                // Less than the length of a month, but for days after the year 9999.
                date.day = u8::try_from(count.min(length - 1)).unwrap_or(0) + 1;
                return date;
            }
            count -= length;
            (date.year, date.month) = match date.month {
                12 => (date.year + 1, 1),
                month => (date.year, month + 1),
            };
        }
    }
}

/// The length of a month; 0 for one that does not exist.
fn days(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day } = self;
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_exist_are_read() {
        for text in ["2027-01-31", "2028-02-29", "2000-02-29", "0000-01-01"] {
            assert_eq!(
                Date::parse(text).map(|date| date.to_string()).as_deref(),
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
            "+027-01-01",
            "2027/01/01",
            "2027-01-011",
            "20270101",
            "２０27-1-1",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
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
            (u64::MAX, "9999-01-31"),
        ];
        for (count, expected) in table {
            assert_eq!(Date::since_1970(count).to_string(), expected);
        }
    }

    #[test]
    fn days_are_added_over_the_ends_of_months_and_years() {
        let table = [
            ("2026-01-01", 30, "2026-01-31"),
            ("2028-02-28", 1, "2028-02-29"),
            ("2026-02-28", 1, "2026-03-01"),
            ("2026-12-31", 1, "2027-01-01"),
            ("9999-12-30", 9, "9999-12-31"),
        ];
        for (day, count, expected) in table {
            let later = Date::parse(day).map(|date| date.after(count).to_string());
            assert_eq!(later.as_deref(), Some(expected));
        }
    }

    #[test]
    fn dates_are_ordered_as_time_passes() {
        let date = |text| Date::parse(text).expect("a date");
        assert!(date("2026-12-31") < date("2027-01-01"));
        assert!(date("2027-01-31") < date("2027-02-01"));
    }
}
