//! Reading job records. In: ids of jobs, or none for all. Out: their current records, never those of
//! other jobs. Makes no decision; every request is free of charge.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

use super::record;
use crate::runtime::decode::{Content, DecodeError};
use crate::runtime::engine::{self, JsonResponse};
use crate::runtime::operation::Location;
use crate::runtime::request::RequestBuilder;
use crate::runtime::transport::BoxFuture;
use crate::runtime::{Client, Error, Jobs, pages, times};

/// How long one attempt to read jobs may take: there will be another, so that one which hangs need
/// not be waited for.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads one job.
pub(super) fn one(
    client: &Client,
    jobs: &'static Jobs,
    id: Uuid,
) -> BoxFuture<'static, Result<JsonResponse, Error>> {
    let mut builder = RequestBuilder::new(client, jobs.poll);
    let parameters = jobs.poll.parameters.iter();
    let mut in_path = parameters.filter(|parameter| parameter.location == Location::Path);
    if let Some(parameter) = in_path.next() {
        builder.set_argument(parameter.name, Value::String(id.to_string()));
    }
    builder.timeout = Some(client.inner.timeout.min(TIMEOUT));
    Box::pin(async move {
        let response = engine::send(builder, Content::Json).await?;
        match record::check_id(&response.value, id) {
            Ok(()) => Ok(response),
            Err(error) => {
                let received = (response.raw, response.context);
                let error = engine::unreadable(jobs.poll, error, received);
                Err(error.of_job(&id.to_string()))
            }
        }
    })
}

/// How many jobs [`some`] can read at once.
pub(super) fn most(jobs: &Jobs) -> usize {
    jobs.list.map_or(1, |list| list.most.max(1))
}

/// Reads jobs by their ids, at most [`most`]. Those that are not there are left out.
pub(super) async fn some(
    client: &Client,
    jobs: &'static Jobs,
    ids: &[Uuid],
) -> Result<Vec<Value>, Error> {
    let Some(list) = jobs.list else {
        return match ids.first() {
            Some(id) => match one(client, jobs, *id).await {
                Ok(response) => Ok(vec![response.value]),
                Err(error) if error.is_not_found() => Ok(Vec::new()),
                Err(error) => Err(error),
            },
            None => Ok(Vec::new()),
        };
    };
    let mut builder = RequestBuilder::new(client, list.operation);
    let ids = ids.iter().map(|id| Value::String(id.to_string()));
    builder.set_argument(list.ids, ids.collect());
    builder.timeout = Some(client.inner.timeout.min(TIMEOUT));
    records(builder).await.map(|(records, _)| records)
}

/// Reads all jobs; also says whether these are all, as far as the response lets that be known.
pub(super) async fn all(client: &Client, jobs: &'static Jobs) -> Result<(Vec<Value>, bool), Error> {
    let Some(list) = jobs.list else {
        return Err(Error::configuration(format!(
            "the jobs of `{}` cannot be listed, so that a lost one cannot be found",
            jobs.resource
        )));
    };
    let builder = RequestBuilder::new(client, list.operation);
    if list.operation.paging.is_some() {
        return Ok((pages::all(builder).await?, true));
    }
    let (records, response) = records(builder).await?;
    let is_stored = times::age(&response.raw.headers).is_some_and(|age| age > TimeDelta::zero());
    if is_stored {
        let error =
            DecodeError::new("expected the jobs as they are, got a list that a cache had stored");
        let received = (response.raw, response.context);
        return Err(engine::unreadable(list.operation, error, received));
    }
    let is_complete = is_complete(&response, records.len());
    Ok((records, is_complete))
}

/// Whether nothing in the head of a response says that its list of so many records is but a part.
fn is_complete(response: &JsonResponse, count: usize) -> bool {
    let headers = &response.raw.headers;
    let text = |name| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
    };
    let goes_on = |link: &str| {
        let link = link.to_ascii_lowercase().replace(['"', ' '], "");
        link.contains(";rel=next")
    };
    let more = |total: &str| total.trim().parse().is_ok_and(|total: usize| total > count);
    response.raw.status != reqwest::StatusCode::PARTIAL_CONTENT
        && !text("link").any(goes_on)
        && !text("x-total-count").any(more)
}

async fn records(builder: RequestBuilder) -> Result<(Vec<Value>, JsonResponse), Error> {
    let callee = builder.callee.clone();
    let mut response = engine::send(builder, Content::Json).await?;
    match response.value.take() {
        Value::Array(records) => Ok((records, response)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            let error = DecodeError::new("expected a list of jobs");
            let received = (response.raw, response.context);
            Err(engine::unreadable(callee, error, received))
        }
    }
}

#[cfg(test)]
mod tests;
