//! Typed async client for the [Creatify API](https://docs.creatify.ai): AI-avatar videos.
//!
//! # From a key to a video
//!
//! Take the API id and key from the API settings of the Creatify dashboard and put them into the
//! environment variables `CREATIFY_API_ID` and `CREATIFY_API_KEY`.
//!
//! ```no_run
//! use creatify_api::Client;
//! use creatify_api::types::{AspectRatio, LipsyncRequest};
//!
//! # async fn example() -> Result<(), creatify_api::Error> {
//! let client = Client::from_env()?;
//! let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
//!
//! // A preview is cheap. With the standard model, rendering it costs what is left of the price of a video.
//! let preview = client.lipsyncs().preview(&request).await?;
//! println!("look at it: {:?}", preview.preview);
//!
//! // The answer comes at once, the video later.
//! client.lipsyncs().render(preview.id).await?;
//! let job = client.lipsyncs().wait(preview.id).await?;
//! if let Some(url) = job.output {
//!     let video = client.download(url).to_file("video.mp4").await?;
//!     println!("{} bytes", video.bytes);
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
//! [`guide`] has whole programs for scenes with captions, for choosing avatars and voices, and for testing your own
//! program on an emulator of the API.
//!
//! # When something goes wrong
//!
//! There is one [`Error`], and it is asked what to do about it:
//!
//! ```no_run
//! # use creatify_api::{Client, types::LipsyncRequest};
//! # async fn example(client: Client, request: LipsyncRequest) {
//! match client.lipsyncs().create(&request).await {
//!     Ok(job) => println!("job {}", job.id),
//!     // The limits of the API are checked before anything is sent.
//!     Err(error) if error.is_validation() => {
//!         for violation in error.violations() {
//!             println!("{}: {}", violation.path(), violation.message());
//!         }
//!     }
//!     // The job may exist, or does and its answer could not be read: see the next chapter.
//!     Err(error) if error.is_ambiguous() => println!("job {:?}? {error}", error.job_id()),
//!     // What the service found wrong, whatever shape its answer has.
//!     Err(error) if error.is_status() => {
//!         for wrong in error.field_errors() {
//!             println!("{}: {}", wrong.path(), wrong.message());
//!         }
//!         println!("no credits: {}, wrong keys: {}", error.is_out_of_credits(), error.is_authentication());
//!     }
//!     Err(error) => println!("{error}"),
//! }
//! # }
//! ```
//!
//! # Never paying twice
//!
//! Calls that only read are repeated when the network or the service fails for a moment, as the
//! [`RetryPolicy`] says. A call that costs credits or makes something is repeated only when the service cannot have
//! processed it: it was not reached, or it said so (425, 429, and of HTTP/2 a refused stream). When nobody can know, the call fails with
//! an error that [`is_ambiguous`](Error::is_ambiguous), and `settle` finds out:
//!
//! ```no_run
//! use creatify_api::jobs::Settled;
//!
//! # use creatify_api::{Client, Error, types::{AspectRatio, LipsyncRequest}};
//! # async fn example(client: Client) -> Result<(), Error> {
//! let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello!").name("order-7");
//! let job = match client.lipsyncs().create(&request).await {
//!     Err(error) if error.is_ambiguous() => {
//!         let settle = client.lipsyncs().settle(&error);
//!         match settle.matching(|job| job.name.as_deref() == Some("order-7")).await? {
//!             Settled::Found(job) => job,
//!             Settled::NotFound => client.lipsyncs().create(&request).await?,
//!             // Jobs of this name exist, and which is the call's is not certain: somebody has to look.
//!             Settled::Several(_) | Settled::Uncertain(_) => return Err(error),
//!         }
//!     }
//!     outcome => outcome?,
//! };
//! println!("paid once: job {}", job.id);
//! # Ok(())
//! # }
//! ```
//!
//! Before `settle` says that a call can be sent again it makes sure that the call is not still on its way: that
//! can take as long as its answer would have been waited for, which is three minutes unless set (and a day when
//! there is no limit). [`grace`](jobs::Settle::grace) shortens it.
//!
//! Await paid calls to their end: one whose future is dropped on the way, by a `select!` or a timeout
//! around it, leaves no error that could be settled. [`Call::timeout`] and [`Call::total_timeout`] do. What is dropped
//! all the same, or ends with its process, takes a journal: see the [next chapter](#when-the-process-ends).
//!
//! How often calls are tried is a [`RetryPolicy`], for a client and for a call:
//!
//! ```no_run
//! use creatify_api::RetryPolicy;
//!
//! # async fn example(builder: creatify_api::ClientBuilder) -> Result<(), creatify_api::Error> {
//! let client = builder.retry(RetryPolicy::new().max_attempts(6)).build()?;
//! let balance = client.remaining_credits().retrieve().retry(RetryPolicy::off()).await?;
//! println!("{balance:?}");
//! # Ok(())
//! # }
//! ```
//!
//! A client can be given a limit. What it has spent follows from what the service reports; a call that
//! would pass the limit is not sent:
//!
//! ```no_run
//! # use creatify_api::{Client, Credentials, Error, types::LipsyncRequest};
//! # async fn example(builder: creatify_api::ClientBuilder, request: LipsyncRequest) -> Result<(), Error> {
//! let client = builder.spend_limit(12.0).build()?;
//! let call = client.lipsyncs().create(&request).expected_seconds(45.0);
//! if let Some(estimate) = call.estimate() {
//!     println!("{} credits for 45 seconds", estimate.for_seconds(45.0));
//! }
//! match call.await {
//!     Ok(_) => println!("left to spend: {:?}", client.spending().map(|spending| spending.remaining())),
//!     Err(error) if error.is_spend_limit() => println!("nothing was sent: {error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # When the process ends
//!
//! All of the above holds as long as the process lives. A program that is killed between a request and its response
//! leaves nothing that could be settled, unless it had written the call down: with a [`journal`] every call that may
//! cost credits is stored, and has reached the disk, before its first byte is sent. The next process finds out what became of it:
//!
//! ```no_run
//! use std::collections::BTreeSet;
//! use creatify_api::journal::FileJournal;
//!
//! # use creatify_api::types::{AspectRatio, LipsyncRequest};
//! # async fn example(builder: creatify_api::ClientBuilder) -> Result<(), Box<dyn std::error::Error>> {
//! let journal = FileJournal::open("calls.journal")?;
//! let client = builder.journal(journal).unique_names().build()?;
//!
//! // First what earlier processes left open. This pays for nothing.
//! for recovered in client.recover().await? {
//!     println!("{:?}: {:?}", recovered.call().given_name(), recovered.outcome());
//! }
//! // The orders that have a job, or may have one.
//! let mut paid = BTreeSet::new();
//! for entry in client.settled().await?.into_iter().chain(client.unsettled().await?) {
//!     if !entry.was_not_processed() {
//!         paid.extend(entry.call.given_name().map(str::to_owned));
//!     }
//! }
//! for order in ["order-7", "order-8"] {
//!     if !paid.contains(order) {
//!         let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello!").name(order);
//!         let job = client.lipsyncs().create(&request).await?;
//!         println!("{order} is job {}", job.id);
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! However often this program is killed, each order is paid for once, under these conditions:
//!
//! - The file is on a local disk that keeps what it was told to sync, and is not removed. Closed entries are kept
//!   for 30 days by the clock of this machine (`FileJournal::with_retention`).
//! - The names of jobs are not changed in between, and the list of jobs is whole and shows them: a lost call is found by its name,
//!   to which [`unique_names`](ClientBuilder::unique_names) adds a short tag (9 characters and a space, which count for the limit of the name). What cannot be found by a name or in an existing job
//!   stays undecided and is never said to be safe to send again: [`Operation::recovery`](operation::Operation::recovery)
//!   tells which operations those are.
//! - No request of an earlier process arrives later than [`grace`](jobs::Recover::grace) after recovery has begun.
//! - One process has the file at a time; several workers take a [`Journal`](journal::Journal) of their own on a table that they share.
//!
//! A paid future that is dropped is listed by [`Client::unsettled`] at once, and its credits stay set aside. A spend limit
//! goes on where the last process stopped. Each paid call waits for the disk twice, as long as a sync takes there: see
//! [`ClientBuilder::journal`]. The feature is called `journal`; without it the trait and [`MemoryJournal`](journal::MemoryJournal) are there.
//!
//! # Waiting
//!
//! [`jobs`] has all about it: progress, deadlines, many jobs at once, and handles that another process
//! can go on with.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! # use creatify_api::{Client, Error, Uuid};
//! # async fn example(client: Client, id: Uuid, ids: Vec<Uuid>) -> Result<(), Error> {
//! let wait = client.lipsyncs().wait(id).timeout(Duration::from_secs(20 * 60));
//! let wait = wait.on_update(|update| println!("{}", update.job.progress));
//! match wait.await {
//!     Ok(job) => println!("done: {:?}", job.output),
//!     Err(error) if error.is_job_failed() => println!("failed: {:?}", error.failed_reason()),
//!     // The job goes on; it can be waited for again.
//!     Err(error) => println!("{error}"),
//! }
//!
//! // Ten thousand jobs cost a hundred requests a round, which are free of charge.
//! let mut jobs = client.lipsyncs().wait_all(ids);
//! while let Some((id, outcome)) = jobs.next().await {
//!     println!("{id}: {}", outcome.is_ok());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Calls, waits and settlements are awaited as they are; where a future is asked for, as by `tokio::spawn`, give
//! it `.into_future()`.
//!
//! # Webhooks
//!
//! The service can tell when a job has ended: give the request a `webhook_url`. Nothing that arrives
//! there is signed, it may come twice, and in any order; so take it as a hint, and ask the service.
//! [`webhook`] has all about it, and with the feature `axum` an extractor and a router.
//!
//! ```no_run
//! use creatify_api::webhook::{Deduplicator, Event};
//!
//! # use creatify_api::{Client, Error};
//! # async fn example(client: Client, seen: &Deduplicator, body: &[u8]) -> Result<(), Error> {
//! let event = Event::parse(body)?;
//! if seen.is_new(&event) {
//!     match event.confirm(&client).await {
//!         Ok(job) => println!("{} {}: {} {:?}", job.resource(), job.id(), job.status(), job.output()),
//!         Err(error) => {
//!             // Refuse it, so that it comes again.
//!             seen.forget(&event);
//!             return Err(error);
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Downloads
//!
//! [`Client::download`] brings a file to a path, a writer or memory, by a client that sends no key.
//!
//! - It is one version of the file, or an error. After a cut the rest is asked for, and joined only where the
//!   server vouches by the same strong `ETag` that it belongs to the same file; else the file is read from its
//!   beginning, as often as the retry policy has attempts. A writer cannot start over, and the error says so.
//! - At its path the file appears when it is complete, with the permissions of the one that it replaces.
//! - A server that gives a file may redirect, but not from `https://` to `http://`, nor from elsewhere to this machine or into a
//!   private network, unless [`ClientBuilder::allow_http`] or [`ClientBuilder::allow_private_redirects`] allows it.
//!   What is asked of this machine is sent to no proxy; for all else the proxies of the environment hold.
//!
//! [The module](download) has the exact conditions.
//!
//! # What may be left out, and what is null
//!
//! A request sends only what was set. A field that may also be null is a [`Patch`]: left out, null
//! and set are three different things. In an answer, left out and null are both `None`.
//!
//! # Keeping requests and jobs
//!
//! Every type is `Serialize` and `Deserialize` (serde): a finished job can be stored as JSON and read again, with the members that this
//! version of the crate does not know, and a request can be read from a file. Reading refuses no member and no value; what stands in
//! `extra` of a request that was read is what this version does not know, a misspelt member, say. Limits and closed lists of values are
//! checked when the request is sent; open lists, of which the documentation says that the service may use others, are not.
//!
//! # When the API grows
//!
//! Responses are read leniently: a new field lands in the field `extra` of its type, a new value of
//! an enum in its variant `Unknown`, and limits are not enforced. All types are
//! `#[non_exhaustive]`, so that adding to them breaks no caller.
//!
//! # What is not described yet
//!
//! [`Client::request`] calls what this version of the crate does not know, by the same engine: with the keys, timeouts and retries of
//! the client, and within its spend limit and journal. Who makes such a call says what it costs; see [`RawCall`].
//!
//! ```no_run
//! use creatify_api::Value;
//! use creatify_api::transport::Method;
//!
//! # async fn example(client: creatify_api::Client) -> Result<(), creatify_api::Error> {
//! let body = serde_json::json!({"name": "order-7"});
//! let job = client.request(Method::POST, "/api/new/").json(&body).costs(5.0).send::<Value>().await?;
//! let list = client.request(Method::GET, "/api/new/").query("page", 2).send::<Vec<Value>>().await?;
//! println!("{} of {}", job.value()["id"], list.value().len());
//! # Ok(())
//! # }
//! ```
//!
//! # Your own stack, and your tests
//!
//! Tests of a program run on an emulator of the API, in the same process or as a program: see [`guide::testing`].
//!
//! Under retries and keys there is one seam, [`transport::Transport`]: another HTTP library, or a double
//! in a test that answers by itself and sees every byte that would be sent. [`transport::Recorder`] is such a double: it answers as it
//! is told, or listens to another transport, and keeps what was sent. An [`Interceptor`] sees
//! every attempt, reads its body and can add headers. [`ClientBuilder::configure_http`] sets proxies and certificates.
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls, with the certificates of the operating system. It switches on `rustls` of
//!   reqwest, so that other users of reqwest in the program, who may have no TLS, go on working.
//! - `bundled-roots`: the authorities that Mozilla trusts, for calls and downloads, but only where the system has none, as in a
//!   slim container: whom a system, `SSL_CERT_FILE`, `SSL_CERT_DIR` or the caller names is trusted as without it. They
//!   are those of the release of `webpki-root-certs` that was built in, and grow old with it. Switches `rustls` on.
//! - `native-tls`: TLS by the operating system; `rustls` wins when both are on.
//! - `http2`: HTTP/2 where the server offers it.
//! - `blocking`: `call.blocking()` in programs without an async runtime.
//! - `tracing`: spans for calls and attempts, with the attribute names of OpenTelemetry.
//! - `axum`: an extractor and a router for [webhooks](webhook).
//! - `checksum`: the SHA-256 of [downloads](download).
//! - `journal`: a [journal] of paid calls in a file.
//! - `full`: all of them but `native-tls`, which needs the headers of OpenSSL on Linux.
//!
//! All of them add, and none changes what another does. The crate also compiles for
//! `wasm32-unknown-unknown`, without default features and without what a browser does not have: files,
//! blocking calls, TLS of its own.

#![deny(missing_docs)]
// On docs.rs everything shows which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
// A library speaks to its caller alone.
#![warn(clippy::print_stderr, clippy::print_stdout)]

// What is deprecated is still printed, read and written.
#[allow(deprecated)]
#[rustfmt::skip]
mod generated;
pub mod guide;
mod runtime;

/// What is known of an operation besides its types: its path, its limits, its price.
pub mod operation {
    pub use crate::runtime::operation::{all, find};
    pub use crate::runtime::{
        ApiKey, Bound, Format, JobList, JobOutcome, JobState, Jobs, Location, MediaType, Method,
        Nested, Operation, Paging, Parameter, Price, Recovery, Rule, Style,
    };
}

pub mod jobs {
    //! Jobs after the call that made them: waiting for one or for many, keeping them, waking who waits,
    //! and finding those whose response was lost.
    //!
    //! Every resource with jobs has the methods that give these types; nobody constructs them but for [`Polling`], [`Inbox`] and
    //! a [`JobHandle`].
    //!
    //! | type | from | what it is for |
    //! |---|---|---|
    //! | [`Wait`] | `wait(id)`, `resume(&handle)` | awaited, it gives the job when it has ended; [`updates`](Wait::updates) gives every change on the way as [`Update`]s |
    //! | [`WaitAll`] | `wait_all(ids)` | gives each of many jobs when it has ended, with one request for a hundred of them |
    //! | [`Polling`] | [`Polling::new`] | how often is asked: soon at first, less often later |
    //! | [`JobHandle`] | `wait(id).handle()` | a job as a text to store; another process goes on with `resume` |
    //! | [`Inbox`] | [`Inbox::new`] | is told of webhooks, and lets waits look at once instead of at their next poll |
    //! | [`Settle`], [`SettleAll`] | `settle(&error)`, `settle_pending(&call)`, `settle_all(errors)` | find out what became of paid calls whose response was lost: [`Settled`] |
    //! | [`Recover`] | [`Client::recover`](crate::Client::recover) | the same for what earlier processes left open in a [`journal`](crate::journal): [`Recovered`] |
    //!
    //! ```no_run
    //! use std::time::Duration;
    //! use creatify_api::jobs::Polling;
    //!
    //! # use creatify_api::{Client, Error, Uuid};
    //! # async fn example(client: Client, id: Uuid) -> Result<(), Error> {
    //! let polling = Polling::new().initial(Duration::from_secs(2)).max(Duration::from_secs(20));
    //! let wait = client.lipsyncs().wait(id).polling(polling).timeout(Duration::from_secs(30 * 60));
    //! match wait.await {
    //!     Ok(job) => println!("the video: {:?}", job.output),
    //!     Err(error) if error.is_job_failed() => println!("it failed: {:?}", error.failed_reason()),
    //!     // The job goes on. Its id is enough to wait for it again, in this process or in another one.
    //!     Err(error) if error.is_timeout() => println!("not yet: {:?}", error.job_id()),
    //!     Err(error) => return Err(error),
    //! }
    //! # Ok(())
    //! # }
    //! ```

    pub use crate::runtime::{
        Inbox, JobHandle, JobOutcome, JobRecord, Polling, Recover, Recovered, RecoveredJob, Settle,
        SettleAll, Settled, UnknownStatus, Update, Updates, Wait, WaitAll,
    };
}

pub use chrono;
pub use generated::{resources, types};
pub use reqwest::{StatusCode, header::HeaderMap};
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
pub use runtime::blocking::{self, Blocking};
pub use runtime::{
    Attempt, Call, Client, ClientBuilder, Credentials, Decode, DecodeError, Error, Estimate,
    FieldError, Interceptor, Items, Json, Outcome, Patch, RawCall, Response, RetryPolicy, Spending,
    UnknownValue, Violation,
};
pub use runtime::{Object, Timestamp};
pub use runtime::{download, journal, transport, webhook};
pub use serde_json::Value;
pub use uuid::Uuid;

// The program in the README is compiled with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
