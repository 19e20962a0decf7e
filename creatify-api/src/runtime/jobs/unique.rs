//! Jobs whose names prove whose they are. In: the groups of calls, and what else tells their jobs. Out: a matcher that
//! goes by the tag which the client put behind the name. Sends nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::candidates::{Group, Matcher};
use crate::runtime::Jobs;
use crate::runtime::decode::DecodeError;
use crate::runtime::journal::tag;

/// The matcher for these groups. The tag of a call decides, whatever the caller's matcher says; a job that only the latter
/// takes for the call's is an error, so that nobody is told that there is none.
pub(super) fn matcher(jobs: &Jobs, groups: &[Group], others: Option<Matcher>) -> Option<Matcher> {
    let mut tags = BTreeMap::new();
    for (index, group) in groups.iter().enumerate() {
        let calls = group.calls.iter().filter(|(_, call)| call.is_unique);
        let pending = calls.filter_map(|(_, call)| call.pending());
        tags.extend(pending.map(|pending| (tag::of(pending.key), index)));
    }
    let (Some(member), false) = (jobs.name, tags.is_empty()) else {
        return others;
    };
    let unique: BTreeSet<usize> = tags.values().copied().collect();
    Some(Box::new(move |record: &Value| {
        match record.get(member) {
            Some(Value::String(name)) => {
                if let Some(index) = tag::in_name(name).and_then(|tag| tags.get(tag)) {
                    return Ok(Some(*index));
                }
            }
            // A job that nobody named.
            Some(Value::Null) => {}
            Some(_) | None => {
                let problem = format!("expected a job with the text `{member}`");
                return Err(DecodeError::new(problem));
            }
        }
        let Some(others) = &others else {
            return Ok(None);
        };
        match others(record)? {
            Some(index) if unique.contains(&index) => Err(DecodeError::new(format!(
                "the job matches, and its `{member}` is not the unique one of the call"
            ))),
            index => Ok(index),
        }
    }))
}
