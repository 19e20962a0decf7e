//! What one rule found at one place. In: nodes of both trees. Out: a finding, and the nodes that it explains. Knows no text positions.

use super::rules::{self, Rule};
use serde_json::Value;
use std::collections::BTreeSet;

/// One node of each tree, where there is one.
pub(super) type Both<'a> = (Option<&'a Value>, Option<&'a Value>);

/// What a rule says about one place.
#[derive(Debug, Clone)]
pub(super) struct Finding<'a> {
    pub(super) rule: &'static Rule,
    /// The nodes that the report shows; where the change is an absence, the node that lacks something.
    pub(super) at: Both<'a>,
    /// What happened, without its subject: `is no longer always sent`.
    pub(super) says: String,
    /// The subject, where the place does not say it.
    pub(super) about: Option<String>,
    /// Whether the subject is what the old document has.
    pub(super) gone: bool,
    /// The nodes, with all below them, whose difference this explains.
    pub(super) claims: Vec<Both<'a>>,
    /// The operations that it reaches beside the one at which it was found, by their numbers.
    pub(super) reaches: BTreeSet<usize>,
}

impl<'a> Finding<'a> {
    /// A finding that explains nothing yet.
    pub(super) fn new(id: &str, at: Both<'a>, says: impl Into<String>) -> Self {
        let rule = rules::find(id).or_else(|| rules::find(rules::OTHER));
        debug_assert!(rule.is_some_and(|rule| rule.id == id), "`{id}` has no row");
        Self {
            rule: rule.unwrap_or(&rules::UNKNOWN),
            at,
            says: says.into(),
            about: None,
            gone: false,
            claims: Vec::new(),
            reaches: BTreeSet::new(),
        }
    }

    /// A finding about two nodes that explains whatever differs in them.
    pub(super) fn whole(id: &str, at: Both<'a>, says: impl Into<String>) -> Self {
        Self::new(id, at, says).claim(at)
    }

    /// The same, with its subject.
    pub(super) fn about(mut self, subject: impl Into<String>) -> Self {
        self.about = Some(subject.into());
        self
    }

    /// The same, about something that the old document had.
    pub(super) fn gone(mut self) -> Self {
        self.gone = true;
        self
    }

    /// The same, reaching these operations.
    pub(super) fn reaching(mut self, operations: BTreeSet<usize>) -> Self {
        self.reaches = operations;
        self
    }

    /// The same, explaining these nodes too.
    pub(super) fn claim(mut self, nodes: Both<'a>) -> Self {
        self.claims.push(nodes);
        self
    }

    /// The same, explaining nodes of the old document.
    pub(super) fn claim_old(mut self, nodes: impl IntoIterator<Item = &'a Value>) -> Self {
        self.claims
            .extend(nodes.into_iter().map(|node| (Some(node), None)));
        self
    }

    /// The same, explaining nodes of the new document.
    pub(super) fn claim_new(mut self, nodes: impl IntoIterator<Item = &'a Value>) -> Self {
        self.claims
            .extend(nodes.into_iter().map(|node| (None, Some(node))));
        self
    }
}

/// What tells one node of a tree from every other. A tree is neither changed nor moved while it is compared.
pub(super) fn identity(node: &Value) -> usize {
    std::ptr::from_ref(node).addr()
}
