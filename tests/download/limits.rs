//! What is refused. In: files that are too large, bodies that never end, addresses that lead astray. Out: errors, before
//! more is read or sent than it takes to know.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use creatify_api::transport::Body;
use futures_util::{StreamExt, stream};
use tests::recorder::{Recorder, Reply};
use tokio::io::AsyncWrite;

use crate::media::{ADDRESS, Ending, Media, Step, answer, body, file};

/// A file of which every piece is counted when it is read.
fn counted(pieces: u64, read: &Arc<AtomicU64>) -> Body {
    let read = Arc::clone(read);
    let piece = Bytes::from(vec![7; 64 * 1024]);
    Body::stream(stream::iter(0..pieces).map(move |_| {
        read.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok(piece.clone())
    }))
}

#[tokio::test(start_paused = true)]
async fn a_file_that_says_that_it_is_too_large_is_not_read() {
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    let media = Media::new(move |_, _| {
        let length = (64 * 1024 * 10).to_string();
        Step::Answer(answer(
            200,
            &[("content-length", &length)],
            counted(10, &counter),
        ))
    });
    let mut writer = Vec::new();
    let download = media
        .client()
        .download(ADDRESS)
        .max_size(64 * 1024 * 10 - 1);
    let error = download
        .to_writer(&mut writer)
        .await
        .expect_err("too large");
    assert!(error.to_string().contains("655359 bytes"), "{error}");
    assert_eq!((read.load(Ordering::Relaxed), writer.len()), (0, 0));
    assert_eq!(media.requests().len(), 1, "it will not become smaller");
    let download = media.client().download(ADDRESS).max_size(64 * 1024 * 10);
    download
        .to_writer(&mut writer)
        .await
        .expect("not too large");
}

/// A server that says nothing of the length could fill a disk.
#[tokio::test(start_paused = true)]
async fn a_file_without_end_is_cut_off_at_the_limit() {
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    let media = Media::new(move |_, _| Step::Answer(answer(200, &[], counted(u64::MAX, &counter))));
    let mut writer = Vec::new();
    let download = media.client().download(ADDRESS).max_size(1_000_000);
    let error = download
        .to_writer(&mut writer)
        .await
        .expect_err("too large");
    assert!(error.is_download() && writer.len() <= 1_000_000, "{error}");
    assert!(read.load(Ordering::Relaxed) < 1_100_000);
    // In memory there is a limit also when none is set.
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("too large");
    assert!(error.to_string().contains("268435456 bytes"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn more_than_was_promised_is_an_error() {
    let media = Media::new(|_, _| {
        let bytes = file(1_001);
        Step::Answer(answer(
            200,
            &[("content-length", "1000")],
            body(&bytes, 100, Ending::Well),
        ))
    });
    let error = media
        .client()
        .download(ADDRESS)
        .bytes()
        .await
        .expect_err("too long");
    assert!(
        error.to_string().contains("more than the 1000 bytes"),
        "{error}"
    );
}

/// An empty file is a file.
#[tokio::test(start_paused = true)]
async fn nothing_can_be_downloaded() {
    let media = Media::new(|_, _| Step::Answer(answer(200, &[("content-length", "0")], "")));
    assert!(
        media
            .client()
            .download(ADDRESS)
            .bytes()
            .await
            .expect("a file")
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn addresses_are_looked_at_before_anything_is_sent() {
    let media = Media::new(|_, _| Step::Broken);
    for wrong in [
        "",
        "/media/a.mp4",
        "http://media.example.com/a.mp4",
        "ftp://media.example.com/a.mp4",
        "https://user:very-secret@media.example.com/a.mp4",
    ] {
        let error = media
            .client()
            .download(wrong)
            .bytes()
            .await
            .expect_err(wrong);
        let text = format!("{error} {error:?}");
        assert!(error.is_download() && error.attempts() == 0, "{text}");
        assert!(!text.contains("very-secret"), "{text}");
    }
    assert!(media.requests().is_empty());
}

/// A video that is larger than the memory: what was written must not be kept.
#[tokio::test(start_paused = true)]
async fn bytes_are_passed_on_as_they_come() {
    struct Slow(Arc<AtomicU64>);
    impl AsyncWrite for Slow {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(10_000);
            self.0.fetch_add(taken as u64, Ordering::Relaxed);
            Poll::Ready(Ok(taken))
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
    let (read, written) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let counter = Arc::clone(&read);
    let media = Media::new(move |_, _| Step::Answer(answer(200, &[], counted(1_600, &counter))));
    let (from, to) = (Arc::clone(&read), Arc::clone(&written));
    let most = Arc::new(AtomicU64::new(0));
    let gap = Arc::clone(&most);
    let download = media.client().download(ADDRESS).progress(move |progress| {
        assert_eq!(
            (progress.received, progress.total),
            (to.load(Ordering::Relaxed), None)
        );
        gap.fetch_max(
            from.load(Ordering::Relaxed) - progress.received,
            Ordering::Relaxed,
        );
    });
    let downloaded = download
        .to_writer(&mut Slow(Arc::clone(&written)))
        .await
        .expect("the file");
    assert_eq!(downloaded.bytes, 1_600 * 64 * 1024);
    assert_eq!(written.load(Ordering::Relaxed), downloaded.bytes);
    assert_eq!(most.load(Ordering::Relaxed), 0, "bytes were kept");
}

/// The disk of the caller is full: that is no fault of the server, which is not asked again.
#[tokio::test(start_paused = true)]
async fn a_writer_that_fails_ends_the_download() {
    let media = Media::new(|_, _| Step::Answer(answer(200, &[], file(1_000))));
    let mut small = [0_u8; 10];
    let mut writer = io::Cursor::new(&mut small[..]);
    let error = media
        .client()
        .download(ADDRESS)
        .to_writer(&mut writer)
        .await
        .expect_err("no room");
    let source =
        std::error::Error::source(&error).and_then(|source| source.downcast_ref::<io::Error>());
    assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::WriteZero));
    assert_eq!(media.requests().len(), 1);
}

/// On the wire: a host that is silent is given up in time, again and again.
#[tokio::test]
async fn a_silent_host_is_given_up() {
    let server = Recorder::start([Reply::silence(), Reply::json(200, "7")])
        .await
        .expect("a port");
    let client = creatify_api::Client::builder()
        .base_url(server.url())
        .build()
        .expect("a client");
    let download = client.download(format!("{}/a", server.url()));
    let download = download.stall_timeout(Duration::from_millis(100));
    assert_eq!(download.bytes().await.expect("the file"), "7");
    assert_eq!(server.requests().len(), 2);
}
