//! The README's program on an emulator. In: where to put the video, if not in the default place. Out: a video, its price,
//! and the address of the page that shows what happened. Knows the public names of the client and of the emulator.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stdin, stdout};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use creatify_api::jobs::Polling;
use creatify_api::types::{AspectRatio, JobStatus, LipsyncRequest, LipsyncRetrieve};
use creatify_api::{Client, Credentials};
use creatify_emulator::{Emulator, Options};

/// Fast enough to wait for, slow enough to watch.
const SPEED: f64 = 20.0;
const WIDTH: usize = 30;

/// Makes a video on an emulator: preview, render, wait, download. Needs no network and no account.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo")]
struct Arguments {
    /// Where the video goes
    #[arg(long, default_value = "target/demo.mp4", value_name = "FILE")]
    output: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let options = Options::default().strict().speed(SPEED);
    let emulator = Emulator::start(options).await?;
    let page = emulator.base_url().to_owned();
    println!("The emulator runs; its page: {page}");
    let client = Client::builder()
        .credentials(Credentials::new("demo", "any"))
        .base_url(&page)
        .build()?;
    let job = video(&client).await?;
    let output = job.output.ok_or("the job is done, and has no output")?;
    if let Some(folder) = arguments.output.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = client.download(output).to_file(&arguments.output).await?;
    println!(
        "Downloaded {} bytes to {}",
        file.bytes,
        arguments.output.display()
    );

    println!("What it cost:");
    let mut total = 0.0;
    for charge in emulator.state().ledger() {
        total += charge.credits;
        println!("  {:<24} {:>6} credits", charge.operation, charge.credits);
    }
    println!("  {:<24} {total:>6} credits", "total");
    if stdin().is_terminal() && stdout().is_terminal() {
        print!("The page stays at {page} until you press Enter. ");
        stdout().flush()?;
        tokio::task::spawn_blocking(|| stdin().read_line(&mut String::new())).await??;
    }
    Ok(())
}

/// The program in the README, with a progress bar.
async fn video(client: &Client) -> Result<LipsyncRetrieve, creatify_api::Error> {
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
    let preview = client.lipsyncs().preview(&request).await?;
    client.lipsyncs().render(preview.id).await?;
    let polling = Polling::new()
        .initial(Duration::from_millis(100))
        .max(Duration::from_millis(200));
    let mut bar = Bar::new();
    client
        .lipsyncs()
        .wait(preview.id)
        .polling(polling)
        .on_update(move |update| bar.show(&update.job))
        .await
}

/// One line of a terminal that is written over, or one line per status where there is no terminal.
struct Bar {
    shown: String,
}

impl Bar {
    fn new() -> Self {
        Self {
            shown: String::new(),
        }
    }

    fn show(&mut self, job: &LipsyncRetrieve) {
        let status = job.status.to_string();
        if !stdout().is_terminal() {
            if self.shown != status {
                println!("{status}");
                self.shown = status;
            }
            return;
        }
        let progress = match job.status {
            JobStatus::Done => 100.0,
            _ => job.progress.parse::<f64>().unwrap_or(0.0).clamp(0.0, 100.0),
        };
        let full = (progress / 100.0 * WIDTH as f64) as usize;
        let (done, open) = ("█".repeat(full), "░".repeat(WIDTH - full));
        print!("\r{done}{open} {progress:>3.0} % {status:<10}");
        if matches!(
            job.status,
            JobStatus::Done | JobStatus::Failed | JobStatus::Rejected
        ) {
            println!();
        }
        // A terminal that is gone is no reason to stop waiting for the video.
        let _ = stdout().flush();
    }
}
