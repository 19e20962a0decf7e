//! Decides the methods that wait for jobs. In: a resource's lifecycle and its planned methods. Out: data and methods. Knows no schemas.

use super::{Planner, docs, examples, names};
use crate::api;
use crate::krate::{
    Docs, Ident, JobList, JobMethod, JobOutcome, JobState, JobVerb, Method, Paragraph, Ty,
    TypeModule, Waiting,
};
use crate::wire::WireName;

/// A resource with jobs, and what of it is planned already.
pub(super) struct Jobs<'p> {
    pub(super) resource: &'p api::Resource,
    pub(super) lifecycle: &'p api::Lifecycle,
    /// The client's method that gives the handle.
    pub(super) module: &'p Ident,
    pub(super) methods: &'p [Method],
}

impl Jobs<'_> {
    /// The method of an operation.
    pub(super) fn method(&self, id: &WireName) -> Option<&Method> {
        self.methods
            .iter()
            .find(|method| method.operation.id == *id)
    }
}

impl Planner<'_> {
    /// How the jobs of a resource are waited for; nothing where a complaint says why.
    pub(super) fn waiting(&mut self, jobs: &Jobs<'_>, types: &[TypeModule]) -> Option<Waiting> {
        let lifecycle = jobs.lifecycle;
        let poll = jobs.method(&lifecycle.poll)?;
        let record = self.record(poll, &poll.output);
        let list = lifecycle.list.as_ref().and_then(|list| {
            let method = jobs.method(&list.operation)?;
            let item = match &method.output {
                Ty::List(item) => item,
                other => other,
            };
            Some((self.record(method, item)?, list_of(list, method)))
        });
        let record = record?;
        let mut verbs = vec![(JobVerb::Wait, record.clone()), (JobVerb::Resume, record)];
        if let Some((item, _)) = &list {
            let many = [
                JobVerb::WaitAll,
                JobVerb::Settle,
                JobVerb::SettlePending,
                JobVerb::SettleAll,
            ];
            verbs.extend(many.map(|verb| (verb, item.clone())));
        }
        let methods = verbs
            .into_iter()
            .filter_map(|(verb, job)| self.job_method(jobs, verb, job, types))
            .collect();
        Some(Waiting {
            resource: jobs.resource.tag.clone(),
            states: states(lifecycle),
            status: lifecycle.status.clone(),
            output: lifecycle.output.clone(),
            reason: lifecycle.reason.clone(),
            preview: lifecycle.preview.clone(),
            credits: lifecycle.credits.clone(),
            created: lifecycle.created.clone(),
            name: lifecycle.name.clone(),
            poll: poll.constant.clone(),
            list: list.map(|(_, list)| list),
            methods,
        })
    }

    /// What a method answers of one job, which must be there.
    fn record(&mut self, method: &Method, ty: &Ty) -> Option<Ty> {
        if let Ty::Named(_) = ty {
            return Some(ty.clone());
        }
        let message = format!(
            "`{}` may answer something else than its jobs: `{}`",
            method.operation.id,
            method.output.rust()
        );
        let help = "describe one answer of success, with a body, in spec/overlay.yaml";
        self.diagnostics.push(&method.at, message, help);
        None
    }

    fn job_method(
        &mut self,
        jobs: &Jobs<'_>,
        verb: JobVerb,
        job: Ty,
        types: &[TypeModule],
    ) -> Option<JobMethod> {
        let name = names::field(verb.name())?;
        if let Some(taken) = jobs.methods.iter().find(|method| method.name == name) {
            let message = format!(
                "the operation would be called `{}`, as a method for the jobs of `{}` is",
                name.as_str(),
                jobs.resource.tag
            );
            let help = "name the operation with `x-rust-name` in spec/overlay.yaml";
            self.diagnostics.push(&taken.at, message, help);
        }
        let started: Vec<String> = jobs
            .lifecycle
            .started_by
            .iter()
            .filter_map(|id| Some(jobs.method(id)?.name.as_str().to_owned()))
            .collect();
        let mut docs = docs::waiting::method(jobs.resource, jobs.lifecycle, verb, &started);
        if verb == JobVerb::Wait {
            docs.extend(examples::job(jobs, &job, types).map(Paragraph::Example));
        }
        Some(JobMethod {
            name,
            verb,
            job,
            docs: Docs(docs),
        })
    }
}

fn list_of(list: &api::JobList, method: &Method) -> JobList {
    JobList {
        constant: method.constant.clone(),
        ids: list.ids.clone(),
        most: list.most,
    }
}

/// All states: those in which a job does not stay, then the last ones.
fn states(lifecycle: &api::Lifecycle) -> Vec<JobState> {
    let running = lifecycle.running.iter().map(|name| JobState {
        name: name.clone(),
        outcome: JobOutcome::Running,
    });
    let terminal = lifecycle.terminal.iter().map(|(name, outcome)| JobState {
        name: name.clone(),
        outcome: match outcome {
            api::Outcome::Success => JobOutcome::Succeeded,
            api::Outcome::Failure => JobOutcome::Failed,
        },
    });
    running.chain(terminal).collect()
}
