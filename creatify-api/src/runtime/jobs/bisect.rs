//! Reading a batch of jobs of which some cannot be read. In: ids. Out: the records of all that can be
//! read, and an error for each that cannot. Does not wait: every id is requested until it is in a
//! response, or has failed alone.
//!
//! A list that is refused as a whole is requested in halves, and these in halves again: for each
//! culprit among n jobs that takes twice log2(n) requests. When the server may have failed and not a
//! job, some jobs are requested alone first: when all of them fail as well, it is the server.

use std::collections::BTreeSet;

use serde_json::Value;
use uuid::Uuid;

use super::fetch;
use crate::runtime::{Client, Error, Jobs};

/// The jobs of one request, or of several that failed alike, and what came of it.
pub(super) struct BatchResult {
    pub(super) ids: Vec<Uuid>,
    pub(super) records: Result<Vec<Value>, Error>,
}

/// Whose fault it may be that a list was refused.
enum Blame {
    /// A job's.
    Job,
    /// A job's, if any of so many others can be read alone.
    JobOrServer(u32),
    /// The network's, the keys' or the server's: it is the same for every job.
    All,
}

impl Blame {
    fn of(error: &Error, count: usize) -> Self {
        let status = error.status().map(|status| status.as_u16());
        match status {
            _ if !error.is_decode() && !error.is_status() => Self::All,
            Some(401 | 407 | 408 | 425 | 429 | 300..=399) => Self::All,
            // Some services say by it that the keys are refused: nobody is to ask for each of thousands of jobs then.
            Some(403) => Self::JobOrServer(count.ilog2() + 2),
            // 404 may be the word of the whole address, and the rest of a server that is down.
            Some(404 | 200..=299 | 500..) => Self::JobOrServer(2),
            Some(_) | None => Self::Job,
        }
    }
}

/// Reads jobs by their ids, at most [`fetch::most`]. Those that are not there are left out.
pub(super) async fn read(client: &Client, jobs: &'static Jobs, ids: Vec<Uuid>) -> Vec<BatchResult> {
    let error = match fetch::some(client, jobs, &ids).await {
        Err(error) if ids.len() > 1 => error,
        records => return vec![BatchResult { ids, records }],
    };
    let mut left = ids;
    let mut results = Vec::new();
    match Blame::of(&error, left.len()) {
        Blame::Job => {}
        Blame::JobOrServer(most) => {
            for _ in 0..most {
                if left.is_empty() {
                    break;
                }
                let id = left.swap_remove(fastrand::usize(..left.len()));
                let records = fetch::some(client, jobs, &[id]).await;
                let ids = vec![id];
                let is_well = records.is_ok();
                results.push(BatchResult { ids, records });
                if is_well {
                    break;
                }
            }
            if results.iter().all(|result| result.records.is_err()) {
                return all_failed(left, error, results);
            }
        }
        Blame::All => return all_failed(left, error, results),
    }
    left.sort();
    bisect(client, jobs, left, results).await
}

fn all_failed(left: Vec<Uuid>, error: Error, mut results: Vec<BatchResult>) -> Vec<BatchResult> {
    if !left.is_empty() {
        results.push(BatchResult {
            ids: left,
            records: Err(error),
        });
    }
    results
}

/// Asks for the halves of what was refused, and for the halves of those that are.
async fn bisect(
    client: &Client,
    jobs: &'static Jobs,
    refused: Vec<Uuid>,
    mut results: Vec<BatchResult>,
) -> Vec<BatchResult> {
    let mut open = halves(refused);
    while let Some(ids) = open.pop() {
        match fetch::some(client, jobs, &ids).await {
            Err(error) if matches!(Blame::of(&error, ids.len()), Blame::All) => {
                // It would be the same for the rest.
                let left: BTreeSet<Uuid> =
                    ids.into_iter().chain(open.drain(..).flatten()).collect();
                results = all_failed(left.into_iter().collect(), error, results);
            }
            Err(_) if ids.len() > 1 => open.extend(halves(ids)),
            records => results.push(BatchResult { ids, records }),
        }
    }
    results
}

fn halves(mut ids: Vec<Uuid>) -> Vec<Vec<Uuid>> {
    let second = ids.split_off(ids.len() / 2);
    [second, ids]
        .into_iter()
        .filter(|ids| !ids.is_empty())
        .collect()
}
