//! Judges what became of the types. In: the pairs. Out: changes. Knows no resources.

use super::changes::{Changes, Spot};
use super::names::{Fate, Names, place};
use super::words::ident;
use super::{Bump, structs, variants};
use crate::krate::Item;

/// Judges every type.
pub(super) fn compare(names: &Names<'_>, changes: &mut Changes) {
    for fate in &names.fates {
        match fate {
            Fate::Kept(old, new) => kept((old, new), names, changes),
            Fate::Joined(old, new) => {
                let spot = Spot::both(path(old), &place(old), &place(new));
                let text = format!(
                    "{} is gone: {} is both sent and received now",
                    ident(old.name()),
                    ident(new.name())
                );
                changes.push(Bump::Major, &spot, text);
            }
            Fate::Parted(old, new) => {
                let spot = Spot::both(path(new), &place(old), &place(new));
                let text = format!(
                    "{} is new: what is sent is no longer {}",
                    ident(new.name()),
                    ident(old.name())
                );
                changes.push(Bump::Minor, &spot, text);
            }
            Fate::Removed(old) => {
                let text = format!("{} is gone", ident(old.name()));
                changes.push(Bump::Major, &Spot::old(path(old), &place(old)), text);
            }
            Fate::Added(new) => {
                let text = format!("{} is new", ident(new.name()));
                changes.push(Bump::Minor, &Spot::new(path(new), &place(new)), text);
            }
        }
    }
}

/// A type as users write it.
fn path(item: &Item) -> String {
    format!("types::{}", item.name().as_str())
}

fn kept((old, new): (&Item, &Item), names: &Names<'_>, changes: &mut Changes) {
    let spot = Spot::both(path(new), &place(old), &place(new));
    if old.name() != new.name() {
        let (was, now) = (ident(old.name()), ident(new.name()));
        let text = format!("{was} is now called {now}");
        changes.push(Bump::Major, &spot, text);
    }
    match (old, new) {
        (Item::Struct(old), Item::Struct(new)) => {
            structs::compare((old, new), &spot, names, changes);
        }
        (Item::Enum(old), Item::Enum(new)) => variants::compare((old, new), &spot, changes),
        (Item::Struct(_), Item::Enum(_)) => {
            let text = format!("{} is an enum instead of a struct", ident(new.name()));
            changes.push(Bump::Major, &spot, text);
        }
        (Item::Enum(_), Item::Struct(_)) => {
            let text = format!("{} is a struct instead of an enum", ident(new.name()));
            changes.push(Bump::Major, &spot, text);
        }
    }
}
