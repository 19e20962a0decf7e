//! What answers report of jobs. In: an answer and the names of a resource's fields. Out: what each
//! job in it has cost. Knows no sums.

use serde_json::Value;

use super::lifecycle::{JobOutcome, Jobs};
use super::spend::Report;

/// The jobs in an answer that is one, or a list of them.
pub(crate) fn of(jobs: &Jobs, value: &Value) -> Vec<Report> {
    let records = match value {
        Value::Array(records) => records.as_slice(),
        record => std::slice::from_ref(record),
    };
    records
        .iter()
        .filter_map(|record| report(jobs, record))
        .collect()
}

fn report(jobs: &Jobs, record: &Value) -> Option<Report> {
    let status = record.get(jobs.status).and_then(Value::as_str);
    let ended = match status.and_then(|status| jobs.outcome(status)) {
        Some(JobOutcome::Succeeded | JobOutcome::Failed) => true,
        Some(JobOutcome::Running) | None => false,
    };
    Some(Report {
        id: record.get("id")?.as_str()?.to_owned(),
        credits: jobs.credits.and_then(|name| record.get(name)?.as_f64()),
        ended,
    })
}
