//! What a call calls. In: an operation of the document, or what a caller says of one that is not described. Out: what sending,
//! paying and repeating need to know. Sends nothing.

use std::borrow::Cow;
use std::sync::Arc;

use super::operation::{ApiKey, Operation, Parameter};
use super::redact::ServerText;
use super::spend::Estimate;
use super::{Jobs, transport};

/// What is called.
#[derive(Clone)]
pub(crate) enum Callee {
    /// An operation of the document.
    Described(&'static Operation),
    /// What a caller describes; see [`RawCall`](super::RawCall).
    Raw(Arc<RawOperation>),
}

/// An operation that the document does not describe, as its caller does.
#[derive(Clone)]
pub(crate) struct RawOperation {
    pub(crate) method: transport::Method,
    /// Below the base URL.
    pub(crate) path: String,
    pub(crate) price: RawPrice,
    /// Whether its caller says that sending it twice has the effect of once.
    pub(crate) idempotent: bool,
}

/// What a caller says of the price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum RawPrice {
    /// Nothing: what only reads is free, and what does not may cost anything.
    Unknown,
    /// So many credits at least; none when it is free.
    Credits(f64),
}

impl RawOperation {
    fn is_free(&self) -> bool {
        match self.price {
            RawPrice::Unknown => self.method.is_safe(),
            RawPrice::Credits(credits) => credits == 0.0,
        }
    }

    /// A reading method that costs credits is not repeated either: nothing but the caller's word says that it would be
    /// charged once.
    fn is_repeatable(&self) -> bool {
        self.idempotent || self.method.is_safe() && self.is_free()
    }

    /// What it is called in errors, traces and a journal; no operation of a document has a name like it. A path that is sent has
    /// nothing to escape.
    pub(crate) fn name(&self) -> String {
        ServerText::ours(format!("{} {}", self.method, self.path)).into_string()
    }
}

impl From<&'static Operation> for Callee {
    fn from(operation: &'static Operation) -> Self {
        Self::Described(operation)
    }
}

impl Callee {
    /// The name in the document, or method and path.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Described(operation) => operation.id.into(),
            Self::Raw(raw) => raw.name().into(),
        }
    }

    /// The operation, if the document describes it.
    pub(crate) fn operation(&self) -> Option<&'static Operation> {
        match self {
            Self::Described(operation) => Some(operation),
            Self::Raw(_) => None,
        }
    }

    pub(crate) fn method(&self) -> transport::Method {
        match self {
            Self::Described(operation) => operation.method.into(),
            Self::Raw(raw) => raw.method.clone(),
        }
    }

    /// The path, with parameters in braces where it has any.
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Described(operation) => operation.path,
            Self::Raw(raw) => &raw.path,
        }
    }

    pub(crate) fn parameters(&self) -> &'static [Parameter] {
        self.operation()
            .map_or(&[], |operation| operation.parameters)
    }

    /// The ways to authenticate; none for whatever keys there are.
    pub(crate) fn security(&self) -> Option<&'static [&'static [ApiKey]]> {
        self.operation().map(|operation| operation.security)
    }

    pub(crate) fn jobs(&self) -> Option<&'static Jobs> {
        self.operation().and_then(|operation| operation.jobs)
    }

    pub(crate) fn job_name(&self) -> Option<&'static str> {
        self.operation().and_then(|operation| operation.job_name)
    }

    /// The path parameter with the id of the job that a call is about.
    pub(crate) fn subject(&self) -> Option<&'static str> {
        self.operation().and_then(Operation::subject)
    }

    /// Whether a call costs no credits.
    pub(crate) fn is_free(&self) -> bool {
        match self {
            Self::Described(operation) => operation.is_free(),
            Self::Raw(raw) => raw.is_free(),
        }
    }

    /// Whether a call may be sent again after it may have been processed.
    pub(crate) fn is_repeatable(&self) -> bool {
        match self {
            Self::Described(operation) => operation.is_repeatable(),
            Self::Raw(raw) => raw.is_repeatable(),
        }
    }

    /// Whether a call that may have been processed is ambiguous.
    pub(crate) fn needs_settling(&self) -> bool {
        !self.is_free() || !self.is_repeatable()
    }

    /// Whether its price is not known although it may have one: a spend limit cannot allow for it.
    pub(crate) fn wants_price(&self) -> bool {
        match self {
            Self::Described(_) => false,
            Self::Raw(raw) => raw.price == RawPrice::Unknown && !raw.is_free(),
        }
    }

    /// What a call with this body costs at least; none when that is not known.
    pub(crate) fn estimate(&self, body: Option<&serde_json::Value>) -> Option<Estimate> {
        match self {
            Self::Described(operation) => Estimate::of(operation.prices, body),
            Self::Raw(raw) => match raw.price {
                RawPrice::Credits(credits) => Some(Estimate::flat(credits)),
                RawPrice::Unknown if raw.is_free() => Some(Estimate::flat(0.0)),
                RawPrice::Unknown => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::transport::Method;

    /// A raw call that is repeated by mistake is paid for twice.
    #[test]
    fn a_raw_call_is_repeated_only_when_that_can_cost_nothing_or_its_caller_says_so() {
        let unknown = RawPrice::Unknown;
        let (free, paid) = (RawPrice::Credits(0.0), RawPrice::Credits(5.0));
        let (free_call, repeatable, priced) = (true, true, true);
        let table = [
            (Method::GET, unknown, false, (free_call, repeatable, priced)),
            (Method::GET, free, false, (free_call, repeatable, priced)),
            (Method::GET, paid, false, (false, false, priced)),
            (Method::GET, paid, true, (false, repeatable, priced)),
            (Method::POST, unknown, false, (false, false, false)),
            (Method::POST, unknown, true, (false, repeatable, false)),
            (Method::POST, free, false, (free_call, false, priced)),
            (Method::POST, free, true, (free_call, repeatable, priced)),
            (Method::POST, paid, false, (false, false, priced)),
            (Method::DELETE, unknown, false, (false, false, false)),
        ];
        for (method, price, idempotent, expected) in table {
            let raw = RawOperation {
                method,
                path: "/api/new/".to_owned(),
                price,
                idempotent,
            };
            let name = format!("{} {price:?} {idempotent}", raw.name());
            let callee = Callee::Raw(Arc::new(raw));
            let actual = (
                callee.is_free(),
                callee.is_repeatable(),
                !callee.wants_price(),
            );
            assert_eq!(actual, expected, "{name}");
            let harmless = actual.0 && actual.1;
            assert_eq!(callee.needs_settling(), !harmless, "{name}");
        }
    }
}
