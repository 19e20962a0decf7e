//! Compares what `oneOf` refuses beside what no alternative accepts: what matches two of them. In: two forms and how their
//! alternatives are paired. Out: findings. Knows no operation.

use super::{Arm, Choice, Context, differs_by_constant};
use crate::diff::form::Form;
use crate::diff::judge::{Judge, Relation};
use crate::diff::report::Direction;
use crate::diff::schema::discriminators;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    (old, new): (&Form<'a>, &Form<'a>),
    choice: &Choice<'a>,
) {
    if old.exclusive != new.exclusive {
        changed(context, (old, new), choice);
    } else if new.exclusive
        && discriminators::of(old).is_none()
        && discriminators::of(new).is_none()
        && choice.is_small()
        && let Some(relations) = Relations::of(judge, context, choice)
    {
        overlaps(context, choice, &relations);
        no_longer_overlaps(context, choice, &relations);
    }
}

/// `anyOf` accepts what matches several alternatives, `oneOf` does not: a difference only where they overlap.
fn changed<'a>(context: &mut Context<'a>, (old, new): (&Form<'a>, &Form<'a>), choice: &Choice<'a>) {
    if old.unions.is_empty() || new.unions.is_empty() {
        return;
    }
    let arms = &choice.new;
    let overlap = arms.iter().enumerate().any(|(index, arm)| {
        arms.iter().skip(index + 1).any(|other| {
            arm.flat.types.touches(other.flat.types) && !differs_by_constant(&arm.flat, &other.flat)
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

/// How every alternative of the new side lies to every one of the old side.
struct Relations {
    /// By the old alternative, then the new one.
    rows: Vec<Vec<Relation>>,
    /// Alternatives that are each other's like, and are the same.
    same: Vec<(usize, usize)>,
}

impl Relations {
    /// `None` where every alternative is what it was.
    fn of<'a>(judge: &mut Judge<'a>, context: &Context<'a>, choice: &Choice<'a>) -> Option<Self> {
        // A member that a request may no longer have is nothing that one alternative refuses and the other takes.
        let mut relation =
            |old, new| choice.relation_of(judge, context, Direction::Response, (old, new));
        let mut same = Vec::new();
        for (old, new) in &choice.pairs {
            if let (Some(old), Some(new)) = (old, new)
                && relation(*old, *new) == Relation::EQUAL
            {
                same.push((*old, *new));
            }
        }
        if same.len() == choice.old.len() && same.len() == choice.new.len() {
            return None;
        }
        let mut row = |old| {
            (0..choice.new.len())
                .map(|new| relation(old, new))
                .collect()
        };
        let rows = (0..choice.old.len()).map(&mut row).collect();
        Some(Self { rows, same })
    }
}

/// What matched one alternative, and matches two now.
fn overlaps<'a>(context: &mut Context<'a>, choice: &Choice<'a>, relations: &Relations) {
    for (old, row) in relations.rows.iter().enumerate() {
        let around: Vec<usize> = (0..row.len()).filter(|new| !row[*new].narrowed).collect();
        let like = choice
            .pairs
            .iter()
            .find(|pair| pair.0 == Some(old))
            .and_then(|pair| pair.1);
        let mut same = relations.same.iter();
        let before = same.any(|(other, new)| *other != old && around.contains(new));
        let mut others = around.iter().filter(|new| Some(**new) != like);
        if let (true, false, Some(other)) = (around.len() > 1, before, others.next()) {
            let one = name(&choice.old, old);
            let too = name(&choice.new, *other);
            let says = match context.direction {
                Direction::Request => {
                    format!("may be refused where it is {one}: {too} matches it too (`oneOf`)")
                }
                Direction::Response => {
                    format!("is promised not to be {one}: {too} matches it too (`oneOf`)")
                }
            };
            let at = (choice.old[old].branch, choice.new[*other].branch);
            let finding = context.finding("one-of-overlaps", at, says);
            context.report(Relation::NARROWED, finding);
        }
    }
}

/// What matched two alternatives, and matches one now.
fn no_longer_overlaps<'a>(context: &mut Context<'a>, choice: &Choice<'a>, relations: &Relations) {
    for new in 0..choice.new.len() {
        let around: Vec<usize> = (0..choice.old.len())
            .filter(|old| !relations.rows[*old][new].widened)
            .collect();
        let like = choice
            .pairs
            .iter()
            .find(|pair| pair.1 == Some(new))
            .and_then(|pair| pair.0);
        let mut same = relations.same.iter();
        let still = same.any(|(old, other)| *other != new && around.contains(old));
        let mut others = around.iter().filter(|old| Some(**old) != like);
        if let (true, false, Some(other)) = (around.len() > 1, still, others.next()) {
            let one = name(&choice.new, new);
            let too = name(&choice.old, *other);
            let may = match context.direction {
                Direction::Request => "is accepted where it is",
                Direction::Response => "may be",
            };
            let says = format!("{may} {one} now, which {too} matched too (`oneOf`)");
            let at = (choice.old[*other].branch, choice.new[new].branch);
            let finding = context.finding("one-of-no-longer-overlaps", at, says);
            context.report(Relation::WIDENED, finding);
        }
    }
}

/// What an alternative is called beside others that may be of the same kind.
fn name(arms: &[Arm<'_>], index: usize) -> String {
    match arms[index].name() {
        Some(name) => name.to_owned(),
        None => format!("alternative {}", index + 1),
    }
}
