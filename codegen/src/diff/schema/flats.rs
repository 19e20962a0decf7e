//! Compares two schemas without unions, keyword by keyword. In: what each keyword says. Out: findings. Knows no operation.

use super::super::form::{Flat, Types};
use super::super::judge::{Judge, Relation, Role};
use super::{Context, formats, limits, objects, values};
use serde_json::Value;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    context: &mut Context<'a>,
    old: &Flat<'a>,
    new: &Flat<'a>,
) {
    let common = types(context, old, new);
    // Two lists of values are compared whatever kinds of values they have.
    let listed = old.values.is_some() && new.values.is_some();
    if common.is_empty() && !listed {
        return;
    }
    values::known(context, old, new);
    if values::compare(context, old, new) {
        return;
    }
    if old.types == new.types {
        formats::compare(context, old, new);
    }
    limits::compare(context, old, new, common);
    if common.touches(Types::STRING) {
        limits::patterns(context, old, new);
    }
    if common.touches(Types::NUMBER) {
        limits::multiples(context, old, new);
    }
    if common.touches(Types::ARRAY) {
        objects::arrays(judge, context, old, new);
    }
    if common.touches(Types::OBJECT) {
        objects::compare(judge, context, old, new);
    }
    objects::nots(judge, context, old, new);
}

/// What is not written as one text in a parameter.
const STRUCTURED: Types = Types::ARRAY.or(Types::OBJECT);

/// Compares the kinds of values; gives those that both sides have.
fn types<'a>(context: &mut Context<'a>, old: &Flat<'a>, new: &Flat<'a>) -> Types {
    let (before, after) = (kinds(old), kinds(new));
    // A list of values says it all, as long as the other side has any such values.
    let listed = (old.values.is_some(), new.values.is_some());
    let told = match listed {
        (true, true) => true,
        (false, false) => before == after,
        (true, false) | (false, true) => before.touches(after),
    };
    if told {
        return before.and(after);
    }
    // The texts of numbers and truth values are texts.
    let any_text = |flat: &Flat<'_>| {
        let has_limits = flat.limits.iter().any(Option::is_some);
        flat.types == Types::STRING
            && !has_limits
            && flat.values.is_none()
            && flat.patterns.is_empty()
            && flat.formats.is_empty()
    };
    let written = context.role == Role::Parameter && !before.touches(STRUCTURED);
    let (relation, name) = if after.contains(before) || (written && any_text(new)) {
        (Relation::WIDENED, "type-generalized")
    } else if before.contains(after) {
        (Relation::NARROWED, "type-specialized")
    } else {
        (Relation::CHANGED, "type-changed")
    };
    let says = format!("is {after} instead of {before}");
    let node = |flat: &Flat<'a>, key: &str| flat.objects.iter().find_map(|object| object.get(key));
    let at = (node(old, "type"), node(new, "type"));
    let finding = context
        .finding(name, at, says)
        .claim(at)
        .claim((node(old, "format"), node(new, "format")));
    let finding = match before.touches(after) {
        true => finding,
        // Nothing that is said of one kind of values means anything for the other.
        false => finding
            .claim_old(old.objects.iter().flat_map(|object| keywords(object)))
            .claim_new(new.objects.iter().flat_map(|object| keywords(object))),
    };
    context.report(relation, finding);
    before.and(after)
}

/// The kinds of values that are accepted; those of a list are what it has.
fn kinds(flat: &Flat<'_>) -> Types {
    let values = flat.values.iter().flatten();
    let kinds = values.map(|value| Types::of(value)).reduce(Types::or);
    kinds.map_or(flat.types, |kinds| kinds.and(flat.types))
}

/// Everything that an object says, other than to people.
fn keywords(object: &Value) -> impl Iterator<Item = &Value> {
    let members = object.as_object().into_iter().flatten();
    members
        .filter(|(key, _)| {
            ![
                "description",
                "title",
                "example",
                "externalDocs",
                "deprecated",
            ]
            .contains(&key.as_str())
        })
        .filter(|(key, _)| !key.starts_with("x-"))
        .map(|(_, member)| member)
}
