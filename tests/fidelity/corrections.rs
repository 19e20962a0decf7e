//! Holds differences against the table of those that are meant. In: differences and the table. Out: complaints. Knows
//! neither pages nor client.

use crate::compare::Difference;
use std::collections::BTreeSet;

/// The differences that are meant, each below its reason.
pub(crate) const TABLE: &str = include_str!("corrections.txt");

/// What is not meant, and what the table has for nothing; each with what to do.
pub(crate) fn complaints(found: &BTreeSet<Difference>, table: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut meant: BTreeSet<&str> = BTreeSet::new();
    let mut reason = None;
    for line in table
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
    {
        if line.is_empty() {
            reason = None;
        } else if line.starts_with("because ") {
            reason = Some(line);
        } else if reason.is_none() {
            complaints.push(format!(
                "{line}\n    stands below no reason: write `because ...` above it"
            ));
        } else if !meant.insert(line) {
            complaints.push(format!("{line}\n    stands there twice: remove one"));
        }
    }
    let lines: BTreeSet<String> = found.iter().map(Difference::to_string).collect();
    for line in lines.iter().filter(|line| !meant.contains(line.as_str())) {
        complaints.push(format!(
            "{line}\n    If the client lost it, mend the generator. If spec/overlay.yaml means it, add this line to \
             tests/fidelity/corrections.txt, below a reason."
        ));
    }
    for line in meant.into_iter().filter(|line| !lines.contains(*line)) {
        complaints.push(format!(
            "{line}\n    is no longer so: remove the line from tests/fidelity/corrections.txt, or bring it up to date"
        ));
    }
    complaints
}
