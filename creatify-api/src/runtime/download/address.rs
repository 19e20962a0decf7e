//! Addresses of files. In: a text from a response. Out: a URL that may be asked for, and a way to
//! name it without what is secret of it. Knows no network.

use reqwest::Url;

use super::failed;
use crate::runtime::Error;
use crate::runtime::redact::ServerText;
use crate::runtime::transport::Encryption;

/// The address, or what is wrong with it; the message does not repeat it.
pub(super) fn checked(text: &str, encryption: Encryption) -> Result<Url, Error> {
    if text.is_empty() {
        let problem =
            "there is no address to download from: a job without a result has an empty one";
        return Err(failed(problem));
    }
    let mut url = Url::parse(text)
        .map_err(|error| failed(format!("the address of the file is not a URL: {error}")))?;
    if !encryption.allows(&url) {
        let problem = "must begin with `https://` (`http://` to another machine must be allowed with `allow_http`)";
        return Err(failed(format!("the address of the file {problem}")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let problem = "must not carry a user name or password";
        return Err(failed(format!("the address of the file {problem}")));
    }
    url.set_fragment(None);
    Ok(url)
}

/// The address as it may be printed. Query, user and password stay out.
pub(super) fn shown(url: &Url) -> String {
    const LONGEST: usize = 200;
    let text = format!("{}{}", url.origin().ascii_serialization(), url.path());
    // Redacted before it is cut: half a key would not be recognised.
    let text = ServerText::new(text).into_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_asked_for() {
        let required = Encryption::Required;
        for fine in [
            "https://media.example.com/a.mp4?signature=x#t=5",
            "http://127.0.0.1:8080/a.mp4",
            "http://localhost/a",
        ] {
            let url = checked(fine, required).expect(fine);
            assert_eq!(url.fragment(), None);
        }
        assert!(checked("http://example.com/a", Encryption::Optional).is_ok());
        let table = [
            ("", "no address"),
            ("/media/secret.mp4", "not a URL"),
            ("http://example.com/secret", "https://"),
            ("file:///etc/secret", "https://"),
            ("https://user:secret@example.com/", "password"),
            ("https://secret@example.com/", "password"),
            ("data:text/plain,secret", "https://"),
        ];
        for (wrong, problem) in table {
            let error = checked(wrong, required).expect_err(wrong);
            let text = format!("{error} {error:?}");
            assert!(error.is_download() && text.contains(problem), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }

    #[test]
    fn what_is_printed_of_it() {
        let url = Url::parse("https://example.com:444/a%0Ab.mp4?token=secret").expect("a URL");
        assert_eq!(shown(&url), "https://example.com:444/a%0Ab.mp4");
        let long = format!("https://example.com/{}", "a".repeat(500));
        let url = Url::parse(&long).expect("a URL");
        assert_eq!(shown(&url).len(), 203);
    }
}
