//! Journal claims during reconciliation. In: ambiguous calls and the findings about them. Out: the
//! findings that may be given out: of two clients that settle one call at once only one is told
//! `NotFound`. Makes no findings itself.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;

use super::ambiguous_call::AmbiguousCall;
use super::candidates::{Finding, Findings, Group};
use super::record;
use crate::runtime::journal::{CallOutcome, HeldEntry, JournalError, taken_over};
use crate::runtime::{Client, Error, Jobs, trace, usage_report};

/// How long entries are held at each poll: as long as its attempts can take, and the wait after it.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// The claimed entries of the calls, by the index of the call.
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
        let held =
            calls.map(|(index, call)| async move { (*index, call.claim_entry(client).await) });
        let mut fence = Self::default();
        for (index, held) in join_all(held).await {
            match held {
                Ok(Some(held)) => drop(fence.0.insert(index, held)),
                Ok(None) => {}
                Err(error) => drop(findings.insert(index, Err(error))),
            }
        }
        for group in groups {
            let calls = std::mem::take(&mut group.calls);
            for (index, call) in calls {
                match findings.remove(&index) {
                    Some(Err(error)) => {
                        findings.insert(index, Err(call.keep_ambiguous(error)));
                    }
                    Some(Ok(_)) | None => group.calls.push((index, call)),
                }
            }
            if let [(_, call)] = &group.calls[..] {
                group.target = call.target.clone();
            }
        }
        fence
    }

    /// Goes on holding the entries. Whoever has lost one learns it when it is closed.
    pub(super) async fn renew(&self) {
        for renewed in join_all(self.0.values().map(|held| held.renew(LEASE))).await {
            if let Err(error) = renewed {
                trace::journal(&error);
            }
        }
    }

    /// Closes the entries with the findings, and settles the reservations of the calls.
    pub(super) async fn close(
        mut self,
        groups: &[Group],
        jobs: &'static Jobs,
        findings: &mut Findings,
    ) {
        let calls = groups.iter().flat_map(|group| &group.calls);
        let closing = calls.filter_map(|(index, call)| {
            let finding = findings.remove(index)?;
            let held = self.0.remove(index);
            Some(async move { (*index, conclude(jobs, (call, held), finding).await) })
        });
        let closing: Vec<_> = closing.collect();
        findings.extend(join_all(closing).await);
    }
}

async fn conclude(
    jobs: &'static Jobs,
    (call, held): (&AmbiguousCall, Option<HeldEntry>),
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
        // The entry stays open and the reservation stays, until somebody knows.
        Finding::Uncertain(_) => return Ok(finding),
    };
    let closed = match held {
        Some(held) => held.close(&outcome).await,
        None if call.is_fenced => Ok(true),
        None => {
            let problem = "the journal of this client does not hold the call, so that it cannot keep anybody else from sending it again";
            Err(JournalError::new(problem).into())
        }
    };
    match &finding {
        Finding::NotFound => match closed {
            Ok(true) => call.not_found(),
            Ok(false) => return Err(call.keep_ambiguous(taken_over().into())),
            Err(error) => return Err(call.keep_ambiguous(error)),
        },
        Finding::Found(record) => call.found(usage_report::of(jobs, record).first()),
        Finding::Several(_) | Finding::Uncertain(_) => call.found(None),
    }
    if let Err(error) = closed {
        // It is found again by whoever settles it next, and nobody is told to send it again.
        trace::journal(&error);
    }
    Ok(finding)
}
