//! The hand-written half of the crate. In: described operations and encoded values from the
//! generated half. Out: requests on the wire and decoded answers. Knows no generated type.
//!
//! One call passes through these modules in order: `call` (what the user asked for), `check`,
//! `url` and `body` (what would be sent, or every reason not to), `engine` (the one place that
//! talks to the network), `decode` (the answer as a type) or `error` (all that is known of a
//! failure).

// The generated code decides which of the names below it calls; a document without form bodies,
// say, leaves some of them unused.
#![allow(dead_code, unused_macros)]

mod answer;
mod body;
mod builder;
mod call;
mod check;
mod client;
mod credentials;
mod decode;
mod encode;
mod engine;
mod error;

mod operation;
mod patch;
mod request;
mod response;
mod rule;
mod serde_impl;
mod string_enum;
mod tls;
mod url;

pub use builder::ClientBuilder;
pub use call::Call;
pub use client::Client;
pub use credentials::Credentials;
pub use decode::{Decode, DecodeError, Object, Timestamp};
pub use error::{Error, Violation};
pub use operation::{ApiKey, Location, MediaType, Method, Operation, Parameter, Price, Style};
pub use patch::Patch;
pub use response::Response;
pub use rule::{Bound, Format, Nested, Rule};
pub use string_enum::UnknownValue;

// A generated client need not use all of these.
#[allow(unused_imports)]
pub(crate) use decode::FieldReader;
#[allow(unused_imports)]
pub(crate) use encode::{Encode, ObjectWriter};
#[allow(unused_imports)]
pub(crate) use serde_impl::{decode_with_serde, encode_with_serde};
#[allow(unused_imports)]
pub(crate) use serde_json::Value;
#[allow(unused_imports)]
pub(crate) use string_enum::string_enum;
#[allow(unused_imports)]
pub(crate) use uuid::Uuid;
