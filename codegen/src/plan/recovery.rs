//! Decides how it is found out what became of a call whose response was lost. In: a resource and one of its operations. Out: data. Knows no Rust names.

use crate::api::{Method, Operation, Resource};
use crate::krate::Recovery;
use crate::wire::WireName;

/// By what the effect of a call is identified; the runtime decides the same by the data of the operation.
pub(super) fn planned(resource: &Resource, operation: &Operation) -> Recovery {
    if is_safe(operation) || operation.idempotent {
        return Recovery::NotNeeded;
    }
    let Some(lifecycle) = &resource.lifecycle else {
        return Recovery::Undecided;
    };
    let named = lifecycle.list.is_some() && lifecycle.named_by.contains(&operation.id);
    if lifecycle.about_existing.contains(&operation.id) {
        Recovery::BySubject
    } else if named {
        Recovery::ByName
    } else {
        Recovery::Undecided
    }
}

/// Whether it only reads (RFC 9110, 9.2.1).
fn is_safe(operation: &Operation) -> bool {
    match operation.method {
        Method::Get | Method::Head | Method::Options | Method::Trace => true,
        Method::Post | Method::Put | Method::Patch | Method::Delete => false,
    }
}

/// Where a caller of the operation names the job that it makes.
pub(super) fn job_name(resource: &Resource, operation: &Operation) -> Option<WireName> {
    let lifecycle = resource.lifecycle.as_ref()?;
    let is_named = lifecycle.named_by.contains(&operation.id);
    lifecycle.name.clone().filter(|_| is_named)
}

/// Whether what an operation answers is a job of its resource, or a list of them.
pub(super) fn answers_jobs(resource: &Resource, operation: &Operation) -> bool {
    resource.lifecycle.as_ref().is_some_and(|lifecycle| {
        let list = lifecycle.list.as_ref().map(|list| &list.operation);
        lifecycle.poll == operation.id
            || list == Some(&operation.id)
            || lifecycle.started_by.contains(&operation.id)
    })
}
