//! The base URL. In: a text. Out: a URL to which keys may be sent, or why it is none. Sends nothing.

use reqwest::Url;

use crate::runtime::Error;
use crate::runtime::transport::Encryption;

/// The messages do not repeat the URL, which may hold a password.
pub(super) fn checked(text: &str, encryption: Encryption) -> Result<Url, Error> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http"));
    let Some(url) = url else {
        return Err(Error::configuration(
            "the base URL must begin with `https://` and a host, or `http://` on this machine",
        ));
    };
    let problem = (url.scheme() == "http" && !encryption.allows(&url))
        .then_some("would send the keys unencrypted; use `https://`, or allow it with `allow_http`")
        .or((!url.username().is_empty() || url.password().is_some())
            .then_some("must not carry a user name or password"))
        .or((url.query().is_some() || url.fragment().is_some())
            .then_some("must end with its path, without `?` and `#`"));
    match problem {
        Some(problem) => Err(Error::configuration(format!("the base URL {problem}"))),
        None => Ok(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        let table = [
            ("https://api.example.com", Encryption::Required, ""),
            ("https://example.com/creatify/", Encryption::Required, ""),
            ("http://127.0.0.1:8080", Encryption::Required, ""),
            ("http://[::1]:8080", Encryption::Required, ""),
            ("http://localhost", Encryption::Required, ""),
            ("http://example.com", Encryption::Optional, ""),
            ("http://example.com", Encryption::Required, "unencrypted"),
            (
                "http://localhost.example.com",
                Encryption::Required,
                "unencrypted",
            ),
            (
                "http://127.0.0.1.example.com",
                Encryption::Required,
                "unencrypted",
            ),
            ("ftp://example.com", Encryption::Optional, "https"),
            ("api.example.com", Encryption::Optional, "must begin with"),
            // A scheme, for a parser.
            ("localhost:8787", Encryption::Optional, "must begin with"),
            ("", Encryption::Optional, "must begin with"),
            (
                "https://name:word@example.com",
                Encryption::Optional,
                "password",
            ),
            ("https://example.com/?a=b", Encryption::Optional, "path"),
            ("https://example.com/#a", Encryption::Optional, "path"),
        ];
        for (text, encryption, expected) in table {
            match checked(text, encryption) {
                Ok(_) => assert_eq!(expected, "", "{text}"),
                Err(error) => {
                    assert!(error.is_configuration());
                    let message = error.to_string();
                    assert!(
                        !expected.is_empty() && message.contains(expected),
                        "{text}: {message}"
                    );
                    assert!(!message.contains("word@"), "{message}");
                }
            }
        }
    }
}
