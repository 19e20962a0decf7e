//! The README's program on an emulator in the same process. In: where to put the video, if not in the default place. Out:
//! a video, its price, and the address of the page that shows what happened. Needs no network and no account.
//!
//! `cargo run -p creatify-api --example demo`, or `cargo xtask demo`

use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use creatify_api::jobs::Polling;
use creatify_api::types::{AspectRatio, JobStatus, LipsyncRequest, LipsyncRetrieve};
use creatify_api::{Client, Credentials};
use creatify_emulator::{Emulator, Options};

/// Fast enough to wait for, slow enough to watch.
const SPEED: f64 = 20.0;
const WIDTH: usize = 30;

const HELP: &str = "Makes a video on an emulator: preview, render, wait, download. Needs no network and no account.

Usage: @ [--output FILE]

Options:
      --output FILE  Where the video goes [default: target/demo.mp4]
  -h, --help         Print help";

#[tokio::main]
async fn main() -> ExitCode {
    // Who starts it by a task says how.
    let name = std::env::var("XTASK_TASK").unwrap_or_else(|_| "demo".to_owned());
    let (message, code) = match arguments(std::env::args().skip(1)) {
        Ok(Some(output)) => match demo(&output).await {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => (format!("error: {error}"), 1),
        },
        Ok(None) => {
            println!("{}", HELP.replace('@', &name));
            return ExitCode::SUCCESS;
        }
        Err(wrong) => (
            format!("error: {wrong}\n\nUsage: {name} [--output FILE]"),
            2,
        ),
    };
    // Nobody is left to tell when the error stream is closed.
    let _ = writeln!(std::io::stderr(), "{message}");
    ExitCode::from(code)
}

/// Where the video goes; none when help is asked for.
fn arguments(mut given: impl Iterator<Item = String>) -> Result<Option<PathBuf>, String> {
    let mut output = PathBuf::from("target/demo.mp4");
    while let Some(argument) = given.next() {
        let file = match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "--output" => given.next(),
            other => match other.strip_prefix("--output=") {
                Some(file) => Some(file.to_owned()),
                None => return Err(format!("unexpected argument '{other}'")),
            },
        };
        let file = file.filter(|file| !file.is_empty());
        output = file.ok_or("'--output' needs the name of a file")?.into();
    }
    Ok(Some(output))
}

async fn demo(output: &Path) -> Result<(), Box<dyn Error>> {
    println!("[1/5] Starting an emulator of the API");
    let emulator = Emulator::start(Options::default().strict().speed(SPEED)).await?;
    let page = emulator.base_url().to_owned();
    println!("      its page shows what happens: {page}");
    let client = Client::builder()
        .credentials(Credentials::new("demo", "any"))
        .base_url(&page)
        .build()?;

    let job = video(&client).await?;

    println!("[5/5] Downloading the video");
    let url = job.output.ok_or("the job is done, and has no output")?;
    if let Some(folder) = output.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let file = client.download(url).to_file(output).await?;
    println!("      {} bytes in {}", file.bytes, output.display());

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

/// The program in the README, which says what it does, with a progress bar.
async fn video(client: &Client) -> Result<LipsyncRetrieve, creatify_api::Error> {
    println!("[2/5] Making a preview: it is cheap, and shows what will be rendered");
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
    let preview = client.lipsyncs().preview(&request).await?;
    if let Some(url) = &preview.preview {
        println!("      {url}");
    }

    println!("[3/5] Rendering it: the response comes at once, the video later");
    client.lipsyncs().render(preview.id).await?;

    println!("[4/5] Waiting for job {}", preview.id);
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
                println!("      {status}");
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
        print!("\r      {done}{open} {progress:>3.0} % {status:<10}");
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
