//! The emulator as a server. In: requests of foreign pages, absurd orders, slow and broken clients,
//! ports that are taken. Out: that it says what is wrong and goes on. Knows the emulator and HTTP only.

#[path = "control/bounds.rs"]
mod bounds;
#[path = "control/limits.rs"]
mod limits;
#[path = "control/origin.rs"]
mod origin;
#[path = "control/query.rs"]
mod query;
#[path = "control/raw.rs"]
mod raw;
#[path = "control/start.rs"]
mod start;
