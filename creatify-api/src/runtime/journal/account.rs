//! Account ids. In: a base URL and an API id. Out: their hash, the same in every version and on every
//! machine. Reads no API key.

use std::fmt;

use reqwest::Url;

/// An account of the service: the SHA-256 of the base URL and the API id, in hexadecimal.
///
/// The API key is left out, so that calls can still be settled after it was replaced.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Account(String);

impl Account {
    pub(crate) fn new(base_url: &Url, api_id: &[u8]) -> Self {
        let mut hash = hmac_sha256::Hash::new();
        // Neither part holds a NUL, so no other pair reads the same.
        hash.update(base_url.as_str().trim_end_matches('/'));
        hash.update([0]);
        hash.update(api_id);
        Self(hex(&hash.finalize()))
    }

    /// An account as it was written down.
    pub(crate) fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]));
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries are stored with it: another value would hide every open call of the versions before.
    #[test]
    fn the_text_of_an_account_never_changes() {
        let url = |text: &str| Url::parse(text).expect("a URL");
        let account = Account::new(&url("https://api.creatify.ai"), b"the-id");
        assert_eq!(
            account.as_str(),
            // printf 'https://api.creatify.ai\0the-id' | sha256sum
            "a2373b71a2c1e0a94aacdd9a019f273ca4fdea68a0323817155456f7c0ca4f11"
        );
        assert_eq!(
            account,
            Account::new(&url("https://api.creatify.ai/"), b"the-id")
        );
        for (base, id) in [
            ("https://api.creatify.ai/v2", "the-id"),
            ("http://api.creatify.ai", "the-id"),
            ("https://api.creatify.ai", "the-ie"),
        ] {
            assert_ne!(
                account,
                Account::new(&url(base), id.as_bytes()),
                "{base} {id}"
            );
        }
    }
}
