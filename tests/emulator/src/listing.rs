//! Lists. In: the records of an account, the catalogue of a resource, a query. Out: whole arrays
//! and pages. Knows the parameters that all lists share: `ids`, `ordering`, `page`, `page_size`.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::api::{Api, Plan};
use super::handlers::Call;
use super::response::Reply;
use super::rng;

/// How many records the catalogue of a resource has that has no jobs.
const CATALOGUE_SIZE: usize = 25;

/// The whole list, cut where the operation has pages.
pub(crate) fn list(call: &Call<'_>) -> Reply {
    let mut items = selected(call);
    if let Some((page, size)) = pagination(call) {
        items = items
            .into_iter()
            .skip((page - 1).saturating_mul(size))
            .take(size)
            .collect();
    }
    Reply::json(200, Value::Array(items))
}

/// One page, with its neighbours.
pub(crate) fn page(call: &Call<'_>) -> Reply {
    let items = selected(call);
    let (page, size) = pagination(call).unwrap_or((1, items.len().max(1)));
    let pages = items.len().div_ceil(size).max(1);
    if page > pages {
        return Reply::detail(404, "Invalid page.");
    }
    let path = &call.shared.api.spec.operations[call.operation].path;
    let base_url = &call.shared.base_url;
    let link = |page: usize| json!(format!("{base_url}{path}?page={page}&page_size={size}"));
    let next = if page < pages {
        link(page + 1)
    } else {
        Value::Null
    };
    let previous = if page > 1 {
        link(page - 1)
    } else {
        Value::Null
    };
    let count = items.len();
    let results: Vec<_> = items
        .into_iter()
        .skip((page - 1).saturating_mul(size))
        .take(size)
        .collect();
    Reply::json(
        200,
        json!({"count": count, "next": next, "previous": previous, "results": results}),
    )
}

/// The record of the catalogue that the path names.
pub(crate) fn find(call: &Call<'_>) -> Option<Value> {
    let plan = call.plan();
    let resource = &call.shared.api.resources[plan.resource as usize];
    let key = plan.key.as_ref()?;
    let wanted = &call.path_values.iter().find(|(name, _)| name == key)?.1;
    if resource.statuses.is_some() {
        return None;
    }
    let seed = call.shared.api.seed;
    let tag = &resource.tag;
    let index = (0..CATALOGUE_SIZE).find(|index| {
        let id = rng::id(seed, &format!("{tag}/{index}/{key}"));
        id.to_string().eq_ignore_ascii_case(wanted)
    })?;
    Some(entry(call, index))
}

fn entry(call: &Call<'_>, index: usize) -> Value {
    synthetic(&call.shared.api, call.plan(), index)
}

fn synthetic(api: &Api, plan: &Plan, index: usize) -> Value {
    let tag = &api.resources[plan.resource as usize].tag;
    api.synthesis().value(&plan.item, &format!("{tag}/{index}"))
}

/// What the lists of a resource without jobs give from the start.
pub(crate) fn catalogue(api: &Api, plan: &Plan) -> impl Iterator<Item = Value> {
    (0..CATALOGUE_SIZE).map(|index| synthetic(api, plan, index))
}

/// Page number and size, where the operation has them.
fn pagination(call: &Call<'_>) -> Option<(usize, usize)> {
    let operation = &call.shared.api.spec.operations[call.operation];
    let number = |name: &str| {
        let parameter = operation
            .parameters
            .iter()
            .find(|known| known.name == name)?;
        let value = call
            .parsed
            .query
            .get(name)
            .or(parameter.schema.get("default"));
        // What is too large for a number is a page behind the last one.
        let largest = || value.and_then(Value::as_f64).map_or(1, |it| it as u64);
        let value = value.and_then(Value::as_u64).unwrap_or_else(largest);
        Some(usize::try_from(value.max(1)).unwrap_or(usize::MAX))
    };
    Some((number("page")?, number("page_size").unwrap_or(10)))
}

/// The records that the query asks for, in the order that it asks for.
fn selected(call: &Call<'_>) -> Vec<Value> {
    let plan = call.plan();
    let mut state = call.shared.lock();
    let now = state.clock.now();
    let records: Vec<_> = match call.parsed.query.get("ids").and_then(Value::as_array) {
        Some(ids) => {
            let ids = ids.iter().filter_map(|id| id.as_str()?.parse().ok());
            let found =
                ids.filter_map(|id| state.records.find(call.account, plan.resource, id).cloned());
            found.collect()
        }
        None => {
            let own = state.records.newest().filter(|record| {
                record.account == call.account && record.resource == plan.resource
            });
            own.cloned().collect()
        }
    };
    drop(state);
    let mut items: Vec<_> = records
        .iter()
        .map(|record| call.show(record, now))
        .collect();
    if call.shared.api.statuses(plan.resource).is_none() {
        items.extend((0..CATALOGUE_SIZE).map(|index| entry(call, index)));
    }
    for (name, wanted) in &call.parsed.query {
        match name.as_str() {
            "page" | "page_size" | "ordering" => {}
            _ => items.retain(|item| matches(item, name, wanted)),
        }
    }
    if let Some(ordering) = call.parsed.query.get("ordering").and_then(Value::as_str) {
        sort(&mut items, ordering);
    }
    items
}

/// Whether a record fits a filter: its member of that name is one of the values, or, where it has
/// no such member, any of its texts contains the word.
fn matches(item: &Value, name: &str, wanted: &Value) -> bool {
    let values: Vec<&Value> = match wanted {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    };
    let member = if name == "ids" {
        item.get("id")
    } else {
        item.get(name)
    };
    match member {
        Some(Value::Array(own)) => values.iter().any(|value| own.contains(value)),
        Some(own) => values.contains(&own),
        None => {
            let text = item.to_string().to_lowercase();
            let word = |value: &&Value| value.as_str().map(str::to_lowercase);
            values
                .iter()
                .filter_map(word)
                .any(|word| text.contains(&word))
        }
    }
}

/// Sorts by a member, downwards with a minus sign; an unknown member changes nothing.
fn sort(items: &mut [Value], ordering: &str) {
    let (name, downwards) = match ordering.strip_prefix('-') {
        Some(name) => (name, true),
        None => (ordering, false),
    };
    items.sort_by(|left, right| {
        let order = compare(&left[name], &right[name]);
        if downwards { order.reverse() } else { order }
    });
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => {
            let (left, right) = (left.as_f64(), right.as_f64());
            left.partial_cmp(&right).unwrap_or(Ordering::Equal)
        }
    }
}
