//! An emulator in a process of its own, for benchmarks. In: how fast its time passes. Out: where it is; it ends with the
//! value. Knows the programs of this package by their names.

use std::error::Error;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::wire::Connection;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The emulator as its own process, which ends with this value.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// The number of the process.
    #[allow(dead_code, reason = "each program uses a part of this module")]
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

/// Starts it at a speed, such as `100x`, and waits until it listens.
pub(crate) async fn start(speed: &str) -> Result<Server> {
    // The port is free again when the emulator asks for it, unless another program is faster; then it says so.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let process = Command::new(env!("CARGO_BIN_EXE_emulator"))
        .args([
            "--port",
            &port.to_string(),
            "--speed",
            speed,
            "--credits",
            "100000000",
        ])
        .stdout(Stdio::null())
        .spawn()?;
    let url = format!("http://127.0.0.1:{port}");
    let mut server = Server { process, url };
    let started = Instant::now();
    while Connection::open(&server.url).await.is_err() {
        if let Some(status) = server.process.try_wait()? {
            return Err(format!("the emulator ended with {status}").into());
        }
        if started.elapsed() > Duration::from_secs(30) {
            return Err("the emulator does not listen".into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(server)
}

/// The memory of a process (its number, or `self`): `VmRSS` or `VmHWM`, where the system tells it the way Linux does.
pub(crate) fn memory(process: &str, field: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kibibytes = status.lines().find_map(|line| {
        let value = line
            .strip_prefix(field)?
            .strip_prefix(':')?
            .trim()
            .strip_suffix(" kB")?;
        value.parse::<f64>().ok()
    });
    match kibibytes {
        Some(kibibytes) => format!("{:.0} MiB", kibibytes / 1024.0),
        None => "memory: not known on this system".to_owned(),
    }
}
