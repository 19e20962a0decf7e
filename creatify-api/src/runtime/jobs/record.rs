//! Records of jobs. In: JSON and the field names of a resource. Out: status, id, time of creation and
//! errors of the job. Sends nothing.

use serde_json::Value;
use uuid::Uuid;

use super::window::Created;
use crate::runtime::decode::{DecodeError, parse_moment};
use crate::runtime::error::{JobEnd, Kind};
use crate::runtime::redact::ServerText;
use crate::runtime::{Error, JobOutcome, Jobs};

/// The state that a job is in.
pub(super) fn status<'a>(jobs: &Jobs, record: &'a Value) -> Result<&'a str, DecodeError> {
    let status = record.get(jobs.status).and_then(Value::as_str);
    status
        .ok_or_else(|| DecodeError::new(format!("expected a job with the text `{}`", jobs.status)))
}

pub(super) fn id(record: &Value) -> Option<&str> {
    record.get("id")?.as_str()
}

/// Whether a record is that of a job, whose id is a text: ids are UUIDs, which can be written in several ways.
pub(super) fn has_id(record: &Value, id: &str) -> bool {
    id_of(record).is_some_and(|own| match Uuid::parse_str(id) {
        Ok(id) => own == id,
        Err(_) => false,
    }) || self::id(record) == Some(id)
}

/// Refuses the record of another job than the one that was asked for.
pub(crate) fn check_id(record: &Value, id: Uuid) -> Result<(), DecodeError> {
    match id_of(record) {
        Some(own) if own == id => Ok(()),
        Some(_) => Err(DecodeError::new(format!(
            "expected the job {id}, got another one"
        ))),
        None => Err(DecodeError::new(format!(
            "expected the job {id}, got a record without an id that is a UUID"
        ))),
    }
}

/// The id of a record, if it is one.
pub(super) fn id_of(record: &Value) -> Option<Uuid> {
    Uuid::parse_str(id(record)?.trim()).ok()
}

/// When the job was made, as far as the record says so.
pub(super) fn created(jobs: &Jobs, record: &Value) -> Created {
    let field = jobs.created.and_then(|field| record.get(field));
    match field.and_then(Value::as_str).and_then(parse_moment) {
        Some((moment, true)) => Created::At(moment),
        Some((moment, false)) => Created::Somewhere(moment),
        None => Created::Unknown,
    }
}

/// Whether a paid call about an existing job shows in it: it works, has ended badly or has a
/// result. A job that has succeeded without a result is a preview that nobody has rendered; one that
/// does not mention its result proves nothing.
pub(super) fn was_processed(jobs: &Jobs, record: &Value) -> Result<bool, DecodeError> {
    Ok(match jobs.outcome(status(jobs, record)?) {
        Some(JobOutcome::Succeeded) => match record.get(jobs.output) {
            None => {
                let message = format!(
                    "expected a job that says of its `{}` what it is",
                    jobs.output
                );
                return Err(DecodeError::new(message));
            }
            Some(Value::Null) => false,
            Some(Value::String(output)) => !output.is_empty(),
            Some(_) => true,
        },
        // Of a state that is not known only the preview can be ruled out.
        Some(JobOutcome::Running | JobOutcome::Failed) | None => true,
    })
}

/// The error for a job that has failed.
pub(super) fn failed(jobs: &Jobs, record: Value) -> Error {
    let field = |name: &str| record.get(name).and_then(Value::as_str);
    let reason = jobs.reason.and_then(field).filter(|text| !text.is_empty());
    let end = JobEnd::Failed {
        status: field(jobs.status).map(ServerText::new).unwrap_or_default(),
        reason: reason.map(ServerText::new),
    };
    ended(jobs, end, Some(record))
}

/// The error for a job that is in an unknown state for too long.
pub(super) fn unknown(jobs: &Jobs, status: &str, record: Option<Value>) -> Error {
    let status = ServerText::new(status);
    ended(jobs, JobEnd::UnknownStatus { status }, record)
}

/// The error for a job whose wait has ended without its result.
pub(super) fn ended(jobs: &Jobs, end: JobEnd, record: Option<Value>) -> Error {
    let id = record.as_ref().and_then(id).map(str::to_owned);
    let error = Error::new(Kind::Job(end, record)).with_operation(jobs.poll.id);
    match id {
        Some(id) => error.with_job(&id),
        None => error,
    }
}
