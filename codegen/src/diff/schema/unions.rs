//! Compares the alternatives of two schemas. In: two forms. Out: alternatives that came, went or changed. Knows no operation.

use super::super::form::{Alternative, Flat, Form};
use super::super::judge::Judge;
use super::super::report::Direction;
use super::super::side::Side;
use super::discriminators::Key;
use super::{Context, discriminators, flats};
use crate::diff::form::Types;
use serde_json::Value;
use std::collections::BTreeMap;

mod arms;
mod choice;
mod exclusivity;
mod listed;
mod pairing;
mod whole;

use arms::Arms;
use choice::{Choice, Cover, Half};

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
    choice.pair(judge, context);
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
