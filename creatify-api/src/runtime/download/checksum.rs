//! The SHA-256 of a file. In: its bytes as they are written. Out: its checksum, when it is wanted.
//! Without the feature `checksum` it is never wanted. Knows no network.

#[cfg(feature = "checksum")]
use std::fmt;
#[cfg(feature = "checksum")]
use std::str::FromStr;

#[cfg(feature = "checksum")]
use sha2::Digest as _;

#[cfg(feature = "checksum")]
use crate::runtime::Error;

/// A SHA-256, such as that of a downloaded file. Its text has 64 hexadecimal digits.
///
/// ```
/// use creatify_api::download::Sha256;
///
/// let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// let sum: Sha256 = text.parse()?;
/// assert_eq!(sum.to_string(), text);
/// assert_eq!(Sha256::from(*sum.as_bytes()), sum);
/// # Ok::<(), creatify_api::Error>(())
/// ```
#[cfg(feature = "checksum")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256([u8; 32]);

#[cfg(feature = "checksum")]
impl Sha256 {
    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(feature = "checksum")]
impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

#[cfg(feature = "checksum")]
impl FromStr for Sha256 {
    type Err = Error;

    /// Reads 64 hexadecimal digits; anything else is an error that is
    /// [`is_configuration`](Error::is_configuration).
    fn from_str(text: &str) -> Result<Self, Error> {
        let digits: Option<Vec<u8>> = text
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect();
        let (pairs, rest) = digits.as_deref().unwrap_or_default().as_chunks::<2>();
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
        match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) if rest.is_empty() => Ok(Self(bytes)),
            Ok(_) | Err(_) => Err(Error::configuration("a SHA-256 has 64 hexadecimal digits")),
        }
    }
}

#[cfg(feature = "checksum")]
impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(feature = "checksum")]
impl fmt::Debug for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sha256({self})")
    }
}

/// Whether a checksum is wanted, and which.
#[derive(Default)]
pub(super) struct Wanted {
    #[cfg(feature = "checksum")]
    hasher: Option<sha2::Sha256>,
    #[cfg(feature = "checksum")]
    expected: Option<Sha256>,
}

#[cfg(feature = "checksum")]
impl Wanted {
    pub(super) fn compute(&mut self) {
        self.hasher.get_or_insert_default();
    }

    pub(super) fn expect(&mut self, expected: Sha256) {
        self.compute();
        self.expected = Some(expected);
    }

    /// The next bytes of the file.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
    }

    /// The file begins anew.
    pub(super) fn restart(&mut self) {
        if let Some(hasher) = &mut self.hasher {
            hasher.reset();
        }
    }

    /// The checksum if it was wanted, or what it is and should have been.
    pub(super) fn finish(&mut self) -> Result<Option<Sha256>, String> {
        let found = self.hasher.take();
        let found = found.map(|hasher| Sha256(hasher.finalize().into()));
        match (found, self.expected) {
            (Some(found), Some(expected)) if found != expected => Err(format!(
                "the file is not the one that was expected, its SHA-256 is {found} and not {expected}"
            )),
            (found, _) => Ok(found),
        }
    }
}

#[cfg(not(feature = "checksum"))]
impl Wanted {
    pub(super) fn update(&mut self, _: &[u8]) {}

    pub(super) fn restart(&mut self) {}

    pub(super) fn finish(&mut self) -> Result<Option<()>, String> {
        Ok(None)
    }
}

#[cfg(all(test, feature = "checksum"))]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_no_checksum() {
        let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            sum.parse::<Sha256>()
                .map(|sum| sum.to_string())
                .ok()
                .as_deref(),
            Some(sum)
        );
        assert!(sum.to_uppercase().parse::<Sha256>().is_ok());
        let long = format!("{sum}0");
        for wrong in [
            "",
            "e3",
            &sum[1..],
            &long,
            &sum.replace('e', "g"),
            &sum.replace('e', "é"),
        ] {
            assert!(wrong.parse::<Sha256>().is_err(), "{wrong}");
        }
    }
}
