//! Judges the setters of a call, its type, and the stream of its pages. In: a pair of methods. Out: changes. Knows no fields.

use super::Bump;
use super::changes::{Changes, Spot};
use super::methods::Pair;
use super::names::Way;
use super::signature::{is_argument, taken};
use super::words::{code, ident, listed};
use crate::krate::{CallSetter, Ident, Items, Method};
use crate::pointer::Pointer;

/// Judges the setters. `explained`: the method has another name or other arguments, so that its call may well be of
/// another type.
pub(super) fn compare(pair: &Pair<'_>, explained: bool, changes: &mut Changes) {
    let (mut matched, mut gone, mut come) = (Vec::new(), Vec::new(), Vec::new());
    come.extend(&pair.new.setters);
    for setter in &pair.old.setters {
        match come.iter().position(|other| name(other) == name(setter)) {
            Some(place) => matched.push((setter, come.remove(place))),
            None => gone.push(setter),
        }
    }
    gone.retain(
        |setter| match come.iter().position(|other| same_parameter(setter, other)) {
            Some(place) => {
                matched.push((setter, come.remove(place)));
                false
            }
            None => true,
        },
    );
    // What is an argument on the other side has been said already.
    gone.retain(|setter| !is_argument_of(pair.new, setter));
    come.retain(|setter| !is_argument_of(pair.old, setter));
    for (old, new) in matched {
        kept(pair, (old, new), changes);
    }
    if explained || pair.old.marker == pair.new.marker {
        existence(pair, (&gone, &come), changes);
    } else {
        marker(pair, (&gone, &come), changes);
    }
    items(pair, changes);
}

fn name(setter: &CallSetter) -> &Ident {
    match setter {
        CallSetter::Parameter { name, .. } | CallSetter::MediaType { name, .. } => name,
    }
}

fn place(setter: &CallSetter) -> &Pointer {
    match setter {
        CallSetter::Parameter { at, .. } | CallSetter::MediaType { at, .. } => at,
    }
}

fn same_parameter(old: &CallSetter, new: &CallSetter) -> bool {
    match (old, new) {
        (CallSetter::Parameter { wire: old, .. }, CallSetter::Parameter { wire: new, .. }) => {
            old == new
        }
        (CallSetter::Parameter { .. } | CallSetter::MediaType { .. }, _) => false,
    }
}

fn is_argument_of(method: &Method, setter: &CallSetter) -> bool {
    match setter {
        CallSetter::Parameter { wire, .. } => is_argument(method, wire),
        CallSetter::MediaType { .. } => false,
    }
}

/// A part of the call as users write it: `cats().list().page`.
fn path(pair: &Pair<'_>, part: &str) -> String {
    format!("{}().{part}", pair.spot.item)
}

fn existence(
    pair: &Pair<'_>,
    (gone, come): (&[&CallSetter], &[&CallSetter]),
    changes: &mut Changes,
) {
    for setter in gone {
        let path = path(pair, name(setter).as_str());
        let text = format!("the setter {} is gone", code(&path));
        changes.push(Bump::Major, &Spot::old(path, place(setter)), text);
    }
    for setter in come {
        let path = path(pair, name(setter).as_str());
        let text = format!("the setter {} is new", code(&path));
        changes.push(Bump::Minor, &Spot::new(path, place(setter)), text);
    }
}

/// A call with setters is of a type of its own, so the first setter and the last one change the type of the call.
fn marker(pair: &Pair<'_>, (gone, come): (&[&CallSetter], &[&CallSetter]), changes: &mut Changes) {
    let call = |method: &Method| {
        let output = pair.new.output.rust();
        code(&match &method.marker {
            Some(marker) => format!("Call<{output}, {}>", marker.as_str()),
            None => format!("Call<{output}>"),
        })
    };
    let mut spot = pair.spot.clone();
    let names = |setters: &[&CallSetter]| listed(setters.iter().map(|one| name(one).as_str()));
    let why = match (&pair.old.marker, &pair.new.marker) {
        (None, _) => {
            spot.new = come
                .first()
                .map(|setter| place(setter).clone())
                .or(spot.new);
            format!(": its call has setters now, {}", names(come))
        }
        (Some(_), None) => {
            spot.old = gone
                .first()
                .map(|setter| place(setter).clone())
                .or(spot.old);
            format!(": its call has no setters any more, not {}", names(gone))
        }
        (Some(_), Some(_)) => {
            existence(pair, (gone, come), changes);
            String::new()
        }
    };
    let text = format!(
        "{} gives {} instead of {}{why}",
        pair.method(),
        call(pair.new),
        call(pair.old)
    );
    changes.push(Bump::Major, &spot, text);
}

fn kept(pair: &Pair<'_>, (old, new): (&CallSetter, &CallSetter), changes: &mut Changes) {
    let item = path(pair, name(new).as_str());
    let setter = code(&item);
    let spot = Spot::both(item, place(old), place(new));
    let before = changes.count();
    if name(old) != name(new) {
        let was = code(&path(pair, name(old).as_str()));
        let text = format!("the setter {was} is now called {}", ident(name(new)));
        changes.push(Bump::Major, &spot, text);
    }
    match (old, new) {
        (
            CallSetter::Parameter {
                at: _,
                name: _,
                wire: was_wire,
                ty: was,
                docs: was_docs,
                deprecated: was_deprecated,
            },
            CallSetter::Parameter {
                at: _,
                name: _,
                wire,
                ty,
                docs,
                deprecated,
            },
        ) => {
            let was = pair.names.translated(was, Way::Sent);
            if was != *ty {
                let text = format!(
                    "the setter {setter} takes {} instead of {}",
                    taken(ty),
                    taken(&was)
                );
                changes.push(Bump::Major, &spot, text);
            }
            if was_wire != wire {
                let text = format!(
                    "the setter {setter} sends {} instead of {}",
                    code(wire.as_str()),
                    code(was_wire.as_str())
                );
                changes.push(Bump::Patch, &spot, text);
            }
            changes.deprecated(
                &spot,
                &format!("the setter {setter}"),
                (*was_deprecated, *deprecated),
            );
            let limits = super::operation::limits(pair, wire);
            if changes.none_since(before) && limits.is_none() {
                changes.docs(&spot, (was_docs, docs));
            }
        }
        (
            CallSetter::MediaType {
                media_type: was, ..
            },
            CallSetter::MediaType { media_type, .. },
        ) => {
            if was != media_type {
                let text = format!(
                    "the setter {setter} sends the body as {} instead of {}",
                    code(media_type.as_str()),
                    code(was.as_str())
                );
                changes.push(Bump::Patch, &spot, text);
            }
        }
        (CallSetter::Parameter { .. }, CallSetter::MediaType { .. }) => {
            let text = format!("the setter {setter} takes nothing: it says how the body is sent");
            changes.push(Bump::Major, &spot, text);
        }
        (CallSetter::MediaType { .. }, CallSetter::Parameter { .. }) => {
            let text = format!(
                "the setter {setter} takes a value: it no longer says how the body is sent"
            );
            changes.push(Bump::Major, &spot, text);
        }
    }
}

/// The stream over all pages, which only a call of a type of its own has.
fn items(pair: &Pair<'_>, changes: &mut Changes) {
    fn visible(method: &Method) -> Option<&Items> {
        method.items.as_ref().filter(|_| method.marker.is_some())
    }
    let item = path(pair, "items");
    let stream = code(&item);
    let spot = Spot {
        item,
        ..pair.spot.clone()
    };
    match (visible(pair.old), visible(pair.new)) {
        (None, None) => {}
        (None, Some(_)) => {
            let text = format!("{stream} is new: all pages as one stream");
            changes.push(Bump::Minor, &spot, text);
        }
        (Some(_), None) => {
            let text = format!("{stream} is gone: the answer is no page");
            changes.push(Bump::Major, &spot, text);
        }
        (Some(Items { ty, docs }), Some(new)) => {
            let was = pair.names.translated(ty, Way::Received);
            if was == new.ty {
                changes.docs(&spot, (docs, &new.docs));
            } else {
                let text = format!(
                    "{stream} gives {} instead of {}",
                    code(&new.ty.rust()),
                    code(&was.rust())
                );
                changes.push(Bump::Major, &spot, text);
            }
        }
    }
}
