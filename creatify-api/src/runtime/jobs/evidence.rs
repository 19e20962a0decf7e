//! What records say of lost calls. In: the records of one look, and the calls. Out: which records
//! are of which call, or that it is not known yet. Sends nothing and knows no type.
//!
//! Calls that cannot be told apart (those with the same key) form a group, whose jobs are dealt out
//! when there is one for each or when no more can come. A record that matches a call is never the evidence
//! of nothing: where its time does not show that the call can have made it, the finding is that it exists.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use super::lost::{Looking, Lost};
use super::record;
use super::window::{Created, Fit, Question, Window};
use crate::runtime::clock::Instant;
use crate::runtime::decode::DecodeError;
use crate::runtime::error::{JobEnd, Kind};
use crate::runtime::times::CallTimes;
use crate::runtime::{Error, Jobs};

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
    Uncertain(Vec<Value>),
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
        self.until = self.until.max(lost.until);
        self.calls.push((place, lost));
    }

    /// When each of its calls can have made its job, as the clocks at a look show it.
    fn windows(&self, look: &CallTimes) -> Vec<Window> {
        let window = |(_, lost): &(usize, Lost)| {
            let question = Question {
                call: lost.times,
                span: lost.span,
                since: lost.since,
            };
            Window::of(&question, look)
        };
        self.calls.iter().map(window).collect()
    }
}

/// What a look shows.
pub(super) struct Picture {
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
    Jobs(Candidates),
    Failed(Error),
}

impl Picture {
    /// Puts the records to the groups that they belong to, whenever they were made.
    pub(super) fn sort(&self, sorter: Option<&Sorter>) -> Sorted {
        let mut sorted = Sorted {
            places: BTreeMap::new(),
            unreadable: Vec::new(),
        };
        let Some(sorter) = sorter else { return sorted };
        for (place, record) in self.records.iter().enumerate() {
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
            Looking::Nowhere => View::Jobs(Candidates::default()),
            Looking::New => self.view_of_new(jobs, sorted, (places, group)),
            Looking::Known(id) => match self.find(id) {
                Some((_, record)) => View::Jobs(Candidates::known(record)),
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
                    Ok(true) => View::Jobs(Candidates::known(record)),
                    Ok(false) if over => View::Jobs(Candidates::default()),
                    Err(error) if over => View::Failed(unreadable(jobs, record, error)),
                    Ok(false) | Err(_) => View::Open,
                }
            }
        }
    }

    fn view_of_new(&self, jobs: &Jobs, sorted: &Sorted, found: (&[usize], &Group)) -> View {
        let (places, group) = found;
        let windows = group.windows(&self.times);
        let is_unique = group.calls.iter().all(|(_, lost)| lost.is_unique);
        let fit = |created: Created| match is_unique {
            true => Some(Fit::Inside),
            false => windows.iter().map(|window| window.fit(created)).min(),
        };
        let mut candidates = Candidates::default();
        for record in places.iter().filter_map(|place| self.records.get(*place)) {
            let list = match fit(record::created(jobs, record)) {
                Some(Fit::Inside) => &mut candidates.inside,
                Some(Fit::Unclear) | None => &mut candidates.unclear,
                Some(Fit::Outside) => &mut candidates.outside,
            };
            list.push(record.clone());
        }
        if candidates.inside.len() >= group.calls.len() {
            return View::Jobs(candidates);
        }
        if self.at < group.until {
            return View::Open;
        }
        // A record that cannot be read may be the one: nobody may be told to send the call again.
        let is_far = |created: Created| windows.iter().all(|window| window.is_far(created));
        let mut suspects = sorted
            .unreadable
            .iter()
            .filter_map(|(place, error)| Some((self.records.get(*place)?, error)))
            .filter(|(record, _)| !is_far(record::created(jobs, record)));
        if let Some((record, error)) = suspects.next() {
            return View::Failed(unreadable(jobs, record, error.clone()));
        }
        if candidates.unclear.is_empty() && candidates.outside.is_empty() && !self.is_complete {
            let problem = "expected a list of all jobs, got one that goes on elsewhere";
            return View::Failed(unreadable(jobs, &Value::Null, DecodeError::new(problem)));
        }
        View::Jobs(candidates)
    }

    /// Why the job of a group could not be read.
    pub(super) fn failure(&self, group: &Group) -> Option<&Error> {
        let (Looking::Existing(id) | Looking::Known(id)) = &group.looking else {
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
/// over goes to the last. Who gets none is told of the records that match and may be of other calls.
pub(super) fn deal(jobs: &Jobs, candidates: Candidates, calls: usize) -> Vec<Finding> {
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
