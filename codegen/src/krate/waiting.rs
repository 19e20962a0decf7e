//! How jobs are waited for, as data. In: nothing. Out: plain data that can always be printed. Knows no document.

use super::{Docs, Ident, Ty};
use crate::wire::WireName;

/// How the jobs of a resource are waited for.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The tag of the resource.
    pub resource: WireName,
    /// The states of a job, those in which it does not stay first.
    pub states: Vec<JobState>,
    /// The property that holds the state.
    pub status: WireName,
    /// The property that holds the result.
    pub output: WireName,
    /// The property that says why a job failed.
    pub reason: Option<WireName>,
    /// The property that holds the preview.
    pub preview: Option<WireName>,
    /// The property that says what the job has cost so far.
    pub credits: Option<WireName>,
    /// The property that says when the job was created.
    pub created: Option<WireName>,
    /// The property that holds the name that a caller has given.
    pub name: Option<WireName>,
    /// The constant of the operation that reads one job.
    pub poll: Ident,
    /// The operation that reads many jobs, when there is one.
    pub list: Option<JobList>,
    /// The methods that wait and settle.
    pub methods: Vec<JobMethod>,
}

/// A state of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobState {
    /// What the property for the state then holds.
    pub name: WireName,
    /// What it says.
    pub outcome: JobOutcome,
}

/// What a state says about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobOutcome {
    /// It has not ended.
    Running,
    /// It has its result.
    Succeeded,
    /// It has none and will get none.
    Failed,
}

/// The operation that reads many jobs.
#[derive(Debug, Clone, PartialEq)]
pub struct JobList {
    /// Its constant.
    pub constant: Ident,
    /// The query parameter that takes ids.
    pub ids: WireName,
    /// How many ids it takes at most.
    pub most: u32,
}

/// A method that waits for jobs, or settles what became of them.
#[derive(Debug, Clone, PartialEq)]
pub struct JobMethod {
    /// Its name.
    pub name: Ident,
    /// What it does.
    pub verb: JobVerb,
    /// The type of a job that it gives.
    pub job: Ty,
    /// Documentation.
    pub docs: Docs,
}

/// What a method does with jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobVerb {
    /// Waits for one.
    Wait,
    /// Goes on to wait for one.
    Resume,
    /// Waits for many.
    WaitAll,
    /// Finds that of a call whose answer was lost.
    Settle,
    /// Finds that of a call that was written down before it was sent.
    SettlePending,
    /// Finds those of many such calls.
    SettleAll,
}

impl JobVerb {
    /// The method's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Resume => "resume",
            Self::WaitAll => "wait_all",
            Self::Settle => "settle",
            Self::SettlePending => "settle_pending",
            Self::SettleAll => "settle_all",
        }
    }
}
