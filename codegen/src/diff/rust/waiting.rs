//! Judges how jobs are waited for. In: a pair of resources. Out: changes. Knows no operations but the names of their constants.

use super::Bump;
use super::changes::{Changes, Spot};
use super::names::{Names, Way};
use super::resources::path;
use super::words::{code, listed};
use crate::krate::{Ident, JobList, JobMethod, JobOutcome, JobState, Resource, Waiting};
use crate::wire::WireName;
use std::collections::BTreeMap;

/// Whether the documentation of the handle has a reason to differ: it names states and properties.
pub(super) fn lives_otherwise(old: &Resource, new: &Resource) -> bool {
    match (&old.waiting, &new.waiting) {
        (Some(old), Some(new)) => !lives((old, new), &BTreeMap::new()).is_empty(),
        (None, None) => false,
        (None, Some(_)) | (Some(_), None) => true,
    }
}

/// Judges the jobs of one resource. `constants`: what its operations are called now.
pub(super) fn compare(
    (old, new): (&Resource, &Resource),
    constants: &BTreeMap<&Ident, &Ident>,
    names: &Names<'_>,
    changes: &mut Changes,
) {
    let path = path(new);
    let methods = |waiting: &Waiting| listed(waiting.methods.iter().map(|one| one.name.as_str()));
    match (&old.waiting, &new.waiting) {
        (None, None) => {}
        (None, Some(now)) => {
            let text = format!(
                "the jobs of {} can be waited for: {}",
                code(&path),
                methods(now)
            );
            changes.push(Bump::Minor, &Spot::both(path, &old.at, &new.at), text);
        }
        (Some(was), None) => {
            let text = format!(
                "{} has no jobs any more: {} are gone",
                code(&path),
                methods(was)
            );
            changes.push(Bump::Major, &Spot::both(path, &old.at, &new.at), text);
        }
        (Some(was), Some(now)) => {
            let lives = lives((was, now), constants);
            let handle = format!(
                "resources::{}::{}",
                new.module.as_str(),
                new.handle.as_str()
            );
            let spot = Spot::both(handle, &old.at, &new.at);
            if !lives.is_empty() {
                let text = format!(
                    "the jobs of {} live otherwise: {}",
                    code(&path),
                    lives.join("; ")
                );
                changes.push(Bump::Patch, &spot, text);
            }
            // The prose names the states, and the methods that start jobs.
            let told = lives.is_empty() && constants.iter().all(|(old, new)| old == new);
            let pair = Jobs {
                path,
                spot,
                names,
                told,
            };
            self::methods(&pair, (&was.methods, &now.methods), changes);
        }
    }
}

/// What the methods for the jobs of one resource share.
struct Jobs<'a> {
    path: String,
    spot: Spot,
    names: &'a Names<'a>,
    /// Whether nothing explains another documentation.
    told: bool,
}

fn methods(jobs: &Jobs<'_>, (old, new): (&[JobMethod], &[JobMethod]), changes: &mut Changes) {
    let spot = |method: &JobMethod| Spot {
        item: format!("{}.{}", jobs.path, method.name.as_str()),
        ..jobs.spot.clone()
    };
    for method in old {
        match new.iter().find(|other| other.verb == method.verb) {
            Some(now) => kept(jobs, (method, now), &spot(now), changes),
            None => {
                let spot = spot(method);
                let text = format!("{} is gone", code(&spot.item));
                changes.push(Bump::Major, &spot, text);
            }
        }
    }
    let is_new = |method: &&JobMethod| !old.iter().any(|other| other.verb == method.verb);
    for method in new.iter().filter(is_new) {
        let spot = spot(method);
        let text = format!("{} is new", code(&spot.item));
        changes.push(Bump::Minor, &spot, text);
    }
}

fn kept(jobs: &Jobs<'_>, (old, new): (&JobMethod, &JobMethod), spot: &Spot, changes: &mut Changes) {
    let JobMethod {
        name,
        verb: _,
        job,
        docs,
    } = old;
    let before = changes.count();
    if *name != new.name {
        let was = format!("{}.{}", jobs.path, name.as_str());
        let text = format!("{} is now called {}", code(&was), code(&spot.item));
        changes.push(Bump::Major, spot, text);
    }
    let was = jobs.names.translated(job, Way::Received);
    if was != new.job {
        let text = format!(
            "{} gives {} instead of {}",
            code(&spot.item),
            code(&new.job.rust()),
            code(&was.rust())
        );
        changes.push(Bump::Major, spot, text);
    }
    if jobs.told && changes.none_since(before) {
        changes.docs(spot, (docs, &new.docs));
    } else {
        changes.examples(spot, (docs, &new.docs));
    }
}

/// What differs in how jobs live.
fn lives((old, new): (&Waiting, &Waiting), constants: &BTreeMap<&Ident, &Ident>) -> Vec<String> {
    let Waiting {
        resource,
        states,
        status,
        output,
        reason,
        preview,
        credits,
        created,
        name,
        poll,
        list,
        methods: _,
    } = old;
    let mut parts: Vec<String> = Vec::new();
    let now = |constant: &Ident| {
        constants
            .get(constant)
            .map_or(constant.clone(), |name| (*name).clone())
    };
    let moved = |name: &JobList| JobList {
        constant: now(&name.constant),
        ..name.clone()
    };
    if *resource != new.resource {
        parts.push(format!("their resource is {}", code(new.resource.as_str())));
    }
    if *states != new.states {
        parts.push(format!("their states are {}", self::states(&new.states)));
    }
    let properties = [
        ("state", Some(status), Some(&new.status)),
        ("result", Some(output), Some(&new.output)),
        ("reason of failure", reason.as_ref(), new.reason.as_ref()),
        ("preview", preview.as_ref(), new.preview.as_ref()),
        ("cost", credits.as_ref(), new.credits.as_ref()),
        ("time of creation", created.as_ref(), new.created.as_ref()),
        ("name", name.as_ref(), new.name.as_ref()),
    ];
    for (what, was, is) in properties.into_iter().filter(|(_, was, is)| was != is) {
        let name =
            |name: Option<&WireName>| name.map_or("nothing".to_owned(), |name| code(name.as_str()));
        parts.push(format!(
            "their {what} is in {} instead of {}",
            name(is),
            name(was)
        ));
    }
    if now(poll) != new.poll {
        parts.push("another operation reads one".to_owned());
    }
    if list.as_ref().map(moved) != new.list {
        parts.push("they are listed otherwise".to_owned());
    }
    parts
}

fn states(states: &[JobState]) -> String {
    let states = states.iter().map(|JobState { name, outcome }| {
        let outcome = match outcome {
            JobOutcome::Running => "goes on",
            JobOutcome::Succeeded => "has its result",
            JobOutcome::Failed => "has failed",
        };
        format!("{} ({outcome})", code(name.as_str()))
    });
    states.collect::<Vec<_>>().join(", ")
}
