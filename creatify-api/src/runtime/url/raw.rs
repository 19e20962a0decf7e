//! Addresses of raw calls. In: a base URL, and the path and parameters of a caller. Out: a URL below the base URL, or why there is
//! none. Knows no operation.

use reqwest::Url;

use super::percent;
use crate::runtime::error::Violation;

/// The URL of a raw call: below the base URL, whatever its path says.
pub(crate) fn raw(
    base: &Url,
    (path, query): (&str, &[(String, String)]),
    violations: &mut Vec<Violation>,
) -> Url {
    let mut url = base.clone();
    if let Some(problem) = problem(path) {
        violations.push(Violation::new("path", problem));
        return url;
    }
    let path = format!("{}{path}", base.path().trim_end_matches('/'));
    url.set_path(&path);
    if url.path() != path {
        violations.push(Violation::new(
            "path",
            format!(
                "would become `{}`: write what is no plain character as `%` and two digits",
                url.path()
            ),
        ));
    }
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
        .collect();
    let query = pairs.join("&");
    url.set_query((!query.is_empty()).then_some(query.as_str()));
    url
}

/// What is wrong with a path below the base URL: that it is none, or that it leads out of it, for this parser or for a
/// server or proxy that reads escapes first.
fn problem(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Some(
            "must begin with one `/`: it stands below the base URL, and no other server is asked",
        );
    }
    if path.contains(['?', '#']) {
        return Some("must not have `?` or `#`: parameters are added with `query`");
    }
    if path.contains('\\')
        || path
            .chars()
            .any(|one| one.is_control() || one.is_whitespace())
    {
        return Some("has a backslash, a space or a control character");
    }
    let plain = unescaped(path);
    let dots = |segment: &str| matches!(segment, "." | "..");
    if plain.split(['/', '\\']).any(dots) {
        return Some("has a dot segment, which would change the path");
    }
    if plain.chars().any(char::is_control) {
        return Some("has an escaped control character");
    }
    None
}

/// The text without its escapes, also where these are escaped once more.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        let next = unescaped_once(&text);
        // Every round is shorter than the one before.
        if next == text {
            return text;
        }
        text = next;
    }
}

fn unescaped_once(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| {
        bytes
            .get(at)
            .and_then(|byte| char::from(*byte).to_digit(16))
    };
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_path_stays_below_the_base_url() {
        let base = Url::parse("https://h/v1/").expect("a URL");
        let raw = |path: &str, query: &[(&str, &str)]| {
            let mut violations = Vec::new();
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
            let query: Vec<_> = query.iter().map(pair).collect();
            let url = super::raw(&base, (path, &query), &mut violations);
            assert_eq!(url.origin(), base.origin(), "{path}");
            violations.is_empty().then(|| url.as_str().to_owned())
        };
        let query = [("a b", "1&2"), ("a b", "ä")];
        let expected = "https://h/v1/api/new/?a%20b=1%262&a%20b=%C3%A4";
        assert_eq!(raw("/api/new/", &query).as_deref(), Some(expected));
        let kept = "https://h/v1/api/a%2Fb/c..d/...";
        assert_eq!(raw("/api/a%2Fb/c..d/...", &[]).as_deref(), Some(kept));
        for wrong in [
            "",
            "api/new/",
            "https://elsewhere.example/api/",
            "//elsewhere.example/api/",
            "///api/",
            "/\\elsewhere.example/",
            "\\\\elsewhere.example/",
            "/api/../admin/",
            "/api/..",
            "/./api/",
            "/api/%2e%2e/admin/",
            "/api/.%2E/admin/",
            "/api/%252e%252e/admin/",
            "/api/..%2fadmin/",
            "/api/..%5Cadmin/",
            "/api?key=1",
            "/api#part",
            "/api/a b/",
            "/api/a\tb/",
            "/api/a\r\nhost: elsewhere/",
            "/api/%0d%0a/",
            "/api/\0/",
            "/api/ä/",
            "@elsewhere.example/",
        ] {
            assert_eq!(raw(wrong, &[]), None, "{wrong:?}");
        }
    }
}
