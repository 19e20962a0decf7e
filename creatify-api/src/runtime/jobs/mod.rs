//! Jobs that were begun. In: ids, handles and errors of calls, and the names of a resource's fields.
//! Out: jobs that have ended, and what became of calls whose answers were lost. Knows no
//! generated type: records are JSON until the last step.
//!
//! One job: `wait` (what the user sets) drives `watch` (one look after the other). Many jobs:
//! `wait_all` drives `rounds`. Lost calls: `settle` and `settle_all` describe each call (`lost`)
//! and let `inquiry` find their jobs in the `evidence`, of which `window` says whether its time fits. All look by
//! way of `look`, many at once by `split`, wait as `polling` and `patience` say, and read records with `record`.

mod evidence;
mod fence;
mod handle;
mod inbox;
mod inquiry;
mod look;
mod lost;
mod patience;
mod polling;
mod record;
mod recover;
mod rounds;
mod settings;
mod settle;
mod settle_all;
mod split;
mod wait;
mod wait_all;
mod watch;
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
