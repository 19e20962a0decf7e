//! The client on the emulator. In: what a user's program does. Out: that the emulator has nothing
//! to complain of, and that the client tells what became of it. Knows the public names of both.

#[path = "suite/abandoned.rs"]
mod abandoned;
#[path = "suite/credits.rs"]
mod credits;
#[path = "suite/documented.rs"]
mod documented;
#[path = "suite/examples.rs"]
mod examples;
#[path = "suite/faults.rs"]
mod faults;
#[path = "suite/fixture.rs"]
mod fixture;
#[path = "suite/ids.rs"]
mod ids;
#[path = "suite/jobs.rs"]
mod jobs;
#[path = "suite/media.rs"]
mod media;
#[path = "suite/operations.rs"]
mod operations;
#[path = "suite/recovery.rs"]
mod recovery;
#[path = "suite/webhooks.rs"]
mod webhooks;
#[path = "judge/wire.rs"]
mod wire;
