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
        extra: _,
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
    let matched = fields::compare(&pair, changes);
    constructor::order(&pair, &matched, changes);
}

/// What comes and goes with a direction: the constructor, the setters, serde's traits, and `extra`.
fn traits(pair: &Pair<'_>, spot: &Spot, changes: &mut Changes) {
    let Pair { old, new, .. } = pair;
    let name = ident(&new.name);
    let sent = (old.direction.is_sent(), new.direction.is_sent());
    let received = (old.direction.is_received(), new.direction.is_received());
    if sent == (true, false) {
        let text = format!("{name} is no longer sent: `new`, its setters and `Serialize` are gone");
        changes.push(Bump::Major, spot, text);
    }
    if sent == (false, true) {
        let text = format!("{name} is sent too: it has `new`, setters and `Serialize`");
        changes.push(Bump::Minor, spot, text);
    }
    if received == (true, false) {
        let extra = if old.extra && !new.extra {
            ", and `extra`"
        } else {
            ""
        };
        let text = format!("{name} is no longer received: `Deserialize` is gone{extra}");
        changes.push(Bump::Major, spot, text);
    }
    if received == (false, true) {
        let text = format!("{name} is received too: it has `Deserialize`");
        changes.push(Bump::Minor, spot, text);
    }
    let extra = Spot {
        item: pair.path("extra"),
        ..spot.clone()
    };
    if old.extra && !new.extra && received != (true, false) {
        let text = format!(
            "{} is gone: no further fields can be sent",
            pair.part("extra")
        );
        changes.push(Bump::Major, &extra, text);
    }
    if !old.extra && new.extra {
        let text = format!("{} is new: it holds further fields", pair.part("extra"));
        changes.push(Bump::Minor, &extra, text);
    }
}
