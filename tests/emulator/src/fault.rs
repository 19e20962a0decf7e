//! Faults on demand. In: which calls of which operation. Out: what goes wrong with the present
//! call. Knows no HTTP.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rng;

/// What goes wrong, and when.
///
/// ```
/// use creatify_emulator::Fault;
/// use creatify_emulator::fault::{Kind, When};
///
/// // The first attempt to create a job is charged, and its response gets lost.
/// let lost = Fault::new("lipsyncs_create", When::Nth(1), Kind::ResetAfter);
/// // A fifth of all calls is refused before it is processed.
/// let busy = Fault::new("*", When::Rate { rate: 0.2, seed: 1 }, Kind::status(503));
/// ```
///
/// As JSON it is what `POST /_emulator/faults` takes, `{"operation": "*", "rate": 0.2, "fault": {"kind": "status", "status": 503}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SerializedFault", into = "SerializedFault")]
#[non_exhaustive]
pub struct Fault {
    /// An operation's id, `*` for all of them, or `media` for downloads.
    pub operation: String,
    /// Which of its calls.
    pub when: When,
    /// What goes wrong with them.
    pub kind: Kind,
}

impl Fault {
    /// Creates a fault; whether it makes sense is checked when it is added.
    pub fn new(operation: impl Into<String>, when: When, kind: Kind) -> Self {
        Self {
            operation: operation.into(),
            when,
            kind,
        }
    }
}

/// Which calls a fault hits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum When {
    /// Every one.
    Always,
    /// The n-th from now on; the first is 1.
    Nth(u64),
    /// Each with this probability. The same seed hits the same calls.
    Rate {
        /// From 0 to 1.
        rate: f64,
        /// The seed of the random numbers.
        seed: u64,
    },
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Kind {
    /// Another status.
    Status {
        /// The status.
        status: u16,
        /// The seconds of a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Whether the request is processed, and charged, all the same.
        #[serde(default)]
        processed: bool,
    },
    /// The response comes late. The request is processed, charged and logged before.
    Delay {
        /// How late, by the wall clock.
        milliseconds: u64,
    },
    /// The request is processed late, and charged then, also when nobody waits for the response.
    DelayBefore {
        /// How late, by the wall clock.
        milliseconds: u64,
    },
    /// The connection is reset before the request is processed.
    ResetBefore,
    /// The request is processed and charged, then the connection is reset.
    ResetAfter,
    /// Half of the response, then the connection is closed.
    Truncate,
    /// A response that is not JSON, although it says so.
    InvalidJson,
    /// A page of a proxy.
    Html {
        /// The status.
        #[serde(default = "bad_gateway")]
        status: u16,
        /// Whether the request is processed, and charged, all the same.
        #[serde(default)]
        processed: bool,
    },
    /// A redirect; the request is not processed.
    Redirect {
        /// Where to.
        location: String,
        /// The status.
        #[serde(default = "temporary_redirect")]
        status: u16,
    },
    /// A value that the document does not list.
    UnknownEnum {
        /// The member; the first enumeration when absent.
        #[serde(default)]
        field: Option<String>,
    },
    /// A member that the document does not know.
    UnknownField,
    /// A member is missing.
    MissingField {
        /// The member; the first that is not required when absent.
        #[serde(default)]
        field: Option<String>,
    },
    /// Half of a file, then nothing more.
    StallDownload,
    /// Half of a file, then the connection is closed.
    CutDownload,
}

fn bad_gateway() -> u16 {
    502
}

fn temporary_redirect() -> u16 {
    307
}

/// A fault as the control interface writes it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SerializedFault {
    operation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    fault: Kind,
}

impl TryFrom<SerializedFault> for Fault {
    type Error = String;

    fn try_from(serialized: SerializedFault) -> Result<Self, String> {
        let when = match (serialized.nth, serialized.rate) {
            (Some(_), Some(_)) => return Err("give `nth` or `rate`, not both".to_owned()),
            (_, None) if serialized.seed.is_some() => {
                return Err("`seed` goes with `rate`".to_owned());
            }
            (Some(nth), None) => When::Nth(nth),
            (None, Some(rate)) => When::Rate {
                rate,
                seed: serialized.seed.unwrap_or(1),
            },
            (None, None) => When::Always,
        };
        Ok(Self {
            operation: serialized.operation,
            when,
            kind: serialized.fault,
        })
    }
}

impl From<Fault> for SerializedFault {
    fn from(fault: Fault) -> Self {
        let (nth, rate, seed) = match fault.when {
            When::Always => (None, None, None),
            When::Nth(nth) => (Some(nth), None, None),
            When::Rate { rate, seed } => (None, Some(rate), Some(seed)),
        };
        Self {
            operation: fault.operation,
            nth,
            rate,
            seed,
            fault: fault.kind,
        }
    }
}

/// The name under which downloads are hit.
pub(crate) const MEDIA: &str = "media";

/// A fault with the calls that it has counted, and those that it has hit.
#[derive(Debug)]
struct Counted {
    fault: Fault,
    calls: u64,
    hits: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    all: Vec<Counted>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.all.push(Counted {
            fault,
            calls: 0,
            hits: 0,
        });
    }

    pub(crate) fn clear(&mut self) {
        self.all.clear();
    }

    pub(crate) fn list(&self) -> impl Iterator<Item = &Fault> {
        self.all.iter().map(|counted| &counted.fault)
    }

    /// Each fault, how many calls it has counted, and how many of them it has hit.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Fault, u64, u64)> {
        let all = self.all.iter();
        all.map(|counted| (&counted.fault, counted.calls, counted.hits))
    }

    /// What goes wrong with this call of an operation; the fault that was added first wins, and
    /// every fault counts the call.
    pub(crate) fn next(&mut self, operation: &str) -> Option<Kind> {
        let mut hit = None;
        for Counted { fault, calls, hits } in &mut self.all {
            let every = fault.operation == "*" && fault.kind.is_download() == (operation == MEDIA);
            if fault.operation != operation && !every {
                continue;
            }
            *calls += 1;
            let is_hit = match fault.when {
                When::Always => true,
                When::Nth(nth) => *calls == nth,
                When::Rate { rate, seed } => {
                    rng::random_bool(seed, &format!("{}/{calls}", fault.operation), rate)
                }
            };
            if is_hit && hit.is_none() {
                *hits += 1;
                hit = Some(fault.kind.clone());
            }
        }
        hit
    }
}

impl Kind {
    /// Another status, without `Retry-After`; the request is not processed.
    pub fn status(status: u16) -> Self {
        Self::Status {
            status,
            retry_after: None,
            processed: false,
        }
    }

    /// How long the request waits before it is processed.
    pub(crate) fn delay_before(&self) -> Option<Duration> {
        let Self::DelayBefore { milliseconds } = self else {
            return None;
        };
        Some(Duration::from_millis(*milliseconds))
    }

    /// How long the response waits before it is sent.
    pub(crate) fn delay(&self) -> Option<Duration> {
        let Self::Delay { milliseconds } = self else {
            return None;
        };
        Some(Duration::from_millis(*milliseconds))
    }

    fn is_download(&self) -> bool {
        matches!(self, Self::StallDownload | Self::CutDownload)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Kind, When};

    #[test]
    fn the_nth_call_is_hit_and_a_rate_repeats_itself() {
        let mut faults = Faults::default();
        faults.add(Fault::new("a", When::Nth(2), Kind::ResetBefore));
        let hits = ["a", "b", "a", "a"].map(|operation| faults.next(operation).is_some());
        assert_eq!(hits, [false, false, true, false]);
        let drawn = || {
            let mut faults = Faults::default();
            let when = When::Rate { rate: 0.2, seed: 7 };
            let kind = Kind::Truncate;
            faults.add(Fault::new("*", when, kind));
            (0..1000)
                .map(|_| faults.next("a").is_some())
                .collect::<Vec<_>>()
        };
        let count = drawn().iter().filter(|hit| **hit).count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(drawn(), drawn());
    }

    #[test]
    fn faults_are_read_from_json() {
        let text =
            r#"{"operation":"*","nth":3,"fault":{"kind":"status","status":429,"retry_after":2}}"#;
        let fault: Fault = serde_json::from_str(text).expect("a fault");
        assert_eq!(fault.when, When::Nth(3));
        let kind = Kind::Status {
            status: 429,
            retry_after: Some(2),
            processed: false,
        };
        assert_eq!(fault.kind, kind);
        let again: Fault =
            serde_json::from_value(serde_json::to_value(&fault).expect("JSON")).expect("a fault");
        assert_eq!(again, fault);
        assert!(
            serde_json::from_str::<Fault>(
                r#"{"operation":"*","nht":3,"fault":{"kind":"truncate"}}"#
            )
            .is_err()
        );
    }
}
