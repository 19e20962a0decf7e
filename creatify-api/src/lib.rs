//! Typed async client for the [Creatify API](https://docs.creatify.ai): AI-avatar videos.
//!
//! # From a key to the first video
//!
//! Take the API id and key from the API settings of the Creatify dashboard and put them into the
//! environment variables `CREATIFY_API_ID` and `CREATIFY_API_KEY`.
//!
//! ```no_run
//! use creatify_api::Client;
//! use creatify_api::types::{AspectRatio, JobStatus, LipsyncRequest};
//!
//! # async fn example() -> Result<(), creatify_api::Error> {
//! let client = Client::from_env()?;
//! let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
//!
//! // A preview is cheap. With the standard model, rendering it costs what is left of the price of a video.
//! let preview = client.lipsyncs().preview(&request).await?;
//! println!("look at it: {:?}", preview.preview);
//!
//! // The answer comes at once, the video later: ask for it again after a while.
//! client.lipsyncs().render(preview.id).await?;
//! let job = client.lipsyncs().retrieve(preview.id).await?;
//! match (job.status, job.output) {
//!     (JobStatus::Done, Some(url)) => println!("the video: {url}"),
//!     (JobStatus::Failed | JobStatus::Rejected, _) => println!("no video: {:?}", job.failed_reason),
//!     (other, _) => println!("not yet: {other}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every resource of the API is a method of [`Client`] that gives a handle, every operation a
//! method of the handle that gives a [`Call`]. A call does nothing until it is awaited; before
//! that it can be given a timeout, headers and optional parameters. `call.send().await` gives the
//! whole [`Response`] with status, headers and bytes.
//!
//! # Errors
//!
//! There is one [`Error`], and it is asked what to do about it:
//!
//! ```no_run
//! # use creatify_api::{Client, types::{AspectRatio, LipsyncRequest}};
//! # async fn example(client: Client, request: LipsyncRequest) {
//! match client.lipsyncs().create(&request).await {
//!     Ok(job) => println!("job {}", job.id),
//!     // The limits of the API are checked before anything is sent.
//!     Err(error) if error.is_validation() => {
//!         for violation in error.violations() {
//!             println!("{}: {}", violation.path(), violation.message());
//!         }
//!     }
//!     // The job exists and was paid for, even though its answer could not be read.
//!     Err(error) if error.is_decode() => println!("job {:?}: {error}", error.job_id()),
//!     Err(error) => println!("{error}"),
//! }
//! # }
//! ```
//!
//! # What may be left out, and what is null
//!
//! A request sends only what was set. A field that may also be null is a [`Patch`]: left out, null
//! and set are three different things. In an answer, left out and null are both `None`.
//!
//! # When the API grows
//!
//! Answers are read leniently: a new field lands in the field `extra` of its type, a new value of
//! an enum in its variant `Unknown`, and limits are not enforced. All types are
//! `#[non_exhaustive]`, so that adding to them breaks no caller.
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls, with the certificates of the operating system.
//! - `native-tls`: TLS by the operating system; `rustls` wins when both are on.
//! - `http2`: HTTP/2 where the server offers it.

#![deny(missing_docs)]

// What is deprecated is still printed, read and written.
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;
mod runtime;

/// What is known of an operation besides its types: its path, its limits, its price.
pub mod operation {
    pub use crate::runtime::{
        ApiKey, Bound, Format, Location, MediaType, Method, Nested, Operation, Parameter, Price,
        Rule, Style,
    };
}

pub use chrono;
pub use generated::{resources, types};
pub use reqwest::{StatusCode, header::HeaderMap};
pub use runtime::{
    Call, Client, ClientBuilder, Credentials, Decode, DecodeError, Error, Patch, Response,
    UnknownValue, Violation,
};
pub use runtime::{Object, Timestamp};
pub use serde_json::Value;
pub use uuid::Uuid;

// The program in the README is compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
