//! Prints a review. In: what is shown. Out: text in one of six formats. Knows no document and no policy.
//!
//! Names, values and texts of a document reach every format, and may be hostile: each printer hands them through the one
//! function that its format has for them.

mod github;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;

pub use github::github;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{Look, text};

use super::report::{Level, Place};
use super::review::{Item, Review};
use super::rust::Bump;
use super::verdict::exact;
use crate::diagnostic::Position;

/// Every level, the worst first.
const LEVELS: [Level; 3] = [Level::Breaking, Level::Warning, Level::Info];

/// The crate that is generated.
const CRATE: &str = "creatify-api";

/// How many edits there are.
struct Counts {
    breaking: usize,
    warning: usize,
    info: usize,
    accepted: usize,
}

impl Counts {
    fn of(review: &Review) -> Self {
        let count = |level| {
            review
                .items
                .iter()
                .filter(|item| item.ruling.level == level)
                .count()
        };
        Self {
            breaking: count(Level::Breaking),
            warning: count(Level::Warning),
            info: count(Level::Info),
            accepted: review
                .items
                .iter()
                .filter(|item| item.ruling.accepted.is_some())
                .count(),
        }
    }
}

/// `3 breaking, 1 warning, 12 info; 2 of them accepted`
fn summary(review: &Review) -> String {
    let Counts {
        breaking,
        warning,
        info,
        accepted,
    } = Counts::of(review);
    if breaking + warning + info + review.hidden == 0 {
        return "no changes".to_owned();
    }
    let mut text = format!("{breaking} breaking, {warning} warning, {info} info");
    if accepted > 0 {
        text.push_str(&format!("; {accepted} of them accepted"));
    }
    if review.hidden > 0 {
        text.push_str(&format!(
            "; {} not shown, their rules are off",
            review.hidden
        ));
    }
    text
}

/// How far the crate's version has to be raised, in words.
fn crate_bump(review: &Review) -> String {
    let Some(bump) = review.krate else {
        return "unknown".to_owned();
    };
    match (&review.released, bump) {
        (_, Bump::None) => bump.to_string(),
        (Some(released), _) => format!("{bump} ({released} to {})", released.raised(bump)),
        (None, Bump::Major) => format!("{bump} (while it is 0.x: the next 0.x)"),
        (None, Bump::Minor) => format!("{bump} (while it is 0.x: the next 0.x.y)"),
        (None, Bump::Patch) => bump.to_string(),
    }
}

/// Edits that reach the same operations.
struct Group<'r> {
    operations: &'r [String],
    items: Vec<&'r Item>,
}

/// The edits by what they reach: the groups with the worst first, then in the order of the document.
fn groups<'r>(items: impl IntoIterator<Item = &'r Item>) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for item in items {
        let operations = item.operations.as_slice();
        let index = *known.entry(operations).or_insert_with(|| {
            groups.push(Group {
                operations,
                items: Vec::new(),
            });
            groups.len() - 1
        });
        groups[index].items.push(item);
    }
    let worst = |group: &Group<'_>| group.items.iter().map(|item| item.ruling.level).max();
    // Texts and names of the document reach no operation: they are many, and matter least.
    groups.sort_by_key(|group| (std::cmp::Reverse(worst(group)), group.operations.is_empty()));
    groups
}

/// Where an edit stood in the old document; `None` where the place only says what lacked something.
fn was(item: &Item) -> Option<&Place> {
    exact([item.old.as_ref(), item.new.as_ref()], |place| {
        &place.pointer
    })[0]
}

/// How many operations a heading names.
const NAMED: usize = 3;

/// The operations that a heading names, and how many it does not.
fn named(operations: &[String]) -> (&[String], usize) {
    let shown = operations.len().min(NAMED);
    // One more is as short as its number.
    let shown = if operations.len() == NAMED + 1 {
        NAMED + 1
    } else {
        shown
    };
    (&operations[..shown], operations.len() - shown)
}

/// What a heading says about edits that reach no operation.
const WHOLE: &str = "The document as a whole";

/// A text with its control characters made visible: they could move a terminal's cursor, end a line, or turn the
/// direction of what follows.
pub(super) fn visible(text: &str) -> String {
    let is_hidden = |character: &char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match is_hidden(&character) {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
    }
    shown
}

/// A part of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span<'t> {
    Prose(&'t str),
    /// What stands between two backticks.
    Code(&'t str),
}

/// The parts of a sentence; a backtick without its partner is prose.
pub(super) fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, (code, after))) = rest
        .split_once('`')
        .and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        spans.push(Span::Prose(before));
        spans.push(Span::Code(code));
        rest = after;
    }
    spans.push(Span::Prose(rest));
    spans.retain(|span| !matches!(span, Span::Prose("") | Span::Code("")));
    spans
}

/// `FILE:LINE:COLUMN`, which terminals and editors follow.
fn place_in(file: &str, place: &Place) -> String {
    let Position { line, column } = place.position;
    format!("{file}:{line}:{column}")
}

/// The address of a file from here, as a URI.
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    let encoded = |byte: u8| match keep(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    path.bytes().map(encoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_seen_and_not_obeyed() {
        assert_eq!(
            visible("a\u{1b}[2Jb\nc\u{202e}d é"),
            "a\\u{1b}[2Jb\\u{a}c\\u{202e}d é"
        );
    }

    #[test]
    fn backticks_make_pairs_or_stay() {
        let spans = |text| format!("{:?}", super::spans(text));
        assert_eq!(
            spans("`a` of `b`"),
            r#"[Code("a"), Prose(" of "), Code("b")]"#
        );
        assert_eq!(spans("a ` b"), r#"[Prose("a ` b")]"#);
        assert_eq!(spans("``"), "[]");
    }

    #[test]
    fn a_path_becomes_a_relative_address() {
        assert_eq!(uri("spec/open api.yaml"), "spec/open%20api.yaml");
        assert_eq!(uri("main:a#b"), "main%3Aa%23b");
    }
}
