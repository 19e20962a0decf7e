//! Usage reports of jobs. In: the JSON of a response and the field names of a resource. Out: id,
//! `credits_used` and state of each job in it. Keeps no sums.

use serde_json::Value;

use super::lifecycle::{JobOutcome, Jobs};
use super::spend::UsageReport;

/// The jobs in a response that is one, or a list of them.
pub(crate) fn of(jobs: &Jobs, value: &Value) -> Vec<UsageReport> {
    let records = match value {
        Value::Array(records) => records.as_slice(),
        record => std::slice::from_ref(record),
    };
    records
        .iter()
        .filter_map(|record| usage_report(jobs, record))
        .collect()
}

fn usage_report(jobs: &Jobs, record: &Value) -> Option<UsageReport> {
    let status = record.get(jobs.status).and_then(Value::as_str);
    let ended = match status.and_then(|status| jobs.outcome(status)) {
        Some(JobOutcome::Succeeded | JobOutcome::Failed) => true,
        Some(JobOutcome::Running) | None => false,
    };
    Some(UsageReport {
        id: record.get("id")?.as_str()?.to_owned(),
        credits: jobs.credits.and_then(|name| record.get(name)?.as_f64()),
        ended,
    })
}
