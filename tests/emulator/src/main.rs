//! The emulator as a program. In: where to listen, a speed, a document. Out: a running stand-in for the
//! API until it is interrupted; an exit code: 1 it cannot listen, 2 bad usage or a bad document.

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use creatify_emulator::{Emulator, Options, Speed, StartError};

/// A stand-in for the API that judges its callers and costs nothing.
#[derive(Debug, Parser)]
#[command(name = "creatify-emulator", version)]
struct Arguments {
    /// The address that it listens on; 127.0.0.1 and ::1 when absent.
    #[arg(long)]
    address: Option<IpAddr>,
    /// The port on this machine; 0 for any that is free.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// How fast time passes (`100x`, at most `10000x`), or `stepped` for a clock that is moved by hand.
    #[arg(long, default_value = "100x", value_parser = speed)]
    speed: Speed,
    /// The seed of the random numbers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The OpenAPI document; the one that this program was built with when absent.
    #[arg(long)]
    spec: Option<PathBuf>,
    /// What a new account has.
    #[arg(long, default_value_t = 1000.0)]
    credits: f64,
    /// A host that it answers to besides `localhost`, loopback addresses and the address that it listens on; `*` for all, which
    /// lets any web page use it. May be given several times.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// An origin whose web pages may use it, such as `http://localhost:3000`; `*` for all. May be given several times.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// The seconds in which the head of a request must arrive.
    #[arg(long, default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    head_timeout: Duration,
    /// The seconds in which the body of a request must arrive.
    #[arg(long, default_value = "60", value_name = "SECONDS", value_parser = seconds)]
    body_timeout: Duration,
    /// Refuse what the service would ignore: unknown parameters, unknown and read-only members.
    #[arg(long)]
    strict: bool,
    /// Take any id of an avatar, accent or template, not only those that the lists give.
    #[arg(long)]
    any_id: bool,
}

/// The variable in which a task says what people call this program by; `cargo xtask emulator` sets it.
const TASK: &str = "XTASK_TASK";

/// The command line; whoever gets it wrong is told, by the name that was called, and the program ends with 2.
fn arguments() -> Arguments {
    let mut command = Arguments::command();
    if let Ok(task) = std::env::var(TASK) {
        command = command.bin_name(task);
    }
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

fn speed(text: &str) -> Result<Speed, String> {
    if text == "stepped" {
        return Ok(Speed::Stepped);
    }
    let times = text.strip_suffix('x').unwrap_or(text).parse::<f64>();
    let times = times
        .ok()
        .filter(|times| *times > 0.0 && *times <= 10_000.0);
    times
        .map(Speed::Times)
        .ok_or_else(|| "a number of times up to 10000, as in `100x`, or `stepped`".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok();
    let seconds = seconds.filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "a number of seconds from 0.001 to 86400".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let (message, code) = match run(arguments()).await {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Stopped::Listen(message)) => (message, 1),
        Err(Stopped::Usage(message)) => (message, 2),
    };
    // Nobody is left to tell when the error stream is closed.
    let _ = writeln!(std::io::stderr(), "error: {message}");
    ExitCode::from(code)
}

/// Why it does not run.
enum Stopped {
    Listen(String),
    Usage(String),
}

async fn run(arguments: Arguments) -> Result<(), Stopped> {
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file);
        text.map_err(|error| Stopped::Usage(format!("cannot read {}: {error}", file.display())))
    };
    let mut options = Options::default()
        .port(arguments.port)
        .speed(arguments.speed)
        .seed(arguments.seed)
        .credits(arguments.credits)
        .head_timeout(arguments.head_timeout)
        .body_timeout(arguments.body_timeout);
    options.address = arguments.address;
    options.spec = arguments.spec.map(read).transpose()?;
    options.allow_hosts = arguments.allow_host;
    options.allow_origins = arguments.allow_origin;
    options.strict = arguments.strict;
    options.any_id = arguments.any_id;
    let emulator = Emulator::start(options)
        .await
        .map_err(|error| match &error {
            StartError::Listen(..) => Stopped::Listen(error.to_string()),
            _ => Stopped::Usage(error.to_string()),
        })?;
    let url = emulator.base_url();
    println!("The emulator runs at {url}: open {url}/ in a browser.");
    println!("Any X-API-ID and X-API-KEY will do; CREATIFY_BASE_URL={url}");
    emulator.wait().await;
    Ok(())
}
