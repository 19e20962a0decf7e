//! What records say of lost calls. In: the records of one look, and the calls. Out: which records
//! are of which call, or that it is not known yet. Sends nothing and knows no type.
//!
//! Calls that cannot be told apart (those with the same key) form a group, whose jobs are dealt out
//! when there is one for each or when no more can come.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::Value;

use super::lost::{Looking, Lost};
use super::record;
use crate::runtime::clock::Instant;
use crate::runtime::decode::DecodeError;
use crate::runtime::error::{JobEnd, Kind};
use crate::runtime::{Error, Jobs, Timestamp};

/// Which of the groups a record belongs to; none for a record of no lost call.
#[cfg(not(target_arch = "wasm32"))]
pub(super) type Sorter = Box<dyn Fn(&Value) -> Result<Option<usize>, DecodeError> + Send>;
/// Which of the groups a record belongs to; none for a record of no lost call.
#[cfg(target_arch = "wasm32")]
pub(super) type Sorter = Box<dyn Fn(&Value) -> Result<Option<usize>, DecodeError>>;

/// What became of a call.
pub(super) enum Finding {
    Found(Value),
    Several(Vec<Value>),
    NotFound,
}

/// Calls that cannot be told apart.
pub(super) struct Group {
    pub(super) looking: Looking,
    pub(super) sign: Sign,
    /// After this moment none of them can show any more.
    pub(super) until: Instant,
    /// Each with its place among all calls.
    pub(super) calls: Vec<(usize, Lost)>,
}

/// What shows that a call about an existing job took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// The state and the result of the job.
    Progress,
    /// The sorter puts the job into the call's group.
    Match,
}

impl Group {
    pub(super) fn new(place: usize, lost: Lost) -> Self {
        Self {
            looking: lost.looking.clone(),
            sign: Sign::Progress,
            until: lost.until,
            calls: vec![(place, lost)],
        }
    }

    /// Adds another call that would have made a job like the first one.
    pub(super) fn add(&mut self, place: usize, lost: Lost) {
        if let (Looking::New(since), Looking::New(other)) = (&mut self.looking, &lost.looking) {
            *since = (*since).min(*other);
        }
        self.until = self.until.max(lost.until);
        self.calls.push((place, lost));
    }
}

/// What a look shows.
pub(super) struct Picture {
    pub(super) records: Vec<Value>,
    /// How far the server's clock is behind that of this machine.
    pub(super) behind: TimeDelta,
    /// When it was asked for.
    pub(super) at: Instant,
}

/// The places of the records that belong to groups, and those that cannot be judged.
pub(super) struct Sorted {
    places: BTreeMap<usize, Vec<usize>>,
    unreadable: Vec<(usize, DecodeError)>,
}

/// What a look shows of a group.
pub(super) enum View {
    /// Not enough, and more may still come.
    Open,
    /// The records of its calls, as far as there are any.
    Jobs(Vec<Value>),
    Failed(Error),
}

impl Picture {
    /// Puts the records to the groups that they belong to.
    pub(super) fn sort(&self, jobs: &Jobs, sorter: Option<&Sorter>, groups: &[Group]) -> Sorted {
        let mut sorted = Sorted {
            places: BTreeMap::new(),
            unreadable: Vec::new(),
        };
        let Some(sorter) = sorter else { return sorted };
        let since = groups.iter().filter_map(|group| self.since(group)).min();
        for (place, record) in self.records.iter().enumerate() {
            if since.is_some_and(|since| is_older(jobs, record, since)) {
                continue;
            }
            match sorter(record) {
                Ok(Some(group)) => sorted.places.entry(group).or_default().push(place),
                Ok(None) => {}
                Err(error) => sorted.unreadable.push((place, error)),
            }
        }
        sorted
    }

    /// What it shows of a group, which is given with its number.
    pub(super) fn view(&self, jobs: &Jobs, sorted: &Sorted, group: (usize, &Group)) -> View {
        let (number, group) = group;
        let over = self.at >= group.until;
        let places = sorted.places.get(&number).map_or(&[][..], Vec::as_slice);
        match &group.looking {
            Looking::Nowhere => View::Jobs(Vec::new()),
            Looking::New(_) => self.view_of_new(jobs, sorted, (places, group)),
            Looking::Known(id) => match self.find(id) {
                Some((_, record)) => View::Jobs(vec![record.clone()]),
                None => missing(jobs, id, over),
            },
            Looking::Existing(id) => {
                let Some((place, record)) = self.find(id) else {
                    return missing(jobs, id, over);
                };
                let processed = match group.sign {
                    Sign::Progress => record::was_processed(jobs, record),
                    Sign::Match => sorted.holds(places, place),
                };
                match processed {
                    Ok(true) => View::Jobs(vec![record.clone()]),
                    Ok(false) if over => View::Jobs(Vec::new()),
                    Err(error) if over => View::Failed(unreadable(jobs, record, error)),
                    Ok(false) | Err(_) => View::Open,
                }
            }
        }
    }

    fn view_of_new(&self, jobs: &Jobs, sorted: &Sorted, found: (&[usize], &Group)) -> View {
        let (places, group) = found;
        let since = self.since(group);
        let fits = |record: &&Value| !since.is_some_and(|since| is_older(jobs, record, since));
        let records = places.iter().filter_map(|place| self.records.get(*place));
        let records: Vec<Value> = records.filter(fits).cloned().collect();
        let enough = records.len() >= group.calls.len();
        if !enough && self.at < group.until {
            return View::Open;
        }
        // A record that cannot be read may be the one: nobody may be told to send the call again.
        let suspects = sorted.unreadable.iter();
        let mut suspects = suspects
            .filter_map(|(place, error)| Some((self.records.get(*place)?, error)))
            .filter(|(record, _)| fits(record));
        match suspects.next() {
            Some((record, error)) if !enough => {
                View::Failed(unreadable(jobs, record, error.clone()))
            }
            Some(_) | None => View::Jobs(records),
        }
    }

    fn find(&self, id: &str) -> Option<(usize, &Value)> {
        let mut records = self.records.iter().enumerate();
        records
            .find(|(_, record)| record::id(record).is_some_and(|own| own.eq_ignore_ascii_case(id)))
    }

    /// Since when a job of the group can have been made, by the clock of the server. When the two
    /// clocks differ the earlier moment counts: the job must match as well.
    fn since(&self, group: &Group) -> Option<Timestamp> {
        match group.looking {
            Looking::New(since) => Some(since.min(since - self.behind)),
            Looking::Nowhere | Looking::Existing(_) | Looking::Known(_) => None,
        }
    }
}

impl Sorted {
    /// Whether a record is one of a group, whose places are given.
    fn holds(&self, places: &[usize], place: usize) -> Result<bool, DecodeError> {
        let mut unreadable = self.unreadable.iter();
        match unreadable.find(|(other, _)| *other == place) {
            Some((_, error)) => Err(error.clone()),
            None => Ok(places.contains(&place)),
        }
    }
}

/// Whether a record says that it was made before this moment.
fn is_older(jobs: &Jobs, record: &Value, since: Timestamp) -> bool {
    record::created(jobs, record).is_some_and(|created| created < since)
}

/// A job that must be there is not: nothing is said about the call then.
fn missing(jobs: &Jobs, id: &str, over: bool) -> View {
    if over {
        View::Failed(record::ended(jobs, JobEnd::Missing, None).with_job(id))
    } else {
        View::Open
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
/// over goes to the last.
pub(super) fn deal(jobs: &Jobs, mut records: Vec<Value>, calls: usize) -> Vec<Finding> {
    records.sort_by_key(|record| record::created(jobs, record));
    let mut records = records.into_iter();
    let mut findings = Vec::with_capacity(calls);
    for call in 1..=calls {
        let own: Vec<Value> = match call == calls {
            true => records.by_ref().collect(),
            false => records.by_ref().take(1).collect(),
        };
        findings.push(finding(own));
    }
    findings
}

fn finding(mut records: Vec<Value>) -> Finding {
    match (records.len(), records.pop()) {
        (1, Some(record)) => Finding::Found(record),
        (_, Some(last)) => {
            records.push(last);
            Finding::Several(records)
        }
        (_, None) => Finding::NotFound,
    }
}
