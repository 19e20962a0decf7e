//! Prints how jobs are waited for. In: what is planned of it. Out: methods and one constant. Knows no operation.

use super::{docs, ty};
use crate::krate::{
    Crate, Ident, Item, JobList, JobMethod, JobOutcome, JobState, JobVerb, Ty, Waiting,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

/// The methods of the handle.
pub(super) fn methods(waiting: &Waiting) -> impl Iterator<Item = TokenStream> {
    waiting.methods.iter().map(method)
}

fn method(method: &JobMethod) -> TokenStream {
    let docs = docs::attributes(&method.docs);
    let name = ty::ident(&method.name);
    let job = ty::stored(&method.job);
    let code = match method.verb {
        JobVerb::Wait => quote! {
            pub fn #name(&self, id: Uuid) -> Wait<#job> {
                Wait::new(self.client, &JOBS, id)
            }
        },
        JobVerb::Resume => quote! {
            pub fn #name(&self, handle: &JobHandle) -> Wait<#job> {
                Wait::resume(self.client, &JOBS, handle)
            }
        },
        JobVerb::WaitAll => quote! {
            pub fn #name(
                &self,
                ids: impl IntoIterator<Item = impl std::borrow::Borrow<Uuid>>,
            ) -> WaitAll<#job> {
                WaitAll::new(self.client, &JOBS, ids)
            }
        },
        JobVerb::Settle => quote! {
            pub fn #name(&self, error: &Error) -> Settle<#job> {
                Settle::new(self.client, &JOBS, error)
            }
        },
        JobVerb::SettlePending => quote! {
            pub fn #name(&self, call: &PendingCall) -> Settle<#job> {
                Settle::of_pending(self.client, &JOBS, call)
            }
        },
        JobVerb::SettleAll => quote! {
            pub fn #name<'e, K>(
                &self,
                calls: impl IntoIterator<Item = (K, &'e Error)>,
            ) -> SettleAll<K, #job> {
                SettleAll::new(self.client, &JOBS, calls)
            }
        },
    };
    quote!(#docs #code)
}

/// What is known of the jobs.
pub(super) fn data(waiting: &Waiting) -> TokenStream {
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
    } = waiting;
    let (resource, status, output) = (resource.as_str(), status.as_str(), output.as_str());
    let states = states.iter().map(state);
    let (reason, preview) = (
        ty::name(reason.as_ref().map(|name| name.as_str())),
        ty::name(preview.as_ref().map(|name| name.as_str())),
    );
    let (credits, created) = (
        ty::name(credits.as_ref().map(|name| name.as_str())),
        ty::name(created.as_ref().map(|name| name.as_str())),
    );
    let name = ty::name(name.as_ref().map(|name| name.as_str()));
    let poll = ty::ident(poll);
    let list = ty::optional(list.as_ref().map(self::list));
    quote! {
        pub(crate) static JOBS: Jobs = Jobs {
            resource: #resource,
            states: &[#(#states),*],
            status: #status,
            output: #output,
            reason: #reason,
            preview: #preview,
            credits: #credits,
            created: #created,
            name: #name,
            poll: &#poll,
            list: #list,
        };
    }
}

/// The type of the state of each kind of job that can be waited for. Two resources may give the same.
pub(super) fn statuses(krate: &Crate) -> impl Iterator<Item = TokenStream> {
    let waited = krate.resources.iter().filter_map(|resource| {
        let waiting = resource.waiting.as_ref()?;
        let mut methods = waiting.methods.iter();
        let wait = methods.find(|method| method.verb == JobVerb::Wait)?;
        let Ty::Named(job) = &wait.job else {
            return None;
        };
        Some((job, status(krate, job, waiting)))
    });
    // The first resource decides, so that there is one implementation.
    let mut all: BTreeMap<&Ident, &Ty> = BTreeMap::new();
    for (job, status) in waited {
        all.entry(job).or_insert(status);
    }
    all.into_iter().map(|(job, status)| {
        let (job, status) = (ty::ident(job), ty::stored(status));
        quote! {
            impl JobRecord for #job {
                type Status = #status;
            }
        }
    })
}

/// The type of the property that holds the state; a text where the job has no such property.
fn status<'k>(krate: &'k Crate, job: &Ident, waiting: &Waiting) -> &'k Ty {
    let mut items = krate.types.iter().flat_map(|module| &module.items);
    let fields = items.find_map(|item| match item {
        Item::Struct(item) if item.name == *job => Some(&item.fields),
        Item::Struct(_) | Item::Enum(_) => None,
    });
    let mut fields = fields.into_iter().flatten();
    fields
        .find(|field| field.wire == waiting.status)
        .map_or(&Ty::Text, |field| &field.ty)
}

fn state(state: &JobState) -> TokenStream {
    let name = state.name.as_str();
    match state.outcome {
        JobOutcome::Running => quote!(JobState::running(#name)),
        JobOutcome::Succeeded => quote!(JobState::succeeded(#name)),
        JobOutcome::Failed => quote!(JobState::failed(#name)),
    }
}

fn list(list: &JobList) -> TokenStream {
    let operation = ty::ident(&list.constant);
    let ids = list.ids.as_str();
    let most = Literal::u32_unsuffixed(list.most);
    quote! {
        JobList {
            operation: &#operation,
            ids: #ids,
            most: #most,
        }
    }
}
