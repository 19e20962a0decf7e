//! Load on the emulator. In: the built emulator. Out: requests per second, latencies and memory, printed; nothing is
//! judged, since every machine is different. Knows the API over HTTP only.

mod process;
mod wire;

use std::error::Error;
use std::time::{Duration, Instant};

use process::memory;
use wire::Connection;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 32;
/// Together 100,000.
const JOBS_EACH: usize = 3125;
const LOAD: Duration = Duration::from_secs(5);
const BODY: &str = r#"{"text": "Hello!", "aspect_ratio": "9x16"}"#;

#[tokio::main]
async fn main() -> Result<()> {
    let server = process::start("100x").await?;
    let id = server.id().to_string();
    println!("emulator without jobs   {}", memory(&id, "VmRSS"));

    let started = Instant::now();
    let jobs = create(&server.url).await?;
    let rate = jobs.len() as f64 / started.elapsed().as_secs_f64();
    println!(
        "{} jobs created      {rate:.0} requests/s on {CONNECTIONS} connections",
        jobs.len()
    );
    println!(
        "emulator with jobs      {} with {} jobs",
        memory(&id, "VmRSS"),
        held(&server.url).await?
    );

    let started = Instant::now();
    let mut latencies = poll(&server.url, &jobs).await?;
    let rate = latencies.len() as f64 / started.elapsed().as_secs_f64();
    latencies.sort_unstable();
    println!("job polling             {rate:.0} requests/s on {CONNECTIONS} connections");
    let at = |share: f64| {
        latencies[((latencies.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0
    };
    println!(
        "latency                 p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    println!("emulator after polling  {}", memory(&id, "VmRSS"));
    Ok(())
}

/// Makes the jobs; gives the paths at which they are asked for.
async fn create(url: &str) -> Result<Vec<String>> {
    let mut workers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(url).await?;
        workers.push(tokio::spawn(async move {
            let mut paths = Vec::with_capacity(JOBS_EACH);
            for _ in 0..JOBS_EACH {
                let answer = connection
                    .exchange("POST", "/api/lipsyncs/", "bench", BODY)
                    .await?;
                let job: serde_json::Value = serde_json::from_slice(&answer.body)?;
                let id = job["id"].as_str().ok_or_else(|| format!("no job: {job}"))?;
                paths.push(format!("/api/lipsyncs/{id}/"));
            }
            Result::Ok(paths)
        }));
    }
    let mut paths = Vec::with_capacity(CONNECTIONS * JOBS_EACH);
    for worker in workers {
        paths.extend(worker.await??);
    }
    Ok(paths)
}

/// How many jobs the emulator says it has.
async fn held(url: &str) -> Result<u64> {
    let mut connection = Connection::open(url).await?;
    let answer = connection
        .exchange("GET", "/_emulator/state", "bench", "")
        .await?;
    let state: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let total = state["jobs"]["total"].as_u64();
    Ok(total.ok_or("the state has no number of jobs")?)
}

/// Asks for the jobs in turn, on each connection for others, and gives how long each answer took.
async fn poll(url: &str, paths: &[String]) -> Result<Vec<Duration>> {
    let mut workers = Vec::new();
    for own in paths.chunks(paths.len().div_ceil(CONNECTIONS)) {
        let mut connection = Connection::open(url).await?;
        let own = own.to_vec();
        workers.push(tokio::spawn(async move {
            let started = Instant::now();
            let mut latencies = Vec::new();
            for path in own.iter().cycle() {
                if started.elapsed() > LOAD {
                    break;
                }
                let asked = Instant::now();
                let answer = connection.exchange("GET", path, "bench", "").await?;
                latencies.push(asked.elapsed());
                if answer.status != 200 {
                    return Err(format!("{path}: status {}", answer.status).into());
                }
            }
            Result::Ok(latencies)
        }));
    }
    let mut latencies = Vec::new();
    for worker in workers {
        latencies.extend(worker.await??);
    }
    Ok(latencies)
}
