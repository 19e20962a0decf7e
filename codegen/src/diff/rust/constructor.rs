//! Judges the arguments of a constructor. In: fields that became, were or are required. Out: changes. Knows no methods.

use super::Bump;
use super::changes::{Changes, Spot};
use super::fields::{Role, role};
use super::structs::Pair;
use super::words::{code, ident, listed};
use crate::krate::Field;

/// A new field that every caller has to give.
pub(super) fn added(pair: &Pair<'_>, field: &Field, changes: &mut Changes) {
    let spot = Spot {
        old: Some(pair.old.at.clone()),
        ..Spot::new(pair.path("new"), &field.at)
    };
    let text = format!(
        "{} takes one more argument, {}",
        pair.part("new"),
        ident(&field.name)
    );
    changes.push(Bump::Major, &spot, text);
}

/// A field that was set and is an argument now, or the other way round.
pub(super) fn moved(pair: &Pair<'_>, (old, new): (&Field, &Field), changes: &mut Changes) {
    let spot = Spot::both(pair.path("new"), &old.at, &new.at);
    let (constructor, field) = (pair.part("new"), ident(&new.name));
    let text = match role(new) {
        Role::Argument => {
            format!("{constructor} takes one more argument, {field}, which was a setter")
        }
        Role::Setter => {
            format!("{constructor} takes one argument less: {field} is a setter now")
        }
    };
    changes.push(Bump::Major, &spot, text);
}

/// An argument of another type: `old` has the new names already.
pub(super) fn retyped(pair: &Pair<'_>, (old, new): (&Field, &Field), changes: &mut Changes) {
    let spot = Spot::both(pair.path("new"), &old.at, &new.at);
    let text = format!(
        "{} takes {} as {} instead of {}, as its field is",
        pair.part("new"),
        ident(&new.name),
        code(&new.rust()),
        code(&old.rust())
    );
    changes.push(Bump::Major, &spot, text);
}

/// The order of the arguments that are there on both sides.
pub(super) fn order(pair: &Pair<'_>, matched: &[(&Field, &Field)], changes: &mut Changes) {
    if !pair.is_sent() {
        return;
    }
    let is_argument = |field: &Field| role(field) == Role::Argument;
    let place = |fields: &[Field], wanted: &Field| fields.iter().position(|one| one == wanted);
    let mut both: Vec<_> = matched
        .iter()
        .filter(|(old, new)| is_argument(old) && is_argument(new))
        .collect();
    both.sort_by_key(|(old, _)| place(&pair.old.fields, old));
    let places = both.iter().map(|(_, new)| place(&pair.new.fields, new));
    if places.is_sorted() {
        return;
    }
    let arguments = pair.new.fields.iter().filter(|field| is_argument(field));
    let spot = Spot::both(pair.path("new"), &pair.old.at, &pair.new.at);
    let text = format!(
        "{} takes its arguments in another order, {}: code may compile and mean something else",
        pair.part("new"),
        listed(arguments.map(|field| field.name.as_str()))
    );
    changes.push(Bump::Major, &spot, text);
}
