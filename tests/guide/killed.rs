//! The chapter "When the process ends": its program is killed and started again, as often as it says that it can be.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use creatify_api::{Client, Credentials};
use creatify_emulator::fault::{Kind, When};
use creatify_emulator::{Emulator, Fault, Options};

use crate::chapters;

/// Where the emulator is, for the program that is killed.
const VARIABLE: &str = "CREATIFY_GUIDE_CHILD";

/// The program of the chapter: this test, started by the one below. By itself it does nothing.
#[tokio::test]
async fn program_of_the_chapter() {
    if let Ok(base_url) = std::env::var(VARIABLE) {
        let builder = Client::builder()
            .credentials(Credentials::new("newcomer", "any"))
            .base_url(base_url)
            .timeout(Duration::from_secs(60));
        chapters::recover(builder).await.expect("the program");
    }
}

fn program(emulator: &Emulator, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "killed::program_of_the_chapter", "--nocapture"])
        .env(VARIABLE, emulator.base_url())
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

#[tokio::test]
async fn a_program_that_is_killed_goes_on_where_it_was_and_pays_for_nothing_twice() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide-killed");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let emulator = Emulator::start(Options::default().strict()).await;
    let emulator = emulator.expect("an emulator");
    // The second order is charged, and its response does not come in time.
    emulator.state().fault(Fault::new(
        "lipsyncs_create",
        When::Nth(2),
        Kind::Delay {
            milliseconds: 600_000,
        },
    ));
    let charges = || emulator.state().ledger().len();
    let mut first = program(&emulator, &folder).spawn().expect("started");
    while charges() < 2 {
        let ended = first.try_wait().expect("a process");
        assert!(ended.is_none(), "it ended by itself: {ended:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.kill().expect("killed");
    first.wait().expect("gone");

    for _ in 0..2 {
        let mut next = program(&emulator, &folder);
        let output = tokio::task::spawn_blocking(move || next.output()).await;
        let output = output.expect("no panic").expect("a process");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{text}");
        assert_eq!(charges(), 2, "{text}");
        assert!(!text.contains("order-7 is job"), "{text}");
    }
}
