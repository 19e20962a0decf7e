//! Downloads from the emulator. In: finished jobs, and faults of the media host. Out: the very bytes that it serves.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, Credentials, RetryPolicy};
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options};

/// An emulator, a client of it, and the address of a finished video.
async fn video() -> (Emulator, Client, String) {
    let emulator = Emulator::start(Options::stepped().strict())
        .await
        .expect("an emulator");
    let policy = RetryPolicy::new().initial_backoff(Duration::from_millis(1));
    let client = Client::builder()
        .credentials(Credentials::new("download", "key-of-the-downloads"))
        .base_url(emulator.base_url())
        .retry(policy)
        .build()
        .expect("a client");
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello");
    let job = client.lipsyncs().create(&request).await.expect("a job");
    emulator.state().advance(Duration::from_secs(3_600));
    let job = client.lipsyncs().retrieve(job.id).await.expect("the job");
    (emulator, client, job.output.expect("an output"))
}

fn fault(emulator: &Emulator, when: When, kind: Kind) {
    emulator.state().fault(Fault::new("media", when, kind));
}

/// Every fault of a media host, once: the same file, and what had come is not asked for again.
#[tokio::test]
async fn faults_do_not_show_in_the_file() {
    let (emulator, client, address) = video().await;
    let whole = client.download(&address).bytes().await.expect("the file");
    let status = Kind::Status {
        status: 503,
        retry_after: Some(0),
        processed: false,
    };
    let page = Kind::Html {
        status: 502,
        processed: false,
    };
    for kind in [
        Kind::CutDownload,
        Kind::StallDownload,
        Kind::Truncate,
        status,
        page,
    ] {
        let shown = format!("{kind:?}");
        emulator.state().clear_faults();
        fault(&emulator, When::Nth(1), kind);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("download-emulated.mp4");
        let download = client
            .download(&address)
            .stall_timeout(Duration::from_millis(200));
        let download = download.progress(move |progress| {
            let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
            record.push(progress.received);
        });
        let downloaded = download.to_file(&path).await.expect(&shown);
        assert!(std::fs::read(&path).expect("the file") == whole, "{shown}");
        assert_eq!(downloaded.content_type.as_deref(), Some("video/mp4"));
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(seen.is_sorted(), "{shown}: it began anew: {seen:?}");
        std::fs::remove_file(path).expect("the file");
    }
}

/// A mix of faults, drawn from a seed, over many downloads.
#[tokio::test]
async fn many_downloads_survive_a_bad_day() {
    let (emulator, client, address) = video().await;
    let whole = client.download(&address).bytes().await.expect("the file");
    let status = Kind::Status {
        status: 500,
        retry_after: None,
        processed: false,
    };
    for (seed, kind) in [(1, Kind::CutDownload), (2, status)] {
        fault(&emulator, When::Rate { rate: 0.15, seed }, kind);
    }
    let policy = RetryPolicy::new()
        .max_attempts(10)
        .initial_backoff(Duration::from_millis(1));
    for number in 0..100 {
        let download = client.download(&address).retry(policy.clone());
        let mut bytes = Vec::new();
        let downloaded = download.to_writer(&mut bytes).await;
        downloaded.unwrap_or_else(|error| panic!("download {number}: {error}"));
        assert!(bytes == whole, "download {number}");
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_told_with_its_status() {
    let (_emulator, client, address) = video().await;
    let error = client
        .download(address.replace(".mp4", ".txt"))
        .bytes()
        .await
        .expect_err("no such file");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert!(
        error.is_download() && error.to_string().contains("take it from the job anew"),
        "{error}"
    );
}
