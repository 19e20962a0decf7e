//! Control and insight below `/_emulator/`. In: requests of people and tests. Out: JSON about the
//! state, and changes to it. Knows no keys: they appear in nothing that it shows.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::Shared;
use super::account;
use super::answer::Reply;
use super::check::Finding;
use super::clock::{self, Speed};
use super::fault::{Fault, MEDIA};
use super::job::Record;
use super::record::View;
use super::world::{Seen, World};

/// How much of a list the state shows.
const SHOWN: usize = 50;

/// Answers a control request; the path is what follows `/_emulator/`.
pub(crate) fn answer(shared: &Shared, method: &str, path: &str, body: &[u8]) -> Reply {
    match (method, path.trim_end_matches('/')) {
        ("GET", "state") => Reply::json(200, state(shared)),
        ("GET", "ledger") => Reply::json(200, ledger(shared)),
        ("GET", "violations") => Reply::json(200, violations(shared)),
        ("GET", "webhooks") => Reply::json(200, deliveries(shared)),
        ("GET", "faults") => {
            let world = shared.lock();
            let faults: Vec<_> = world.faults.list().map(|fault| json!(fault)).collect();
            Reply::json(200, Value::Array(faults))
        }
        ("POST", "faults") => match serde_json::from_slice::<Fault>(body) {
            // A fault for an operation that there is not would never come.
            Ok(fault) if !is_known(shared, &fault.operation) => Reply::detail(
                400,
                &format!(
                    "there is no operation `{}`; `*` stands for all",
                    fault.operation
                ),
            ),
            Ok(fault) => {
                let written = json!(fault);
                shared.lock().faults.add(fault);
                Reply::json(201, written)
            }
            Err(error) => Reply::detail(400, &error.to_string()),
        },
        ("DELETE", "faults") => {
            shared.lock().faults.clear();
            Reply::empty(204)
        }
        ("POST", "clock") => set_clock(shared, body),
        ("POST", "reset") => {
            shared.reset();
            Reply::empty(204)
        }
        (_, "state" | "ledger" | "violations" | "webhooks" | "faults" | "clock" | "reset") => {
            Reply::detail(405, &format!("Method \"{method}\" not allowed."))
        }
        _ => Reply::detail(404, "Not found."),
    }
}

fn set_clock(shared: &Shared, body: &[u8]) -> Reply {
    let command: Value = serde_json::from_slice(body).unwrap_or_default();
    let seconds = command["advance"].as_f64();
    let advance = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let speed = command["speed"].as_f64();
    let speed = speed.filter(|times| times.is_finite() && *times >= 0.0);
    if let Some(by) = advance {
        shared.lock().clock.advance(by);
    } else if let Some(times) = speed {
        shared.lock().clock.set_speed(Speed::Times(times));
    } else if command["stepped"] == true {
        shared.lock().clock.set_speed(Speed::Stepped);
    } else {
        let detail = "Send one of {\"advance\": seconds}, {\"speed\": times}, {\"stepped\": true}.";
        return Reply::detail(400, detail);
    }
    shared.wake.notify_one();
    Reply::json(200, clock(&shared.lock()))
}

fn clock(world: &World) -> Value {
    let now = clock::rfc3339(world.clock.now());
    match world.clock.speed() {
        Speed::Times(times) => json!({"now": now, "speed": times, "stepped": false}),
        Speed::Stepped => json!({"now": now, "speed": 0.0, "stepped": true}),
    }
}

fn state(shared: &Shared) -> Value {
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
    })
}

fn is_known(shared: &Shared, operation: &str) -> bool {
    let operations = &shared.api.spec.operations;
    ["*", MEDIA].contains(&operation) || operations.iter().any(|known| known.id == operation)
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

fn ledger(shared: &Shared) -> Value {
    let charges = shared.ledger().into_iter();
    let charges = charges.map(|charge| {
        json!({
            "number": charge.number, "at": charge.at, "api_id": charge.api_id,
            "operation": charge.operation, "job": charge.job, "request": charge.request,
            "credits": charge.credits, "balance": charge.balance,
        })
    });
    charges.collect()
}

fn violations(shared: &Shared) -> Value {
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

fn deliveries(shared: &Shared) -> Value {
    let world = shared.lock();
    let deliveries = world.hooks.deliveries.iter().map(|delivery| {
        json!({
            "at": delivery.at, "job": delivery.job, "url": delivery.url,
            "attempt": delivery.attempt, "body": delivery.body, "status": delivery.status,
        })
    });
    deliveries.collect()
}
