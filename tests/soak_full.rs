//! Ten thousand videos while every fifth request goes wrong. In: how many, how often, a seed. Out:
//! what happened, or what was lost or paid twice. Knows what the scenario knows.

#![allow(clippy::print_stdout)]

#[path = "soak/faults.rs"]
mod faults;
#[path = "soak/impatient.rs"]
mod impatient;
#[path = "soak/scenario.rs"]
mod scenario;

use std::error::Error;
use std::time::Instant;

use clap::Parser;
use scenario::Plan;

/// Makes videos on an emulator whose every fifth answer goes wrong, and holds what was charged
/// against its ledger.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask soak")]
struct Arguments {
    /// How many videos
    #[arg(long, default_value_t = 10_000)]
    jobs: usize,
    /// The share of all requests that goes wrong, from 0 to 0.9
    #[arg(long, default_value_t = 0.2, value_parser = share)]
    share: f64,
    /// Where chance starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many calls are made at once
    #[arg(long, default_value_t = 64)]
    parallel: usize,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=0.9).contains(&share) {
        Ok(share)
    } else {
        Err("not between 0 and 0.9".to_owned())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Arguments {
        jobs,
        share,
        seed,
        parallel,
    } = Arguments::parse();
    let folder = std::env::temp_dir().join(format!("creatify-soak-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    println!(
        "{jobs} videos, {}% of all requests go wrong, seed {seed}",
        share * 100.0
    );
    let plan = Plan {
        jobs,
        share,
        seed,
        parallel: parallel.max(1),
        folder: folder.clone(),
    };
    let started = Instant::now();
    let outcome = scenario::run(&plan).await;
    std::fs::remove_dir_all(&folder)?;
    let tally = outcome?;
    println!("{tally}");
    println!(
        "seconds                        {:>9.1}",
        started.elapsed().as_secs_f64()
    );
    println!(
        "No job was paid for twice, none was lost, every lost answer was settled, and every file is whole."
    );
    Ok(())
}
