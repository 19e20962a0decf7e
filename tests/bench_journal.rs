//! What a journal costs. In: a file on this machine's disk. Out: the time of a paid call with and without it, alone and beside
//! others; nothing is judged, since every disk is different.

use std::error::Error;
use std::future::IntoFuture;
use std::path::Path;
use std::time::{Duration, Instant};

use creatify_api::journal::FileJournal;
use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, ClientBuilder, Credentials};
use creatify_emulator::{Emulator, Options};
use futures_util::{StreamExt, stream};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How many calls are made in each row.
const CALLS: u32 = 500;

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::default().strict().credits(1e9);
    let emulator = Emulator::start(options).await?;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench.journal");
    let _ = std::fs::remove_file(&path);
    let builder = || {
        Client::builder()
            .credentials(Credentials::new("bench", "any"))
            .base_url(emulator.base_url())
    };
    let journal = FileJournal::open(&path)?;
    println!("calls at once   without journal      with journal   (time for each call)");
    for parallel in [1, 8, 64] {
        let plain = run(builder(), parallel).await?;
        let written = run(builder().journal(journal.clone()), parallel).await?;
        println!(
            "{parallel:>13} {:>14.2} ms {:>14.2} ms",
            milliseconds(plain),
            milliseconds(written)
        );
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0 / f64::from(CALLS)
}

/// The time for all calls.
async fn run(builder: ClientBuilder, parallel: usize) -> Result<Duration> {
    let client = builder.build()?;
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello!");
    client.lipsyncs().create(&request).await?;
    let started = Instant::now();
    let calls = stream::iter(0..CALLS).map(|_| client.lipsyncs().create(&request).into_future());
    let outcomes: Vec<_> = calls.buffer_unordered(parallel).collect().await;
    for outcome in outcomes {
        outcome?;
    }
    Ok(started.elapsed())
}
