//! What the emulator tells about itself. In: its state. Out: JSON for people and tests. Knows no keys:
//! they appear in nothing that it shows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Shared;
use super::account::{self, Charge};
use super::check::{self, Finding};
use super::clock::{self, Speed};
use super::job::Record;
use super::record::View;
use super::webhook::Delivery;
use super::world::{Seen, World};

/// How much of a list the state shows.
const SHOWN: usize = 50;

pub(crate) fn clock(world: &World) -> Value {
    let now = clock::rfc3339(world.clock.now());
    match world.clock.speed() {
        Speed::Times(times) => json!({"now": now, "speed": times, "stepped": false}),
        Speed::Stepped => json!({"now": now, "speed": 0.0, "stepped": true}),
    }
}

pub(crate) fn state(shared: &Shared) -> Value {
    let world = shared.lock();
    let accounts = world.accounts.all.iter();
    let accounts: Vec<_> = accounts
        .map(|account| json!({"api_id": account.api_id, "balance": account::number(account.balance)}))
        .collect();
    let latest = world.history.latest.iter().rev().take(SHOWN);
    let latest: Vec<_> = latest.map(|seen| request(shared, seen)).collect();
    json!({
        "clock": clock(&world),
        "accounts": accounts,
        "jobs": jobs(shared, &world),
        "requests": {"total": world.history.total, "latest": latest},
        "violations": world.history.blamed,
        "faults": faults(&world),
        "webhooks": {"total": world.hooks.deliveries.len(), "latest": latest_deliveries(&world)},
        "ledger": latest_charges(shared, &world),
    })
}

fn jobs(shared: &Shared, world: &World) -> Value {
    let now = world.clock.now();
    let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
    let mut latest = Vec::new();
    let mut total = 0u64;
    for record in world.records.newest() {
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

fn request(shared: &Shared, seen: &Seen) -> Value {
    let violation =
        |finding: &Finding| json!({"pointer": finding.pointer, "reason": finding.reason});
    json!({
        "number": seen.number,
        "at": clock::rfc3339(seen.at),
        "method": seen.method,
        "path": seen.path,
        "operation": seen.operation.map(|index| shared.operation_id(index)),
        "status": seen.status,
        "milliseconds": seen.milliseconds,
        "violations": seen.findings.iter().map(violation).collect::<Vec<_>>(),
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

fn latest_charges(shared: &Shared, world: &World) -> Value {
    let entries = &world.accounts.ledger;
    let thousandths = entries.iter().map(|entry| entry.thousandths).sum();
    let first = entries.len().saturating_sub(SHOWN);
    let latest = shared.charges(world, first);
    let latest: Vec<_> = latest.iter().rev().map(charge).collect();
    json!({"total": entries.len(), "credits": account::number(thousandths), "latest": latest})
}

/// Each fault as it was ordered, with how many calls it has counted and hit.
fn faults(world: &World) -> Value {
    let faults = world.faults.counted().map(|(fault, calls, hits)| {
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
    let world = shared.lock();
    world.hooks.deliveries.iter().map(delivery).collect()
}

fn latest_deliveries(world: &World) -> Value {
    let latest = world.hooks.deliveries.iter().rev().take(SHOWN);
    latest.map(delivery).collect()
}

fn delivery(delivery: &Delivery) -> Value {
    json!({
        "at": delivery.at, "job": delivery.job, "url": delivery.url,
        "attempt": delivery.attempt, "body": delivery.body, "status": delivery.status,
    })
}
