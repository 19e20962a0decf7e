//! How often a download is tried. In: servers that fail in all ways. Out: how many requests there were, and what the
//! error says.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use creatify_api::RetryPolicy;
use creatify_api::transport::Request;
use tokio::time::Instant;

use crate::media::{ADDRESS, Ending, Media, Step, answer, file, serve};

const TAG: &str = "\"v1\"";

/// A host that fails so often in this way, and then works.
fn failing(times: usize, failure: impl Fn() -> Step + Send + Sync + 'static) -> Media {
    Media::new(move |number, request| {
        if number <= times {
            return failure();
        }
        serve(request, &file(100), TAG, (100, Ending::Well))
    })
}

fn status(status: u16) -> Step {
    Step::Answer(answer(status, &[], "a page of a proxy"))
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_and_what_lasts_is_not() {
    let table: [(fn() -> Step, bool); 10] = [
        (|| Step::Refused, true),
        (|| Step::Broken, true),
        (|| Step::Silence, true),
        (|| status(408), true),
        (|| status(429), true),
        (|| status(503), true),
        (|| status(400), false),
        (|| status(403), false),
        (|| status(404), false),
        (|| status(302), false),
    ];
    for (at, (failure, passes)) in table.into_iter().enumerate() {
        let media = failing(1, failure);
        let result = media.client().download(ADDRESS).bytes().await;
        let requests = media.requests().len();
        match result {
            Ok(bytes) => assert!(passes && requests == 2 && bytes == file(100), "row {at}"),
            Err(error) => assert!(
                !passes && requests == 1 && error.is_download(),
                "row {at}: {error}"
            ),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_end_and_the_error_tells_why() {
    let media = failing(usize::MAX, || Step::Broken);
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("no server");
    assert_eq!((error.attempts(), media.requests().len()), (4, 4));
    let text = error.to_string();
    assert!(
        text.contains("https://media.example.com/videos/a.mp4: the connection failed"),
        "{text}"
    );
    assert!(
        error
            .source()
            .is_some_and(|cause| cause.to_string() == "reset")
    );
    assert!(
        !format!("{text} {error:?}").contains("very-secret"),
        "{text} {error:?}"
    );
    let media = failing(usize::MAX, || status(503));
    let policy = RetryPolicy::new().max_attempts(2);
    let download = media.client().download(ADDRESS).retry(policy);
    let error = download.bytes().await.expect_err("no server");
    assert_eq!(
        (
            error.status().map(|status| status.as_u16()),
            error.attempts()
        ),
        (Some(503), 2)
    );
    let media = failing(usize::MAX, || Step::Broken);
    let download = media.client().download(ADDRESS).retry(RetryPolicy::off());
    download.bytes().await.expect_err("no server");
    assert_eq!(media.requests().len(), 1);
}

/// Whoever asks to be left alone for a while is.
#[tokio::test(start_paused = true)]
async fn the_server_says_when() {
    let asked = || Step::Answer(answer(503, &[("retry-after", "40")], ""));
    let began = Instant::now();
    failing(1, asked)
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect("the file");
    assert!(began.elapsed() >= Duration::from_secs(40));
    let asked = || Step::Answer(answer(429, &[("retry-after", "4000")], ""));
    let media = failing(1, asked);
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("too long");
    assert_eq!(media.requests().len(), 1);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(4000)));
}

/// A long file on a bad line: no number of cuts is too many, as long as it gets on.
#[tokio::test(start_paused = true)]
async fn progress_makes_attempts_count_anew() {
    let whole = file(64 * 1024 * 150);
    let served = whole.clone();
    let media =
        Media::new(move |_, request| serve(request, &served, TAG, (64 * 1024, Ending::Break)));
    let client = media.client();
    let mut bytes = Vec::new();
    client
        .download(ADDRESS)
        .to_writer(&mut bytes)
        .await
        .expect("the file");
    assert!(bytes == whole);
    // 150 retries would have used up the budget, had the progress not paid for them.
    assert_eq!(media.requests().len(), 150);
}

/// A server that gives one byte an attempt would else be asked for ever.
#[tokio::test(start_paused = true)]
async fn a_trickle_ends() {
    let served = file(10_000);
    let trickle = move |_, request: &Request| serve(request, &served, TAG, (1, Ending::Break));
    let media = Media::new(trickle);
    let mut bytes = Vec::new();
    let download = media.client().download(ADDRESS);
    let error = download.to_writer(&mut bytes).await.expect_err("a trickle");
    assert_eq!(
        (media.requests().len(), error.attempts(), bytes.len()),
        (4, 4, 4)
    );
}

/// Without ranges every attempt reads the same bytes again, which is no progress.
#[tokio::test(start_paused = true)]
async fn what_is_read_twice_is_no_progress() {
    let served: Bytes = file(1024 * 1024);
    let media = Media::new(move |number, request| {
        assert!(number < 100, "it would go on for ever");
        serve(request, &served, "", (500_000, Ending::Break))
    });
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("it never ends well");
    assert!(error.is_download());
    // The first one brings enough for the next three to be tried.
    assert_eq!(media.requests().len(), 4);
}

/// When everything fails, a client with thousands of downloads does not ask four times for each.
#[tokio::test(start_paused = true)]
async fn downloads_share_the_budget_of_the_client() {
    let media = failing(usize::MAX, || Step::Refused);
    let client = media.client();
    for _ in 0..50 {
        client
            .download(ADDRESS)
            .bytes()
            .await
            .expect_err("no server");
    }
    assert_eq!(media.requests().len(), 50 + 100);
}
