//! Alternatives that only list values. In: the alternatives of two schemas. Out: one with all the values in place of several.
//! Knows no operation.

use super::Arm;
use crate::diff::form::{Flat, Form};
use crate::diff::schema::Both;
use crate::diff::schema::values::without;
use serde_json::Value;

/// Takes the alternatives of one side together where the other side has one list of values: `oneOf` is how some writers
/// describe each value.
pub(super) fn merge<'a>(
    (old, new): (&mut Vec<Arm<'a>>, &mut Vec<Arm<'a>>),
    forms: (&Form<'a>, &Form<'a>),
) {
    let all = old.iter().chain(new.iter());
    if (old.len() == 1) == (new.len() == 1) || !all.into_iter().all(|arm| is_list(&arm.flat)) {
        return;
    }
    let at: Both<'a> = (
        forms.0.unions.first().copied(),
        forms.1.unions.first().copied(),
    );
    for (arms, list) in [(old, at.0), (new, at.1)] {
        let Some(rest) = (arms.len() > 1).then(|| arms.split_off(1)) else {
            continue;
        };
        if let [first] = arms.as_mut_slice() {
            rest.into_iter()
                .for_each(|arm| add(&mut first.flat, arm.flat));
            first.flat.values_at = list;
        }
    }
}

/// Whether both sides only list values, and the same ones, whichever alternative each stands in.
pub(super) fn are_same(old: &[Arm<'_>], new: &[Arm<'_>]) -> bool {
    let is_plain = |arm: &Arm<'_>| is_list(&arm.flat) && arm.keys.is_empty();
    if !old.iter().chain(new).all(is_plain) {
        return false;
    }
    let (before, after) = (values(old), values(new));
    before.len() == after.len()
        && without(&before, &after).is_empty()
        && without(&after, &before).is_empty()
}

fn values<'a>(arms: &[Arm<'a>]) -> Vec<&'a Value> {
    let lists = arms.iter().filter_map(|arm| arm.flat.values.as_ref());
    lists.flatten().copied().collect()
}

/// Whether a schema is a list of plain values, and says nothing more of them.
fn is_list(flat: &Flat<'_>) -> bool {
    let plain = |value: &&Value| !value.is_object() && !value.is_array();
    flat.values
        .as_ref()
        .is_some_and(|values| values.iter().all(plain))
        && flat.patterns.is_empty()
        && flat.formats.is_empty()
        && flat.multiples.is_empty()
        && flat.nots.is_empty()
}

fn add<'a>(flat: &mut Flat<'a>, other: Flat<'a>) {
    flat.types = flat.types.or(other.types);
    flat.known = flat.known.or(other.known);
    flat.objects.extend(other.objects);
    let values = flat.values.get_or_insert_default();
    let come = without(&other.values.unwrap_or_default(), values);
    values.extend(come);
}
