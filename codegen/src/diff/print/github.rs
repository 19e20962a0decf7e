//! For GitHub's log: annotations of a pull request. In: a review. Out: workflow commands, one a line. Knows no other format.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>. GitHub shows the first ten of each kind
//! in a step, so the worst come first.

use super::super::report::Level;
use super::super::review::{Item, Note, Review, Ruling};
use super::super::rust::RustChange;
use super::{CRATE, crate_bump, named, place_in, summary, visible, was};
use crate::diagnostic::Position;

/// The review as annotations of `file`, the path of the new document below the repository's folder.
pub fn github(review: &Review, file: &str) -> String {
    let mut lines: Vec<String> = review
        .items
        .iter()
        .map(|item| annotation(review, file, item))
        .collect();
    lines.extend(review.notes.iter().map(note));
    let mut text = format!("API: {}\n{CRATE}: {}", review.api, crate_bump(review));
    for change in &review.rust {
        text.push_str(&format!("\n{}", rust(change)));
    }
    if let Some(reason) = &review.unplanned {
        text.push_str(&format!(
            "\nno client can be planned from one of the documents:\n{reason}"
        ));
    }
    let title = property(&format!("API changes: {}", summary(review)));
    lines.push(format!("::notice title={title}::{}", data(&text)));
    lines.join("\n") + "\n"
}

fn annotation(review: &Review, file: &str, item: &Item) -> String {
    let Ruling {
        rule,
        level,
        text,
        accepted,
        ..
    } = &item.ruling;
    let kind = match (level, accepted) {
        (Level::Breaking, None) => "error",
        (Level::Warning, None) => "warning",
        (Level::Info, None) | (_, Some(_)) => "notice",
    };
    let position = item.new.as_ref().map(|place| place.position);
    let at = position.map(|Position { line, column }| format!(",line={line},col={column}"));
    let mut lines = vec![text.clone()];
    if let Some(accepted) = accepted {
        lines.push(format!(
            "accepted until {}: {}",
            accepted.expires, accepted.reason
        ));
    }
    lines.extend(
        item.also
            .iter()
            .map(|also| format!("also {}: {}", also.level, also.text)),
    );
    lines.extend(item.rust.iter().map(rust));
    let (shown, more) = named(&item.operations);
    if !shown.is_empty() {
        let rest = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        lines.push(format!("in {}{rest}", shown.join(", ")));
    }
    if let Some(old) = was(item) {
        lines.push(format!("was {}", place_in(&review.old, old)));
    }
    let title = property(&format!("{level}: {rule}"));
    format!(
        "::{kind} file={}{},title={title}::{}",
        property(file),
        at.unwrap_or_default(),
        data(&lines.join("\n"))
    )
}

fn rust(change: &RustChange) -> String {
    format!("in Rust, {}: {}", change.bump, change.text)
}

fn note(note: &Note) -> String {
    let Note {
        file,
        position: Position { line, column },
        text,
    } = note;
    format!(
        "::warning file={},line={line},col={column},title=accepted change without effect::{}",
        property(file),
        data(text)
    )
}

/// Text after `::`. What ends a line would begin a command of its own.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines
        .join("\n")
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property, which also ends at a comma or at two colons.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_begins_another_command() {
        assert_eq!(
            data("a%0A\r\n::error::b\u{1b}"),
            "a%250A%0A::error::b\\u{1b}"
        );
        assert_eq!(property("a,line=1::b"), "a%2Cline=1%3A%3Ab");
        assert_eq!(data("a\r::warning::b"), "a\\u{d}::warning::b");
    }
}
