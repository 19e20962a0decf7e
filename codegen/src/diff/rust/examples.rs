//! Judges examples that differ. In: those kept while everything else was compared. Out: changes where nothing else
//! explains the difference. Knows no item.

use super::Bump;
use super::changes::{Changes, ExampleChange};
use crate::krate::{Example, ExampleCall, Ident, Sample};
use std::collections::BTreeSet;

/// Judges the examples that were kept.
pub(super) fn compare(changes: &mut Changes) {
    let kept = std::mem::take(&mut changes.examples);
    let found: BTreeSet<String> = changes.list.iter().map(|one| one.item.clone()).collect();
    for one in &kept {
        let mentioned = mentioned(one);
        let explains = |item: &String| mentioned.iter().any(|name| is_about(item, name));
        // An example calls a constructor or a method whose own change has been said already.
        if !found.iter().any(explains) {
            let text = "the example in the documentation changed".to_owned();
            changes.push(Bump::Patch, &one.spot, text);
        }
    }
}

/// Whether what happened to `item` can show in an example that mentions `name`: it is the same item, a part of it, or the
/// resource around it.
fn is_about(item: &str, name: &str) -> bool {
    let rest = |long: &str, short: &str| long.strip_prefix(short).map(str::to_owned);
    rest(item, name).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '(']))
        || rest(name, item).is_some_and(|rest| rest.starts_with('.'))
}

fn mentioned(change: &ExampleChange) -> BTreeSet<String> {
    let mut names = BTreeSet::from([change.spot.item.clone()]);
    for example in change.old.iter().chain(&change.new) {
        let call = match example {
            Example::Answer(call) | Example::Silent(call) => call,
            // The two fields are those of the job, which is what the resource's lifecycle names.
            Example::Job {
                start,
                id: _,
                output: _,
            } => start,
        };
        let ExampleCall {
            resource,
            method,
            arguments,
        } = call;
        names.insert(format!("{}().{}", resource.as_str(), method.as_str()));
        for argument in arguments {
            types(argument, &mut names);
        }
    }
    names
}

fn types(sample: &Sample, names: &mut BTreeSet<String>) {
    let mut mention = |name: &Ident| names.insert(format!("types::{}", name.as_str()));
    match sample {
        Sample::Boolean
        | Sample::Integer(_)
        | Sample::Float(_)
        | Sample::Text(_)
        | Sample::Uuid
        | Sample::Timestamp
        | Sample::Json
        | Sample::EmptyMap
        | Sample::EmptyList
        | Sample::Null => {}
        Sample::List(items) => items.iter().for_each(|item| types(item, names)),
        Sample::Borrowed(inner) | Sample::Some(inner) => types(inner, names),
        Sample::Variant(name, _) => {
            mention(name);
        }
        Sample::New(name, arguments, setters) => {
            mention(name);
            let set = setters.iter().map(|(_, value)| value);
            for argument in arguments.iter().chain(set) {
                types(argument, names);
            }
        }
    }
}
