//! Webhooks. In: bodies as the service sends them, and as anybody could. Out: events, what the API says of their jobs,
//! and the answers of a server. Knows the public names only.

#[path = "webhook/confirm.rs"]
mod confirm;
#[path = "webhook/parse.rs"]
mod parse;
#[path = "webhook/repeat.rs"]
mod repeat;
#[path = "webhook/server.rs"]
mod server;
#[path = "judge/wire.rs"]
mod wire;
