//! The emulator as a program. In: a port, a speed, a document. Out: a running stand-in for the API
//! until it is interrupted. Knows nothing else.

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use tests::emulator::{Emulator, Options, Speed};

/// A stand-in for the API that judges its callers and costs nothing.
#[derive(Debug, Parser)]
#[command(name = "emulator")]
struct Arguments {
    /// The port on this machine.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// How fast time passes (`100x`), or `stepped` for a clock that is moved by hand.
    #[arg(long, default_value = "100x", value_parser = speed)]
    speed: Speed,
    /// Where chance starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The OpenAPI document; the workspace's own when absent.
    #[arg(long)]
    spec: Option<PathBuf>,
    /// What a new account has.
    #[arg(long, default_value_t = 1000.0)]
    credits: f64,
}

fn speed(text: &str) -> Result<Speed, String> {
    if text == "stepped" {
        return Ok(Speed::Stepped);
    }
    let times = text.strip_suffix('x').unwrap_or(text).parse::<f64>();
    let times = times.ok().filter(|times| times.is_finite() && *times > 0.0);
    times
        .map(Speed::Times)
        .ok_or_else(|| "a number of times, as in `100x`, or `stepped`".to_owned())
}

#[tokio::main]
#[allow(clippy::print_stdout)]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let spec = arguments.spec.map(std::fs::read_to_string).transpose()?;
    let emulator = Emulator::start(Options {
        port: arguments.port,
        speed: arguments.speed,
        seed: arguments.seed,
        spec,
        credits: arguments.credits,
    })
    .await?;
    println!(
        "The emulator runs at {0}: open {0}/ in a browser.",
        emulator.base_url()
    );
    println!(
        "Any X-API-ID and X-API-KEY will do; CREATIFY_BASE_URL={}",
        emulator.base_url()
    );
    emulator.wait().await;
    Ok(())
}
