//! Ten thousand videos while every fifth request goes wrong. In: how many, how often, a seed. Out:
//! what happened, or what was lost or paid twice. Knows what the scenario knows.

#[path = "soak/child.rs"]
mod child;
#[path = "soak/faults.rs"]
mod faults;
#[path = "soak/impatient.rs"]
mod impatient;
#[path = "soak/kill.rs"]
mod kill;
#[path = "soak/progress.rs"]
mod progress;
#[path = "soak/scenario.rs"]
mod scenario;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use progress::Progress;
use scenario::Plan;

/// Makes videos on an emulator whose every fifth answer goes wrong, and holds what was charged
/// against its ledger.
#[derive(Debug, Parser)]
#[command(name = "soak", bin_name = "cargo xtask soak")]
struct Arguments {
    /// Make the videos with a program that is killed again and again, and recovers from its journal
    #[arg(long)]
    kill: bool,
    /// How often the program is killed at a random moment; about as often it is killed between writing a call down and
    /// sending it, or between a response and closing its entry
    #[arg(long, default_value_t = 200, requires = "kill")]
    kills: usize,
    /// How many videos [default: 10000, with --kill 2000]
    #[arg(long)]
    jobs: Option<usize>,
    /// The share of all requests that goes wrong, from 0 to 0.9
    #[arg(long, default_value_t = 0.2, value_parser = share)]
    share: f64,
    /// The seed of the random numbers
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

/// The command line; whoever gets it wrong is told by the name of the task, and the program ends with 2.
fn arguments() -> Arguments {
    let mut command = Arguments::command();
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let arguments = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    arguments.unwrap_or_else(|mut error| {
        // clap leaves it out where the name of an option is right and its value is not.
        if error.use_stderr() && error.get(ContextKind::Usage).is_none() {
            let usage = ContextValue::StyledStr(command.render_usage());
            error.insert(ContextKind::Usage, usage);
        }
        error.exit()
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if let Some(task) = child::Task::read() {
        child::live(task).await;
        return Ok(());
    }
    let arguments = arguments();
    let folder = std::env::temp_dir().join(format!("creatify-soak-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let started = Instant::now();
    let outcome = match arguments.kill {
        true => kill(&arguments, &folder).await,
        false => soak(&arguments, &folder).await,
    };
    std::fs::remove_dir_all(&folder)?;
    let summary = outcome?;
    println!(
        "seconds                        {:>9.1}",
        started.elapsed().as_secs_f64()
    );
    println!("{summary}");
    Ok(())
}

/// Makes videos while requests go wrong.
async fn soak(arguments: &Arguments, folder: &Path) -> Result<&'static str, String> {
    let plan = Plan {
        jobs: arguments.jobs.unwrap_or(10_000),
        share: arguments.share,
        seed: arguments.seed,
        parallel: arguments.parallel.max(1),
        folder: folder.to_owned(),
        progress: Progress::new(["calls went wrong", "settled"]),
    };
    println!(
        "{} videos, {}% of all requests go wrong, seed {}",
        plan.jobs,
        plan.share * 100.0,
        plan.seed
    );
    let progress = plan.progress.clone();
    let tally = progress.shown(scenario::run(&plan)).await?;
    println!("{tally}");
    Ok(
        "No job was paid for twice, none was lost, every lost answer was settled, and every file is whole.",
    )
}

/// Makes videos with a program that is killed while requests go wrong.
async fn kill(arguments: &Arguments, folder: &Path) -> Result<&'static str, String> {
    let plan = kill::Plan {
        jobs: arguments.jobs.unwrap_or(2_000),
        kills: arguments.kills,
        share: arguments.share,
        seed: arguments.seed,
        folder: folder.to_owned(),
        progress: Progress::new(["kills", "calls recovered"]),
    };
    println!(
        "{} videos, {}% of all requests go wrong, the program is killed {} times, seed {}",
        plan.jobs,
        plan.share * 100.0,
        plan.kills,
        plan.seed
    );
    if !cfg!(unix) {
        println!("this system has no SIGKILL: the program is terminated in the way that it has");
    }
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let progress = plan.progress.clone();
    let run = kill::run(&plan, || tokio::process::Command::new(&program));
    let tally = progress.shown(run).await?;
    println!("{tally}");
    Ok("Each video was charged once, none twice, none was lost.")
}
