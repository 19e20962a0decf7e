//! Collects what was found. In: changes, one by one. Out: the sorted list. Knows no item.

use super::docs;
use super::{Bump, RustChange};
use crate::krate::{Docs, Example};
use crate::pointer::Pointer;
use std::cmp::Reverse;

/// An item of the surface, and where it stands in the two documents.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) item: String,
    pub(super) old: Option<Pointer>,
    pub(super) new: Option<Pointer>,
}

impl Spot {
    /// An item of both clients.
    pub(super) fn both(item: impl Into<String>, old: &Pointer, new: &Pointer) -> Self {
        Self {
            item: item.into(),
            old: Some(old.clone()),
            new: Some(new.clone()),
        }
    }

    /// An item that is gone.
    pub(super) fn old(item: impl Into<String>, at: &Pointer) -> Self {
        Self {
            item: item.into(),
            old: Some(at.clone()),
            new: None,
        }
    }

    /// An item that is new.
    pub(super) fn new(item: impl Into<String>, at: &Pointer) -> Self {
        Self {
            item: item.into(),
            old: None,
            new: Some(at.clone()),
        }
    }
}

/// Two examples of one item that differ.
#[derive(Debug)]
pub(super) struct ExampleChange {
    pub(super) spot: Spot,
    pub(super) old: Vec<Example>,
    pub(super) new: Vec<Example>,
}

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) list: Vec<RustChange>,
    /// Examples follow from what they show, so they are looked at when everything else has been found.
    pub(super) examples: Vec<ExampleChange>,
}

impl Changes {
    /// Notes a change.
    pub(super) fn push(&mut self, bump: Bump, spot: &Spot, text: String) {
        self.list.push(RustChange {
            bump,
            item: spot.item.clone(),
            text,
            old: spot.old.clone(),
            new: spot.new.clone(),
        });
    }

    /// How many were found; what compares two items asks before and after whether it found something.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was found since there were `count`.
    pub(super) fn none_since(&self, count: usize) -> bool {
        self.list.len() == count
    }

    /// How far what was found since there were `count` raises the version.
    pub(super) fn worst_since(&self, count: usize) -> Bump {
        let since = self.list.iter().skip(count);
        since.map(|change| change.bump).max().unwrap_or(Bump::None)
    }

    /// Notes a change of the documentation, examples aside.
    pub(super) fn docs(&mut self, spot: &Spot, (old, new): (&Docs, &Docs)) {
        if docs::prose(old) != docs::prose(new) {
            let text = "the documentation changed".to_owned();
            self.push(Bump::Patch, spot, text);
        }
        self.examples(spot, (old, new));
    }

    /// Keeps the examples of some documentation for later.
    pub(super) fn examples(&mut self, spot: &Spot, (old, new): (&Docs, &Docs)) {
        let (old, new) = (docs::examples(old), docs::examples(new));
        if old != new {
            let spot = spot.clone();
            self.examples.push(ExampleChange { spot, old, new });
        }
    }

    /// Notes that something is deprecated, or no longer.
    pub(super) fn deprecated(&mut self, spot: &Spot, what: &str, (old, new): (bool, bool)) {
        match (old, new) {
            (false, true) => {
                let text = format!("{what} is deprecated: using it is a warning");
                self.push(Bump::Minor, spot, text);
            }
            (true, false) => {
                let text = format!("{what} is no longer deprecated");
                self.push(Bump::Patch, spot, text);
            }
            (true, true) | (false, false) => {}
        }
    }

    /// The gravest first, then by item: the order of the documents says nothing.
    pub(super) fn sorted(mut self) -> Vec<RustChange> {
        self.list.sort_by(|one, other| {
            let key = |change: &RustChange| {
                (
                    Reverse(change.bump),
                    change.item.clone(),
                    change.text.clone(),
                )
            };
            key(one).cmp(&key(other))
        });
        self.list
    }
}
