//! Takes the list of value labels out of a description. In: the prose and the values. Out: the rest of the prose, a label per value.
//!
//! drf-spectacular documents an enumeration as lines of the form ``* `16x9` - Ratio 16 9`` in its description.

use crate::wire::WireName;
use std::collections::BTreeSet;

/// The prose without the list, and the labels by value.
pub(super) fn split(
    description: &str,
    values: &[&str],
) -> (Option<String>, Vec<(WireName, String)>) {
    let known: BTreeSet<&str> = values.iter().copied().collect();
    let mut rest = Vec::new();
    let mut labels = Vec::new();
    for line in description.lines() {
        match label(line).filter(|(value, _)| known.contains(value)) {
            Some((value, label)) => labels.push((WireName(value.to_owned()), label.to_owned())),
            None => rest.push(line),
        }
    }
    let rest = rest.join("\n").trim().to_owned();
    ((!rest.is_empty()).then_some(rest), labels)
}

fn label(line: &str) -> Option<(&str, &str)> {
    let line = line.trim().strip_prefix("* `")?;
    let (value, label) = line.split_once("` - ")?;
    (!label.is_empty()).then_some((value, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_about_known_values_are_labels() {
        let description =
            "The ratio.\n\n* `16x9` - Ratio 16 9\n* `1x1` - Ratio 1 1\n* `else` - not a value";
        let (rest, labels) = split(description, &["16x9", "1x1"]);
        assert_eq!(
            rest.as_deref(),
            Some("The ratio.\n\n* `else` - not a value")
        );
        assert_eq!(labels.len(), 2);
        assert_eq!(labels[0].1, "Ratio 16 9");
    }
}
