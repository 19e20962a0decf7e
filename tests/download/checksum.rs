//! Checksums. In: files in one part, resumed and begun anew. Out: the SHA-256 of what was written.

use creatify_api::RetryPolicy;
use creatify_api::download::Sha256;

use crate::media::{ADDRESS, Ending, Media, file, serve};

/// Of `file(10_000)`, by another program.
const SUM: &str = "ee210c4f460bea8d53dc48e08dcecdcca8b49c25887bd589816c5b2a870f4d25";

fn sum() -> Sha256 {
    SUM.parse().expect("a checksum")
}

#[tokio::test(start_paused = true)]
async fn it_is_that_of_the_file_however_it_came() {
    for (most, tag) in [(10_000, ""), (4_000, "\"a\""), (4_000, "")] {
        let media = Media::new(move |number, request| {
            let most = if number == 1 { most } else { 10_000 };
            serve(request, &file(10_000), tag, (most, Ending::Break))
        });
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("download-checksum.mp4");
        let download = media.client().download(ADDRESS).checksum();
        let downloaded = download.to_file(&path).await.expect("the file");
        std::fs::remove_file(path).expect("the file");
        assert_eq!(downloaded.sha256, Some(sum()), "{most} {tag}");
        assert_eq!(sum().to_string(), SUM);
    }
    let media = Media::new(|_, request| serve(request, &file(10_000), "", (10_000, Ending::Break)));
    let plain = media
        .client()
        .download(ADDRESS)
        .to_writer(&mut Vec::new())
        .await;
    assert_eq!(plain.expect("the file").sha256, None, "nobody asked for it");
}

#[tokio::test(start_paused = true)]
async fn another_file_than_expected_is_an_error_and_no_file() {
    let media = Media::new(|_, request| serve(request, &file(10_001), "", (20_000, Ending::Break)));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("download-unexpected.mp4");
    let download = media.client().download(ADDRESS).expect_sha256(sum());
    let error = download.to_file(&path).await.expect_err("another file");
    assert!(
        error.is_download() && error.to_string().contains(SUM),
        "{error}"
    );
    assert!(!path.exists());
    assert_eq!(media.requests().len(), 1);
    let media = Media::new(|_, request| serve(request, &file(10_000), "", (20_000, Ending::Break)));
    let download = media
        .client()
        .download(ADDRESS)
        .expect_sha256(*sum().as_bytes());
    let download = download.retry(RetryPolicy::off());
    download.bytes().await.expect("the file");
}
