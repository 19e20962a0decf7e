//! Downloads. In: the output of a finished job. Out: a whole file or parts of it, and what becomes
//! of a download that stalls or breaks off.

use std::time::Duration;

use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault};

use crate::fixture::{self, request};
use crate::wire::{self, Answer, Request};

/// An emulator with one finished job, and the path of its video.
async fn video() -> (Emulator, String) {
    let (emulator, client) = fixture::start().await;
    let job = client.lipsyncs().create(&request("Hello")).await;
    let id = job.expect("a job").id;
    emulator.state().advance(Duration::from_secs(3_600));
    let job = client.lipsyncs().retrieve(id).await.expect("the job");
    let output = job.output.expect("an output");
    let path = output.strip_prefix(emulator.base_url());
    let path = path.expect("an address of the emulator").to_owned();
    (emulator, path)
}

/// Asks as a browser does: without any key.
async fn get(emulator: &Emulator, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::new("GET", path);
    request = request.without("X-API-ID").without("X-API-KEY");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    wire::send(emulator.base_url(), &request).await
}

#[tokio::test]
async fn the_output_is_a_whole_video() {
    let (emulator, path) = video().await;
    let answer = get(&emulator, &path, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "video/mp4");
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    assert_eq!(answer.header("accept-ranges"), "bytes");
    assert_eq!(answer.body[4..8], *b"ftyp");
    let tag = answer.header("etag");
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2,
        "{tag}"
    );
    let again = get(&emulator, &path, &[("If-None-Match", tag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn parts_of_it_fit_together() {
    let (emulator, path) = video().await;
    let whole = get(&emulator, &path, &[]).await;
    let size = whole.body.len();
    let last = size - 1;
    let tag = whole.header("etag").to_owned();
    for (range, start, end) in [
        ("bytes=0-99".to_owned(), 0, 99),
        ("bytes=100-".to_owned(), 100, last),
        ("bytes=-50".to_owned(), size - 50, last),
        (format!("bytes=10-{}", size + 99), 10, last),
    ] {
        let part = get(&emulator, &path, &[("Range", &range), ("If-Range", &tag)]).await;
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.body, whole.body[start..=end], "{range}");
        assert_eq!(
            part.header("content-range"),
            format!("bytes {start}-{end}/{size}")
        );
        assert_eq!(part.header("etag"), tag);
    }
    let behind = format!("bytes={size}-");
    let nothing = get(&emulator, &path, &[("Range", &behind)]).await;
    assert_eq!(nothing.status, 416);
    assert_eq!(nothing.header("content-range"), format!("bytes */{size}"));
    // Another version of the file: the whole of it.
    let headers = [("Range", "bytes=0-9"), ("If-Range", "\"another\"")];
    let other = get(&emulator, &path, &headers).await;
    assert_eq!((other.status, other.body.len()), (200, size));
}

#[tokio::test]
async fn there_is_no_file_of_an_unknown_or_an_unfinished_job() {
    let (emulator, path) = video().await;
    let client = fixture::client(&emulator, "suite");
    let job = client.lipsyncs().create(&request("Hello")).await;
    let id = job.expect("a job").id;
    let file = path.rsplit_once('/').map_or("", |(_, file)| file);
    for id in [id, fixture::SOME] {
        let path = format!("/_emulator/media/{id}/{file}");
        assert_eq!(get(&emulator, &path, &[]).await.status, 404, "{path}");
    }
    assert!(
        emulator.state().violations().is_empty(),
        "a file is no operation"
    );
}

#[tokio::test]
async fn a_download_can_break_off_and_be_taken_up_again() {
    let (emulator, path) = video().await;
    let whole = get(&emulator, &path, &[]).await;
    emulator
        .state()
        .fault(Fault::new("media", When::Nth(1), Kind::CutDownload));
    let cut = get(&emulator, &path, &[]).await;
    assert_eq!(cut.status, 200);
    assert_eq!(cut.header("content-length"), whole.body.len().to_string());
    assert!(cut.body.len() < whole.body.len() && whole.body.starts_with(&cut.body));
    let range = format!("bytes={}-", cut.body.len());
    let rest = get(&emulator, &path, &[("Range", &range)]).await;
    assert_eq!([cut.body, rest.body].concat(), whole.body);
}

#[tokio::test]
async fn a_download_can_stall() {
    let (emulator, path) = video().await;
    // As a person does it: over HTTP.
    let faults = |method| Request::new(method, "/_emulator/faults");
    let fault = r#"{"operation": "*", "fault": {"kind": "stall_download"}}"#;
    let added = faults("POST").body("application/json", fault);
    let answer = wire::send(emulator.base_url(), &added).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let waiting = tokio::time::timeout(Duration::from_millis(300), get(&emulator, &path, &[]));
    assert!(waiting.await.is_err(), "the download came to an end");
    let removed = wire::send(emulator.base_url(), &faults("DELETE")).await;
    assert_eq!(removed.status, 204);
    assert_eq!(get(&emulator, &path, &[]).await.status, 200);
}
