//! What becomes of jobs after the call that made them. In: waits and lost calls, on an emulator or on
//! a script, with a clock that jumps to the next thing that happens. Out: that no job is lost, none
//! is paid for twice, and no more is asked than said. Knows the public names of the client.

#[path = "jobs/clocks.rs"]
mod clocks;
#[path = "jobs/extremes.rs"]
mod extremes;
#[path = "jobs/handle.rs"]
mod handle;
#[path = "jobs/inbox.rs"]
mod inbox;
#[path = "jobs/looks.rs"]
mod looks;
#[path = "jobs/others.rs"]
mod others;
#[path = "jobs/poisoned.rs"]
mod poisoned;
#[path = "jobs/script.rs"]
mod script;
#[path = "jobs/settle.rs"]
mod settle;
#[path = "jobs/settle_all.rs"]
mod settle_all;
#[path = "jobs/stage.rs"]
mod stage;
#[path = "jobs/wait.rs"]
mod wait;
#[path = "jobs/wait_all.rs"]
mod wait_all;
