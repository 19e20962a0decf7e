//! The control interface below `/_emulator/`. In: requests of people and tests. Out: changes of the state,
//! and its introspection.

use std::time::Duration;

use serde_json::{Value, json};

use super::Shared;
use super::clock::Speed;
use super::fault::Fault;
use super::introspection;
use super::response::Reply;

/// Responds to a control request; the path is what follows `/_emulator/`.
pub(crate) fn respond(shared: &Shared, method: &str, path: &str, body: &[u8]) -> Reply {
    match (method, path.trim_end_matches('/')) {
        ("GET", "state") => Reply::json(200, introspection::state(shared)),
        ("GET", "ledger") => Reply::json(200, introspection::ledger(shared)),
        ("GET", "violations") => Reply::json(200, introspection::violations(shared)),
        ("GET", "webhooks") => Reply::json(200, introspection::deliveries(shared)),
        ("GET", "faults") => {
            let state = shared.lock();
            let faults: Vec<_> = state.faults.list().map(|fault| json!(fault)).collect();
            Reply::json(200, Value::Array(faults))
        }
        ("POST", "faults") => match add_fault(shared, body) {
            Ok(fault) => Reply::json(201, json!(fault)),
            Err(reason) => Reply::detail(400, &reason),
        },
        ("DELETE", "faults") => {
            shared.lock().faults.clear();
            Reply::empty(204)
        }
        ("POST", "clock") => match set_clock(shared, body) {
            Ok(()) => Reply::json(200, introspection::clock(&shared.lock())),
            Err(reason) => Reply::detail(400, &reason),
        },
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

fn add_fault(shared: &Shared, body: &[u8]) -> Result<Fault, String> {
    let fault: Fault = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    shared.add_fault(fault.clone())?;
    Ok(fault)
}

fn set_clock(shared: &Shared, body: &[u8]) -> Result<(), String> {
    let usage = || {
        "Send one of {\"advance\": seconds}, {\"speed\": times}, {\"stepped\": true}.".to_owned()
    };
    let command: Value = serde_json::from_slice(body).map_err(|_| usage())?;
    let members: Vec<_> = command.as_object().into_iter().flatten().collect();
    let [(name, value)] = members.as_slice() else {
        return Err(usage());
    };
    match (name.as_str(), value.as_f64()) {
        ("advance", Some(seconds)) => {
            let by = Duration::try_from_secs_f64(seconds)
                .map_err(|_| format!("`advance` is a number of seconds from 0, not {seconds:?}"))?;
            shared.change_clock(|clock| clock.advance(by))
        }
        ("speed", Some(times)) => shared.change_clock(|clock| clock.set_speed(Speed::Times(times))),
        ("stepped", None) if **value == true => {
            shared.change_clock(|clock| clock.set_speed(Speed::Stepped))
        }
        _ => Err(usage()),
    }
}
