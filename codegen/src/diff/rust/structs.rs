//! Judges a struct: in which directions it travels, and what it is told about. In: a pair. Out: changes. Knows no methods.

use super::changes::{Changes, Spot};
use super::names::{Names, Way};
use super::words::{code, ident};
use super::{Bump, constructor, fields, limits};
use crate::krate::{Direction, Struct};

/// A struct on both sides.
pub(super) struct Pair<'a> {
    pub(super) old: &'a Struct,
    pub(super) new: &'a Struct,
    pub(super) names: &'a Names<'a>,
    /// Which of two types its fields hold where directions have one each.
    pub(super) way: Way,
}

impl Pair<'_> {
    /// Whether both sides have a constructor and setters.
    pub(super) fn is_sent(&self) -> bool {
        self.old.direction.is_sent() && self.new.direction.is_sent()
    }

    /// A part of the struct as users write it: `types::Cat::name`.
    pub(super) fn path(&self, part: &str) -> String {
        format!("types::{}::{part}", self.new.name.as_str())
    }

    /// A part of the struct for a sentence: `Cat::name` in backticks.
    pub(super) fn part(&self, part: &str) -> String {
        code(&format!("{}::{part}", self.new.name.as_str()))
    }
}

/// Judges one struct.
pub(super) fn compare(
    (old, new): (&Struct, &Struct),
    spot: &Spot,
    names: &Names<'_>,
    changes: &mut Changes,
) {
    let way = match (old.direction, new.direction) {
        (Direction::Request, _) | (_, Direction::Request) => Way::Sent,
        (Direction::Response | Direction::Both, Direction::Response | Direction::Both) => {
            Way::Received
        }
    };
    let pair = Pair {
        old,
        new,
        names,
        way,
    };
    let Struct {
        at: _,
        name,
        docs,
        deprecated,
        direction: _,
        fields: _,
        requirements,
    } = old;
    let before = changes.count();
    traits(&pair, spot, changes);
    changes.deprecated(spot, &ident(&new.name), (*deprecated, new.deprecated));
    if pair.is_sent()
        && let Some(text) = limits::requirements(requirements, &new.requirements)
    {
        let name = ident(&new.name);
        let text = format!("what {name} must hold, checked before sending: {text}");
        changes.push(Bump::Patch, spot, text);
    }
    // Without a description the documentation is made of the name and the direction.
    if changes.none_since(before) && *name == new.name {
        changes.docs(spot, (docs, &new.docs));
    }
    let before = changes.count();
    let matched = fields::compare(&pair, changes);
    constructor::order(&pair, &matched, changes);
    default(&pair, spot, before, changes);
}

/// What comes and goes with a direction: the constructor and the setters. serde's traits and `extra` are always there.
fn traits(pair: &Pair<'_>, spot: &Spot, changes: &mut Changes) {
    let Pair { old, new, .. } = pair;
    let name = ident(&new.name);
    match (old.direction.is_sent(), new.direction.is_sent()) {
        (true, false) => {
            let text = format!("{name} is no longer sent: `new` and its setters are gone");
            changes.push(Bump::Major, spot, text);
        }
        (false, true) => {
            let text = format!("{name} is sent too: it has `new` and setters");
            changes.push(Bump::Minor, spot, text);
        }
        (true, true) | (false, false) => {}
    }
}

/// `Default` comes and goes with the last required field. What has already been said of the fields since there were
/// `before` changes says it too, where it raises the version as far.
fn default(pair: &Pair<'_>, spot: &Spot, before: usize, changes: &mut Changes) {
    let (bump, text) = match (pair.old.has_default(), pair.new.has_default()) {
        (true, false) => (Bump::Major, "has a required field: its `Default` is gone"),
        (false, true) => (Bump::Minor, "has no required field: it has `Default`"),
        (true, true) | (false, false) => return,
    };
    if changes.worst_since(before) < bump {
        let text = format!("{} {text}", ident(&pair.new.name));
        changes.push(bump, spot, text);
    }
}
