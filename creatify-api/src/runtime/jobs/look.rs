//! Looks at jobs. In: which ones. Out: their records as the server has them now, and never those of other
//! jobs. Decides nothing; all of it is free of charge.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

use super::record;
use crate::runtime::decode::{Content, DecodeError};
use crate::runtime::engine::{self, Reply};
use crate::runtime::operation::Location;
use crate::runtime::request::Draft;
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
) -> BoxFuture<'static, Result<Reply, Error>> {
    let mut draft = Draft::new(client, jobs.poll);
    let parameters = jobs.poll.parameters.iter();
    let mut in_path = parameters.filter(|parameter| parameter.location == Location::Path);
    if let Some(parameter) = in_path.next() {
        draft.set_argument(parameter.name, Value::String(id.to_string()));
    }
    draft.timeout = Some(client.inner.timeout.min(TIMEOUT));
    Box::pin(async move {
        let reply = engine::send(draft, Content::Json).await?;
        match record::check_id(&reply.value, id) {
            Ok(()) => Ok(reply),
            Err(error) => {
                let came = (reply.answer, reply.trail);
                let error = engine::unreadable(jobs.poll, error, came);
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
                Ok(reply) => Ok(vec![reply.value]),
                Err(error) if error.is_not_found() => Ok(Vec::new()),
                Err(error) => Err(error),
            },
            None => Ok(Vec::new()),
        };
    };
    let mut draft = Draft::new(client, list.operation);
    let ids = ids.iter().map(|id| Value::String(id.to_string()));
    draft.set_argument(list.ids, ids.collect());
    draft.timeout = Some(client.inner.timeout.min(TIMEOUT));
    records(draft).await.map(|(records, _)| records)
}

/// Reads all jobs; also says whether these are all, as far as the answer lets that be known.
pub(super) async fn all(client: &Client, jobs: &'static Jobs) -> Result<(Vec<Value>, bool), Error> {
    let Some(list) = jobs.list else {
        return Err(Error::configuration(format!(
            "the jobs of `{}` cannot be listed, so that a lost one cannot be found",
            jobs.resource
        )));
    };
    let draft = Draft::new(client, list.operation);
    if list.operation.paging.is_some() {
        return Ok((pages::all(draft).await?, true));
    }
    let (records, reply) = records(draft).await?;
    let is_stored = times::age(&reply.answer.headers).is_some_and(|age| age > TimeDelta::zero());
    if is_stored {
        let error =
            DecodeError::new("expected the jobs as they are, got a list that a cache had stored");
        let came = (reply.answer, reply.trail);
        return Err(engine::unreadable(list.operation, error, came));
    }
    let is_complete = is_complete(&reply, records.len());
    Ok((records, is_complete))
}

/// Whether nothing in the head of an answer says that its list of so many records is but a part.
fn is_complete(reply: &Reply, count: usize) -> bool {
    let headers = &reply.answer.headers;
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
    reply.answer.status != reqwest::StatusCode::PARTIAL_CONTENT
        && !text("link").any(goes_on)
        && !text("x-total-count").any(more)
}

async fn records(draft: Draft) -> Result<(Vec<Value>, Reply), Error> {
    let operation = draft.operation;
    let mut reply = engine::send(draft, Content::Json).await?;
    match reply.value.take() {
        Value::Array(records) => Ok((records, reply)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            let error = DecodeError::new("expected a list of jobs");
            let came = (reply.answer, reply.trail);
            Err(engine::unreadable(operation, error, came))
        }
    }
}

#[cfg(test)]
mod tests;
