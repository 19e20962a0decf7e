//! Response heads. In: statuses and headers as servers send them, valid and invalid. Out: the decision
//! of the download for each.

use super::*;

type Line = (&'static str, &'static str);

fn headers(lines: &[Line]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

fn read_as(status: u16, lines: &[Line], asked: Asked<'_>) -> Head {
    let status = StatusCode::from_u16(status).expect("a status");
    read(status, &headers(lines), None, asked)
}

/// A file of 100 bytes.
fn begun() -> Version {
    Version {
        total: Some(100),
        validator: Some(HeaderValue::from_static("\"a\"")),
        url: None,
        etag: Some("\"a\"".to_owned()),
        content_type: None,
    }
}

#[test]
fn what_vouches_for_a_file() {
    let table: [(&[Line], bool); 17] = [
        (&[("etag", "\"a\"")], true),
        (&[("etag", "\"!#~\"")], true),
        (&[("etag", "\"a\""), ("content-encoding", "identity")], true),
        (&[("etag", "W/\"a\"")], false),
        (&[("etag", "w/\"a\"")], false),
        (&[("etag", "a")], false),
        (&[("etag", "'a'")], false),
        (&[("etag", "\"")], false),
        (&[("etag", "\"a")], false),
        // Well-formed, and the same for every file.
        (&[("etag", "\"\"")], false),
        (&[("etag", "\"a b\"")], false),
        (&[("etag", "\"a\"b\"")], false),
        (&[("etag", "\"a\", \"b\"")], false),
        (&[("etag", "\"a\""), ("etag", "\"b\"")], false),
        (&[("etag", "\"a\""), ("content-encoding", "utf-8")], false),
        (&[], false),
        // A date of the last change, however old, is none.
        (
            &[
                ("last-modified", "Mon, 01 Sep 2025 10:00:00 GMT"),
                ("date", "Tue, 02 Sep 2025 10:00:00 GMT"),
            ],
            false,
        ),
    ];
    for (lines, expected) in table {
        let Head::Whole(version) = read_as(200, lines, None) else {
            panic!("{lines:?}");
        };
        assert_eq!(version.validator.is_some(), expected, "{lines:?}");
    }
}

/// What every right part has.
const TAG: Line = ("etag", "\"a\"");

#[test]
fn a_part_must_be_the_one_that_was_asked_for() {
    let begun = begun();
    let rest = |lines: &[Line]| read_as(206, lines, Some((40, &begun)));
    let fits = Head::Rest {
        end: 100,
        total: 100,
    };
    for right in [
        &[TAG, ("content-range", "bytes 40-99/100")][..],
        &[TAG, ("content-range", "Bytes 40-99/100")],
        &[
            TAG,
            ("content-range", "bytes 40-99/100"),
            ("content-length", "60"),
            ("content-encoding", "identity"),
        ],
    ] {
        assert_eq!(rest(right), fits, "{right:?}");
    }
    // Less than was asked for is allowed: the next request asks for what is left.
    let less = Head::Rest {
        end: 50,
        total: 100,
    };
    assert_eq!(rest(&[TAG, ("content-range", "bytes 40-49/100")]), less);
    for wrong in [
        &[TAG][..],
        &[TAG, ("content-range", "bytes 41-99/100")],
        &[TAG, ("content-range", "bytes 0-99/100")],
        &[TAG, ("content-range", "bytes 40-100/100")],
        &[TAG, ("content-range", "bytes 40-39/100")],
        &[TAG, ("content-range", "bytes 40-18446744073709551615/*")],
        &[TAG, ("content-range", "bytes 40-99/101")],
        &[TAG, ("content-range", "bytes 40-99/*")],
        &[TAG, ("content-range", "bytes */100")],
        &[TAG, ("content-range", "bytes +40-+99/+100")],
        &[TAG, ("content-range", "lines 40-99/100")],
        &[
            TAG,
            ("content-range", "bytes 40-99/100"),
            ("content-range", "bytes 40-49/100"),
        ],
        &[
            TAG,
            ("content-range", "bytes 40-99/100"),
            ("content-length", "100"),
        ],
        &[
            TAG,
            ("content-range", "bytes 40-99/100"),
            ("content-type", "Multipart/ByteRanges; boundary=a"),
        ],
    ] {
        assert!(matches!(rest(wrong), Head::Anew(_)), "{wrong:?}");
    }
    assert!(matches!(
        read_as(206, &[TAG, ("content-range", "bytes 0-99/100")], None),
        Head::Permanent(_)
    ));
}

/// Whatever leaves a doubt is another file: what was not said, what was said weakly, what was coded.
#[test]
fn a_part_must_be_of_the_same_file() {
    const RANGE: Line = ("content-range", "bytes 40-99/100");
    let untagged = Version {
        validator: None,
        ..begun()
    };
    let elsewhere = Version {
        url: Some(Url::parse("https://example.com/a.mp4").expect("a URL")),
        ..begun()
    };
    for (lines, version) in [
        (&[RANGE][..], &begun()),
        (&[RANGE], &untagged),
        (&[RANGE, TAG], &untagged),
        (&[RANGE, TAG], &elsewhere),
        (&[RANGE, ("etag", "\"b\"")], &begun()),
        (&[RANGE, ("etag", "W/\"a\"")], &begun()),
        (&[RANGE, ("etag", "a")], &begun()),
        (&[RANGE, TAG, ("content-encoding", "gzip")], &begun()),
        (&[RANGE, TAG, ("content-encoding", "utf-8")], &begun()),
    ] {
        let part = read_as(206, lines, Some((40, version)));
        assert!(matches!(part, Head::Anew(_)), "{lines:?}");
    }
}

#[test]
fn nothing_may_follow_only_where_the_file_ends() {
    let unknown = Version {
        total: None,
        ..begun()
    };
    let read = |lines: &[Line], version| read_as(416, lines, Some((40, version)));
    assert_eq!(
        read(&[TAG, ("content-range", "bytes */40")], &unknown),
        Head::Nothing
    );
    for (lines, version) in [
        (&[TAG, ("content-range", "bytes */40")][..], &begun()),
        (&[TAG, ("content-range", "bytes */39")], &unknown),
        (&[TAG, ("content-range", "bytes */41")], &unknown),
        (&[TAG, ("content-range", "bytes */*")], &unknown),
        (
            &[("content-range", "bytes */40"), ("etag", "\"b\"")],
            &unknown,
        ),
        (&[("content-range", "bytes */40")], &unknown),
        (&[], &unknown),
    ] {
        assert!(matches!(read(lines, version), Head::Anew(_)), "{lines:?}");
    }
    assert!(matches!(read_as(416, &[], None), Head::Permanent(_)));
}

#[test]
fn a_whole_file_is_taken_whatever_was_asked_for() {
    let lines = [("content-length", "100"), TAG];
    let whole = Head::Whole(begun());
    assert_eq!(read_as(200, &lines, None), whole);
    assert_eq!(read_as(200, &lines, Some((40, &Version::default()))), whole);
    let ranged = [lines[0], TAG, ("content-range", "bytes 0-99/100")];
    assert_eq!(read_as(200, &ranged, None), whole);
    assert_eq!(read_as(200, &[], None), Head::Whole(Version::default()));
    // Found on real files: a name that means nothing.
    let odd = [("content-encoding", "utf-8")];
    assert!(matches!(read_as(200, &odd, None), Head::Whole(_)));
    for packed in [
        ("content-encoding", "gzip"),
        ("content-encoding", "BR"),
        ("content-encoding", "identity, zstd"),
        ("transfer-encoding", "gzip, chunked"),
    ] {
        assert!(
            matches!(read_as(200, &[packed], None), Head::Permanent(_)),
            "{packed:?}"
        );
    }
}

#[test]
fn a_part_that_is_called_the_whole_is_not_taken() {
    for range in ["bytes 40-99/100", "bytes 0-59/100", "bytes 0-59/*", "what"] {
        let lines = [("content-length", "60"), TAG, ("content-range", range)];
        assert!(
            matches!(read_as(200, &lines, None), Head::Permanent(_)),
            "{range}"
        );
        let asked = read_as(200, &lines, Some((40, &begun())));
        assert!(matches!(asked, Head::Anew(_)), "{range}");
    }
}

#[test]
fn what_may_pass_and_what_will_not() {
    for status in [408, 425, 429, 500, 502, 503, 504, 599] {
        assert_eq!(read_as(status, &[], None), Head::RetryLater, "{status}");
    }
    for status in [201, 203, 204, 301, 304, 400, 401, 403, 404, 410, 418] {
        assert!(
            matches!(read_as(status, &[], None), Head::Permanent(_)),
            "{status}"
        );
    }
}
