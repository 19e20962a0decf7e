//! Tells prose from examples. In: documentation. Out: its two halves. Knows no item.

use crate::krate::{Docs, Example, Paragraph};

/// The paragraphs that are no examples, and that follow from nothing else.
pub(super) fn prose(docs: &Docs) -> Vec<&Paragraph> {
    let is_prose = |paragraph: &&Paragraph| match paragraph {
        Paragraph::Prose(_) | Paragraph::Ours(_) => true,
        Paragraph::Uses(_) | Paragraph::Example(_) => false,
    };
    docs.0.iter().filter(is_prose).collect()
}

/// The examples.
pub(super) fn examples(docs: &Docs) -> Vec<Example> {
    docs.0.iter().filter_map(example).cloned().collect()
}

fn example(paragraph: &Paragraph) -> Option<&Example> {
    match paragraph {
        Paragraph::Example(example) => Some(example),
        Paragraph::Prose(_) | Paragraph::Ours(_) | Paragraph::Uses(_) => None,
    }
}
