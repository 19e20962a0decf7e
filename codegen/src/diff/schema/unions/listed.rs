//! Alternatives that only list values. In: the alternatives of two schemas. Out: one with all the values in place of several.
//! Knows no operation.

use super::Arm;
use crate::diff::form::{Flat, Form, Types};
use crate::diff::number;
use crate::diff::schema::Both;

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

/// Whether a schema is a list of plain values, and says nothing more of them.
fn is_list(flat: &Flat<'_>) -> bool {
    const NESTED: Types = Types::ARRAY.or(Types::OBJECT);
    flat.values.is_some()
        && !flat.types.touches(NESTED)
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
    for value in other.values.into_iter().flatten() {
        if !values.iter().any(|known| number::same(known, value)) {
            values.push(value);
        }
    }
}
