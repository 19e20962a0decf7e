//! Heads of answers. In: statuses and headers as servers send them, right and wrong. Out: what the
//! download makes of each.

use super::*;

type Line = (&'static str, &'static str);

fn headers(lines: &[Line]) -> HeaderMap {
    let pairs = lines.iter().map(|(name, value)| {
        let name = HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    pairs.collect()
}

fn read_as(status: u16, lines: &[Line], asked: Asked<'_>) -> Head {
    let status = StatusCode::from_u16(status).expect("a status");
    read(status, &headers(lines), asked)
}

/// A file of 100 bytes.
fn begun() -> Version {
    Version {
        total: Some(100),
        validator: Some(HeaderValue::from_static("\"a\"")),
        etag: Some("\"a\"".to_owned()),
        content_type: None,
    }
}

#[test]
fn what_vouches_for_a_file() {
    const MONDAY: &str = "Mon, 01 Sep 2025 10:00:00 GMT";
    let table: [(&[Line], Option<&str>); 9] = [
        (&[("etag", "\"a\"")], Some("\"a\"")),
        (&[("etag", "W/\"a\"")], None),
        (&[("etag", "a")], None),
        (&[("etag", "\"")], None),
        // A minute is enough, less is not, and without `Date` nobody knows.
        (
            &[
                ("last-modified", MONDAY),
                ("date", "Mon, 01 Sep 2025 10:01:00 GMT"),
            ],
            Some(MONDAY),
        ),
        (
            &[
                ("last-modified", MONDAY),
                ("date", "Mon, 01 Sep 2025 10:00:59 GMT"),
            ],
            None,
        ),
        (
            &[
                ("last-modified", MONDAY),
                ("date", "Mon, 01 Sep 2025 09:00:00 GMT"),
            ],
            None,
        ),
        (&[("last-modified", MONDAY)], None),
        // Whoever has an entity tag, even a weak one, must not send the date.
        (
            &[
                ("etag", "W/\"a\""),
                ("last-modified", MONDAY),
                ("date", "Mon, 01 Sep 2025 11:00:00 GMT"),
            ],
            None,
        ),
    ];
    for (lines, expected) in table {
        let found = validator(&headers(lines));
        let found = found.as_ref().and_then(|value| value.to_str().ok());
        assert_eq!(found, expected, "{lines:?}");
    }
}

#[test]
fn a_part_must_be_the_one_that_was_asked_for() {
    let begun = begun();
    let rest = |lines: &[Line]| read_as(206, lines, Some((40, &begun)));
    let fits = Head::Rest {
        end: 100,
        total: Some(100),
    };
    for right in [
        &[("content-range", "bytes 40-99/100")][..],
        &[
            ("content-range", "bytes 40-99/100"),
            ("content-length", "60"),
            ("etag", "\"a\""),
        ],
        // The total need not be told again, and weak tags vouch for nothing.
        &[("content-range", "bytes 40-99/*"), ("etag", "W/\"b\"")],
    ] {
        assert_eq!(rest(right), fits, "{right:?}");
    }
    // Less than was asked for is allowed: the next request asks for what is left.
    let less = Head::Rest {
        end: 50,
        total: Some(100),
    };
    assert_eq!(rest(&[("content-range", "bytes 40-49/100")]), less);
    for wrong in [
        &[][..],
        &[("content-range", "bytes 41-99/100")],
        &[("content-range", "bytes 0-99/100")],
        &[("content-range", "bytes 40-100/100")],
        &[("content-range", "bytes 40-39/100")],
        &[("content-range", "bytes 40-18446744073709551615/*")],
        &[("content-range", "bytes 40-99/101")],
        &[("content-range", "bytes */100")],
        &[("content-range", "lines 40-99/100")],
        &[("content-range", "bytes 40-99/100"), ("etag", "\"b\"")],
        &[
            ("content-range", "bytes 40-99/100"),
            ("content-length", "100"),
        ],
    ] {
        assert!(matches!(rest(wrong), Head::Anew(_)), "{wrong:?}");
    }
    assert!(matches!(
        read_as(206, &[("content-range", "bytes 0-99/100")], None),
        Head::Never(_)
    ));
}

#[test]
fn nothing_may_follow_only_where_the_file_ends() {
    let unknown = Version {
        total: None,
        ..begun()
    };
    let read = |lines: &[Line], version| read_as(416, lines, Some((40, version)));
    assert_eq!(
        read(&[("content-range", "bytes */40")], &unknown),
        Head::Nothing
    );
    for (lines, version) in [
        (&[("content-range", "bytes */40")][..], &begun()),
        (&[("content-range", "bytes */39")], &unknown),
        (&[("content-range", "bytes */41")], &unknown),
        (
            &[("content-range", "bytes */40"), ("etag", "\"b\"")],
            &unknown,
        ),
        (&[], &unknown),
    ] {
        assert!(matches!(read(lines, version), Head::Anew(_)), "{lines:?}");
    }
    assert!(matches!(read_as(416, &[], None), Head::Never(_)));
}

#[test]
fn a_whole_file_is_taken_whatever_was_asked_for() {
    let lines = [("content-length", "100"), ("etag", "\"a\"")];
    let whole = Head::Whole(begun());
    assert_eq!(read_as(200, &lines, None), whole);
    assert_eq!(read_as(200, &lines, Some((40, &Version::default()))), whole);
    assert_eq!(read_as(200, &[], None), Head::Whole(Version::default()));
    // Found on real files: a name that means nothing.
    let odd = [("content-encoding", "utf-8")];
    assert!(matches!(read_as(200, &odd, None), Head::Whole(_)));
    for packed in ["gzip", "BR", "identity, zstd"] {
        let lines = [("content-encoding", packed)];
        assert!(
            matches!(read_as(200, &lines, None), Head::Never(_)),
            "{packed}"
        );
    }
}

#[test]
fn what_may_pass_and_what_will_not() {
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
        assert_eq!(read_as(status, &[], None), Head::Later, "{status}");
    }
    for status in [201, 203, 204, 301, 304, 400, 401, 403, 404, 410, 418] {
        assert!(
            matches!(read_as(status, &[], None), Head::Never(_)),
            "{status}"
        );
    }
}
