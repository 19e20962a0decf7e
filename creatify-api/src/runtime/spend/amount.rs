//! Amounts of credits. In: floating-point numbers from estimates and records. Out: whole millionths,
//! which add and subtract without rounding. Depends on no job.

/// Millionths of a credit: prices have a few decimals, and sums of floating-point numbers would lose them beside a
/// large one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(u64);

/// Millionths in a credit.
const UNIT: f64 = 1e6;

impl Amount {
    pub(super) const ZERO: Self = Self(0);

    /// The most that one job or call counts: a billion credits. What says more is no cost but a fault, and still
    /// stops whoever has a limit.
    pub(super) const MOST: Self = Self(1_000_000_000_000_000);

    /// The amount, if the number is one: not negative, and a number.
    pub(super) fn of(credits: f64) -> Option<Self> {
        if credits.is_nan() || credits < 0.0 {
            return None;
        }
        // The conversion ends at the largest number.
        let millionths = (credits * UNIT).round() as u64;
        Some(Self(millionths.min(Self::MOST.0)))
    }

    pub(super) fn from_millionths(millionths: u64) -> Self {
        Self(millionths.min(Self::MOST.0))
    }

    pub(super) fn millionths(self) -> u64 {
        self.0
    }

    /// As a change; no amount is as large as the largest number.
    pub(super) fn change(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    /// Ends at zero.
    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Ends at [`MOST`](Self::MOST).
    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0).min(Self::MOST.0))
    }
}

/// A sum of amounts. It has room for more of them than can be counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum(u128);

impl Sum {
    pub(super) fn add(&mut self, amount: Amount) {
        self.0 = self.0.saturating_add(u128::from(amount.0));
    }

    /// What was charged according to a journal.
    pub(super) fn from_millionths(millionths: i64) -> Self {
        Self(u128::try_from(millionths).unwrap_or_default())
    }

    /// Takes away what was added before.
    pub(super) fn remove(&mut self, amount: Amount) {
        self.0 = self.0.saturating_sub(u128::from(amount.0));
    }

    /// Whether this and all of these come to no more than a limit in credits.
    pub(super) fn is_within(self, limit: f64, others: &[Self]) -> bool {
        let sum = others
            .iter()
            .fold(self.0, |sum, other| sum.saturating_add(other.0));
        // An endless limit becomes the largest number.
        sum <= (limit * UNIT).round() as u128
    }

    /// As a change of a sum that was nothing.
    pub(super) fn change(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }

    pub(super) fn credits(self) -> f64 {
        self.0 as f64 / UNIT
    }
}

impl From<Amount> for Sum {
    fn from(amount: Amount) -> Self {
        Self(u128::from(amount.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_no_amounts() {
        for number in [f64::NAN, -0.5, f64::NEG_INFINITY, f64::MIN] {
            assert_eq!(Amount::of(number), None, "{number}");
        }
        for number in [1e9, 1e18, f64::MAX, f64::INFINITY] {
            assert_eq!(Amount::of(number), Some(Amount::MOST), "{number}");
        }
        for number in [0.0, -0.0, 1e-9, 5e-324] {
            assert_eq!(Amount::of(number), Some(Amount::ZERO), "{number}");
        }
    }

    #[test]
    fn what_was_added_is_taken_back_without_a_remainder() {
        let mut sum = Sum::default();
        for _ in 0..10 {
            sum.add(Amount::of(0.1).expect("an amount"));
        }
        assert_eq!(sum.credits(), 1.0);
        for number in [1e18, 0.3, f64::MAX] {
            let amount = Amount::of(number).expect("an amount");
            sum.add(amount);
            sum.remove(amount);
            assert_eq!(sum.credits(), 1.0, "{number}");
        }
        assert!(sum.is_within(1.0, &[]) && !sum.is_within(0.999_999, &[]));
        assert!(sum.is_within(f64::INFINITY, &[sum, sum]));
    }
}
