//! Everything that can go wrong, at once. In: how often, a seed. Out: faults of every kind for
//! every operation and for the files. Knows the emulator's faults, and no client.

use creatify_emulator::Fault;
use creatify_emulator::fault::{Kind, When};

/// The longest that anything is held back, in milliseconds.
pub(crate) const LONGEST_DELAY: u64 = 150;

const LATE: Kind = Kind::Delay {
    milliseconds: LONGEST_DELAY,
};
const LATE_BEFORE: Kind = Kind::DelayBefore {
    milliseconds: LONGEST_DELAY,
};

fn status(status: u16, retry_after: Option<u64>, processed: bool) -> Kind {
    Kind::Status {
        status,
        retry_after,
        processed,
    }
}

/// What hits calls of the API: every kind of fault, and both of its forms where there are two.
fn of_calls() -> Vec<Kind> {
    vec![
        status(500, None, false),
        status(500, None, true),
        status(503, Some(0), false),
        status(503, None, true),
        status(429, Some(0), false),
        status(408, None, false),
        Kind::Delay { milliseconds: 30 },
        // Several times, so that clients that give up leave calls behind that are charged later.
        LATE,
        LATE,
        LATE_BEFORE,
        LATE_BEFORE,
        Kind::ResetBefore,
        Kind::ResetAfter,
        Kind::Truncate,
        Kind::InvalidJson,
        Kind::Html {
            status: 502,
            processed: false,
        },
        Kind::Html {
            status: 504,
            processed: true,
        },
        Kind::Html {
            status: 200,
            processed: true,
        },
        Kind::Redirect {
            location: "https://elsewhere.example/".to_owned(),
            status: 307,
        },
        Kind::UnknownEnum {
            field: Some("status".to_owned()),
        },
        Kind::UnknownEnum { field: None },
        Kind::UnknownField,
        Kind::MissingField {
            field: Some("status".to_owned()),
        },
        Kind::MissingField { field: None },
    ]
}

/// What hits files.
fn of_files() -> Vec<Kind> {
    vec![
        status(500, None, false),
        status(503, Some(0), false),
        status(429, Some(0), false),
        Kind::Delay { milliseconds: 30 },
        Kind::StallDownload,
        Kind::CutDownload,
        Kind::CutDownload,
    ]
}

/// Responses that come late, so that clients which do not wait are gone by then: on a fast machine they would have
/// their responses otherwise.
pub(crate) fn late(operations: &[&str], rate: f64, seed: u64) -> Vec<Fault> {
    let faults = operations.iter().zip(0..).map(|(operation, number)| {
        Fault::new(
            *operation,
            When::Rate {
                rate,
                seed: seed.wrapping_mul(7_000).wrapping_add(number),
            },
            LATE,
        )
    });
    faults.collect()
}

/// Faults that together hit this share of the calls.
pub(crate) fn all(operations: &[&str], share: f64, seed: u64) -> Vec<Fault> {
    let targets = operations.iter().map(|operation| (*operation, of_calls()));
    let targets = targets.chain([("media", of_files())]);
    let mut faults = Vec::new();
    for (operation, kinds) in targets {
        // The first that strikes wins, so that 1 - (1 - rate) ^ kinds is the share.
        let kinds_that_strike = f64::from(u32::try_from(kinds.len()).unwrap_or(u32::MAX));
        let rate = 1.0 - (1.0 - share).powf(1.0 / kinds_that_strike);
        for kind in kinds {
            let seed = seed.wrapping_mul(1_000).wrapping_add(faults.len() as u64);
            faults.push(Fault::new(operation, When::Rate { rate, seed }, kind));
        }
    }
    faults
}
