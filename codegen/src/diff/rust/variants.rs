//! Judges an enum: its variants, and what they are on the wire. In: a pair. Out: changes. Knows no structs.

use super::Bump;
use super::changes::{Changes, Spot};
use super::words::{code, ident};
use crate::krate::{Enum, Variant};
use crate::pointer::Pointer;

/// Judges one enum. Every enum is open and `#[non_exhaustive]`, so a new variant breaks no `match`.
pub(super) fn compare((old, new): (&Enum, &Enum), spot: &Spot, changes: &mut Changes) {
    let Enum {
        at: _,
        name,
        docs,
        deprecated,
        variants,
    } = old;
    let before = changes.count();
    changes.deprecated(spot, &ident(&new.name), (*deprecated, new.deprecated));
    let mut come: Vec<&Variant> = new.variants.iter().collect();
    let mut gone: Vec<&Variant> = Vec::new();
    for variant in variants {
        match come.iter().position(|other| other.name == variant.name) {
            Some(place) => kept(new, (variant, come.remove(place)), changes),
            None => gone.push(variant),
        }
    }
    for variant in gone {
        match come.iter().position(|other| other.wire == variant.wire) {
            Some(place) => renamed(new, (variant, come.remove(place)), changes),
            None => {
                let mut spot = Spot::old(path(new, variant), &place(variant));
                spot.new = new.at.first().cloned();
                let text = format!("{} is gone", part(new, variant));
                changes.push(Bump::Major, &spot, text);
            }
        }
    }
    for variant in come {
        let mut spot = Spot::new(path(new, variant), &place(variant));
        spot.old = old.at.first().cloned();
        let value = code(variant.wire.as_str());
        let text = format!("{} is new; {value} was `Unknown`", part(new, variant));
        changes.push(Bump::Minor, &spot, text);
    }
    // The values are often listed in the prose, and without a description it is made of the name.
    if changes.none_since(before) && *name == new.name {
        changes.docs(spot, (docs, &new.docs));
    }
}

fn kept(owner: &Enum, (old, new): (&Variant, &Variant), changes: &mut Changes) {
    let Variant {
        at: _,
        wire,
        name: _,
        docs,
    } = old;
    let spot = Spot::both(path(owner, new), &place(old), &place(new));
    if *wire == new.wire {
        changes.docs(&spot, (docs, &new.docs));
    } else {
        let (was, now) = (code(wire.as_str()), code(new.wire.as_str()));
        let text = format!("{} is {now} instead of {was} on the wire", part(owner, new));
        changes.push(Bump::Patch, &spot, text);
    }
}

fn renamed(owner: &Enum, (old, new): (&Variant, &Variant), changes: &mut Changes) {
    let spot = Spot::both(path(owner, new), &place(old), &place(new));
    let text = format!("{} is now called {}", part(owner, old), ident(&new.name));
    changes.push(Bump::Major, &spot, text);
}

fn path(owner: &Enum, variant: &Variant) -> String {
    format!("types::{}::{}", owner.name.as_str(), variant.name.as_str())
}

fn part(owner: &Enum, variant: &Variant) -> String {
    code(&format!(
        "{}::{}",
        owner.name.as_str(),
        variant.name.as_str()
    ))
}

fn place(variant: &Variant) -> Pointer {
    variant.at.first().cloned().unwrap_or_default()
}
