//! For a pull request. In: a review. Out: Markdown of GitHub's flavour, short enough for a comment. Knows no other format.

use super::super::report::Level;
use super::super::review::{Item, Note, Review, Ruling};
use super::super::rust::RustChange;
use super::{
    CRATE, Group, Span, WHOLE, crate_bump, groups, named, place_in, spans, summary, visible,
};
use crate::diagnostic::Position;

/// The most characters that come out. GitHub refuses a comment of more than 65,536.
const MOST: usize = 60_000;
/// What is kept for the end: closing tags, and what was left out.
const RESERVE: usize = 400;
/// The most characters of one sentence: a name of the document may be of any length.
const SENTENCE: usize = 1_000;
/// A section with more edits than these is closed until someone opens it.
const OPEN: usize = 15;

/// The review as a comment.
pub fn markdown(review: &Review) -> String {
    let mut page = Page {
        review,
        text: String::new(),
        length: 0,
        omitted: 0,
    };
    page.head();
    page.section(Section::Breaking);
    page.section(Section::BreakingInRust);
    page.section(Section::Warnings);
    page.rust();
    page.section(Section::Info);
    if page.omitted > 0 {
        let omitted = page.omitted;
        page.push(&format!(
            "\n{omitted} more are not shown here; `cargo xtask diff` lists all.\n"
        ));
    }
    page.text
}

/// Where an edit is shown: by the worst that it does to anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Breaking,
    /// Callers need not care, users of the crate must.
    BreakingInRust,
    Warnings,
    Info,
}

impl Section {
    fn of(item: &Item) -> Self {
        match item.ruling.level {
            Level::Breaking => Self::Breaking,
            Level::Warning | Level::Info if item.breaks_rust() => Self::BreakingInRust,
            Level::Warning => Self::Warnings,
            Level::Info => Self::Info,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::BreakingInRust => "Breaking in Rust only",
            Self::Warnings => "Warnings",
            Self::Info => "Info",
        }
    }
}

struct Page<'r> {
    review: &'r Review,
    text: String,
    length: usize,
    omitted: usize,
}

impl Page<'_> {
    fn head(&mut self) {
        let review = self.review;
        self.push(&format!("## API changes: {}\n\n", summary(review)));
        self.push(&format!(
            "**API**: {}, **{CRATE}**: {}\n",
            review.api,
            crate_bump(review)
        ));
        for Note {
            file,
            position: Position { line, .. },
            text,
        } in &review.notes
        {
            self.offer(&format!(
                "\n> {}, line {line}: {}\n",
                prose(file),
                sentence(text)
            ));
        }
    }

    fn section(&mut self, section: Section) {
        let items: Vec<&Item> = self
            .review
            .items
            .iter()
            .filter(|item| Section::of(item) == section)
            .collect();
        if items.is_empty() {
            return;
        }
        let title = section.title();
        let closed = section == Section::Info || items.len() > OPEN;
        let (head, tail) = match closed {
            true => (
                format!("\n<details><summary>{title}: {}</summary>\n", items.len()),
                "\n</details>\n",
            ),
            false => (format!("\n### {title}\n"), ""),
        };
        if !self.offer(&head) {
            self.omitted += items.len();
            return;
        }
        for group in groups(items) {
            self.group(&group);
        }
        self.push(tail);
    }

    fn group(&mut self, group: &Group<'_>) {
        // A heading comes with its first edit or not at all.
        let mut heading = Some(format!("\n{}\n\n", heading(group.operations)));
        for item in &group.items {
            let text = format!("{}{}", heading.clone().unwrap_or_default(), self.item(item));
            if self.offer(&text) {
                heading = None;
            } else {
                self.omitted += 1;
            }
        }
    }

    fn item(&self, item: &Item) -> String {
        let Ruling {
            rule,
            text,
            accepted,
            ..
        } = &item.ruling;
        let at = match (&item.new, &item.old) {
            (Some(new), _) => format!(", line {}", new.position.line),
            (None, Some(old)) => format!(", was {}", prose(&place_in(&self.review.old, old))),
            (None, None) => String::new(),
        };
        let mut lines = format!("- {} (`{rule}`{at})\n", sentence(text));
        if let Some(accepted) = accepted {
            lines.push_str(&format!(
                "  - *accepted* until {}: {}\n",
                accepted.expires,
                sentence(&accepted.reason)
            ));
        }
        for also in &item.also {
            let word = if also.accepted.is_some() {
                ", *accepted*"
            } else {
                ""
            };
            lines.push_str(&format!(
                "  - also {}{word}: {} (`{}`)\n",
                also.level,
                sentence(&also.text),
                also.rule
            ));
        }
        for change in &item.rust {
            lines.push_str(&format!("  - {}\n", rust(change)));
        }
        lines
    }

    fn rust(&mut self) {
        let review = self.review;
        if let Some(reason) = &review.unplanned {
            let lines: Vec<String> = reason
                .lines()
                .map(|line| format!("- {}\n", sentence(line)))
                .collect();
            let title = format!(
                "\n### {CRATE} is not judged\n\nNo client can be planned from one of the documents:\n\n"
            );
            self.offer(&format!("{title}{}", lines.concat()));
        }
        if review.rust.is_empty() {
            return;
        }
        let title = format!("\n### {CRATE}, by no single change\n\n");
        let mut shown = self.offer(&title);
        for change in &review.rust {
            shown = shown && self.offer(&format!("- {}\n", rust(change)));
            self.omitted += usize::from(!shown);
        }
    }

    /// Adds a text if there is room for it.
    fn offer(&mut self, text: &str) -> bool {
        let fits = self.length + text.chars().count() <= MOST - RESERVE;
        if fits {
            self.push(text);
        }
        fits
    }

    fn push(&mut self, text: &str) {
        self.length += text.chars().count();
        self.text.push_str(text);
    }
}

fn rust(change: &RustChange) -> String {
    format!("in Rust, **{}**: {}", change.bump, sentence(&change.text))
}

fn heading(operations: &[String]) -> String {
    let (shown, more) = named(operations);
    if shown.is_empty() {
        return format!("**{WHOLE}**");
    }
    let names: Vec<String> = shown.iter().map(|name| code(&cut(name))).collect();
    match more {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// A sentence whose backticks stay what they mean.
fn sentence(text: &str) -> String {
    let text = cut(text);
    let span = |span: &Span<'_>| match span {
        Span::Prose(text) => prose(text),
        Span::Code(text) => code(text),
    };
    spans(&text).iter().map(span).collect()
}

/// Text that stays text: no markup, no HTML, no link, and nobody is notified.
fn prose(text: &str) -> String {
    let text: Vec<char> = visible(text).chars().collect();
    let mut safe = String::with_capacity(text.len());
    for (index, character) in text.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| text.get(index));
        if !is_plain(before.copied(), *character, text.get(index + 1).copied()) {
            safe.push('\\');
        }
        safe.push(*character);
        // GitHub looks for names and numbers after it has taken the backslashes out.
        if matches!(character, '@' | '#') {
            safe.push('\u{200b}');
        }
    }
    safe
}

/// Whether a character means nothing between these two. A dot or a colon before a letter may make a link, a sign at the
/// beginning a list.
fn is_plain(before: Option<char>, character: char, after: Option<char>) -> bool {
    let is = |side: Option<char>, test: fn(char) -> bool| side.is_some_and(test);
    match character {
        ',' | ';' | '\'' | '"' | '/' | '?' | '%' | '=' | '(' | ')' => true,
        '-' => is(before, char::is_alphanumeric) && is(after, char::is_alphanumeric),
        '.' | ':' => is(before, char::is_alphabetic) && after.is_none_or(char::is_whitespace),
        other => !other.is_ascii_punctuation(),
    }
}

/// A code span. Nothing in it means anything but its own end.
fn code(text: &str) -> String {
    let text = visible(text).replace('`', "'");
    match text.trim().is_empty() {
        true => "(nothing)".to_owned(),
        // GitHub's tables alone look into code, and the report has none.
        false => format!("`{text}`"),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SENTENCE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_a_document_stays_text() {
        let table = [
            (
                "a | b <img src=x> *c* _d_",
                r"a \| b \<img src=x\> \*c\* \_d\_",
            ),
            ("[a](https://b.c)", r"\[a\](https\://b\.c)"),
            ("www.b.c, http://x", r"www\.b\.c, http\://x"),
            ("ask @name, see #1", "ask \\@\u{200b}name, see \\#\u{200b}1"),
            ("`a<b` &amp; `c", r"`a<b` \&amp; \`c"),
            ("- 1. a", r"\- 1\. a"),
            ("x-y is: gone. $a$", r"x-y is: gone. \$a\$"),
            ("a\n# b", "a\\\\u\\{a\\}\\#\u{200b} b"),
        ];
        for (text, expected) in table {
            assert_eq!(sentence(text), expected);
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert!(sentence(&"x".repeat(5_000)).chars().count() < 1_100);
    }
}
