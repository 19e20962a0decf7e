//! Compares the alternatives of two schemas. In: two forms. Out: alternatives that came, went or changed. Knows no operation.

use super::super::form::{Alternative, Flat, Form};
use super::super::judge::{Answer, Judge, Relation};
use super::super::paths::target;
use super::super::report::Direction;
use super::super::side::Side;
use super::discriminators::Key;
use super::{Context, discriminators, flats};
use crate::diff::form::Types;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

mod arms;
mod exclusivity;
mod listed;
mod whole;

use arms::Arms;

/// Above so many comparisons of one alternative with another, only those that are written alike are paired.
const MOST_COMPARISONS: usize = 1024;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Form<'a>,
    new: &Form<'a>,
) {
    let mut choice = Choice {
        old: arms(judge.old, old, context.direction),
        new: arms(judge.new, new, context.direction),
        pairs: Vec::new(),
    };
    listed::merge((&mut choice.old, &mut choice.new), (old, new));
    if let ([before], [after]) = (choice.old.as_slice(), choice.new.as_slice()) {
        flats::compare(judge, context, &before.flat, &after.flat);
        choice.pairs.push((Some(0), Some(0)));
        return choice.compare_keys(context);
    }
    if listed::are_same(&choice.old, &choice.new) {
        return;
    }
    if whole::compare(judge, context, (old, new), &choice) {
        return;
    }
    let tagged = choice.is_tagged();
    choice.pair_by_label();
    if choice.open(Half::Old).len() * choice.new.len().max(choice.old.len()) <= MOST_COMPARISONS {
        choice.pair_equals(judge, context);
        // Where a value names its alternative, another one of the same kind does not stand for it.
        if !tagged {
            choice.settle_covered(judge, context);
        }
    }
    choice.pair_similar(judge, context);
    for (old, new) in &choice.pairs {
        if let (Some(old), Some(new)) = (old, new) {
            flats::compare(
                judge,
                context,
                &choice.old[*old].flat,
                &choice.new[*new].flat,
            );
        }
    }
    choice.compare_keys(context);
    let plain = choice
        .old
        .iter()
        .chain(&choice.new)
        .all(|side| is_plain(&side.flat));
    let arms = Arms {
        plain,
        at: (old.unions.first().copied(), new.unions.first().copied()),
    };
    for index in choice.open(Half::Old) {
        match choice.cover(judge, context, Half::Old, index) {
            Cover::Whole => {}
            Cover::Loose => arms.alike(context, Half::Old, &choice.old[index]),
            Cover::None => {
                arms.report(context, Half::Old, &choice.old[index], keyword(old, new));
            }
        }
    }
    for index in choice.open(Half::New) {
        match choice.cover(judge, context, Half::New, index) {
            Cover::Whole => {}
            Cover::Loose => arms.alike(context, Half::New, &choice.new[index]),
            Cover::None => {
                arms.report(context, Half::New, &choice.new[index], keyword(new, old));
            }
        }
    }
    exclusivity::compare(judge, context, (old, new), &choice);
}

/// Which of the two documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Old,
    New,
}

/// Whether the alternatives of the other side make up for one that has no like there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cover {
    /// No.
    None,
    /// One does but for members that need not be there.
    Loose,
    /// All that it accepts lies within one of them.
    Whole,
}

/// One alternative, laid open.
struct Arm<'a> {
    label: String,
    /// The node that makes it; `None` without a union.
    branch: Option<&'a Value>,
    /// The base that it extends, where that is what makes it an alternative.
    base: Option<&'a str>,
    /// The values of a discriminator that name it.
    keys: Vec<Key<'a>>,
    flat: Flat<'a>,
}

impl Arm<'_> {
    /// The components that make it, where it is made of nothing else.
    fn name(&self) -> Option<&str> {
        let named = self.label.starts_with('`') && !self.label.contains('{');
        named.then_some(self.label.as_str())
    }
}

fn arms<'a>(side: &'a Side, form: &Form<'a>, direction: Direction) -> Vec<Arm<'a>> {
    let arm = |alternative: &Alternative<'a>| {
        let mut branches = alternative.branches.iter().map(|branch| branch.node);
        let labels: Vec<String> = branches.clone().map(label).collect();
        let branch = branches.next_back();
        let member = branch.and_then(|node| side.families.member(&side.root, node));
        Arm {
            label: labels.join(" and "),
            base: member.map(|(base, _)| base),
            branch: member.map(|(_, component)| component).or(branch),
            keys: discriminators::keys(side, alternative),
            flat: Flat::of(side, &alternative.objects, direction),
        }
    };
    form.alternatives.iter().map(arm).collect()
}

/// What a branch is called: its component, its title, or its kind.
fn label(branch: &Value) -> String {
    match branch.get("$ref").and_then(Value::as_str) {
        Some(reference) => format!("`{}`", reference.rsplit('/').next().unwrap_or(reference)),
        None => sorted(branch).to_string(),
    }
}

/// The same with all members by name: their order says nothing.
fn sorted(node: &Value) -> Value {
    match node {
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<&String, &Value> = members.iter().collect();
            let sorted = members
                .into_iter()
                .map(|(key, member)| (key.clone(), self::sorted(member)));
            Value::Object(sorted.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => node.clone(),
    }
}

/// The alternatives of both sides and how they are paired; a pair with one half is settled without its like.
struct Choice<'a> {
    old: Vec<Arm<'a>>,
    new: Vec<Arm<'a>>,
    pairs: Vec<(Option<usize>, Option<usize>)>,
}

impl<'a> Choice<'a> {
    /// Whether values name their alternatives.
    fn is_tagged(&self) -> bool {
        let mut arms = self.old.iter().chain(&self.new);
        arms.any(|arm| !arm.keys.is_empty())
    }

    /// Whether every alternative can be compared with every other.
    fn is_small(&self) -> bool {
        self.old.len() * self.new.len() <= MOST_COMPARISONS
    }

    /// The alternatives that are not paired yet.
    fn open(&self, half: Half) -> Vec<usize> {
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

    /// Compares the values that name alternatives which are each other's like.
    fn compare_keys(&self, context: &mut Context<'a>) {
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

    fn cover(
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
    fn relation(
        &self,
        judge: &mut Judge<'a>,
        context: &Context<'a>,
        old: usize,
        new: usize,
    ) -> Relation {
        self.relation_of(judge, context, context.direction, (old, new))
    }

    fn relation_of(
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
fn loss(relation: Relation, half: Half) -> Cover {
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
fn differs_by_constant<'a>(sides: Sides<'a>, old: &Flat<'a>, new: &Flat<'a>) -> bool {
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

fn is_plain(flat: &Flat<'_>) -> bool {
    let limited = flat.limits.iter().any(Option::is_some)
        || flat.values.is_some()
        || !flat.patterns.is_empty();
    !limited && !flat.types.touches(Types::OBJECT) && !flat.types.touches(Types::ARRAY)
}

fn keyword(form: &Form<'_>, other: &Form<'_>) -> &'static str {
    let exclusive = match form.unions.is_empty() {
        true => other.exclusive,
        false => form.exclusive,
    };
    if exclusive { "one-of" } else { "any-of" }
}
