//! What becomes of jobs after the call that made them. In: waits and lost calls, on an emulator or on
//! a scripted server, with a clock that jumps to the next thing that happens. Out: that no job is lost, none
//! is paid for twice, and no more is asked than said. Knows the public names of the client.

#[path = "jobs/clocks.rs"]
mod clocks;
#[path = "jobs/extremes.rs"]
mod extremes;
#[path = "jobs/fixture.rs"]
mod fixture;
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
#[path = "jobs/scripted_server.rs"]
mod scripted_server;
#[path = "jobs/settle.rs"]
mod settle;
#[path = "jobs/settle_all.rs"]
mod settle_all;
#[path = "jobs/wait.rs"]
mod wait;
#[path = "jobs/wait_all.rs"]
mod wait_all;
