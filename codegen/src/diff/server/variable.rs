//! Compares one variable of an address. In: its names, and the servers of both sides. Out: findings. Knows no operation.

use super::super::finding::{Both, Finding};
use super::super::judge::Judge;
use serde_json::Value;

pub(super) fn compare<'a>(
    judge: &mut Judge<'a>,
    url: &str,
    names: (&str, &str),
    servers: (&'a Value, &'a Value),
) {
    let find = |server: &'a Value, name: &str| server.get("variables")?.get(name);
    let (Some(old), Some(new)) = (find(servers.0, names.0), find(servers.1, names.1)) else {
        return;
    };
    if names.0 != names.1 {
        // They stand under different keys: that one is gone and the other is new is said by the address.
        judge.explained.push((Some(old), Some(new)));
    }
    let about = format!("The variable `{}` of the address `{url}`", names.1);
    let default = (old.get("default"), new.get("default"));
    if let (Some(before), Some(after)) = default
        && before != after
    {
        let says = format!("is {after} unless stated, instead of {before}");
        let finding = Finding::whole("server-variable-default-changed", default, says);
        judge.report(finding.about(about.clone()));
    }
    values(judge, &about, (old, new));
}

/// The list of values; one without elements limits nothing.
fn list(variable: &Value) -> Option<&Value> {
    let list = variable.get("enum");
    list.filter(|list| list.as_array().is_some_and(|values| !values.is_empty()))
}

fn values<'a>(judge: &mut Judge<'a>, about: &str, (old, new): (&'a Value, &'a Value)) {
    let at = (list(old), list(new));
    let shown = (at.0.or(Some(old)), at.1.or(Some(new)));
    let finding = match at {
        (Some(_), Some(_)) => return each(judge, about, at),
        (None, None) => return,
        (None, Some(after)) => {
            let says = format!("can only be {} now, and was free", words(after));
            Finding::new("server-variable-became-enum", shown, says)
        }
        (Some(before), None) => {
            let says = format!("is free now, and could only be {}", words(before));
            Finding::new("server-variable-enum-dropped", shown, says)
        }
    };
    judge.report(finding.about(about).claim(at));
}

/// The values of both lists, one by one.
fn each<'a>(judge: &mut Judge<'a>, about: &str, at: Both<'a>) {
    let values = |list: Option<&'a Value>| list.and_then(Value::as_array).into_iter().flatten();
    for value in values(at.0).filter(|value| !values(at.1).any(|other| other == *value)) {
        let says = format!("can no longer be {value}");
        let finding = Finding::new("server-variable-value-removed", at, says);
        judge.report(finding.about(about).claim_old([value]));
    }
    for value in values(at.1).filter(|value| !values(at.0).any(|other| other == *value)) {
        let says = format!("can be {value} too");
        let finding = Finding::new("server-variable-value-added", at, says);
        judge.report(finding.about(about).claim_new([value]));
    }
}

fn words(list: &Value) -> String {
    let values = list.as_array().into_iter().flatten();
    values.map(Value::to_string).collect::<Vec<_>>().join(", ")
}
