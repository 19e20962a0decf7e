//! The journal's side of an inquiry. In: lost calls and what was found out about them. Out: the findings that may be given
//! out: of two who settle one call at once only one is told that it can be sent again. Finds nothing out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::evidence::{Finding, Group};
use super::inquiry::Findings;
use super::lost::Lost;
use super::record;
use crate::runtime::journal::{CallOutcome, Entry, EntryRef, EntryState, HeldEntry, taken_over};
use crate::runtime::{Client, Error, Jobs, report, trace};

/// How long entries are held at each look: as long as its attempts can take, and the wait after it.
const LOOKING: Duration = Duration::from_secs(5 * 60);

/// The entries of an inquiry's calls, by their places.
#[derive(Default)]
pub(super) struct Fence(BTreeMap<usize, HeldEntry>);

impl Fence {
    /// Takes the entries of all calls. A call whose entry somebody else holds or has closed leaves its group, and its
    /// finding is the error that says so.
    pub(super) async fn take(
        groups: &mut [Group],
        client: &Client,
        findings: &mut Findings,
    ) -> Self {
        let calls = groups.iter_mut().flat_map(|group| &mut group.calls);
        let held = calls.map(|(place, lost)| async move { (*place, lost.hold(client).await) });
        let mut fence = Self::default();
        for (place, held) in join_all(held).await {
            match held {
                Ok(Some(held)) => drop(fence.0.insert(place, held)),
                Ok(None) => {}
                Err(error) => drop(findings.insert(place, Err(error))),
            }
        }
        for group in groups {
            let calls = std::mem::take(&mut group.calls);
            for (place, lost) in calls {
                match findings.remove(&place) {
                    Some(Err(error)) => {
                        findings.insert(place, Err(lost.still_lost(error)));
                    }
                    Some(Ok(_)) | None => group.calls.push((place, lost)),
                }
            }
            if let [(_, lost)] = &group.calls[..] {
                group.looking = lost.looking.clone();
            }
        }
        fence
    }

    /// Goes on holding the entries. Whoever has lost one learns it when it is closed.
    pub(super) async fn renew(&self) {
        for renewed in join_all(self.0.values().map(|held| held.renew(LOOKING))).await {
            if let Err(error) = renewed {
                trace::journal(&error);
            }
        }
    }

    /// Closes the entries with what was found out, and settles what was set aside for the calls.
    pub(super) async fn close(
        mut self,
        groups: &[Group],
        jobs: &'static Jobs,
        findings: &mut Findings,
    ) {
        let calls = groups.iter().flat_map(|group| &group.calls);
        let closing = calls.filter_map(|(place, lost)| {
            let finding = findings.remove(place)?;
            let held = self.0.remove(place);
            Some(async move { (*place, conclude(jobs, (lost, held), finding).await) })
        });
        let closing: Vec<_> = closing.collect();
        findings.extend(join_all(closing).await);
    }
}

async fn conclude(
    jobs: &'static Jobs,
    (lost, held): (&Lost, Option<HeldEntry>),
    finding: Result<Finding, Error>,
) -> Result<Finding, Error> {
    let finding = finding?;
    let id = |record| record::id(record).map(str::to_owned);
    let outcome = match &finding {
        Finding::Found(record) => CallOutcome::Processed { job: id(record) },
        Finding::Several(records) => CallOutcome::Several {
            jobs: records.iter().filter_map(id).collect(),
        },
        Finding::NotFound => CallOutcome::NotProcessed,
        // It stays open, and what was set aside stays so, until somebody knows.
        Finding::Uncertain(_) => return Ok(finding),
    };
    let closed = match held {
        Some(held) => held.close(&outcome).await,
        None => Ok(true),
    };
    match &finding {
        Finding::NotFound => match closed {
            Ok(true) => lost.not_found(),
            Ok(false) => return Err(lost.still_lost(taken_over().into())),
            Err(error) => return Err(lost.still_lost(error)),
        },
        Finding::Found(record) => lost.found(report::of(jobs, record).first()),
        Finding::Several(_) | Finding::Uncertain(_) => lost.found(None),
    }
    if let Err(error) = closed {
        // It is found again by whoever looks next, and nobody is told to send it again.
        trace::journal(&error);
    }
    Ok(finding)
}

/// The entry of a call that was given as something to keep.
pub(super) async fn entry_of(lost: &Lost, client: &Client) -> Result<Known, Error> {
    let (Some(journal), Some(call)) = (&client.inner.journal, lost.pending()) else {
        return Ok(Known::Not);
    };
    let is_it = |entry: &Entry| entry.call.key == call.key;
    let account = client.inner.account.as_str();
    let open = journal.open_entries(account).await?;
    if let Some(entry) = open.into_iter().find(is_it) {
        let journal = Arc::clone(journal);
        return Ok(Known::Open(EntryRef {
            journal,
            id: entry.id,
        }));
    }
    let closed = journal.closed_entries(account).await?;
    Ok(match closed.into_iter().find(is_it) {
        Some(entry) => Known::Closed(entry.state),
        None => Known::Not,
    })
}

/// What a journal knows of a call.
pub(super) enum Known {
    Not,
    Open(EntryRef),
    Closed(EntryState),
}
