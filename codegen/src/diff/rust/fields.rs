//! Judges the fields of a struct: their names, types, setters and limits. In: a pair of structs. Out: changes, and which
//! field became which. Knows no methods.

use super::changes::{Changes, Spot};
use super::structs::Pair;
use super::words::{code, ident};
use super::{Bump, constructor, limits};
use crate::krate::{Field, Presence, Struct};

/// What a field is for those who build the struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An argument of the constructor.
    Argument,
    /// A setter.
    Setter,
}

/// The role of a field of a type that is sent.
pub(super) fn role(field: &Field) -> Role {
    match field.presence {
        Presence::Required | Presence::RequiredNullable => Role::Argument,
        Presence::Optional | Presence::Patch => Role::Setter,
    }
}

/// Judges all fields; gives those that are there on both sides.
pub(super) fn compare<'a>(pair: &Pair<'a>, changes: &mut Changes) -> Vec<(&'a Field, &'a Field)> {
    let (matched, gone, come) = matched(pair.old, pair.new);
    for (old, new) in &matched {
        kept(pair, (old, new), changes);
    }
    for field in gone {
        removed(pair, field, changes);
    }
    for field in come {
        added(pair, field, changes);
    }
    matched
}

type Matched<'a> = (Vec<(&'a Field, &'a Field)>, Vec<&'a Field>, Vec<&'a Field>);

/// User code names a field, so equal names are a pair; what is left is paired by its name on the wire.
fn matched<'a>(old: &'a Struct, new: &'a Struct) -> Matched<'a> {
    let mut pairs = Vec::new();
    let mut gone: Vec<&Field> = Vec::new();
    let mut come: Vec<&Field> = new.fields.iter().collect();
    let mut take = |wanted: &dyn Fn(&Field) -> bool| {
        let place = come.iter().position(|field| wanted(field));
        place.map(|place| come.remove(place))
    };
    for field in &old.fields {
        match take(&|other| other.name == field.name) {
            Some(other) => pairs.push((field, other)),
            None => gone.push(field),
        }
    }
    gone.retain(|field| match take(&|other| other.wire == field.wire) {
        Some(other) => {
            pairs.push((field, other));
            false
        }
        None => true,
    });
    (pairs, gone, come)
}

fn kept(pair: &Pair<'_>, (old, new): (&Field, &Field), changes: &mut Changes) {
    let Field {
        at,
        wire,
        name,
        docs,
        deprecated,
        ty: _,
        presence: _,
        rule,
    } = old;
    let spot = Spot::both(pair.path(new.name.as_str()), at, &new.at);
    let part = pair.part(new.name.as_str());
    let before = changes.count();
    if *name != new.name {
        let was = pair.part(name.as_str());
        let text = format!("{was} is now called {}", ident(&new.name));
        changes.push(Bump::Major, &spot, text);
    }
    if *wire != new.wire {
        let (was, now) = (code(wire.as_str()), code(new.wire.as_str()));
        let text = format!("{part} is {now} instead of {was} on the wire");
        changes.push(Bump::Patch, &spot, text);
    }
    let translated = Field {
        ty: pair.names.translated(&old.ty, pair.way),
        ..old.clone()
    };
    let was = translated.rust();
    if pair.is_sent() && role(old) != role(new) {
        constructor::moved(pair, (old, new), changes);
    } else if was != new.rust() {
        retyped(pair, (&translated, new), changes);
    } else if let Some(text) = written((old.presence, new.presence)) {
        changes.push(Bump::Patch, &spot, format!("{part} {text}"));
    }
    changes.deprecated(&spot, &part, (*deprecated, new.deprecated));
    if let Some(text) = limits::changed(rule, &new.rule) {
        // What is received is not held to limits.
        let (bump, said) = if pair.new.direction.is_sent() {
            (Bump::Patch, "before sending")
        } else {
            (Bump::None, "never in answers")
        };
        changes.push(
            bump,
            &spot,
            format!("the limits of {part}, checked {said}: {text}"),
        );
    }
    // Presence, defaults and limits are part of the prose.
    if changes.none_since(before) {
        changes.docs(&spot, (docs, &new.docs));
    }
}

/// A field of another type: `old` has the new names already.
fn retyped(pair: &Pair<'_>, (old, new): (&Field, &Field), changes: &mut Changes) {
    if pair.is_sent() && role(new) == Role::Argument {
        constructor::retyped(pair, (old, new), changes);
        return;
    }
    let spot = Spot::both(pair.path(new.name.as_str()), &old.at, &new.at);
    let text = format!(
        "{} is {} instead of {}{}",
        pair.part(new.name.as_str()),
        code(&new.rust()),
        code(&old.rust()),
        hint(pair.is_sent(), (old.presence, new.presence))
    );
    changes.push(Bump::Major, &spot, text);
}

/// What a presence that changed means.
fn hint(sent: bool, (old, new): (Presence, Presence)) -> &'static str {
    let is_null = (old == Presence::Patch, new == Presence::Patch);
    let is_there = (old == Presence::Required, new == Presence::Required);
    match (sent, is_null, is_there) {
        (true, (false, true), _) => ": its setter takes null too",
        (true, (true, false), _) => ": its setter no longer takes null",
        (false, _, (true, false)) => ": it may be missing or null",
        (false, _, (false, true)) => ": it is always there",
        (_, (true, true) | (false, false), _) | (_, _, (true, true) | (false, false)) => "",
    }
}

/// How a field without a value is written, where its type is the same.
fn written((old, new): (Presence, Presence)) -> Option<&'static str> {
    match (old, new) {
        (Presence::Optional, Presence::RequiredNullable) => {
            Some("is written as null instead of left out when it is `None`")
        }
        (Presence::RequiredNullable, Presence::Optional) => {
            Some("is left out instead of written as null when it is `None`")
        }
        (
            Presence::Required | Presence::RequiredNullable | Presence::Optional | Presence::Patch,
            _,
        ) => None,
    }
}

fn removed(pair: &Pair<'_>, field: &Field, changes: &mut Changes) {
    let part = pair.part(field.name.as_str());
    let new = pair.part("new");
    let text = match (pair.is_sent(), role(field)) {
        (true, Role::Argument) => format!("{part} is gone: {new} takes one argument less"),
        (true, Role::Setter) => format!("{part} is gone, and its setter"),
        (false, Role::Argument | Role::Setter) => format!("{part} is gone"),
    };
    let spot = Spot {
        new: Some(pair.new.at.clone()),
        ..Spot::old(pair.path(field.name.as_str()), &field.at)
    };
    changes.push(Bump::Major, &spot, text);
}

fn added(pair: &Pair<'_>, field: &Field, changes: &mut Changes) {
    match (pair.is_sent(), role(field)) {
        (true, Role::Argument) => constructor::added(pair, field, changes),
        (true, Role::Setter) | (false, Role::Argument | Role::Setter) => {
            let spot = Spot {
                old: Some(pair.old.at.clone()),
                ..Spot::new(pair.path(field.name.as_str()), &field.at)
            };
            let text = format!("{} is new", pair.part(field.name.as_str()));
            changes.push(Bump::Minor, &spot, text);
        }
    }
}
