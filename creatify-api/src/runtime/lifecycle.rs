//! Jobs and pages as data. In: what the specification says of a resource's jobs and of a list's
//! pages. Out: constants that waiting, settling and paging read. Knows neither clients nor values.

use std::fmt;

use super::{Decode, Operation};

/// A job as its resource gives it when one is read: what `wait` gives. The types of this crate that are jobs implement it.
pub trait JobRecord: Decode {
    /// The type of the field with the state: an enumeration of the states that the specification lists, and of others.
    type Status: Decode + Clone + fmt::Debug + Send + Sync + 'static;
}

/// How the jobs of a resource live.
///
/// A job is a record with an `id`, which is a UUID. The other fields that matter are named here.
#[non_exhaustive]
pub struct Jobs {
    /// The resource, as the specification calls it: `lipsyncs_v2`.
    pub resource: &'static str,
    /// The states that the specification lists, those in which a job does not stay first.
    pub states: &'static [JobState],
    /// The field that holds the state.
    pub status: &'static str,
    /// The field that holds the result once the job has succeeded.
    pub output: &'static str,
    /// The field that says why the job failed.
    pub reason: Option<&'static str>,
    /// The field that holds the preview.
    pub preview: Option<&'static str>,
    /// The field with the credits that the job has cost so far.
    pub credits: Option<&'static str>,
    /// The field with the moment in which the job was created (RFC 3339).
    pub created: Option<&'static str>,
    /// The field with the name that the caller gave the job.
    pub name: Option<&'static str>,
    /// The operation that reads one job. Its one argument is the job's id, in the path.
    pub poll: &'static Operation,
    /// The operation that reads many jobs.
    pub list: Option<JobList>,
}

/// A state in which a job can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobState {
    /// What the field for the state then holds.
    pub name: &'static str,
    /// What it says about the job.
    pub outcome: JobOutcome,
}

/// What a state says about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JobOutcome {
    /// The job has not ended.
    Running,
    /// The job has its result.
    Succeeded,
    /// The job has no result and will get none.
    Failed,
}

/// The operation that reads many jobs: all of them, or those with certain ids. It answers a list.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct JobList {
    /// The operation.
    pub operation: &'static Operation,
    /// Its query parameter that takes a list of ids.
    pub ids: &'static str,
    /// How many ids it takes at most; at least 1.
    pub most: usize,
}

/// How the pages of a list follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paging {
    /// The query parameter with the number of the page, from 1.
    pub page: &'static str,
    /// The query parameter with the number of items of a page.
    pub size: &'static str,
    /// The field of a response that holds the items. `None`: the response is the list of them.
    pub results: Option<&'static str>,
    /// The field of a response that holds the address of the next page; null on the last page.
    /// `None`: a response does not say whether it is the last.
    pub next: Option<&'static str>,
}

impl Jobs {
    /// What a state says about a job. `None`: the specification does not list this state.
    pub fn outcome(&self, status: &str) -> Option<JobOutcome> {
        let known = self.states.iter().find(|state| state.name == status)?;
        Some(known.outcome)
    }
}

impl JobState {
    pub(crate) const fn running(name: &'static str) -> Self {
        let outcome = JobOutcome::Running;
        Self { name, outcome }
    }

    pub(crate) const fn succeeded(name: &'static str) -> Self {
        let outcome = JobOutcome::Succeeded;
        Self { name, outcome }
    }

    pub(crate) const fn failed(name: &'static str) -> Self {
        let outcome = JobOutcome::Failed;
        Self { name, outcome }
    }
}

impl fmt::Debug for Jobs {
    /// Operations are shown by their name: they refer back to the jobs that they answer.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Jobs")
            .field("resource", &self.resource)
            .field("states", &self.states)
            .field("status", &self.status)
            .field("output", &self.output)
            .field("reason", &self.reason)
            .field("preview", &self.preview)
            .field("credits", &self.credits)
            .field("created", &self.created)
            .field("name", &self.name)
            .field("poll", &self.poll.id)
            .field("list", &self.list)
            .finish()
    }
}

impl fmt::Debug for JobList {
    /// The operation is shown by its name, as in [`Jobs`].
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("JobList")
            .field("operation", &self.operation.id)
            .field("ids", &self.ids)
            .field("most", &self.most)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Method;

    static POLL: Operation = Operation {
        id: "films_retrieve",
        method: Method::Get,
        path: "/films/{id}/",
        parameters: &[],
        body: &[],
        security: &[],
        prices: &[],
        idempotent: false,
        jobs: Some(&FILMS),
        job_name: None,
        paging: None,
    };

    static FILMS: Jobs = Jobs {
        resource: "films",
        states: &[
            JobState::running("pending"),
            JobState::succeeded("done"),
            JobState::failed("failed"),
        ],
        status: "status",
        output: "output",
        reason: None,
        preview: None,
        credits: None,
        created: None,
        name: None,
        poll: &POLL,
        list: Some(JobList {
            operation: &POLL,
            ids: "ids",
            most: 100,
        }),
    };

    #[test]
    fn a_state_means_what_the_specification_says_and_nothing_when_it_is_new() {
        assert_eq!(FILMS.outcome("pending"), Some(JobOutcome::Running));
        assert_eq!(FILMS.outcome("done"), Some(JobOutcome::Succeeded));
        assert_eq!(FILMS.outcome("failed"), Some(JobOutcome::Failed));
        assert_eq!(FILMS.outcome("Done"), None);
    }

    /// An operation leads to its jobs and these to the operation: who prints one wants no endless text.
    #[test]
    fn printing_an_operation_with_jobs_ends() {
        let text = format!("{POLL:?}");
        assert_eq!(text.matches("films_retrieve").count(), 3, "{text}");
    }
}
