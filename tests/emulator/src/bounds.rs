//! The bounds of what can be ordered. In: faults, speeds, steps of the clock. Out: a sentence for what
//! makes no sense. Knows no HTTP beyond what a response may be.

use super::fault::{Fault, Kind, When};

/// The fastest clock: at this speed a century passes in three and a half days.
pub(crate) const FASTEST: f64 = 10_000.0;

/// The longest delay, in milliseconds: an hour.
const LONGEST_DELAY: u64 = 3_600_000;

/// The longest address of a redirect.
const LONGEST_LOCATION: usize = 8_000;

/// A speed at which the clock can run.
pub(crate) fn speed(times: f64) -> Result<f64, String> {
    match (0.0..=FASTEST).contains(&times) {
        true => Ok(times),
        false => Err(format!(
            "the speed is a number from 0 to {FASTEST}, not {times:?}"
        )),
    }
}

/// What an account can have.
pub(crate) fn credits(credits: f64) -> Result<(), String> {
    match (0.0..=1e12).contains(&credits) {
        true => Ok(()),
        false => Err(format!(
            "an account has from 0 to 1e12 credits, not {credits:?}"
        )),
    }
}

impl Fault {
    /// What is wrong with a fault; `is_known` says whether there is such an operation.
    pub(crate) fn check(&self, is_known: impl Fn(&str) -> bool) -> Result<(), String> {
        if !is_known(&self.operation) {
            let operation = &self.operation;
            return Err(format!(
                "there is no operation `{operation}`; `*` stands for all of them, `media` for downloads"
            ));
        }
        self.when.check()?;
        self.kind.check()
    }
}

impl When {
    fn check(self) -> Result<(), String> {
        match self {
            Self::Nth(0) => Err("`nth` counts from 1".to_owned()),
            Self::Rate { rate, .. } if !(0.0..=1.0).contains(&rate) => Err(format!(
                "`rate` is a share of the calls, from 0 to 1, not {rate:?}"
            )),
            Self::Always | Self::Nth(_) | Self::Rate { .. } => Ok(()),
        }
    }
}

impl Kind {
    fn check(&self) -> Result<(), String> {
        match self {
            Self::Status { status, .. } | Self::Html { status, .. } => response(*status),
            Self::Delay { milliseconds } | Self::DelayBefore { milliseconds } => {
                match *milliseconds > LONGEST_DELAY {
                    true => Err(format!(
                        "`milliseconds` is at most {LONGEST_DELAY} (an hour), not {milliseconds}"
                    )),
                    false => Ok(()),
                }
            }
            Self::Redirect { location, status } => {
                // 304 has a meaning of its own.
                if !(300..=399).contains(status) || *status == 304 {
                    return Err(format!(
                        "the `status` of a redirect is from 300 to 399 and not 304, but this is {status}"
                    ));
                }
                address(location)
            }
            Self::ResetBefore
            | Self::ResetAfter
            | Self::Truncate
            | Self::InvalidJson
            | Self::UnknownEnum { .. }
            | Self::UnknownField
            | Self::MissingField { .. }
            | Self::StallDownload
            | Self::CutDownload => Ok(()),
        }
    }
}

/// A status that ends an exchange: those below 200 are followed by another.
fn response(status: u16) -> Result<(), String> {
    match (200..=999).contains(&status) {
        true => Ok(()),
        false => Err(format!("`status` is from 200 to 999, not {status}")),
    }
}

/// What a `Location` header can carry as it is.
fn address(location: &str) -> Result<(), String> {
    if location.is_empty() || location.len() > LONGEST_LOCATION {
        return Err(format!(
            "`location` has 1 to {LONGEST_LOCATION} characters, not {}",
            location.len()
        ));
    }
    match location.chars().find(|it| !it.is_ascii_graphic()) {
        Some(character) => Err(format!(
            "`location` has {character:?}, which no header can carry: percent-encode it"
        )),
        None => Ok(()),
    }
}
