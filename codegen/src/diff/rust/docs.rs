//! Tells prose from examples. In: documentation. Out: its two halves. Knows no item.

use crate::krate::{Docs, Example, Paragraph};

/// The paragraphs that are no examples.
pub(super) fn prose(docs: &Docs) -> Vec<&Paragraph> {
    let paragraphs = docs.0.iter();
    paragraphs
        .filter(|paragraph| example(paragraph).is_none())
        .collect()
}

/// The examples.
pub(super) fn examples(docs: &Docs) -> Vec<Example> {
    docs.0.iter().filter_map(example).cloned().collect()
}

fn example(paragraph: &Paragraph) -> Option<&Example> {
    match paragraph {
        Paragraph::Example(example) => Some(example),
        Paragraph::Prose(_) | Paragraph::Ours(_) => None,
    }
}
