//! How jobs live. In: nothing. Out: plain data, held against the operations that it names. Knows no Rust.

use crate::pointer::Pointer;
use crate::wire::WireName;

/// How the jobs of a resource live (`x-lifecycle`).
///
/// A job is a record with an `id` of the format `uuid`. What `poll`, `list` and `started_by` answer has all properties
/// that are named here.
#[derive(Debug, Clone, PartialEq)]
pub struct Lifecycle {
    /// Where it stands.
    pub at: Pointer,
    /// The property that holds the state.
    pub status: WireName,
    /// The states in which a job does not stay, in document order.
    pub running: Vec<WireName>,
    /// The states in which a job stays, with what they mean.
    pub terminal: Vec<(WireName, Outcome)>,
    /// The operation that reads one job; its one argument is the job's id.
    pub poll: WireName,
    /// The operation that reads many, when there is one.
    pub list: Option<JobList>,
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
    /// The operations that create a job or move it on.
    pub started_by: Vec<WireName>,
    /// Those of them that are about an existing job, whose id stands in their path.
    pub about_existing: Vec<WireName>,
    /// Those of the others in whose body the caller writes the name.
    pub named_by: Vec<WireName>,
}

/// The operation that reads many jobs: all of them, or those with certain ids.
#[derive(Debug, Clone, PartialEq)]
pub struct JobList {
    /// Its `operationId`.
    pub operation: WireName,
    /// The query parameter that takes the ids.
    pub ids: WireName,
    /// How many ids it takes at most; at least 1.
    pub most: u32,
}

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// With its result.
    Success,
    /// Without.
    Failure,
}
