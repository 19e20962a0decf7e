//! What the client does when things go wrong. In: answers and failures, one attempt at a time.
//! Out: what is sent again, what is not, and what the caller is told. Knows the client's public names.

#[path = "runtime/ambiguity.rs"]
mod ambiguity;
#[path = "runtime/blocking.rs"]
mod blocking;
#[path = "runtime/bounds.rs"]
mod bounds;
#[path = "runtime/connect.rs"]
mod connect;
#[path = "runtime/echo.rs"]
mod echo;
#[path = "runtime/errors.rs"]
mod errors;
#[path = "runtime/hooks.rs"]
mod hooks;
#[path = "runtime/keys.rs"]
mod keys;
#[path = "runtime/pages.rs"]
mod pages;
#[path = "runtime/raw.rs"]
mod raw;
#[path = "runtime/raw_call.rs"]
mod raw_call;
#[path = "runtime/reasons.rs"]
mod reasons;
#[path = "runtime/recorder.rs"]
mod recorder;
#[path = "runtime/retry.rs"]
mod retry;
#[path = "runtime/scripted_transport.rs"]
mod scripted_transport;
#[path = "runtime/spend.rs"]
mod spend;
#[path = "runtime/tls.rs"]
mod tls;
#[path = "runtime/tracing.rs"]
mod tracing;
#[path = "runtime/unprocessed.rs"]
mod unprocessed;
