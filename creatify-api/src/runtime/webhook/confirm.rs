//! What the API says of an event's job. In: an event and a client. Out: the job as it is, by
//! whichever resource knows it. Knows no resource by name.

use std::fmt;

use reqwest::StatusCode;
use serde_json::Value;

use super::Event;
use super::event::text;
use crate::runtime::decode::Content;
use crate::runtime::error::{JobEnd, Kind};
use crate::runtime::jobs::{check_id, every_resource};
use crate::runtime::operation::Location;
use crate::runtime::redact::ServerText;
use crate::runtime::request::RequestBuilder;
use crate::runtime::transport::BoxFuture;
use crate::runtime::{
    Client, Decode, DecodeError, Error, JobOutcome, Jobs, Object, Operation, Uuid, engine,
};

impl Event {
    /// Asks the API for the job: what it answers can be believed.
    ///
    /// An event does not say of which resource its job is. The resources are asked one after the
    /// other, those first whose jobs have the members of this event, until one of them has a job with
    /// this id. That is free of charge, but takes a request for each: when you know
    /// the resource, `client.lipsyncs().retrieve(event.id())` is one request and gives the type of
    /// that resource. And since anybody can send an event, look up first whether its id is one of yours.
    ///
    /// Fails with an error that is [`is_not_found`](Error::is_not_found) when the account has no such
    /// job, in any resource: drop the event. Any other failure says nothing of the event; answer with
    /// a status such as 503, so that the service may send it again.
    pub async fn confirm(&self, client: &Client) -> Result<Confirmed, Error> {
        first_of(candidates(self), self.id(), client).await
    }
}

/// A job as the API tells it, after an event.
#[derive(Clone)]
pub struct Confirmed {
    jobs: &'static Jobs,
    id: Uuid,
    status: String,
    /// The same, and why it failed, for whoever prints them.
    shown: (ServerText, Option<ServerText>),
    fields: Object,
}

impl Confirmed {
    /// The resource that has the job, as the specification calls it: `lipsyncs_v2`.
    pub fn resource(&self) -> &'static str {
        self.jobs.resource
    }

    /// The job's id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The state of the job, such as `done`. It can be a later one than the event's. Keys are taken out of it,
    /// and control characters are escaped.
    pub fn status(&self) -> &str {
        self.shown.0.as_str()
    }

    /// What the state says about the job; `None` for a state that this version does not know.
    pub fn outcome(&self) -> Option<JobOutcome> {
        self.jobs.outcome(&self.status)
    }

    /// The address of the result.
    pub fn output(&self) -> Option<&str> {
        text(&self.fields, self.jobs.output)
    }

    /// Why the job failed, in the words of the service. Keys are taken out of it, and control characters
    /// are escaped.
    pub fn failed_reason(&self) -> Option<&str> {
        self.shown.1.as_ref().map(ServerText::as_str)
    }

    /// The whole record, as it came.
    pub fn fields(&self) -> &Object {
        &self.fields
    }

    /// The job as the type that `retrieve` of its resource gives.
    pub fn job<T: Decode>(&self) -> Result<T, DecodeError> {
        T::decode(Value::Object(self.fields.clone()))
    }
}

impl fmt::Debug for Confirmed {
    /// The record stays out: addresses of results can be used by whoever reads them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Confirmed")
            .field("resource", &self.resource())
            .field("id", &self.id)
            .field("status", &self.shown.0)
            .finish_non_exhaustive()
    }
}

/// The resources, the likely ones first.
fn candidates(event: &Event) -> Vec<&'static Jobs> {
    let mut candidates = every_resource().to_vec();
    // The sort is stable: among equals the order of the specification stays.
    candidates.sort_by_key(|jobs| !event.fields().contains_key(jobs.output));
    candidates
}

/// The job, by the first resource that has it. Boxed, so that a caller's crate compiles none of it.
fn first_of<'c>(
    candidates: Vec<&'static Jobs>,
    id: Uuid,
    client: &'c Client,
) -> BoxFuture<'c, Result<Confirmed, Error>> {
    Box::pin(async move {
        for jobs in candidates {
            match read(jobs, id, client).await {
                Err(error) if is_elsewhere(&error) => {}
                other => return other.map_err(|error| error.of_job(&id.to_string())),
            }
        }
        let missing = Kind::Job(JobEnd::Missing, None);
        Err(Error::new(missing).with_job(&id.to_string()))
    })
}

/// Whether the resource does not have the job. The head of a response tells, also when the rest of it is lost.
fn is_elsewhere(error: &Error) -> bool {
    error.status() == Some(StatusCode::NOT_FOUND) && !error.is_redirect()
}

async fn read(jobs: &'static Jobs, id: Uuid, client: &Client) -> Result<Confirmed, Error> {
    let mut builder = RequestBuilder::new(client, jobs.poll);
    if let Some(name) = path_parameter(jobs.poll) {
        builder.set_argument(name, Value::String(id.to_string()));
    }
    let response = engine::send(builder, Content::Json).await?;
    match confirmed(jobs, id, response.value) {
        Ok(job) => Ok(job),
        Err(error) => {
            let received = (response.raw, response.context);
            Err(engine::unreadable(jobs.poll, error, received))
        }
    }
}

fn path_parameter(operation: &Operation) -> Option<&'static str> {
    let mut parameters = operation.parameters.iter();
    let parameter = parameters.find(|parameter| parameter.location == Location::Path)?;
    Some(parameter.name)
}

fn confirmed(jobs: &'static Jobs, id: Uuid, value: Value) -> Result<Confirmed, DecodeError> {
    check_id(&value, id)?;
    let fields = Object::decode(value)?;
    let status = text(&fields, jobs.status);
    let status = status.ok_or_else(|| DecodeError::new("the job has no state"))?;
    let reason = jobs.reason.and_then(|reason| text(&fields, reason));
    Ok(Confirmed {
        jobs,
        id,
        status: status.to_owned(),
        shown: (ServerText::new(status), reason.map(ServerText::new)),
        fields,
    })
}
