//! What became of calls whose answers were lost. In: the calls, and how the job of each can be
//! known. Out: the job of each call, or that it did nothing. Knows no type: records are JSON here.
//!
//! One look serves all calls; what it shows is for `evidence` to say.

use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use super::evidence::{Candidates, Finding, Group, Picture, Sorter, View, deal};
use super::fence::Fence;
use super::look;
use super::lost::Looking;
use super::patience::{Patience, TOLERATED};
use super::polling::{Pace, Polling};
use super::settings::until;
use super::split;
use crate::runtime::clock::{self, Instant};
use crate::runtime::times::CallTimes;
use crate::runtime::{Client, Error, Jobs};

/// The findings, by the place of the call among all calls.
pub(super) type Findings = BTreeMap<usize, Result<Finding, Error>>;

pub(super) struct Inquiry {
    pub(super) client: Client,
    pub(super) jobs: &'static Jobs,
    pub(super) sorter: Option<Sorter>,
    /// By the number that the sorter gives.
    pub(super) groups: Vec<Group>,
}

impl Inquiry {
    /// Looks until all is known: at once, then at growing intervals, and a last time when no lost
    /// call can show any more.
    pub(super) async fn run(mut self) -> Findings {
        let mut findings = Findings::new();
        let fence = Fence::take(&mut self.groups, &self.client, &mut findings).await;
        self.look_around(&fence, &mut findings).await;
        fence.close(&self.groups, self.jobs, &mut findings).await;
        self.client.store_spending().await;
        findings
    }

    async fn look_around(&mut self, fence: &Fence, findings: &mut Findings) {
        let mut open: Vec<usize> = (0..self.groups.len()).collect();
        open.retain(|group| {
            let view = self.view_unasked(&self.groups[*group]);
            self.close(*group, view, findings)
        });
        let mut pace = Pace::new(Polling::new().growth(2.0));
        let mut patience = Patience::new(TOLERATED);
        // Of jobs that could not be read while others could.
        let mut patiences = BTreeMap::new();
        while !open.is_empty() {
            fence.renew().await;
            let wait = match look(&self.client, self.jobs, questions(&self.groups, &open)).await {
                Ok(picture) => {
                    patience.succeeded();
                    let sorted = picture.sort(self.sorter.as_ref());
                    let mut longest = Duration::ZERO;
                    open.retain(|number| {
                        let group = &self.groups[*number];
                        let view = match picture.failure(group) {
                            None => picture.view(self.jobs, &sorted, (*number, group)),
                            Some(error) => {
                                let patience = patiences.entry(*number);
                                let patience = patience.or_insert_with(|| Patience::new(TOLERATED));
                                match patience.failed(error) {
                                    Some(wait) => {
                                        longest = longest.max(wait);
                                        View::Open
                                    }
                                    None => View::Failed(error.repeat()),
                                }
                            }
                        };
                        self.close(*number, view, findings)
                    });
                    let last = open.iter().map(|group| self.groups[*group].until).max();
                    last.map(|last| pace.next().min(until(last)).max(longest))
                }
                Err(error) => {
                    let wait = patience.failed(&error);
                    if wait.is_none() {
                        for group in open.drain(..) {
                            self.close(group, View::Failed(error.repeat()), findings);
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

    /// What can be said of calls without a look.
    fn view_unasked(&self, group: &Group) -> View {
        match group.looking {
            Looking::Nowhere => View::Jobs(Candidates::default()),
            Looking::New if self.sorter.is_none() => View::Failed(Error::configuration(
                "the call would have made a new job: say with `matching` (or `by`) which job is its own",
            )),
            Looking::New | Looking::Existing(_) | Looking::Known(_) => View::Open,
        }
    }

    /// Notes what was found out about a group; true while it is open.
    fn close(&self, group: usize, view: View, findings: &mut Findings) -> bool {
        let calls = &self.groups[group].calls;
        let candidates = match view {
            View::Open => return true,
            View::Jobs(candidates) => candidates,
            View::Failed(error) => {
                let job = match &self.groups[group].looking {
                    Looking::Existing(id) | Looking::Known(id) => Some(id.as_str()),
                    Looking::New | Looking::Nowhere => error.job_id(),
                };
                for (place, lost) in calls {
                    let error = lost.still_lost(error.repeat());
                    let error = match job {
                        Some(id) => error.of_job(id),
                        None => error,
                    };
                    findings.insert(*place, Err(error));
                }
                return false;
            }
        };
        for ((place, _), finding) in calls.iter().zip(deal(self.jobs, candidates, calls.len())) {
            findings.insert(*place, Ok(finding));
        }
        false
    }
}

/// What the calls of the open groups left behind.
fn questions<'a>(groups: &'a [Group], open: &[usize]) -> Vec<&'a Looking> {
    let groups = open.iter().filter_map(|group| groups.get(*group));
    groups.map(|group| &group.looking).collect()
}

/// Reads the jobs in question: all, if any of them is new.
async fn look(
    client: &Client,
    jobs: &'static Jobs,
    questions: Vec<&Looking>,
) -> Result<Picture, Error> {
    let at = Instant::now();
    let mut ids = Vec::new();
    for looking in questions {
        match looking {
            Looking::New => {
                let (records, is_complete) = look::all(client, jobs).await?;
                return Ok(Picture {
                    records,
                    failed: Vec::new(),
                    is_complete,
                    times: CallTimes::now(&client.inner.server_clock),
                    at,
                });
            }
            Looking::Existing(id) | Looking::Known(id) => ids.extend(Uuid::parse_str(id).ok()),
            Looking::Nowhere => {}
        }
    }
    let (mut records, mut failed) = (Vec::new(), Vec::new());
    for ids in ids.chunks(look::most(jobs)) {
        for part in split::read(client, jobs, ids.to_vec()).await {
            match part.records {
                Ok(some) => records.extend(some),
                Err(error) => failed.push((part.ids, error)),
            }
        }
    }
    Ok(Picture {
        records,
        failed,
        is_complete: false,
        times: CallTimes::now(&client.inner.server_clock),
        at,
    })
}
