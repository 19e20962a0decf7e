//! Introspection: what `/_emulator/` shows. In: the state. Out: JSON for people and tests. No key of a
//! client appears in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Shared;
use super::account::{self, Charge};
use super::check::{self, Finding};
use super::clock::{self, Speed};
use super::job::Record;
use super::record::View;
use super::store::{LoggedRequest, Store};
use super::webhook::Delivery;

/// How much of a list the state shows.
const SHOWN: usize = 50;

pub(crate) fn clock(state: &Store) -> Value {
    let now = clock::rfc3339(state.clock.now());
    match state.clock.speed() {
        Speed::Times(times) => json!({"now": now, "speed": times, "stepped": false}),
        Speed::Stepped => json!({"now": now, "speed": 0.0, "stepped": true}),
    }
}

pub(crate) fn state(shared: &Shared) -> Value {
    let state = shared.lock();
    let accounts = state.accounts.all.iter();
    let accounts: Vec<_> = accounts
        .map(|account| json!({"api_id": account.api_id, "balance": account::number(account.balance)}))
        .collect();
    let latest = state.history.latest.iter().rev().take(SHOWN);
    let latest: Vec<_> = latest
        .map(|logged| logged_request(shared, logged))
        .collect();
    json!({
        "clock": clock(&state),
        "accounts": accounts,
        "jobs": jobs(shared, &state),
        "requests": {"total": state.history.total, "latest": latest},
        "violations": state.history.violation_count,
        "faults": faults(&state),
        "webhooks": {"total": state.webhooks.deliveries.len(), "latest": latest_deliveries(&state)},
        "ledger": latest_charges(shared, &state),
    })
}

fn jobs(shared: &Shared, state: &Store) -> Value {
    let now = state.clock.now();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    let mut latest = Vec::new();
    let mut total = 0u64;
    for record in state.records.newest() {
        let view = View {
            record,
            statuses: shared.api.statuses(record.resource),
            now,
            base_url: &shared.base_url,
        };
        let Some(status) = view.status() else {
            continue;
        };
        total += 1;
        *by_status.entry(status).or_default() += 1;
        if latest.len() < SHOWN {
            latest.push(job(shared, record, &view, status));
        }
    }
    json!({"total": total, "by_status": by_status, "latest": latest})
}

fn job(shared: &Shared, record: &Record, view: &View<'_>, status: &str) -> Value {
    let file = |name: &str, there: bool| match there {
        true => json!(format!("{}/{}/{name}", shared.api.media, record.id)),
        false => Value::Null,
    };
    json!({
        "id": record.id.to_string(),
        "name": name(record),
        "resource": shared.api.resources[record.resource as usize].tag,
        "operation": shared.operation_id(record.operation as usize),
        "status": status,
        "progress": view.progress(),
        "credits_used": account::number(record.thousandths),
        "created_at": clock::rfc3339(record.created),
        "preview": file("preview.mp4", view.has_preview()),
        "output": file("output.mp4", view.has_output()),
    })
}

/// What its maker called it.
fn name(record: &Record) -> Value {
    let request: Value = serde_json::from_str(&record.request).unwrap_or_default();
    let name = request["name"].as_str().unwrap_or_default();
    json!(check::shorten(name.to_owned(), 200))
}

fn logged_request(shared: &Shared, logged: &LoggedRequest) -> Value {
    let violation =
        |finding: &Finding| json!({"pointer": finding.pointer, "reason": finding.reason});
    json!({
        "number": logged.number,
        "at": clock::rfc3339(logged.at),
        "method": logged.method,
        "path": logged.path,
        "operation": logged.operation.map(|index| shared.operation_id(index)),
        "status": logged.status,
        "milliseconds": logged.milliseconds,
        "violations": logged.findings.iter().map(violation).collect::<Vec<_>>(),
    })
}

pub(crate) fn ledger(shared: &Shared) -> Value {
    shared.ledger().iter().map(charge).collect()
}

fn charge(charge: &Charge) -> Value {
    json!({
        "number": charge.number, "at": charge.at, "api_id": charge.api_id,
        "operation": charge.operation, "job": charge.job, "request": charge.request,
        "credits": charge.credits, "balance": charge.balance,
    })
}

fn latest_charges(shared: &Shared, state: &Store) -> Value {
    let entries = &state.accounts.ledger;
    let thousandths = entries.iter().map(|entry| entry.thousandths).sum();
    let first = entries.len().saturating_sub(SHOWN);
    let latest = shared.charges(state, first);
    let latest: Vec<_> = latest.iter().rev().map(charge).collect();
    json!({"total": entries.len(), "credits": account::number(thousandths), "latest": latest})
}

/// Each fault as it was ordered, with how many calls it has counted and hit.
fn faults(state: &Store) -> Value {
    let faults = state.faults.counted().map(|(fault, calls, hits)| {
        let mut shown = json!(fault);
        shown["calls"] = json!(calls);
        shown["hits"] = json!(hits);
        shown
    });
    faults.collect()
}

pub(crate) fn violations(shared: &Shared) -> Value {
    let violations = shared.violations().into_iter();
    let violations = violations.map(|violation| {
        json!({
            "request": violation.request, "operation": violation.operation,
            "method": violation.method, "path": violation.path,
            "pointer": violation.pointer, "reason": violation.reason,
        })
    });
    violations.collect()
}

pub(crate) fn deliveries(shared: &Shared) -> Value {
    let state = shared.lock();
    state.webhooks.deliveries.iter().map(delivery).collect()
}

fn latest_deliveries(state: &Store) -> Value {
    let latest = state.webhooks.deliveries.iter().rev().take(SHOWN);
    latest.map(delivery).collect()
}

fn delivery(delivery: &Delivery) -> Value {
    json!({
        "at": delivery.at, "job": delivery.job, "url": delivery.url,
        "attempt": delivery.attempt, "body": delivery.body, "status": delivery.status,
    })
}
