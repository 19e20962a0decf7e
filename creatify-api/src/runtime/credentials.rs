//! Keys. In: the secrets of an account. Out: headers that no debug output shows. Knows neither
//! operations nor clients.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::journal::Account;
use super::operation::ApiKey;
use super::redact::Secrets;

/// Where the id of the account travels, which is no secret of its own and stays when the key is replaced.
const API_ID_HEADER: &str = "X-API-ID";
const API_ID: HeaderName = HeaderName::from_static("x-api-id");

/// The keys of an account, from the API settings of the Creatify dashboard.
///
/// They never appear in debug output, and are taken out of whatever a server repeats of them before it is
/// printed: out of every [`Error`](crate::Error), trace and debug output of this crate, also when they
/// come back escaped, in Base64 or in part (eight characters of a key and more; shorter keys are no real
/// ones and are not taken out). What a server sent is kept as it came in the values that a call gives,
/// and in the body and the headers of a response: whoever prints those prints what is in them.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    secrets: BTreeMap<&'static str, String>,
}

impl Credentials {
    /// The API id and the API key of an account.
    pub fn new(api_id: impl Into<String>, api_key: impl Into<String>) -> Self {
        let secrets = [
            (API_ID_HEADER, api_id.into()),
            ("X-API-KEY", api_key.into()),
        ];
        Self {
            secrets: secrets.into(),
        }
    }

    /// The keys as headers, or why they cannot be; the message does not show them.
    pub(crate) fn keys(&self) -> Result<Keys, String> {
        let mut headers = Vec::new();
        for (name, secret) in &self.secrets {
            if secret.is_empty() {
                return Err(format!("the key for `{name}` is empty"));
            }
            let value = HeaderValue::from_str(secret)
                .ok()
                .filter(|_| secret.bytes().all(|byte| byte.is_ascii_graphic()));
            let (Some(mut value), Ok(header)) = (value, HeaderName::try_from(*name)) else {
                return Err(format!(
                    "the key for `{name}` has a space or another character that no key has"
                ));
            };
            value.set_sensitive(true);
            headers.push((header, value));
        }
        let secrets = self.secrets.values().map(String::as_str);
        Ok(Keys {
            headers,
            _secrets: Secrets::new(secrets),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials([redacted])")
    }
}

/// Keys as they are sent; marked as sensitive, so that no debug output shows them.
#[derive(Clone, Default)]
pub(crate) struct Keys {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Keeps them out of what is printed.
    _secrets: Arc<Secrets>,
}

impl Keys {
    /// The headers of the first alternative that these keys can meet.
    pub(crate) fn choose(
        &self,
        alternatives: &[&[ApiKey]],
    ) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let found = alternatives.iter().find_map(|keys| {
            keys.iter()
                .map(|key| self.find(key))
                .collect::<Option<Vec<_>>>()
        });
        match found {
            Some(headers) => Ok(headers),
            None if alternatives.is_empty() => Ok(Vec::new()),
            None => {
                Err("the client has no keys for this operation, give it credentials".to_owned())
            }
        }
    }

    /// All headers, for a call of which nobody says which it wants.
    pub(crate) fn all(&self) -> Vec<(HeaderName, HeaderValue)> {
        self.headers.clone()
    }

    fn find(&self, key: &ApiKey) -> Option<(HeaderName, HeaderValue)> {
        let ApiKey::Header(name) = key;
        self.headers
            .iter()
            .find(|(header, _)| header.as_str().eq_ignore_ascii_case(name))
            .cloned()
    }

    /// The account that these keys open at this address; a new key of it opens the same one.
    pub(crate) fn account(&self, base_url: &Url) -> Account {
        let id = self.headers.iter().find(|(name, _)| name == API_ID);
        let id = id.map_or(&b""[..], |(_, value)| value.as_bytes());
        Account::new(base_url, id)
    }

    /// Whether the header carries a key, and so is not the caller's to set.
    pub(crate) fn holds(&self, name: &HeaderName) -> bool {
        self.headers.iter().any(|(header, _)| header == name)
    }

    /// Removes the headers that carry keys.
    pub(crate) fn remove_from(&self, headers: &mut HeaderMap) {
        for (name, _) in &self.headers {
            headers.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: &[ApiKey] = &[ApiKey::header("X-API-ID"), ApiKey::header("x-api-key")];
    const OTHER: &[ApiKey] = &[ApiKey::header("Authorization")];

    #[test]
    fn unusable_keys_are_refused_without_showing_them() {
        for wrong in ["", "with space", "line\nbreak", "ümlaut", "nul\0"] {
            let message = Credentials::new("id", wrong).keys().err().expect(wrong);
            assert!(message.contains("X-API-KEY"), "{message}");
            assert!(wrong.is_empty() || !message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn the_first_alternative_that_can_be_met_is_used() {
        let keys = Credentials::new("the-id", "the-key").keys().expect("keys");
        let values = |alternatives: &[&[ApiKey]]| -> Result<Vec<String>, String> {
            let headers = keys.choose(alternatives)?;
            Ok(headers
                .iter()
                .map(|(name, value)| format!("{name}={value:?}"))
                .collect())
        };
        let both = Ok(vec![
            "x-api-id=Sensitive".to_owned(),
            "x-api-key=Sensitive".to_owned(),
        ]);
        assert_eq!(values(&[OTHER, PAIR]), both);
        assert_eq!(values(&[]), Ok(vec![]));
        assert_eq!(values(&[OTHER, &[]]), Ok(vec![]));
        assert!(values(&[OTHER]).is_err());
    }

    #[test]
    fn keys_are_not_printed() {
        let credentials = Credentials::new("id", "a-long-secret");
        assert_eq!(format!("{credentials:?}"), "Credentials([redacted])");
        let keys = credentials.keys().expect("keys");
        assert!(!super::super::redact::is_safe("a-long-secret"));
        drop(keys);
        // The values that a client gave outlive it.
        assert!(!super::super::redact::is_safe("a-long-secret"));
    }
}
