//! Two versions of one file. In: a server on this machine that sends the beginning of the old one and then the rest of
//! the new one, with everything a server may say of them. Out: the bytes of one version, or an error.

use std::time::Duration;

use bytes::Bytes;
use creatify_api::download::Downloaded;
use creatify_api::{Client, Error, RetryPolicy};

use crate::media::file;
use crate::origin::{Answer, Origin, start};

const LENGTH: usize = 10_000;
const CUT: usize = 4_000;
const OLD_DATE: &str = "last-modified: Mon, 01 Sep 2025 10:00:00 GMT";
const NEW_DATE: &str = "last-modified: Tue, 02 Sep 2025 10:00:00 GMT";
const NOW: &str = "date: Wed, 03 Sep 2025 10:00:00 GMT";
const STRONG: &str = "etag: \"a\"";
const REST: &str = "content-range: bytes 4000-9999/10000";

fn old() -> Bytes {
    file(LENGTH)
}

/// No byte of it is that of the old one.
fn new() -> Bytes {
    old().iter().map(|byte| byte.wrapping_add(1)).collect()
}

fn client() -> Client {
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    // Calls are not made: without encryption the half for them is built quickly.
    let builder = Client::builder().base_url("http://127.0.0.1:1");
    builder.retry(policy).build().expect("a client")
}

async fn in_memory(origin: &Origin) -> Result<Bytes, Error> {
    read(&client(), origin).await
}

async fn read(client: &Client, origin: &Origin) -> Result<Bytes, Error> {
    let address = format!("{}/a.mp4", origin.url());
    client.download(address).bytes().await
}

/// Downloads to a writer that cannot take anything back.
async fn written(client: &Client, origin: &Origin) -> (Result<Downloaded, Error>, Vec<u8>) {
    let mut writer = Vec::new();
    let address = format!("{}/a.mp4", origin.url());
    let result = client.download(address).to_writer(&mut writer).await;
    (result, writer)
}

/// The old version with these lines, cut; then for whoever asks for the rest that of the new one with these lines; then
/// the whole of the new one.
fn change(
    first: &'static [&'static str],
    second: &'static [&'static str],
) -> impl Fn(usize, &str) -> Answer + Send + Sync + 'static {
    move |number, head| match (number, start(head)) {
        (1, _) => {
            let lines = [&["content-length: 10000"], first].concat();
            Answer::new(200, &lines, &old()[..CUT])
        }
        (_, Some(at)) => {
            let lines = [&["content-length: 6000"], second].concat();
            Answer::new(206, &lines, &new()[at..])
        }
        (_, None) => Answer::new(200, &["content-length: 10000"], &new()),
    }
}

/// What was said of the beginning, and what is said of the rest: nothing of it says that they are of one file.
const DOUBTS: &[(&[&str], &[&str])] = &[
    (&[], &[REST]),
    (&[], &[REST, STRONG]),
    (&[STRONG], &[REST]),
    (&[STRONG], &[REST, "etag: \"b\""]),
    (&[STRONG], &[REST, "etag: \"A\""]),
    (&[STRONG], &[REST, "etag: W/\"a\""]),
    (&[STRONG], &[REST, "etag: a"]),
    (&[STRONG], &[REST, STRONG, "etag: \"b\""]),
    (&["etag: W/\"a\""], &[REST, "etag: W/\"a\""]),
    (&["etag: W/\"a\""], &[REST, STRONG]),
    (&["etag: a"], &[REST, "etag: a"]),
    (&["etag: 'a'"], &[REST, "etag: 'a'"]),
    (&["etag: \"\""], &[REST, "etag: \"\""]),
    (&["etag: \"a b\""], &[REST, "etag: \"a b\""]),
    (&["etag: \"a\", \"b\""], &[REST, "etag: \"a\", \"b\""]),
    (&[STRONG, "etag: \"b\""], &[REST, STRONG]),
    // However old the date is, and whether it is the same or not.
    (&[OLD_DATE, NOW], &[REST, OLD_DATE, NOW]),
    (&[OLD_DATE, NOW], &[REST, NEW_DATE, NOW]),
    (&[OLD_DATE, NOW], &[REST]),
    (&["etag: W/\"a\"", OLD_DATE, NOW], &[REST, OLD_DATE, NOW]),
    // A part of coded bytes, and one of bytes that may be coded.
    (&[STRONG], &[REST, STRONG, "content-encoding: gzip"]),
    (&[STRONG], &[REST, STRONG, "Content-Encoding: BR"]),
    (&[STRONG], &[REST, STRONG, "content-encoding: unknown"]),
    (&[STRONG, "content-encoding: unknown"], &[REST, STRONG]),
    // Another part, another length, no length, several parts.
    (&[STRONG], &[STRONG]),
    (&[STRONG], &[STRONG, "content-range: bytes 3999-9998/10000"]),
    (&[STRONG], &[STRONG, "content-range: bytes 0-5999/10000"]),
    (&[STRONG], &[STRONG, "content-range: bytes 4000-9999/10001"]),
    (&[STRONG], &[STRONG, "content-range: bytes 4000-9999/*"]),
    (&[STRONG], &[STRONG, "content-range: bytes 4000-9998/10000"]),
    (&[STRONG], &[STRONG, "content-range: bytes */10000"]),
    (
        &[STRONG],
        &[STRONG, REST, "content-range: bytes 0-5999/10000"],
    ),
    (
        &[STRONG],
        &[STRONG, "content-type: multipart/byteranges; boundary=a"],
    ),
    (
        &[STRONG],
        &[
            STRONG,
            REST,
            "content-type: multipart/byteranges; boundary=a",
        ],
    ),
];

#[tokio::test]
async fn parts_that_nobody_vouches_for_are_never_joined() {
    let client = client();
    for (first, second) in DOUBTS {
        let origin = Origin::start(change(first, second)).await;
        let bytes = read(&client, &origin).await;
        let bytes = bytes.unwrap_or_else(|error| panic!("{first:?}, {second:?}: {error}"));
        assert!(bytes == new(), "{first:?}, {second:?}: a mixture");
        let origin = Origin::start(change(first, second)).await;
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("download-versions.mp4");
        let download = client.download(format!("{}/a.mp4", origin.url()));
        download.to_file(&path).await.expect("the file");
        let bytes = std::fs::read(&path).expect("the file");
        std::fs::remove_file(&path).expect("the file");
        assert!(bytes == new(), "{first:?}, {second:?}: a mixture");
    }
}

/// A writer has the old beginning, and gets nothing of the new version behind it.
#[tokio::test]
async fn a_writer_is_told_that_it_cannot_begin_anew() {
    let client = client();
    for (first, second) in DOUBTS {
        let origin = Origin::start(change(first, second)).await;
        let (result, bytes) = written(&client, &origin).await;
        let error = result.expect_err("it cannot begin anew");
        assert!(
            error.is_download() && error.to_string().contains("`to_file`"),
            "{first:?}, {second:?}: {error}"
        );
        assert!(bytes == old()[..CUT], "{first:?}, {second:?}");
    }
}

/// The same file all the time, by a server that does everything right: nothing is read twice.
#[tokio::test]
async fn parts_of_one_version_are_joined() {
    let origin = Origin::start(|number, head| {
        let at = start(head).unwrap_or(0);
        let (length, range) = (LENGTH - at, format!("content-range: bytes {at}-9999/10000"));
        let length = format!("content-length: {length}");
        let end = LENGTH.min(at + 2_500);
        match number {
            1 => Answer::new(200, &[&length, STRONG], &old()[..end]),
            _ => Answer::new(206, &[&length, STRONG, &range], &old()[at..end]),
        }
    })
    .await;
    let (result, bytes) = written(&client(), &origin).await;
    result.expect("the file");
    assert!(bytes == old());
    let heads = origin.heads();
    let starts: Vec<_> = heads.iter().map(|head| start(head)).collect();
    assert_eq!(starts, [None, Some(2_500), Some(5_000), Some(7_500)]);
    for head in &heads {
        assert!(head.contains("accept-encoding: identity\r\n"), "{head}");
    }
    for head in &heads[1..] {
        assert!(head.contains("if-range: \"a\"\r\n"), "{head}");
    }
}

/// The part is cut as well, and by then the file has changed once more.
#[tokio::test]
async fn a_part_that_is_cut_is_held_to_the_first_version() {
    let script = |number: usize, head: &str| match (number, start(head)) {
        (1, _) => Answer::new(200, &["content-length: 10000", STRONG], &old()[..CUT]),
        (2, Some(CUT)) => {
            let lines = ["content-length: 6000", STRONG, REST];
            Answer::new(206, &lines, &old()[CUT..7_000])
        }
        (3, Some(7_000)) => {
            let range = "content-range: bytes 7000-9999/10000";
            let lines = ["content-length: 3000", "etag: \"b\"", range];
            Answer::new(206, &lines, &new()[7_000..])
        }
        (_, _) => Answer::new(200, &["content-length: 10000", "etag: \"b\""], &new()),
    };
    assert!(
        in_memory(&Origin::start(script).await)
            .await
            .expect("the file")
            == new()
    );
    let (result, bytes) = written(&client(), &Origin::start(script).await).await;
    result.expect_err("it cannot begin anew");
    assert!(bytes == old()[..7_000]);
}

/// The whole in answer to a range is put in the place of what was there, and not behind it.
#[tokio::test]
async fn the_whole_file_begins_anew() {
    let script = |number: usize, _: &str| match number {
        1 => Answer::new(200, &["content-length: 10000", STRONG], &old()[..CUT]),
        _ => Answer::new(200, &["content-length: 10000", "etag: \"b\""], &new()),
    };
    let origin = Origin::start(script).await;
    assert!(in_memory(&origin).await.expect("the file") == new());
    assert_eq!(start(&origin.heads()[1]), Some(CUT));
}

/// It was asked not to code the file. What it sends all the same would be no video.
#[tokio::test]
async fn a_coded_file_is_an_error() {
    for coding in ["gzip", "br", "zstd", "deflate", "X-GZIP", "identity, gzip"] {
        let line = format!("content-encoding: {coding}");
        let script = move |_, _: &str| {
            Answer::new(
                200,
                &["content-length: 4", STRONG, &line],
                b"\x1f\x8b\x08\0",
            )
        };
        let error = in_memory(&Origin::start(script).await)
            .await
            .expect_err(coding);
        assert!(error.to_string().contains("coding"), "{error}");
    }
}

/// Nobody asked for a part: what comes is not the file, whatever the status says.
#[tokio::test]
async fn a_part_in_place_of_the_whole_is_an_error() {
    for status in [206, 200] {
        let script = move |_, _: &str| {
            let lines = ["content-length: 6000", STRONG, REST];
            Answer::new(status, &lines, &old()[CUT..])
        };
        let error = in_memory(&Origin::start(script).await)
            .await
            .expect_err("a part");
        assert!(error.to_string().contains("part"), "{error}");
    }
}

/// "Nothing is left" is only true of the version that was begun.
#[tokio::test]
async fn the_end_of_another_version_is_no_end() {
    for (tag, ends) in [(STRONG, true), ("etag: \"b\"", false), ("server: a", false)] {
        let script = move |number: usize, head: &str| match (number, start(head)) {
            // Without a length, and cut behind a chunk that is complete.
            (1, _) => {
                let mut body = format!("{CUT:x}\r\n").into_bytes();
                body.extend_from_slice(&old()[..CUT]);
                body.extend_from_slice(b"\r\n");
                Answer::new(200, &["transfer-encoding: chunked", STRONG], &body)
            }
            (_, Some(CUT)) => {
                let lines = ["content-range: bytes */4000", "content-length: 0", tag];
                Answer::new(416, &lines, b"")
            }
            (_, _) => Answer::new(200, &["content-length: 10000"], &new()),
        };
        let bytes = in_memory(&Origin::start(script).await).await;
        let expected = if ends { old().slice(..CUT) } else { new() };
        assert!(bytes.expect("the file") == expected, "{tag}");
    }
}

/// A redirect that leads elsewhere by then: an entity tag compares versions of one address, not two files.
#[tokio::test]
async fn the_same_tag_at_another_address_is_another_file() {
    let script = |number: usize, head: &str| match (number, start(head)) {
        (1, _) => Answer::new(302, &["location: /old.mp4", "content-length: 0"], b""),
        (2, _) => Answer::new(200, &["content-length: 10000", STRONG], &old()[..CUT]),
        (_, Some(_)) if head.starts_with("GET /new.mp4") => {
            let lines = ["content-length: 6000", STRONG, REST];
            Answer::new(206, &lines, &new()[CUT..])
        }
        (_, None) if head.starts_with("GET /new.mp4") => {
            Answer::new(200, &["content-length: 10000", STRONG], &new())
        }
        (_, _) => Answer::new(302, &["location: /new.mp4", "content-length: 0"], b""),
    };
    assert!(
        in_memory(&Origin::start(script).await)
            .await
            .expect("the file")
            == new()
    );
}

/// A server that breaks off later each time makes progress, and would have the file sent for ever.
#[tokio::test]
async fn a_file_is_not_begun_for_ever() {
    let step = 100 * 1024;
    let origin = Origin::start(move |number, _| {
        let line = format!("content-length: {}", step * 50);
        Answer::new(200, &[&line], &vec![7; (number * step).min(step * 50)])
    })
    .await;
    let error = in_memory(&origin).await.expect_err("it begins anew");
    assert_eq!((origin.heads().len(), error.attempts()), (4, 4), "{error}");
}

/// Nothing that was counted, measured or shown of the old version remains.
#[tokio::test]
async fn what_is_told_is_told_of_the_final_version() {
    use std::sync::{Arc, Mutex};

    let shorter = new().slice(..6_000);
    let served = shorter.clone();
    let origin = Origin::start(move |number, _| match number {
        1 => Answer::new(200, &["content-length: 10000", STRONG], &old()[..9_000]),
        _ => Answer::new(200, &["content-length: 6000", "etag: \"b\""], &served),
    })
    .await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let download = client().download(format!("{}/a.mp4", origin.url()));
    let download = download.progress(move |progress| {
        let mut record = record.lock().expect("no panic");
        record.push((progress.received, progress.total));
    });
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("download-shorter.mp4");
    let expected = {
        use std::io::Write as _;
        let mut file = std::fs::File::create(&path).expect("a file");
        file.write_all(b"was there before").expect("room");
        // The sum of the same bytes, had they come in one piece.
        let whole = shorter.clone();
        let plain =
            Origin::start(move |_, _| Answer::new(200, &["content-length: 6000"], &whole)).await;
        let address = format!("{}/a.mp4", plain.url());
        let download = client().download(address).checksum();
        let downloaded = download.to_writer(&mut Vec::new()).await;
        downloaded.expect("the file").sha256
    };
    // Below the limit, which the two versions together are not.
    let download = download.checksum().max_size(10_000);
    let downloaded = download.to_file(&path).await.expect("the file");
    assert!(std::fs::read(&path).expect("the file") == shorter);
    std::fs::remove_file(&path).expect("the file");
    assert_eq!(
        (downloaded.bytes, downloaded.etag.as_deref()),
        (6_000, Some("\"b\""))
    );
    assert!(downloaded.sha256.is_some() && downloaded.sha256 == expected);
    let seen = seen.lock().expect("no panic");
    let anew = seen.iter().position(|(_, total)| *total == Some(6_000));
    let (before, after) = seen.split_at(anew.expect("it began anew"));
    for (part, end, total) in [(before, 9_000, 10_000), (after, 6_000, 6_000)] {
        assert!(
            part.is_sorted() && part.last() == Some(&(end, Some(total))),
            "{seen:?}"
        );
    }
}
