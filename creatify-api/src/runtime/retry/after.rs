//! `Retry-After`. In: the headers of a response. Out: the wait that the server asks for. Applies no
//! policy.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::runtime::Timestamp;

/// The `Retry-After` of a response: seconds, or an HTTP date, which is held against the `Date` of
/// the same response (RFC 9110, section 10.2.3), so that a wrong clock of this machine does not matter.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = httpdate::parse_http_date(text).ok()?;
    let now = date(headers, &DATE).unwrap_or_else(|| now.into());
    // A date in the past asks for no wait.
    Some(then.duration_since(now).unwrap_or_default())
}

fn date(headers: &HeaderMap, name: &HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn seconds_and_dates() {
        let now = Timestamp::from_timestamp(784_111_777, 0).expect("a moment"); // Sun, 06 Nov 1994 08:49:37 GMT
        let table = [
            ("7", None, Some(7)),
            (" 0 ", None, Some(0)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", None, Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", None, Some(10)),
            ("Sun Nov  6 08:49:47 1994", None, Some(10)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", None, Some(0)),
            // The server's own clock counts.
            (
                "Sun, 06 Nov 1994 08:49:47 GMT",
                Some("Sun, 06 Nov 1994 08:49:42 GMT"),
                Some(5),
            ),
            ("soon", None, None),
            ("-1", None, None),
            ("1.5", None, None),
        ];
        for (text, date, expected) in table {
            let mut headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
            if let Some(date) = date {
                headers.insert(DATE, HeaderValue::from_static(date));
            }
            let seconds = retry_after(&headers, now).map(|wait| wait.as_secs());
            assert_eq!(seconds, expected, "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
