//! The alternatives of both sides and how they lie to each other. In: two schemas laid open. Out: relations. Knows no operation.

use super::{Arm, discriminators, flats};
use crate::diff::judge::{Answer, Judge, Relation};
use crate::diff::report::Direction;
use crate::diff::schema::Context;

/// Above so many comparisons of one alternative with another, only those that are written alike are paired.
pub(super) const MOST_COMPARISONS: usize = 1024;

/// Which of the two documents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Old,
    New,
}

/// Whether the alternatives of the other side make up for one that has no like there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cover {
    /// No.
    None,
    /// One does but for members that need not be there.
    Loose,
    /// All that it accepts lies within one of them.
    Whole,
}

/// The alternatives of both sides and how they are paired; a pair with one half is settled without its like.
pub(super) struct Choice<'a> {
    pub(super) old: Vec<Arm<'a>>,
    pub(super) new: Vec<Arm<'a>>,
    pub(super) pairs: Vec<(Option<usize>, Option<usize>)>,
}

impl<'a> Choice<'a> {
    /// Whether values name their alternatives.
    pub(super) fn is_tagged(&self) -> bool {
        let mut arms = self.old.iter().chain(&self.new);
        arms.any(|arm| !arm.keys.is_empty())
    }

    /// Whether every alternative can be compared with every other.
    pub(super) fn is_small(&self) -> bool {
        self.old.len() * self.new.len() <= MOST_COMPARISONS
    }

    /// The alternatives that are not paired yet.
    pub(super) fn open(&self, half: Half) -> Vec<usize> {
        let taken = |pair: &(Option<usize>, Option<usize>)| match half {
            Half::Old => pair.0,
            Half::New => pair.1,
        };
        let count = match half {
            Half::Old => self.old.len(),
            Half::New => self.new.len(),
        };
        let mut open = vec![true; count];
        for index in self.pairs.iter().filter_map(taken) {
            open[index] = false;
        }
        (0..count).filter(|index| open[*index]).collect()
    }

    /// Compares the values that name alternatives which are each other's like.
    pub(super) fn compare_keys(&self, context: &mut Context<'a>) {
        for (old, new) in &self.pairs {
            let (Some(old), Some(new)) = (old, new) else {
                continue;
            };
            let (old, new) = (&self.old[*old], &self.new[*new]);
            // What has no name on one side is no variant there.
            if old.keys.is_empty() || new.keys.is_empty() {
                continue;
            }
            let keys = (old.keys.as_slice(), new.keys.as_slice());
            let near = (old.branch, new.branch);
            // The innermost of what makes it is what a value names.
            let variant = new.label.rsplit(" and ").next().unwrap_or_default();
            discriminators::compare_keys(context, near, (variant, new.base), keys);
        }
    }

    pub(super) fn cover(
        &self,
        judge: &mut Judge<'a>,
        context: &Context<'a>,
        half: Half,
        index: usize,
    ) -> Cover {
        if !self.is_small() || self.is_tagged() {
            return Cover::None;
        }
        let covers: Vec<Cover> = match half {
            Half::Old => (0..self.new.len())
                .map(|new| loss(self.relation(judge, context, index, new), half))
                .collect(),
            Half::New => (0..self.old.len())
                .map(|old| loss(self.relation(judge, context, old, index), half))
                .collect(),
        };
        covers.into_iter().max().unwrap_or(Cover::None)
    }

    /// Compares without reporting.
    pub(super) fn relation(
        &self,
        judge: &mut Judge<'a>,
        context: &Context<'a>,
        old: usize,
        new: usize,
    ) -> Relation {
        self.relation_of(judge, context, context.direction, (old, new))
    }

    pub(super) fn relation_of(
        &self,
        judge: &mut Judge<'a>,
        context: &Context<'a>,
        direction: Direction,
        (old, new): (usize, usize),
    ) -> Relation {
        let mut asked = Context {
            direction,
            role: context.role,
            at: context.at,
            answer: Answer::default(),
        };
        flats::compare(judge, &mut asked, &self.old[old].flat, &self.new[new].flat);
        let own = asked.answer.relation;
        let below = asked.answer.below;
        // What is settled needs no look below.
        if own.is_apart() {
            return own;
        }
        below
            .into_iter()
            .fold(own, |relation, pair| relation.and(judge.relation(pair)))
    }
}

/// How far the other side of a relation makes up for what stands on this one.
pub(super) fn loss(relation: Relation, half: Half) -> Cover {
    let lost = match half {
        Half::Old => relation.narrowed,
        Half::New => relation.widened,
    };
    match (lost, relation.gained, relation.lost) {
        // What has members of its own, each of the other, is another thing.
        (true, ..) | (_, true, true) => Cover::None,
        (false, true, false) | (false, false, true) => Cover::Loose,
        (false, false, false) => Cover::Whole,
    }
}
