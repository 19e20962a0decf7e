//! Compares what `oneOf` refuses beside what no alternative accepts: what matches two of them. In: two forms and how their
//! alternatives are paired. Out: findings. Knows no operation.

use super::choice::{Choice, Cover, Half, loss};
use super::pairing::differs_by_constant;
use super::{Arm, Context};
use crate::diff::form::Form;
use crate::diff::judge::{Judge, Relation};
use crate::diff::report::Direction;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    (old, new): (&Form<'a>, &Form<'a>),
    choice: &Choice<'a>,
) {
    let unions = !old.unions.is_empty() && !new.unions.is_empty();
    if unions && old.exclusive != new.exclusive {
        return changed(judge, context, (old, new), choice);
    }
    if choice.is_tagged() || !choice.is_small() || !(old.exclusive || new.exclusive) {
        return;
    }
    if let Some(relations) = Relations::of(judge, context, choice) {
        if new.exclusive {
            overlaps(context, choice, &relations);
        }
        if old.exclusive {
            no_longer_overlaps(context, choice, &relations);
        }
    }
}

/// `anyOf` accepts what matches several alternatives, `oneOf` does not: a difference only where they overlap.
fn changed<'a>(
    judge: &Judge<'a>,
    context: &mut Context<'a>,
    (old, new): (&Form<'a>, &Form<'a>),
    choice: &Choice<'a>,
) {
    let (arms, sides) = (&choice.new, (judge.new, judge.new));
    let overlap = arms.iter().enumerate().any(|(index, arm)| {
        arms.iter().skip(index + 1).any(|other| {
            arm.flat.types.touches(other.flat.types)
                && !differs_by_constant(sides, &arm.flat, &other.flat)
        })
    });
    if !overlap {
        return;
    }
    let at = (old.unions.first().copied(), new.unions.first().copied());
    let (relation, name, says) = match new.exclusive {
        true => (
            Relation::NARROWED,
            "any-of-became-one-of",
            "must match exactly one of its alternatives now (`oneOf` instead of `anyOf`)",
        ),
        false => (
            Relation::WIDENED,
            "one-of-became-any-of",
            "may match several of its alternatives now (`anyOf` instead of `oneOf`)",
        ),
    };
    let finding = context.finding(name, at, says);
    context.report(relation, finding);
}

/// How the alternatives of the two sides lie to each other, leaving aside what differs in optional members.
struct Relations {
    /// Alternatives that are each other's like, and are the same.
    same: Vec<(usize, usize)>,
    /// An old alternative and a new one that accepts all of it.
    within: Vec<(usize, usize)>,
    /// An old alternative and a new one of which it accepts all.
    around: Vec<(usize, usize)>,
}

impl Relations {
    /// `None` where every alternative is what it was.
    fn of<'a>(judge: &mut Judge<'a>, context: &Context<'a>, choice: &Choice<'a>) -> Option<Self> {
        let mut found = Self {
            same: Vec::new(),
            within: Vec::new(),
            around: Vec::new(),
        };
        // A member that a request may no longer have is nothing that one alternative refuses and the other takes.
        let mut relation =
            |old, new| choice.relation_of(judge, context, Direction::Response, (old, new));
        for (old, new) in &choice.pairs {
            if let (Some(old), Some(new)) = (old, new)
                && relation(*old, *new) == Relation::EQUAL
            {
                found.same.push((*old, *new));
            }
        }
        let pairs = found.same.len();
        if pairs == choice.old.len() && pairs == choice.new.len() {
            return None;
        }
        for old in 0..choice.old.len() {
            for new in 0..choice.new.len() {
                let relation = relation(old, new);
                if loss(relation, Half::Old) == Cover::Whole {
                    found.within.push((old, new));
                }
                if loss(relation, Half::New) == Cover::Whole {
                    found.around.push((old, new));
                }
            }
        }
        Some(found)
    }
}

/// Alternatives of one side of which one lies within the other, where one of the two is not the same on the other side. All
/// pairs name the other side first: alternatives that are the same, that lie within one of this side, that hold one.
fn meeting(
    same: &[(usize, usize)],
    within: &[(usize, usize)],
    around: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let like = |there: usize| {
        let mut same = same.iter();
        same.find(|(one, _)| *one == there).map(|(_, here)| *here)
    };
    let inner = within
        .iter()
        .filter_map(|(there, here)| Some((like(*there)?, *here)));
    let outer = around
        .iter()
        .filter_map(|(there, here)| Some((*here, like(*there)?)));
    let changed = |here: usize| !same.iter().any(|(_, one)| *one == here);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (one, other) in inner.chain(outer) {
        let new = (changed(one) || changed(other)) && one != other;
        if new && !found.contains(&(one, other)) && !found.contains(&(other, one)) {
            found.push((one, other));
        }
    }
    found
}

/// The pairs seen from the other side.
fn turned(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    pairs.iter().map(|(one, other)| (*other, *one)).collect()
}

/// What matched one alternative, and matches two now.
fn overlaps<'a>(context: &mut Context<'a>, choice: &Choice<'a>, relations: &Relations) {
    for (one, other) in meeting(&relations.same, &relations.within, &relations.around) {
        let (name, too) = (name(&choice.new, one), name(&choice.new, other));
        let not = match context.direction {
            Direction::Request => "may be refused where it is",
            Direction::Response => "is promised not to be",
        };
        let says = format!("{not} {name}: {too} matches it too (`oneOf`)");
        let at = (None, choice.new[other].branch);
        let finding = context.finding("one-of-overlaps", at, says);
        context.report(Relation::NARROWED, finding);
    }
}

/// What matched two alternatives, and matches one now.
fn no_longer_overlaps<'a>(context: &mut Context<'a>, choice: &Choice<'a>, relations: &Relations) {
    let same = turned(&relations.same);
    let (within, around) = (turned(&relations.around), turned(&relations.within));
    for (one, other) in meeting(&same, &within, &around) {
        let (name, too) = (name(&choice.old, one), name(&choice.old, other));
        let may = match context.direction {
            Direction::Request => "is accepted where it is",
            Direction::Response => "may be",
        };
        let says = format!("{may} {name} now, which {too} matched too (`oneOf`)");
        let at = (choice.old[other].branch, None);
        let finding = context.finding("one-of-no-longer-overlaps", at, says);
        context.report(Relation::WIDENED, finding);
    }
}

/// What an alternative is called beside others that may be of the same kind.
fn name(arms: &[Arm<'_>], index: usize) -> String {
    match arms[index].name() {
        Some(name) => name.to_owned(),
        None => format!("alternative {}", index + 1),
    }
}
