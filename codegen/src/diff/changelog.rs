//! The API part of a changelog's next entry. In: a review. Out: bullets under Breaking, Added, Changed and Fixed. Knows no
//! document.

use super::print::{Span, spans, visible};
use super::report::Level;
use super::review::{Item, Review};
use super::rust::{Bump, RustChange};
use super::verdict;

/// What users of the crate read about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Breaking,
    Added,
    Changed,
    Fixed,
}

const SECTIONS: [(Section, &str); 4] = [
    (Section::Breaking, "Breaking"),
    (Section::Added, "Added"),
    (Section::Changed, "Changed"),
    (Section::Fixed, "Fixed"),
];

/// Rules that report nothing that a user notices: names and spellings of the document itself.
const UNNOTICED: [&str; 11] = [
    "api-schema-added",
    "api-schema-removed",
    "api-version-changed",
    "component-added",
    "component-removed",
    "component-renamed",
    "extension-changed",
    "generated-name-changed",
    "openapi-version-changed",
    "other-change",
    "spelling-changed",
];

/// The rule for texts that people read: every place would be a line of its own and say nothing.
const DOCUMENTATION: &str = "documentation-changed";

/// Lines of the changelog are at most this long where words allow it.
const WIDTH: usize = 120;

/// Markdown to be put into the changelog; empty when users notice nothing.
pub fn changelog(review: &Review) -> String {
    let mut bullets: Vec<(Section, String)> = Vec::new();
    let mut documented = 0;
    for item in &review.items {
        match section(item) {
            Some(section) => bullets.push((section, bullet(item))),
            None if item.ruling.rule == DOCUMENTATION => documented += 1,
            // Names of the document are also those of the crate.
            None => bullets.extend(
                item.rust
                    .iter()
                    .map(|change| (level(change), wrapped("- ", &in_rust(change)))),
            ),
        }
    }
    bullets.extend(
        review
            .rust
            .iter()
            .map(|change| (level(change), wrapped("- ", &in_rust(change)))),
    );
    match documented {
        0 => {}
        1 => bullets.push((
            Section::Fixed,
            "- The documentation, in one place.\n".to_owned(),
        )),
        count => bullets.push((
            Section::Fixed,
            format!("- The documentation, in {count} places.\n"),
        )),
    }
    let mut text = String::new();
    for (section, title) in SECTIONS {
        let mut here = bullets
            .iter()
            .filter(|bullet| bullet.0 == section)
            .peekable();
        if here.peek().is_some() {
            let gap = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}### {title}\n\n"));
            here.for_each(|(_, bullet)| text.push_str(bullet));
        }
    }
    text
}

fn section(item: &Item) -> Option<Section> {
    let ruling = &item.ruling;
    let unnoticed = UNNOTICED.contains(&ruling.rule) || ruling.rule == DOCUMENTATION;
    match ruling.level {
        Level::Breaking => Some(Section::Breaking),
        Level::Warning => Some(Section::Changed),
        Level::Info if unnoticed => None,
        // For users of the crate the worse of the two verdicts counts.
        Level::Info if item.rust.iter().any(|change| change.bump == Bump::Major) => {
            Some(Section::Breaking)
        }
        Level::Info if verdict::is_addition(ruling.rule) => Some(Section::Added),
        Level::Info => Some(Section::Changed),
    }
}

fn level(change: &RustChange) -> Section {
    match change.bump {
        Bump::Major => Section::Breaking,
        Bump::Minor => Section::Added,
        Bump::Patch | Bump::None => Section::Changed,
    }
}

fn bullet(item: &Item) -> String {
    let place = match item.operations.as_slice() {
        [] => String::new(),
        // The operation is in the sentence already.
        [one] if item.ruling.text.contains(one.as_str()) => String::new(),
        [one] => format!("`{one}`: "),
        several => format!("{} operations: ", several.len()),
    };
    let mut text = wrapped("- ", &format!("{place}{}.", item.ruling.text));
    for change in &item.rust {
        text.push_str(&wrapped("  - ", &in_rust(change)));
    }
    text
}

fn in_rust(change: &RustChange) -> String {
    format!("{}.", change.text)
}

/// A bullet, its lines broken between words and indented as Markdown needs it. A name of the document may hold line ends.
fn wrapped(mark: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = mark.trim_end().to_owned();
    for word in safe(text).split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > mark.len() {
            lines.push_str(&line);
            lines.push('\n');
            line = " ".repeat(mark.len() - 1);
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

/// A sentence without markup of its own. The changelog's readers see its source, so little is escaped.
fn safe(text: &str) -> String {
    let text = visible(text);
    let span = |span: &Span<'_>| match span {
        Span::Prose(text) => text.replace('<', "\\<").replace('`', "\\`"),
        Span::Code(text) => format!("`{text}`"),
    };
    spans(&text).iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_bullets_are_broken_and_indented() {
        let text = "word ".repeat(40);
        let lines = wrapped("- ", &text);
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.lines().all(|line| line.len() <= WIDTH));
        assert!(
            lines.starts_with("- word ") && lines.contains("\n  word "),
            "{lines}"
        );
    }
}
