//! The cost of waiting. In: 10,000 jobs on an emulator in another process. Out: what one process that waits for all of them
//! needs, printed beside the goals; nothing is judged, since every machine is different.

mod process;
mod wire;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use creatify_api::{Attempt, Client, Credentials, Interceptor, Uuid};
use process::memory;
use wire::Connection;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 16;
/// Together 10,000.
const JOBS_EACH: usize = 625;
const BODY: &str = r#"{"text": "Hello!", "aspect_ratio": "9x16"}"#;

/// Counts the requests.
struct Counter(Arc<AtomicUsize>);

impl Interceptor for Counter {
    fn before(&self, _: &mut Attempt<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    // At its real speed a job takes 70 s.
    let server = process::start("1x").await?;
    let ids = create(&server.url).await?;
    println!(
        "{} jobs made              {} peak so far",
        ids.len(),
        memory("self", "VmHWM")
    );

    let requests = Arc::new(AtomicUsize::new(0));
    let client = Client::builder()
        .credentials(Credentials::new("bench", "any"))
        .base_url(&server.url)
        .interceptor(Counter(Arc::clone(&requests)))
        .build()?;
    let (started, before) = (Instant::now(), cpu_seconds());
    let mut jobs = client.lipsyncs().wait_all(ids);
    let (mut done, mut failed) = (0_usize, 0_usize);
    while let Some((_, job)) = jobs.next().await {
        match job {
            Ok(_) => done += 1,
            Err(_) => failed += 1,
        }
    }
    let wall = started.elapsed().as_secs_f64();
    println!("waited for                {done} done, {failed} failed, in {wall:.1} s");
    let requests = requests.load(Ordering::Relaxed);
    println!(
        "requests                  {requests}, for {} looks at jobs",
        requests * 100
    );
    println!(
        "memory                    {} peak of the process (goal: under 64 MiB)",
        memory("self", "VmHWM")
    );
    match (before, cpu_seconds()) {
        (Some(before), Some(after)) => println!(
            "processor                 {:.2} s, {:.1} % of one core (goal: under 5 %)",
            after - before,
            (after - before) / wall * 100.0
        ),
        _ => println!("processor                 not known on this system"),
    }
    Ok(())
}

/// Makes the jobs; gives their ids.
async fn create(url: &str) -> Result<Vec<Uuid>> {
    let mut workers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(url).await?;
        workers.push(tokio::spawn(async move {
            let mut ids = Vec::with_capacity(JOBS_EACH);
            for _ in 0..JOBS_EACH {
                let answer = connection
                    .exchange("POST", "/api/lipsyncs/", "bench", BODY)
                    .await?;
                if answer.status >= 300 {
                    let status = answer.status;
                    return Err(Box::from(format!("no job: status {status}")));
                }
                let job: serde_json::Value = serde_json::from_slice(&answer.body)?;
                let id = job["id"].as_str().ok_or_else(|| format!("no job: {job}"))?;
                ids.push(id.parse::<Uuid>()?);
            }
            Result::Ok(ids)
        }));
    }
    let mut ids = Vec::with_capacity(CONNECTIONS * JOBS_EACH);
    for worker in workers {
        ids.extend(worker.await??);
    }
    Ok(ids)
}

/// What this process has used of the processors, where the system tells it the way Linux does.
fn cpu_seconds() -> Option<f64> {
    // Of user space and of the system, in hundredths: fields 14 and 15, counted after the name in brackets.
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}
