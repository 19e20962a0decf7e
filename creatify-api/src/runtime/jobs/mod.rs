//! Jobs that were begun. In: ids, handles and errors of calls, and the field names of a resource. Out:
//! jobs that have ended, and the outcome of ambiguous calls. Depends on no generated type: records are
//! JSON until the last step.
//!
//! One job: `wait` (settings and decoding) drives `poll`. Many jobs: `wait_all` drives `batch_poll`.
//! Ambiguous calls: `settle`, `settle_all` and `recover` describe each call (`ambiguous_call`) and run
//! `reconcile`, which finds their jobs among the `candidates`, whose time is checked by `window`.
//! Records are read by `fetch`, whole batches by `bisect`; the waits come from `polling` and `backoff`;
//! `record` reads the fields of a record.

mod ambiguous_call;
mod backoff;
mod batch_poll;
mod bisect;
mod candidates;
mod fence;
mod fetch;
mod handle;
mod inbox;
mod lookup;
mod poll;
mod polling;
mod reconcile;
mod record;
mod recover;
mod settings;
mod settle;
mod settle_all;
mod unique;
mod wait;
mod wait_all;
mod window;

pub use handle::JobHandle;
pub use inbox::Inbox;
pub use polling::Polling;
pub use recover::{Recover, Recovered, RecoveredJob};
pub use settings::UnknownStatus;
pub use settle::{Settle, Settled};
pub use settle_all::SettleAll;
pub use wait::{Update, Updates, Wait};
pub use wait_all::WaitAll;

pub(crate) use record::check_id;

use super::Jobs;

/// How the jobs of every resource live.
pub(crate) fn every_resource() -> &'static [&'static Jobs] {
    crate::generated::resources::JOBS
}
