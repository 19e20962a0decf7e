//! Matching records to ambiguous calls. In: the records of one poll, and the calls. Out: the candidates
//! of each group of calls, or that more polls are needed. Sends nothing and depends on no type.
//!
//! Calls with the same key cannot be told apart and form a group, whose jobs are assigned when there is
//! one for each or when no more can come. A record that matches a call never leads to `NotFound`: when
//! its time does not show that the call can have made it, the finding is `Uncertain`.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::ambiguous_call::{AmbiguousCall, Target};
use super::record;
use super::window::{Created, Fit, Window, WindowInput};
use crate::runtime::clock::Instant;
use crate::runtime::decode::DecodeError;
use crate::runtime::error::{JobEnd, Kind};
use crate::runtime::times::CallTimes;
use crate::runtime::{Error, Jobs};

/// Which of the groups a record belongs to; none for a record of no ambiguous call.
#[cfg(not(target_arch = "wasm32"))]
pub(super) type Matcher = Box<dyn Fn(&Value) -> Result<Option<usize>, DecodeError> + Send>;
/// Which of the groups a record belongs to; none for a record of no ambiguous call.
#[cfg(target_arch = "wasm32")]
pub(super) type Matcher = Box<dyn Fn(&Value) -> Result<Option<usize>, DecodeError>>;

/// What became of a call.
pub(super) enum Finding {
    Found(Value),
    Several(Vec<Value>),
    Uncertain(Vec<Value>),
    NotFound,
}

/// The findings, by the index of the call among all calls.
pub(super) type Findings = BTreeMap<usize, Result<Finding, Error>>;

/// Calls that cannot be told apart.
pub(super) struct Group {
    pub(super) target: Target,
    pub(super) effect_check: EffectCheck,
    /// After this moment none of them can show any more.
    pub(super) until: Instant,
    /// Each with its index among all calls.
    pub(super) calls: Vec<(usize, AmbiguousCall)>,
}

/// What shows that a call about an existing job took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EffectCheck {
    /// The state and the result of the job.
    Progress,
    /// The matcher puts the job into the call's group.
    Match,
}

impl Group {
    pub(super) fn new(index: usize, call: AmbiguousCall) -> Self {
        Self {
            target: call.target.clone(),
            effect_check: EffectCheck::Progress,
            until: call.until,
            calls: vec![(index, call)],
        }
    }

    /// Adds another call that would have made a job like the first one.
    pub(super) fn add(&mut self, index: usize, call: AmbiguousCall) {
        self.until = self.until.max(call.until);
        self.calls.push((index, call));
    }

    /// When each of its calls can have made its job, as the clocks at a poll show it.
    fn windows(&self, poll: &CallTimes) -> Vec<Window> {
        let window = |(_, call): &(usize, AmbiguousCall)| {
            let input = WindowInput {
                call: call.times,
                span: call.span,
                since: call.since,
            };
            Window::of(&input, poll)
        };
        self.calls.iter().map(window).collect()
    }
}

/// What a poll shows.
pub(super) struct Snapshot {
    pub(super) records: Vec<Value>,
    /// Jobs that could not be read, and why.
    pub(super) failed: Vec<(Vec<Uuid>, Error)>,
    /// Whether these are all records that there are.
    pub(super) is_complete: bool,
    /// What the clocks showed when it was there.
    pub(super) times: CallTimes,
    /// When it was asked for.
    pub(super) at: Instant,
}

/// The records that a group of calls may have made: all that match, by what their time says.
#[derive(Default)]
pub(super) struct Candidates {
    inside: Vec<Value>,
    unclear: Vec<Value>,
    outside: Vec<Value>,
}

impl Candidates {
    /// A record that is known to be the call's.
    fn known(record: &Value) -> Self {
        Self {
            inside: vec![record.clone()],
            ..Self::default()
        }
    }
}

/// The indexes of the records of each group, and the records that cannot be read.
pub(super) struct Matches {
    indexes: BTreeMap<usize, Vec<usize>>,
    unreadable: Vec<(usize, DecodeError)>,
}

/// What a poll shows of a group.
pub(super) enum GroupState {
    /// Not enough, and more may still come.
    Open,
    /// The records of its calls, as far as there are any.
    Matched(Candidates),
    Failed(Error),
}

impl Snapshot {
    /// Puts the records to the groups that they belong to, whenever they were made.
    pub(super) fn match_records(&self, matcher: Option<&Matcher>) -> Matches {
        let mut matches = Matches {
            indexes: BTreeMap::new(),
            unreadable: Vec::new(),
        };
        let Some(matcher) = matcher else {
            return matches;
        };
        for (index, record) in self.records.iter().enumerate() {
            match matcher(record) {
                Ok(Some(group)) => matches.indexes.entry(group).or_default().push(index),
                Ok(None) => {}
                Err(error) => matches.unreadable.push((index, error)),
            }
        }
        matches
    }

    /// What it shows of a group, which is given with its number.
    pub(super) fn state_of(
        &self,
        jobs: &Jobs,
        matches: &Matches,
        group: (usize, &Group),
    ) -> GroupState {
        let (number, group) = group;
        let over = self.at >= group.until;
        let indexes = matches.indexes.get(&number).map_or(&[][..], Vec::as_slice);
        match &group.target {
            Target::NoEffect => GroupState::Matched(Candidates::default()),
            Target::New => self.state_of_new(jobs, matches, (indexes, group)),
            Target::Known(id) => match self.find(id) {
                Some((_, record)) => GroupState::Matched(Candidates::known(record)),
                None => missing(jobs, id, over),
            },
            Target::Existing(id) => {
                let Some((index, record)) = self.find(id) else {
                    return missing(jobs, id, over);
                };
                let processed = match group.effect_check {
                    EffectCheck::Progress => record::was_processed(jobs, record),
                    EffectCheck::Match => matches.contains(indexes, index),
                };
                match processed {
                    Ok(true) => GroupState::Matched(Candidates::known(record)),
                    Ok(false) if over => GroupState::Matched(Candidates::default()),
                    Err(error) if over => GroupState::Failed(unreadable(jobs, record, error)),
                    Ok(false) | Err(_) => GroupState::Open,
                }
            }
        }
    }

    fn state_of_new(
        &self,
        jobs: &Jobs,
        matches: &Matches,
        found: (&[usize], &Group),
    ) -> GroupState {
        let (indexes, group) = found;
        let windows = group.windows(&self.times);
        let is_unique = group.calls.iter().all(|(_, call)| call.is_unique);
        let fit = |created: Created| match is_unique {
            true => Some(Fit::Inside),
            false => windows.iter().map(|window| window.fit(created)).min(),
        };
        let mut candidates = Candidates::default();
        for record in indexes.iter().filter_map(|index| self.records.get(*index)) {
            let list = match fit(record::created(jobs, record)) {
                Some(Fit::Inside) => &mut candidates.inside,
                Some(Fit::Unclear) | None => &mut candidates.unclear,
                Some(Fit::Outside) => &mut candidates.outside,
            };
            list.push(record.clone());
        }
        if candidates.inside.len() >= group.calls.len() {
            return GroupState::Matched(candidates);
        }
        if self.at < group.until {
            return GroupState::Open;
        }
        // A record that cannot be read may be the one: nobody may be told to send the call again.
        let is_far = |created: Created| windows.iter().all(|window| window.is_far(created));
        let mut suspects = matches
            .unreadable
            .iter()
            .filter_map(|(index, error)| Some((self.records.get(*index)?, error)))
            .filter(|(record, _)| !is_far(record::created(jobs, record)));
        if let Some((record, error)) = suspects.next() {
            return GroupState::Failed(unreadable(jobs, record, error.clone()));
        }
        if candidates.unclear.is_empty() && candidates.outside.is_empty() && !self.is_complete {
            let problem = "expected a list of all jobs, got one that goes on elsewhere";
            return GroupState::Failed(unreadable(jobs, &Value::Null, DecodeError::new(problem)));
        }
        GroupState::Matched(candidates)
    }

    /// Why the job of a group could not be read.
    pub(super) fn failure(&self, group: &Group) -> Option<&Error> {
        let (Target::Existing(id) | Target::Known(id)) = &group.target else {
            return None;
        };
        let id = Uuid::parse_str(id).ok()?;
        let mut failed = self.failed.iter();
        failed.find_map(|(ids, error)| ids.contains(&id).then_some(error))
    }

    fn find(&self, id: &str) -> Option<(usize, &Value)> {
        let mut records = self.records.iter().enumerate();
        records.find(|(_, record)| record::has_id(record, id))
    }
}

impl Matches {
    /// Whether a record is one of a group, whose indexes are given.
    fn contains(&self, indexes: &[usize], index: usize) -> Result<bool, DecodeError> {
        let mut unreadable = self.unreadable.iter();
        match unreadable.find(|(other, _)| *other == index) {
            Some((_, error)) => Err(error.clone()),
            None => Ok(indexes.contains(&index)),
        }
    }
}

/// A job that must be there is not: nothing is said about the call then.
fn missing(jobs: &Jobs, id: &str, over: bool) -> GroupState {
    if over {
        GroupState::Failed(record::ended(jobs, JobEnd::Missing, None).with_job(id))
    } else {
        GroupState::Open
    }
}

fn unreadable(jobs: &Jobs, record: &Value, error: DecodeError) -> Error {
    let error = Error::new(Kind::Decode(error)).with_operation(jobs.poll.id);
    match record::id(record) {
        Some(id) => error.with_job(id),
        None => error,
    }
}

/// Deals out the jobs of calls that cannot be told apart, the oldest to the first; what is left
/// over goes to the last. Who gets none is told of the records that match and may be of other calls.
pub(super) fn assign(jobs: &Jobs, candidates: Candidates, calls: usize) -> Vec<Finding> {
    let Candidates {
        inside,
        unclear,
        outside,
    } = candidates;
    let in_order = |mut records: Vec<Value>| {
        records.sort_by_key(|record| record::created(jobs, record).order());
        records
    };
    let doubtful = in_order(unclear.iter().cloned().chain(outside).collect());
    let mut left = in_order(inside).into_iter();
    let mut findings = Vec::with_capacity(calls);
    for call in 1..=calls {
        let own: Vec<Value> = match call == calls {
            true => left.by_ref().collect(),
            false => left.by_ref().take(1).collect(),
        };
        findings.push(match own.is_empty() {
            true if doubtful.is_empty() => Finding::NotFound,
            true => Finding::Uncertain(doubtful.clone()),
            // Each call has its job, and there is another which one of them may have made.
            false if call == calls => {
                found(in_order(own.into_iter().chain(unclear.clone()).collect()))
            }
            false => found(own),
        });
    }
    findings
}

fn found(mut records: Vec<Value>) -> Finding {
    match (records.len(), records.pop()) {
        (1, Some(record)) => Finding::Found(record),
        (_, Some(last)) => {
            records.push(last);
            Finding::Several(records)
        }
        (_, None) => Finding::NotFound,
    }
}
