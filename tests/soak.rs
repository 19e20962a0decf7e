//! The promise to those who pay, in small: videos are made while every fifth request goes wrong,
//! none is paid for twice and none is lost. `cargo xtask soak` does the same with ten thousand.

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

use std::path::Path;

use progress::Progress;
use scenario::Plan;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_paid_twice_and_nothing_is_lost() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak");
    // What an earlier run left would pass for what this one downloads.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let plan = Plan {
        jobs: 300,
        share: 0.2,
        seed: 7,
        parallel: 16,
        folder,
        progress: Progress::new(["calls went wrong", "settled"]),
    };
    let run = scenario::run(&plan);
    let tally = plan.progress.shown(run).await.expect("no loss");
    // Enough went wrong for this to mean something.
    assert!(
        tally.found > 20 && tally.resent > 20 && tally.refused > 3,
        "{tally}"
    );
    assert!(
        tally.timed_out > 3 && tally.dropped > 3 && tally.left_behind > 1,
        "{tally}"
    );
    assert_eq!(
        (tally.charges, tally.credits),
        (600, 300.0 * 5.0),
        "{tally}"
    );
    // Whoever watches sees the same numbers.
    let wrong = tally.lost + tally.dropped + tally.refused;
    assert_eq!(
        plan.progress.to_string(),
        format!("files downloaded 300 of 300, {wrong} calls went wrong, {wrong} settled")
    );
}

/// The program that is killed in the test below: this test, started by that one. By itself it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn program_to_be_killed() {
    if let Some(task) = child::Task::read() {
        child::live(task).await;
    }
}

/// Whoever's program is killed at any moment pays for each video once. `cargo xtask soak --kill` does the same with 2,000
/// videos and 200 kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_program_pays_for_nothing_twice() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak-kill");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let plan = kill::Plan {
        jobs: 80,
        kills: 8,
        share: 0.2,
        seed: 5,
        folder,
        progress: Progress::new(["kills", "calls recovered"]),
    };
    let program = std::env::current_exe().expect("this program");
    let start = || {
        let mut command = tokio::process::Command::new(&program);
        command.args(["--exact", "program_to_be_killed", "--nocapture"]);
        command
    };
    let run = kill::run(&plan, start);
    let tally = plan.progress.shown(run).await.expect("no loss");
    let kills = tally.killed + tally.killed_before_send + tally.killed_before_close;
    let recovered = tally.found + tally.resent;
    assert_eq!(
        plan.progress.to_string(),
        format!("videos charged 80 of 80, {kills} kills, {recovered} calls recovered")
    );
    assert!(
        tally.killed_before_send > 0 && tally.killed_before_close > 0,
        "{tally}"
    );
    assert!(tally.found > 0 && tally.resent > 0, "{tally}");
}
