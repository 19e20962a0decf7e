//! The promise to those who pay, in small: videos are made while every fifth request goes wrong,
//! none is paid for twice and none is lost. `cargo xtask soak` does the same with ten thousand.

#[path = "soak/faults.rs"]
mod faults;
#[path = "soak/impatient.rs"]
mod impatient;
#[path = "soak/scenario.rs"]
mod scenario;

use std::path::Path;

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
    };
    let tally = scenario::run(&plan).await.expect("no loss");
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
}
