//! Finds for each alternative its like on the other side. In: the alternatives of both sides. Out: pairs. Knows no operation.

use super::choice::{Choice, Cover, Half, MOST_COMPARISONS, loss};
use crate::diff::form::{Flat, Types};
use crate::diff::judge::{Judge, Relation};
use crate::diff::paths::target;
use crate::diff::schema::Context;
use crate::diff::side::Side;
use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};

impl<'a> Choice<'a> {
    /// Pairs what is each other's like: what has one name, then what is equal, then what is most alike.
    pub(super) fn pair(&mut self, judge: &mut Judge<'a>, context: &Context<'a>) {
        self.pair_by_label();
        let most = self.new.len().max(self.old.len());
        if self.open(Half::Old).len() * most <= MOST_COMPARISONS {
            self.pair_equals(judge, context);
            // Where a value names its alternative, another one of the same kind does not stand for it.
            if !self.is_tagged() {
                self.settle_covered(judge, context);
            }
        }
        self.pair_similar(judge, context);
    }

    fn pair_by_label(&mut self) {
        let mut open: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, arm) in self.new.iter().enumerate() {
            open.entry(arm.label.clone()).or_default().push_back(index);
        }
        for (index, arm) in self.old.iter().enumerate() {
            if let Some(like) = open.get_mut(&arm.label).and_then(VecDeque::pop_front) {
                self.pairs.push((Some(index), Some(like)));
            }
        }
    }

    fn pair_equals(&mut self, judge: &mut Judge<'a>, context: &Context<'a>) {
        for old in self.open(Half::Old) {
            let mut open = self.open(Half::New).into_iter();
            let equal =
                open.find(|new| self.relation(judge, context, old, *new) == Relation::EQUAL);
            if equal.is_some() {
                self.pairs.push((Some(old), equal));
            }
        }
    }

    /// Sets aside what lies within an alternative that has found its like.
    fn settle_covered(&mut self, judge: &mut Judge<'a>, context: &Context<'a>) {
        let matched = self.pairs.clone();
        for old in self.open(Half::Old) {
            let within = matched.iter().filter_map(|pair| pair.1);
            if within
                .into_iter()
                .any(|new| loss(self.relation(judge, context, old, new), Half::Old) == Cover::Whole)
            {
                self.pairs.push((Some(old), None));
            }
        }
        for new in self.open(Half::New) {
            let within = matched.iter().filter_map(|pair| pair.0);
            if within
                .into_iter()
                .any(|old| loss(self.relation(judge, context, old, new), Half::New) == Cover::Whole)
            {
                self.pairs.push((None, Some(new)));
            }
        }
    }

    /// Pairs what is left with what is most like it: one alternative that was edited is no removal and addition.
    fn pair_similar(&mut self, judge: &mut Judge<'a>, context: &Context<'a>) {
        let sides = (judge.old, judge.new);
        let mut found = Vec::new();
        for old in self.open(Half::Old) {
            for new in self.open(Half::New) {
                let score = similarity(sides, &self.old[old].flat, &self.new[new].flat);
                // One that still accepts everything is the likelier edit.
                let cover = match score {
                    Some(_) if self.is_small() => {
                        loss(self.relation(judge, context, old, new), Half::Old)
                    }
                    Some(_) | None => Cover::None,
                };
                found.extend(score.map(|score| ((score, cover), old, new)));
            }
        }
        // Not the order in which they are written decides among pairs that are equally like each other.
        let labels = |old: usize, new: usize| (&self.old[old].label, &self.new[new].label);
        found.sort_by(|(score, old, new), (other, one, two)| {
            let order = other.cmp(score);
            order.then_with(|| labels(*old, *new).cmp(&labels(*one, *two)))
        });
        let mut open: (HashSet<usize>, HashSet<usize>) = (
            self.open(Half::Old).into_iter().collect(),
            self.open(Half::New).into_iter().collect(),
        );
        for (_, old, new) in found {
            if open.0.contains(&old) && open.1.contains(&new) {
                open.0.remove(&old);
                open.1.remove(&new);
                self.pairs.push((Some(old), Some(new)));
            }
        }
    }
}

/// How alike two alternatives are; `None` where they are different things.
fn similarity<'a>(sides: Sides<'a>, old: &Flat<'a>, new: &Flat<'a>) -> Option<usize> {
    if !old.types.touches(new.types) || differs_by_constant(sides, old, new) {
        return None;
    }
    let object = old.types == Types::OBJECT && new.types == Types::OBJECT;
    let common = old
        .properties
        .keys()
        .filter(|name| new.properties.contains_key(*name))
        .count();
    (!object || common > 0 || old.properties.is_empty() || new.properties.is_empty())
        .then_some(common)
}

/// The documents of two schemas, which may be one.
type Sides<'a> = (&'a Side, &'a Side);

/// Whether both name one value of one property, and not the same one: two variants of a tagged union.
pub(super) fn differs_by_constant<'a>(sides: Sides<'a>, old: &Flat<'a>, new: &Flat<'a>) -> bool {
    let constant = |side: &'a Side, flat: &Flat<'a>, name: &str| {
        let property = flat.properties.get(name)?;
        let nodes = property.nodes.iter().map(|node| target(side, node));
        let lists = nodes.filter_map(|node| node.get("enum").and_then(Value::as_array));
        lists.into_iter().find(|values| values.len() == 1)
    };
    old.properties.keys().any(|name| {
        let constants = (constant(sides.0, old, name), constant(sides.1, new, name));
        matches!(constants, (Some(old), Some(new)) if old != new)
    })
}
