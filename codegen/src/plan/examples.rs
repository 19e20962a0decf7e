//! Decides the code of examples. In: planned methods and types. Out: calls with the simplest values. Knows no tokens.

use super::waiting::Jobs;
use super::{fields, samples};
use crate::krate::{Example, ExampleCall, Ident, Method, Presence, Sample, Ty, TypeModule};

/// A call and a look at its answer.
pub(super) fn answer(resource: &Ident, method: &Method, types: &[TypeModule]) -> Option<Example> {
    let call = call(resource, method, types)?;
    Some(if method.output == Ty::Unit {
        Example::Silent(call)
    } else {
        Example::Answer(call)
    })
}

/// Starting a job and waiting for it, unless the start is more than an example can show.
pub(super) fn job(jobs: &Jobs<'_>, record: &Ty, types: &[TypeModule]) -> Option<Example> {
    let output = &fields::find(record, jobs.lifecycle.output.as_str(), types)?.name;
    let starts = &jobs.lifecycle.started_by;
    starts.iter().find_map(|id| {
        let start = jobs.method(id)?;
        // The id of another job is of another type, or may be missing.
        let id = fields::find(&start.output, "id", types)
            .filter(|id| id.ty == Ty::Uuid && id.presence == Presence::Required)?;
        Some(Example::Job {
            id: id.name.clone(),
            start: call(jobs.module, start, types)?,
            output: output.clone(),
        })
    })
}

/// A call, unless what it needs is more than an example can show.
fn call(resource: &Ident, method: &Method, types: &[TypeModule]) -> Option<ExampleCall> {
    let mut arguments: Vec<Sample> = Vec::new();
    for argument in &method.arguments {
        let rules = &method.operation.parameters;
        let rule = rules
            .iter()
            .find(|parameter| parameter.rule.wire == argument.wire)
            .map(|parameter| &parameter.rule);
        arguments.push(samples::of(&argument.ty, rule, types)?);
    }
    if let Some(body) = &method.body {
        let sample = samples::of(&body.ty, None, types)?;
        arguments.push(Sample::Borrowed(Box::new(sample)));
    }
    Some(ExampleCall {
        resource: resource.clone(),
        method: method.name.clone(),
        arguments,
    })
}
