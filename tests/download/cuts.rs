//! Any sequence of cuts and changes. In: a host that breaks off anywhere, changes the file whenever it likes, and says of it
//! what servers say, right or wrong. Out: the bytes of exactly one version, or an error and what was written of one.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use creatify_api::transport::Request;
use creatify_api::{Client, RetryPolicy};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::media::{ADDRESS, Ending, Media, Step, answer, body, header};

/// What a host says of a version.
#[derive(Debug, Clone, Copy)]
enum Tag {
    /// True, and another one for each version.
    Strong,
    /// The same for all versions, as the rest of these may be.
    Weak,
    Unquoted,
    Empty,
    Spaced,
    Date,
    None,
}

/// What a host does with a request.
#[derive(Debug, Clone)]
struct Turn {
    /// Which version it has by then.
    version: usize,
    tag: Tag,
    /// Where the body breaks off, as a part of what it should be, in hundredths; above that it is complete.
    cut: usize,
    ending: u8,
    manner: Manner,
    tells_length: bool,
}

#[derive(Debug, Clone, Copy)]
enum Manner {
    /// By the book.
    Right,
    /// Gives the part whatever `If-Range` says.
    Careless,
    /// Gives the whole whatever `Range` says.
    Whole,
    /// A part of the part.
    Short,
    /// A part that begins a byte too early.
    Early,
    /// A part that does not tell the length of the file, or another.
    Star,
    OtherLength,
    /// The part, coded by what it says.
    Coded,
    /// Nothing of it.
    Beyond,
    Busy,
    Broken,
}

const MANNERS: [Manner; 11] = [
    Manner::Right,
    Manner::Careless,
    Manner::Whole,
    Manner::Short,
    Manner::Early,
    Manner::Star,
    Manner::OtherLength,
    Manner::Coded,
    Manner::Beyond,
    Manner::Busy,
    Manner::Broken,
];

fn turn() -> impl Strategy<Value = Turn> {
    let tag = prop_oneof![
        20 => Just(Tag::Strong),
        1 => Just(Tag::Weak),
        1 => Just(Tag::Unquoted),
        1 => Just(Tag::Empty),
        1 => Just(Tag::Spaced),
        1 => Just(Tag::Date),
        1 => Just(Tag::None),
    ];
    // Mostly by the book.
    let manner = prop_oneof![
        3 => Just(Manner::Right),
        1 => prop::sample::select(MANNERS.as_slice())
    ];
    // Few changes, so that there is something to go on with.
    let version = prop_oneof![6 => Just(0_usize), 1 => 0..3_usize];
    (version, tag, 0..140_usize, 0..3_u8, manner, any::<bool>()).prop_map(
        |(version, tag, cut, ending, manner, tells_length)| Turn {
            version,
            tag,
            cut,
            ending,
            manner,
            tells_length,
        },
    )
}

/// A version of the file: two of the same length differ in every byte.
fn file(version: usize, length: usize) -> Bytes {
    (0..length)
        .map(|at| (at * 7 + at / 251 + version * 83) as u8)
        .collect()
}

fn respond(turn: &Turn, files: &[Bytes], request: &Request) -> Step {
    let file = &files[turn.version];
    let tag = match turn.tag {
        Tag::Strong => Some(("etag", format!("\"v{}\"", turn.version))),
        Tag::Weak => Some(("etag", "W/\"same\"".to_owned())),
        Tag::Unquoted => Some(("etag", "same".to_owned())),
        Tag::Empty => Some(("etag", "\"\"".to_owned())),
        Tag::Spaced => Some(("etag", "\"the same\"".to_owned())),
        Tag::Date => Some(("last-modified", "Mon, 01 Sep 2025 10:00:00 GMT".to_owned())),
        Tag::None => None,
    };
    let start = header(request, "range")
        .strip_prefix("bytes=")
        .and_then(|range| range.strip_suffix('-'))
        .map(|start| start.parse::<usize>().expect("a number"));
    let condition = header(request, "if-range");
    let current = tag.as_ref().is_some_and(|(_, tag)| tag == condition);
    let part = match (turn.manner, start) {
        (Manner::Busy, _) => return Step::Answer(answer(503, &[], "")),
        (Manner::Broken, _) => return Step::Broken,
        (Manner::Whole, _) | (_, None) => None,
        (Manner::Right, Some(start)) => (current && start < file.len()).then_some(start),
        (_, Some(start)) => Some(start.min(file.len().saturating_sub(1))),
    };
    let mut headers: Vec<(&'static str, String)> =
        vec![("date", "Tue, 02 Sep 2025 10:00:00 GMT".to_owned())];
    headers.extend(tag);
    let (status, bytes) = match part {
        Some(start) => {
            let (from, end, total) = match turn.manner {
                Manner::Early => (start - 1, file.len(), file.len().to_string()),
                Manner::Short => (
                    start,
                    start + (file.len() - start).div_ceil(2),
                    file.len().to_string(),
                ),
                Manner::Star => (start, file.len(), "*".to_owned()),
                Manner::OtherLength => (start, file.len(), (file.len() + 1).to_string()),
                _ => (start, file.len(), file.len().to_string()),
            };
            if matches!(turn.manner, Manner::Coded) {
                headers.push(("content-encoding", "gzip".to_owned()));
            }
            if matches!(turn.manner, Manner::Beyond) {
                // Of the length that has come, and true only of the version that has it.
                headers.push(("content-range", format!("bytes */{}", file.len())));
                (416, Bytes::new())
            } else {
                headers.push(("content-range", format!("bytes {from}-{}/{total}", end - 1)));
                (206, file.slice(from..end))
            }
        }
        None => (200, file.clone()),
    };
    let sent = bytes.slice(..bytes.len() * turn.cut.min(100) / 100);
    // An early end that looks like a good one is only found out where the length was told.
    let ending = match turn.ending {
        0 if turn.tells_length => Ending::Well,
        1 => Ending::Stall,
        _ => Ending::Break,
    };
    let ending = if sent.len() == bytes.len() {
        Ending::Well
    } else {
        ending
    };
    if turn.tells_length {
        headers.push(("content-length", bytes.len().to_string()));
    }
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Step::Answer(answer(status, &headers, body(&sent, 97, ending)))
}

/// How often each end was seen: a test of which nothing ever ends well would hold nothing.
#[derive(Default)]
struct Ends {
    joined: AtomicUsize,
    anew: AtomicUsize,
    failed: AtomicUsize,
}

async fn download(
    client: &Client,
    media: &Media,
    files: &[Bytes],
    ends: &Ends,
) -> Result<(), TestCaseError> {
    let policy = RetryPolicy::new().max_attempts(8);
    let whole = client.download(ADDRESS).retry(policy.clone()).bytes().await;
    match whole {
        Ok(bytes) => prop_assert!(files.contains(&bytes), "a mixture of {} bytes", bytes.len()),
        Err(error) => prop_assert!(error.is_download(), "{}", error),
    }
    let before = media.requests().len();
    let mut written = Vec::new();
    let result = client
        .download(ADDRESS)
        .retry(policy)
        .to_writer(&mut written)
        .await;
    let requests = &media.requests()[before..];
    let asked = requests
        .iter()
        .any(|request| !header(request, "range").is_empty());
    match result {
        Ok(downloaded) => {
            prop_assert_eq!(downloaded.bytes, written.len() as u64);
            prop_assert!(files.iter().any(|file| *file == written), "a mixture");
            let end = if asked { &ends.joined } else { &ends.anew };
            end.fetch_add(1, Ordering::Relaxed);
        }
        Err(error) => {
            prop_assert!(error.is_download(), "{}", error);
            let begins = files.iter().any(|file| file.starts_with(&written));
            prop_assert!(begins, "the writer has a mixture");
            ends.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

#[test]
fn it_is_one_version_or_an_error() {
    let config = Config {
        cases: 1_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(11),
        ..Config::default()
    };
    let lengths = prop_oneof![
        1 => prop::collection::vec(1..3_000_usize, 3..=3),
        // Where only the entity tag tells them apart.
        2 => (1..3_000_usize).prop_map(|length| vec![length; 3]),
    ];
    let turns = prop::collection::vec(turn(), 1..8);
    let ends = Ends::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let outcome = TestRunner::new(config).run(&(lengths, turns), |(lengths, turns)| {
        let files: Vec<_> = lengths
            .iter()
            .enumerate()
            .map(|(version, length)| file(version, *length))
            .collect();
        let served = files.clone();
        let media = Media::new(move |number, request| {
            respond(&turns[(number - 1) % turns.len()], &served, request)
        });
        // Each has a budget of retries of its own; without encryption it is built quickly.
        let client = Client::builder().base_url("http://127.0.0.1:1");
        let client = client.media_transport(media.clone()).build();
        let client = client.expect("a client");
        runtime.block_on(download(&client, &media, &files, &ends))
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    for (end, count) in [
        ("joined", &ends.joined),
        ("in one", &ends.anew),
        ("failed", &ends.failed),
    ] {
        let count = count.load(Ordering::Relaxed);
        assert!(count > 50, "{end}: {count}");
    }
}
