//! Judges the handles and pairs their methods. In: two clients. Out: changes. Knows no types but their names.
//!
//! User code names a method by its handle and its name, so equal names are a pair. What is left is paired by its place in
//! the document (another tag, or another name) and then by its `operationId` (another path).

use super::changes::{Changes, Spot};
use super::names::Names;
use super::words::{code, listed};
use super::{Bump, methods, waiting};
use crate::krate::{Crate, Ident, Method, Resource};
use std::collections::BTreeMap;

/// A method and the resource that it belongs to.
#[derive(Clone, Copy)]
pub(super) struct Owned<'a> {
    pub(super) resource: &'a Resource,
    pub(super) method: &'a Method,
}

impl Owned<'_> {
    /// The method as users write it: `cats().list`.
    pub(super) fn path(&self) -> String {
        let name = self.method.name.as_str();
        format!("{}.{name}", path(self.resource))
    }
}

/// The method of the client that gives a handle.
pub(super) fn path(resource: &Resource) -> String {
    format!("{}()", resource.module.as_str())
}

type Pairs<'a, T> = Vec<(T, T)>;

/// Judges every resource and every method.
pub(super) fn compare((old, new): (&Crate, &Crate), names: &Names<'_>, changes: &mut Changes) {
    let resources = resources(old, new);
    let partner: BTreeMap<&Ident, &Ident> = resources
        .iter()
        .map(|(old, new)| (&old.module, &new.module))
        .collect();
    let (pairs, gone, come) = paired(old, new, &partner);
    for (was, now) in &pairs {
        let moved = partner.get(&was.resource.module) != Some(&&now.resource.module);
        let renamed = moved || was.method.name != now.method.name;
        methods::compare((*was, *now), renamed, names, changes);
    }
    for (was, now) in &resources {
        kept((was, now), changes);
        let constants: BTreeMap<&Ident, &Ident> = pairs
            .iter()
            .filter(|(method, _)| method.resource.module == was.module)
            .map(|(was, now)| (&was.method.constant, &now.method.constant))
            .collect();
        waiting::compare((was, now), &constants, names, changes);
    }
    for resource in unmatched(old, |one| partner.contains_key(&one.module)) {
        let text = gone_with(resource, &gone);
        changes.push(Bump::Major, &Spot::old(path(resource), &resource.at), text);
    }
    for resource in unmatched(new, |one| partner.values().any(|name| **name == one.module)) {
        let text = format!("{} is new{}", code(&path(resource)), with(resource, &come));
        changes.push(Bump::Minor, &Spot::new(path(resource), &resource.at), text);
    }
    for one in gone
        .iter()
        .filter(|one| partner.contains_key(&one.resource.module))
    {
        let text = format!("{} is gone", code(&one.path()));
        changes.push(Bump::Major, &Spot::old(one.path(), &one.method.at), text);
    }
    for one in come
        .iter()
        .filter(|one| partner.values().any(|name| **name == one.resource.module))
    {
        let text = format!("{} is new", code(&one.path()));
        changes.push(Bump::Minor, &Spot::new(one.path(), &one.method.at), text);
    }
}

fn gone_with(resource: &Resource, gone: &[Owned<'_>]) -> String {
    format!("{} is gone{}", code(&path(resource)), with(resource, gone))
}

/// `, with `list` and `create``: the methods of a resource that come or go with it.
fn with(resource: &Resource, methods: &[Owned<'_>]) -> String {
    let own = methods
        .iter()
        .filter(|one| one.resource.module == resource.module);
    let names = listed(own.map(|one| one.method.name.as_str()));
    if names.is_empty() {
        names
    } else {
        format!(", with {names}")
    }
}

fn unmatched(krate: &Crate, is_matched: impl Fn(&Resource) -> bool) -> Vec<&Resource> {
    let resources = krate.resources.iter();
    resources.filter(|one| !is_matched(one)).collect()
}

/// Resources of one name; of the others those that share the most operations.
fn resources<'a>(old: &'a Crate, new: &'a Crate) -> Pairs<'a, &'a Resource> {
    let named = |resources: &'a [Resource], name: &Ident| {
        resources.iter().find(|resource| resource.module == *name)
    };
    let mut pairs: Pairs<'_, &Resource> = Vec::new();
    let mut come: Vec<&Resource> =
        unmatched(new, |one| named(&old.resources, &one.module).is_some());
    for resource in &old.resources {
        if let Some(now) = named(&new.resources, &resource.module) {
            pairs.push((resource, now));
            continue;
        }
        let best = (0..come.len())
            .map(|place| (shared(resource, come[place]), place))
            .filter(|(count, _)| *count > 0)
            .max_by_key(|(count, place)| (*count, usize::MAX - place));
        if let Some((_, place)) = best {
            pairs.push((resource, come.remove(place)));
        }
    }
    pairs
}

fn shared(old: &Resource, new: &Resource) -> usize {
    let methods = old.methods.iter();
    methods
        .filter(|method| new.methods.iter().any(|other| other.at == method.at))
        .count()
}

type Alike<'f> = &'f dyn Fn(&Owned<'_>, &Owned<'_>) -> bool;

type Paired<'a> = (Pairs<'a, Owned<'a>>, Vec<Owned<'a>>, Vec<Owned<'a>>);

fn paired<'a>(old: &'a Crate, new: &'a Crate, partner: &BTreeMap<&Ident, &Ident>) -> Paired<'a> {
    let mut pairs: Pairs<'_, Owned<'_>> = Vec::new();
    let mut gone = owned(old);
    let mut come = owned(new);
    let same_name = |was: &Owned<'_>, now: &Owned<'_>| {
        partner.get(&was.resource.module) == Some(&&now.resource.module)
            && was.method.name == now.method.name
    };
    let same_place = |was: &Owned<'_>, now: &Owned<'_>| was.method.at == now.method.at;
    let same_operation =
        |was: &Owned<'_>, now: &Owned<'_>| was.method.operation.id == now.method.operation.id;
    let alike: [Alike<'_>; 3] = [&same_name, &same_place, &same_operation];
    for alike in alike {
        gone.retain(|was| match come.iter().position(|now| alike(was, now)) {
            Some(place) => {
                pairs.push((*was, come.remove(place)));
                false
            }
            None => true,
        });
    }
    (pairs, gone, come)
}

fn owned(krate: &Crate) -> Vec<Owned<'_>> {
    let resources = krate.resources.iter();
    resources
        .flat_map(|resource| {
            let methods = resource.methods.iter();
            methods.map(move |method| Owned { resource, method })
        })
        .collect()
}

fn kept((old, new): (&Resource, &Resource), changes: &mut Changes) {
    let Resource {
        at,
        module,
        handle,
        docs,
        methods: _,
        waiting,
    } = old;
    let item = format!(
        "resources::{}::{}",
        new.module.as_str(),
        new.handle.as_str()
    );
    let spot = Spot::both(item, at, &new.at);
    if *module != new.module {
        let spot = Spot::both(path(new), at, &new.at);
        let text = format!("{} is now called {}", code(&path(old)), code(&path(new)));
        changes.push(Bump::Major, &spot, text);
        return;
    }
    if *handle != new.handle {
        let text = format!(
            "the type {} of {} is now called {}",
            handle.as_str(),
            code(&path(new)),
            new.handle.as_str()
        );
        changes.push(Bump::Major, &spot, text);
    }
    // What is said of its jobs follows from how they live.
    if waiting.is_some() == new.waiting.is_some() && !waiting::lives_otherwise(old, new) {
        changes.docs(&spot, (docs, &new.docs));
    }
}
