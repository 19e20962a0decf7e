//! Reconciliation of ambiguous calls. In: the calls, in groups, and a matcher for their jobs. Out: a
//! finding for each call: its job, several, or none. Depends on no type: records are JSON here.
//!
//! One poll serves all calls; `candidates` decides what it shows of each group.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::ambiguous_call::Target;
use super::backoff::{Backoff, TOLERATED};
use super::bisect;
use super::candidates::{Candidates, Findings, Group, GroupState, Matcher, Snapshot, assign};
use super::fence::Fence;
use super::fetch;
use super::polling::{Pace, Polling};
use super::settings::until;
use super::unique;
use crate::runtime::clock::{self, Instant};
use crate::runtime::times::CallTimes;
use crate::runtime::{Client, Error, Jobs};

pub(super) struct Reconciliation {
    pub(super) client: Client,
    pub(super) jobs: &'static Jobs,
    pub(super) matcher: Option<Matcher>,
    /// By the index that the matcher gives.
    pub(super) groups: Vec<Group>,
}

impl Reconciliation {
    /// Polls until all is known: at once, then at growing intervals, and a last time when no ambiguous
    /// call can show any more.
    pub(super) async fn run(mut self) -> Findings {
        let mut findings = Findings::new();
        let restored = self.client.restore_spending().await;
        let fence = Fence::take(&mut self.groups, &self.client, &mut findings).await;
        for group in &mut self.groups {
            for (_, call) in &mut group.calls {
                call.take_reservation(&self.client);
            }
        }
        if let Err(error) = restored {
            // What the calls cost could not be charged.
            for (index, call) in self.groups.drain(..).flat_map(|group| group.calls) {
                findings.insert(index, Err(call.keep_ambiguous(error.repeat())));
            }
            return findings;
        }
        self.matcher = unique::matcher(self.jobs, &self.groups, self.matcher.take());
        self.poll_until_known(&fence, &mut findings).await;
        fence.close(&self.groups, self.jobs, &mut findings).await;
        self.client.store_spending().await;
        findings
    }

    async fn poll_until_known(&mut self, fence: &Fence, findings: &mut Findings) {
        let mut open: Vec<usize> = (0..self.groups.len()).collect();
        open.retain(|group| {
            let state = self.state_without_poll(&self.groups[*group]);
            self.record_findings(*group, state, findings)
        });
        let mut pace = Pace::new(Polling::new().growth(2.0));
        let mut backoff = Backoff::new(TOLERATED);
        // Of jobs that could not be read while others could.
        let mut backoffs = BTreeMap::new();
        while !open.is_empty() {
            fence.renew().await;
            let wait = match poll(&self.client, self.jobs, open_targets(&self.groups, &open)).await
            {
                Ok(snapshot) => {
                    backoff.succeeded();
                    let matches = snapshot.match_records(self.matcher.as_ref());
                    let mut longest = Duration::ZERO;
                    open.retain(|number| {
                        let group = &self.groups[*number];
                        let state = match snapshot.failure(group) {
                            None => snapshot.state_of(self.jobs, &matches, (*number, group)),
                            Some(error) => {
                                let backoff = backoffs.entry(*number);
                                let backoff = backoff.or_insert_with(|| Backoff::new(TOLERATED));
                                match backoff.failed(error) {
                                    Some(wait) => {
                                        longest = longest.max(wait);
                                        GroupState::Open
                                    }
                                    None => GroupState::Failed(error.repeat()),
                                }
                            }
                        };
                        self.record_findings(*number, state, findings)
                    });
                    let last = open.iter().map(|group| self.groups[*group].until).max();
                    last.map(|last| pace.next().min(until(last)).max(longest))
                }
                Err(error) => {
                    let wait = backoff.failed(&error);
                    if wait.is_none() {
                        for group in open.drain(..) {
                            self.record_findings(
                                group,
                                GroupState::Failed(error.repeat()),
                                findings,
                            );
                        }
                    }
                    wait
                }
            };
            if let Some(wait) = wait {
                clock::sleep(wait).await;
            }
        }
    }

    /// What can be said of calls without a poll.
    fn state_without_poll(&self, group: &Group) -> GroupState {
        match group.target {
            Target::NoEffect => GroupState::Matched(Candidates::default()),
            Target::New if self.matcher.is_none() => GroupState::Failed(Error::configuration(
                "the call would have made a new job: say with `matching` (or `by`) which job is its own",
            )),
            Target::New | Target::Existing(_) | Target::Known(_) => GroupState::Open,
        }
    }

    /// Notes what was found out about a group; true while it is open.
    fn record_findings(&self, group: usize, state: GroupState, findings: &mut Findings) -> bool {
        let calls = &self.groups[group].calls;
        let candidates = match state {
            GroupState::Open => return true,
            GroupState::Matched(candidates) => candidates,
            GroupState::Failed(error) => {
                let job = match &self.groups[group].target {
                    Target::Existing(id) | Target::Known(id) => Some(id.as_str()),
                    Target::New | Target::NoEffect => error.job_id(),
                };
                for (index, call) in calls {
                    let error = call.keep_ambiguous(error.repeat());
                    let error = match job {
                        Some(id) => error.of_job(id),
                        None => error,
                    };
                    findings.insert(*index, Err(error));
                }
                return false;
            }
        };
        for ((index, _), finding) in calls.iter().zip(assign(self.jobs, candidates, calls.len())) {
            findings.insert(*index, Ok(finding));
        }
        false
    }
}

/// What the calls of the open groups left behind.
fn open_targets<'a>(groups: &'a [Group], open: &[usize]) -> Vec<&'a Target> {
    let groups = open.iter().filter_map(|group| groups.get(*group));
    groups.map(|group| &group.target).collect()
}

/// Reads the jobs in question: all, if any of them is new.
async fn poll(
    client: &Client,
    jobs: &'static Jobs,
    targets: Vec<&Target>,
) -> Result<Snapshot, Error> {
    let at = Instant::now();
    let mut ids = Vec::new();
    for target in targets {
        match target {
            Target::New => {
                let (records, is_complete) = fetch::all(client, jobs).await?;
                return Ok(Snapshot {
                    records,
                    failed: Vec::new(),
                    is_complete,
                    times: CallTimes::now(&client.inner.server_clock),
                    at,
                });
            }
            Target::Existing(id) | Target::Known(id) => ids.extend(Uuid::parse_str(id).ok()),
            Target::NoEffect => {}
        }
    }
    let (mut records, mut failed) = (Vec::new(), Vec::new());
    for ids in ids.chunks(fetch::most(jobs)) {
        for result in bisect::read(client, jobs, ids.to_vec()).await {
            match result.records {
                Ok(some) => records.extend(some),
                Err(error) => failed.push((result.ids, error)),
            }
        }
    }
    Ok(Snapshot {
        records,
        failed,
        is_complete: false,
        times: CallTimes::now(&client.inner.server_clock),
        at,
    })
}
