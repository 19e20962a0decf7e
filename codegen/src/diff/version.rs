//! Versions as Cargo compares them. In: a version and a bump. Out: the lowest version that is far enough. Knows no change.

use super::rust::Bump;
use std::fmt;

/// A version of a crate: `1.2.3`, or `1.2.3-rc.1`. What follows a `+` says nothing about compatibility and is dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The three numbers, the most significant first.
    pub numbers: [u64; 3],
    /// What follows the `-`; empty for a release.
    pub prerelease: String,
}

impl Version {
    /// Reads a version. `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, _) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, prerelease) = text.split_once('-').unwrap_or((text, ""));
        let mut parts = numbers.split('.').map(number);
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then(|| Self {
            numbers,
            prerelease: prerelease.to_owned(),
        })
    }

    /// The lowest release that is far enough from this one, by
    /// [Cargo's rule](https://doc.rust-lang.org/cargo/reference/semver.html): below 1.0 the number after the first zero
    /// stands for the major one, and all that is no major change is a patch.
    #[must_use]
    pub fn raised(&self, bump: Bump) -> Self {
        let [major, minor, patch] = self.numbers;
        // A pre-release promises nothing: whatever changes, the release that it announces is far enough.
        if !self.prerelease.is_empty() {
            return Self::release(self.numbers);
        }
        Self::release(match (bump, major) {
            (Bump::None, _) => self.numbers,
            (Bump::Major, 0) => [0, minor.saturating_add(1), 0],
            (Bump::Minor | Bump::Patch, 0) => [0, minor, patch.saturating_add(1)],
            (Bump::Major, _) => [major.saturating_add(1), 0, 0],
            (Bump::Minor, _) => [major, minor.saturating_add(1), 0],
            (Bump::Patch, _) => [major, minor, patch.saturating_add(1)],
        })
    }

    /// Whether this version may follow `old` when the crate changed by `bump`. A pre-release counts as what it announces.
    pub fn suffices(&self, old: &Self, bump: Bump) -> bool {
        let differs = self != old;
        self.numbers >= old.raised(bump).numbers && (differs || bump == Bump::None)
    }

    fn release(numbers: [u64; 3]) -> Self {
        Self {
            numbers,
            prerelease: String::new(),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(formatter, "{major}.{minor}.{patch}")?;
        match self.prerelease.as_str() {
            "" => Ok(()),
            prerelease => write!(formatter, "-{prerelease}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).expect("a version")
    }

    #[test]
    fn below_one_the_minor_number_stands_for_the_major_one() {
        let table = [
            ("0.1.3", Bump::None, "0.1.3"),
            ("0.1.3", Bump::Patch, "0.1.4"),
            ("0.1.3", Bump::Minor, "0.1.4"),
            ("0.1.3", Bump::Major, "0.2.0"),
            ("1.2.3", Bump::Patch, "1.2.4"),
            ("1.2.3", Bump::Minor, "1.3.0"),
            ("1.2.3", Bump::Major, "2.0.0"),
            ("2.0.0-rc.1", Bump::Major, "2.0.0"),
        ];
        for (old, bump, expected) in table {
            assert_eq!(
                version(old).raised(bump).to_string(),
                expected,
                "{old} {bump}"
            );
        }
    }

    #[test]
    fn a_version_is_enough_or_not() {
        let table = [
            ("0.1.0", "0.1.0", Bump::None, true),
            ("0.1.0", "0.1.0", Bump::Patch, false),
            ("0.1.0", "0.1.1", Bump::Minor, true),
            ("0.1.9", "0.1.10", Bump::Major, false),
            ("0.1.9", "0.2.0", Bump::Major, true),
            ("0.1.9", "0.2.0-rc.1", Bump::Major, true),
            ("0.9.0", "1.0.0", Bump::Major, true),
            ("1.9.0", "1.10.0", Bump::Major, false),
            ("2.0.0-rc.1", "2.0.0-rc.1", Bump::Patch, false),
            ("2.0.0-rc.1", "2.0.0-rc.2", Bump::Major, true),
            ("0.2.0", "0.1.0", Bump::None, false),
        ];
        for (old, new, bump, expected) in table {
            assert_eq!(
                version(new).suffices(&version(old), bump),
                expected,
                "{old} -> {new}, {bump}"
            );
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in [
            "", "1", "1.2", "1.2.3.4", "1.2.x", "v1.2.3", "1.2.-3", "+1.2.3",
        ] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
        assert_eq!(version("1.2.3-a.1+b").to_string(), "1.2.3-a.1");
    }
}
