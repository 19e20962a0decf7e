//! Judges a method. In: a pair. Out: changes. Knows no fields.

use super::changes::{Changes, Spot};
use super::names::Names;
use super::resources::Owned;
use super::words::code;
use super::{Bump, operation, setters, signature};
use crate::krate::Method;

/// A method on both sides.
pub(super) struct Pair<'a> {
    pub(super) old: &'a Method,
    pub(super) new: &'a Method,
    pub(super) names: &'a Names<'a>,
    /// The new method, as users write it.
    pub(super) spot: Spot,
    /// Whether its resource is called as before, and has jobs where it had them.
    pub(super) at_home: bool,
}

impl Pair<'_> {
    /// The method, for a sentence.
    pub(super) fn method(&self) -> String {
        code(&self.spot.item)
    }
}

/// Judges one method, which may have another name or handle now.
pub(super) fn compare(
    (old, new): (Owned<'_>, Owned<'_>),
    renamed: bool,
    names: &Names<'_>,
    changes: &mut Changes,
) {
    let pair = Pair {
        old: old.method,
        new: new.method,
        names,
        spot: Spot::both(new.path(), &old.method.at, &new.method.at),
        at_home: old.resource.module == new.resource.module
            && old.resource.waiting.is_some() == new.resource.waiting.is_some(),
    };
    let Method {
        at: _,
        name: _,
        constant: _,
        marker: _,
        docs,
        deprecated,
        arguments: _,
        body: _,
        setters: _,
        items: _,
        output: _,
        operation: _,
    } = pair.old;
    let before = changes.count();
    if renamed {
        let text = format!("{} is now called {}", code(&old.path()), pair.method());
        changes.push(Bump::Major, &pair.spot, text);
    }
    signature::compare(&pair, changes);
    // A name that changed and an argument that did are reason enough for another type of the call.
    let explained = !changes.none_since(before);
    setters::compare(&pair, explained, changes);
    changes.deprecated(
        &pair.spot,
        &pair.method(),
        (*deprecated, new.method.deprecated),
    );
    operation::compare(&pair, before, changes);
    // Arguments, setters, prices and limits are part of the prose.
    if changes.none_since(before) {
        changes.docs(&pair.spot, (docs, &new.method.docs));
    } else {
        changes.examples(&pair.spot, (docs, &new.method.docs));
    }
}
