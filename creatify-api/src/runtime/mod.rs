//! The hand-written half of the crate. In: described operations and encoded values from the
//! generated half. Out: requests on the wire and decoded responses. Knows no generated type.
//!
//! One call passes through these modules in order: `call` (what the user asked for), `check`,
//! `url` and `body` (the request, or every violation in it), `engine` (sending, with `spend`, `classify`
//! and `retry` deciding whether it goes on), `transport` (the network), `decode`
//! (the response as a type) or `error` (all that is known of a failure).

// The generated code decides which of the names below it calls; a document without form bodies,
// say, leaves some of them unused.
#![allow(dead_code, unused_macros)]

#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub mod blocking;
mod body;
mod builder;
mod call;
mod callee;
mod check;
mod classify;
mod client;
mod clock;
mod credentials;
mod decode;
pub mod download;
mod encode;
mod engine;
mod error;
mod intercept;
mod jobs;
pub mod journal;
mod lifecycle;
pub(crate) mod operation;
mod pages;
mod patch;
mod process;
mod raw_call;
mod raw_response;
mod redact;
mod request;
mod response;
mod retry;
mod rule;
pub(crate) mod serde_impl;
mod spend;
mod string_enum;
mod times;
mod trace;
pub mod transport;
mod url;
mod usage_report;
pub mod webhook;

pub use builder::ClientBuilder;
pub use call::Call;
pub use client::Client;
pub use credentials::Credentials;
pub use decode::{Decode, DecodeError, Object, Timestamp};
pub use error::{Error, FieldError, Violation};
pub use intercept::{Attempt, Interceptor, Outcome};
pub use jobs::{
    Inbox, JobHandle, Polling, Recover, Recovered, RecoveredJob, Settle, SettleAll, Settled,
    UnknownStatus, Update, Updates, Wait, WaitAll,
};
pub use lifecycle::{JobList, JobOutcome, JobRecord, JobState, Jobs, Paging};
pub use operation::{
    ApiKey, Location, MediaType, Method, Operation, Parameter, Price, Recovery, Style,
};
pub use pages::Items;
pub use patch::Patch;
pub use raw_call::{Json, RawCall};
pub use response::Response;
pub use retry::RetryPolicy;
pub use rule::{Bound, Format, Nested, Rule};
pub use spend::{Estimate, Spending};
pub use string_enum::UnknownValue;
pub(crate) use transport::Transport;

// A generated client need not use all of these.
#[allow(unused_imports)]
pub(crate) use decode::FieldReader;
#[allow(unused_imports)]
pub(crate) use encode::{Encode, ObjectWriter};
#[allow(unused_imports)]
pub(crate) use journal::PendingCall;
#[allow(unused_imports)]
pub(crate) use serde_impl::json_with_serde;
#[allow(unused_imports)]
pub(crate) use serde_json::Value;
#[allow(unused_imports)]
pub(crate) use string_enum::string_enum;
#[allow(unused_imports)]
pub(crate) use uuid::Uuid;
