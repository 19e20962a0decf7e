//! A file in several parts. In: connections that break, and servers that can or cannot go on. Out: the same bytes as
//! in one part, or an error where a writer would get wrong ones.

use bytes::Bytes;
use creatify_api::Error;
use creatify_api::download::Downloaded;

use crate::media::{ADDRESS, Ending, Media, Step, answer, body, file, header, serve};

const TAG: &str = "\"v1\"";

/// Downloads to a writer that cannot take anything back.
async fn written(media: &Media) -> (Result<Downloaded, Error>, Vec<u8>) {
    let mut writer = Vec::new();
    let download = media.client().download(ADDRESS);
    let result = download.to_writer(&mut writer).await;
    (result, writer)
}

async fn in_memory(media: &Media) -> Result<Bytes, Error> {
    media.client().download(ADDRESS).bytes().await
}

/// A cut connection costs what is missing, not the whole file again.
#[tokio::test(start_paused = true)]
async fn after_a_cut_the_rest_is_asked_for() {
    let whole = file(10_000);
    let served = whole.clone();
    let media = Media::new(move |_, request| serve(request, &served, TAG, (4_000, Ending::Break)));
    let (result, bytes) = written(&media).await;
    let downloaded = result.expect("the file");
    assert!(bytes == whole, "the bytes are not those of the file");
    assert_eq!(downloaded.bytes, 10_000);
    assert_eq!(downloaded.etag.as_deref(), Some(TAG));
    assert_eq!(downloaded.content_type.as_deref(), Some("video/mp4"));
    assert_eq!(media.ranges(), ["", "bytes=4000-", "bytes=8000-"]);
    for request in &media.requests()[1..] {
        assert_eq!(header(request, "if-range"), TAG);
    }
}

/// An end that comes too early is a cut as well, also where the transport takes it for a good one.
#[tokio::test(start_paused = true)]
async fn a_body_that_is_shorter_than_promised_is_continued() {
    let whole = file(10_000);
    let served = whole.clone();
    let media = Media::new(move |_, request| serve(request, &served, TAG, (6_000, Ending::Well)));
    let (result, bytes) = written(&media).await;
    result.expect("the file");
    assert!(bytes == whole);
    assert_eq!(media.ranges(), ["", "bytes=6000-"]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_is_continued() {
    let whole = file(10_000);
    let served = whole.clone();
    let media = Media::new(move |_, request| serve(request, &served, TAG, (6_000, Ending::Stall)));
    let (result, bytes) = written(&media).await;
    result.expect("the file");
    assert!(bytes == whole);
}

/// The beginning of one version and the end of another would be a video that nobody made.
#[tokio::test(start_paused = true)]
async fn a_file_that_changed_is_never_mixed() {
    let (old, new) = (file(10_000), file(12_345).slice(2_345..));
    let versions = (old.clone(), new.clone());
    let change = move |number, request: &_| match number {
        1 => serve(request, &versions.0, TAG, (4_000, Ending::Break)),
        _ => serve(request, &versions.1, "\"v2\"", (100_000, Ending::Break)),
    };
    let media = Media::new(change.clone());
    assert!(in_memory(&media).await.expect("the file") == new);
    assert_eq!(media.ranges(), ["", "bytes=4000-"]);
    let (result, bytes) = written(&Media::new(change)).await;
    let error = result.expect_err("the writer has the old beginning");
    assert!(
        error.is_download() && error.to_string().contains("from its beginning"),
        "{error}"
    );
    assert!(bytes == old[..4_000]);
    assert_eq!(error.attempts(), 2);
}

/// Servers that send a part nobody asked for, or of another file: none of it may get into the file.
#[tokio::test(start_paused = true)]
async fn a_part_that_does_not_fit_is_not_used() {
    let whole = file(10_000);
    for (range, tag) in [
        ("bytes 3999-9999/10000", TAG),
        ("bytes 4000-9999/10001", TAG),
        ("bytes 4000-9999/10000", "\"v2\""),
        ("none", TAG),
    ] {
        let served = whole.clone();
        let script = move |number, request: &_| {
            if header(request, "range").is_empty() {
                let most = if number == 1 { 4_000 } else { 10_000 };
                return serve(request, &served, TAG, (most, Ending::Break));
            }
            let wrong = Bytes::from(vec![b'x'; 6_000]);
            let headers = [("content-range", range), ("etag", tag)];
            Step::Answer(answer(206, &headers, wrong))
        };
        let media = Media::new(script.clone());
        assert!(
            in_memory(&media).await.expect("the file") == whole,
            "{range}"
        );
        // The third request does not ask for a part again.
        assert_eq!(media.ranges(), ["", "bytes=4000-", ""], "{range}");
        let (result, bytes) = written(&Media::new(script)).await;
        let error = result.expect_err("the writer cannot begin anew");
        assert!(error.to_string().contains("given to the writer"), "{error}");
        assert!(bytes == whole[..4_000], "{range}");
    }
}

/// Without a strong tag nobody vouches for the beginning: memory begins anew, a writer cannot.
#[tokio::test(start_paused = true)]
async fn a_weak_tag_is_no_ground_to_go_on() {
    let whole = file(10_000);
    for tag in ["", "W/\"v1\""] {
        let served = whole.clone();
        let script = move |number, request: &_| {
            let most = if number == 1 { 4_000 } else { 10_000 };
            serve(request, &served, tag, (most, Ending::Break))
        };
        let media = Media::new(script.clone());
        assert!(in_memory(&media).await.expect("the file") == whole);
        assert_eq!(media.ranges(), ["", ""]);
        let media = Media::new(script);
        let (result, bytes) = written(&media).await;
        let error = result.expect_err("the writer cannot begin anew");
        assert!(error.to_string().contains("given to the writer"), "{error}");
        assert!(bytes == whole[..4_000]);
        assert_eq!(media.ranges(), [""], "there is nothing to ask for");
    }
}

/// A date of the last change, however old, does not say that nothing changed twice within its second.
#[tokio::test(start_paused = true)]
async fn a_date_is_no_ground_to_go_on() {
    let whole = file(10_000);
    let served = whole.clone();
    let media = Media::new(move |number, request| {
        let most = if number == 1 { 4_000 } else { 10_000 };
        let Step::Answer(mut response) = serve(request, &served, "", (most, Ending::Break)) else {
            return Step::Silence;
        };
        for (name, value) in [
            ("last-modified", "Mon, 01 Sep 2025 10:00:00 GMT"),
            ("date", "Tue, 02 Sep 2025 10:00:00 GMT"),
        ] {
            let value = value.parse().expect("a value");
            response.headers.insert(name, value);
        }
        Step::Answer(response)
    });
    assert!(in_memory(&media).await.expect("the file") == whole);
    assert_eq!(media.ranges(), ["", ""]);
}

/// Without `Content-Length` a connection can break just behind the last byte.
#[tokio::test(start_paused = true)]
async fn nothing_may_be_left_of_a_file_whose_length_was_not_told() {
    let whole = file(5_000);
    let served = whole.clone();
    let script = move |total: &'static str| {
        let served = served.clone();
        Media::new(move |_, request| {
            if header(request, "range").is_empty() {
                let cut = body(&served, 1_000, Ending::Break);
                return Step::Answer(answer(200, &[("etag", TAG)], cut));
            }
            let headers = [("content-range", total), ("etag", TAG)];
            Step::Answer(answer(416, &headers, ""))
        })
    };
    let (result, bytes) = written(&script("bytes */5000")).await;
    assert_eq!(result.expect("the file").bytes, 5_000);
    assert!(bytes == whole);
    // Shorter than what has come: another file.
    let (result, _) = written(&script("bytes */4000")).await;
    assert!(
        result
            .expect_err("another file")
            .to_string()
            .contains("vouch")
    );
}

/// What was promised has come; a server that then resets the connection is no reason to ask again.
#[tokio::test(start_paused = true)]
async fn a_break_behind_the_last_byte_does_not_matter() {
    let whole = file(5_000);
    for ending in [Ending::Break, Ending::Stall] {
        let served = whole.clone();
        let media = Media::new(move |_, _| {
            let headers = [("content-length", "5000")];
            Step::Answer(answer(200, &headers, body(&served, 1_000, ending)))
        });
        let (result, bytes) = written(&media).await;
        result.expect("the file");
        assert!(bytes == whole && media.requests().len() == 1);
    }
}

/// A server may send less than was asked for.
#[tokio::test(start_paused = true)]
async fn a_part_of_the_part_is_taken() {
    let whole = file(10_000);
    let served = whole.clone();
    let media = Media::new(move |number, request| {
        if number != 2 {
            return serve(request, &served, TAG, (4_000, Ending::Break));
        }
        let headers = [("content-range", "bytes 4000-6999/10000"), ("etag", TAG)];
        Step::Answer(answer(206, &headers, served.slice(4_000..7_000)))
    });
    let (result, bytes) = written(&media).await;
    result.expect("the file");
    assert!(bytes == whole);
    assert_eq!(media.ranges(), ["", "bytes=4000-", "bytes=7000-"]);
}
