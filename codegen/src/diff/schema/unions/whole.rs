//! Compares a schema without alternatives with what only narrows it to several. In: two forms and their alternatives. Out:
//! one finding for all of them. Knows no operation.

use super::{Choice, Context};
use crate::diff::form::Form;
use crate::diff::judge::{Judge, Relation};

/// Reports the alternatives as a whole, where all of them lie within the one of the other side; whether that is so.
pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    (old, new): (&Form<'a>, &Form<'a>),
    choice: &Choice<'a>,
) -> bool {
    let come = old.unions.is_empty() && choice.old.len() == 1 && choice.new.len() > 1;
    let gone = new.unions.is_empty() && choice.new.len() == 1 && choice.old.len() > 1;
    if !(come || gone) || !choice.is_small() {
        return false;
    }
    let mut relations = (0..choice.old.len())
        .flat_map(|old| (0..choice.new.len()).map(move |new| (old, new)))
        .map(|(old, new)| choice.relation(judge, context, old, new));
    let lies_within = |relation: Relation| match come {
        true => relation.narrowed && !relation.widened,
        false => relation.widened && !relation.narrowed,
    };
    if !relations.all(lies_within) {
        return false;
    }
    let (form, count) = match come {
        true => (new, choice.new.len()),
        false => (old, choice.old.len()),
    };
    let keyword = if form.exclusive { "oneOf" } else { "anyOf" };
    let (relation, name, verb) = match come {
        true => (Relation::NARROWED, "became-union", context.must()),
        false => (Relation::WIDENED, "union-dropped", context.need_no_longer()),
    };
    let now = if come { " now" } else { "" };
    let says = format!("{verb} match one of {count} alternatives{now} (`{keyword}`)");
    let at = (old.unions.first().copied(), new.unions.first().copied());
    context.shift(relation, name, at, says);
    true
}
