//! News of jobs, sent by the service to a server of yours. In: the bytes of a request. Out: an
//! event, and the job as the API itself tells it. Knows no resource by name.
//!
//! A request with a `webhook_url` makes the service send a POST to it whenever the job's status
//! changes.
//!
//! # Nothing of it is trusted
//!
//! The service signs nothing and documents no address that it sends from: whoever knows your URL
//! can send such a request. An [`Event`] is therefore only a hint that it is time to look:
//!
//! - take its [`id`](Event::id) and look up whether the job is one of yours;
//! - ask the API for the job: by [`Event::confirm`], by `retrieve(event.id())` of the resource
//!   when you know it, or by waking whoever waits for that job;
//! - believe, store and download only what the API says. An address in an event can lead anywhere.
//!
//! A path with a long random part in your `webhook_url` keeps strangers out.
//!
//! # They repeat, and come in any order
//!
//! One event may come several times, `running` may come after `done`, and one may never come. A
//! [`Deduplicator`] drops repetitions; asking the API sorts out the order; waiting for the
//! job, rarely polled, makes up for those that are lost.
//!
//! ```no_run
//! use creatify_api::operation::JobOutcome;
//! use creatify_api::webhook::{Deduplicator, Event};
//! use creatify_api::{Client, Error, Uuid};
//!
//! /// Handles the body of one request.
//! async fn receive(
//!     body: &[u8],
//!     (client, seen): (&Client, &Deduplicator),
//!     is_ours: impl Fn(Uuid) -> bool,
//! ) -> Result<(), Error> {
//!     let event = Event::parse(body)?;
//!     if !is_ours(event.id()) || !seen.is_new(&event) {
//!         return Ok(());
//!     }
//!     let job = match event.confirm(client).await {
//!         Ok(job) => job,
//!         Err(error) => {
//!             // Refuse it, so that it comes again.
//!             seen.forget(&event);
//!             return Err(error);
//!         }
//!     };
//!     match job.outcome() {
//!         Some(JobOutcome::Succeeded) => println!("{} is at {:?}", job.id(), job.output()),
//!         Some(JobOutcome::Failed) => println!("{} failed: {:?}", job.id(), job.failed_reason()),
//!         _ => {}
//!     }
//!     Ok(())
//! }
//! ```
//!
//! With the feature `axum` the module `webhook::axum` has an extractor and a router.

#[cfg(feature = "axum")]
pub mod axum;
mod confirm;
mod deduplicator;
mod event;

pub use confirm::Confirmed;
pub use deduplicator::Deduplicator;
pub use event::{Event, MAX_BYTES};
