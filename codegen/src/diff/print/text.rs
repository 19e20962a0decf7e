//! For a terminal. In: a review. Out: lines by operation, the worst first, each place one to click. Knows no other format.

use super::super::report::Level;
use super::super::review::{Item, Note, Review, Ruling};
use super::super::rust::RustChange;
use super::{CRATE, Group, WHOLE, crate_bump, groups, named, place_in, summary, visible, was};
use crate::diagnostic::Position;

/// Whether the reader sees colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Text only.
    Plain,
    /// ANSI escape codes among the text.
    Coloured,
}

/// A style of ECMA-48, select graphic rendition.
#[derive(Clone, Copy)]
enum Style {
    Bold,
    Dim,
    Red,
    Yellow,
    Cyan,
}

/// The review for people at a terminal.
pub fn text(review: &Review, look: Look) -> String {
    let mut page = Page {
        review,
        look,
        text: String::new(),
    };
    for group in groups(&review.items) {
        page.group(&group);
    }
    page.rust();
    for note in &review.notes {
        page.note(note);
    }
    page.end();
    page.text
}

struct Page<'r> {
    review: &'r Review,
    look: Look,
    text: String,
}

impl Page<'_> {
    fn group(&mut self, group: &Group<'_>) {
        let (shown, more) = named(group.operations);
        let title = match (shown, more) {
            ([], _) => WHOLE.to_owned(),
            (shown, 0) => shown.join(", "),
            (shown, more) => format!("{} and {more} more", shown.join(", ")),
        };
        let title = self.styled(Style::Bold, &visible(&title));
        self.line(&title);
        for item in &group.items {
            self.item(item);
        }
        self.line("");
    }

    fn item(&mut self, item: &Item) {
        let Ruling {
            rule,
            level,
            text,
            accepted,
            ..
        } = &item.ruling;
        let level = self.level(*level);
        let rule = self.styled(Style::Dim, &format!("[{rule}]"));
        self.line(&format!("  {level} {} {rule}", visible(text)));
        if let Some(accepted) = accepted {
            self.detail(
                "accepted",
                &format!("until {}: {}", accepted.expires, visible(&accepted.reason)),
            );
        }
        for also in &item.also {
            let word = if also.accepted.is_some() {
                ", accepted"
            } else {
                ""
            };
            let text = format!(
                "{}{word}: {} [{}]",
                also.level,
                visible(&also.text),
                also.rule
            );
            self.detail("also", &text);
        }
        for change in &item.rust {
            self.change(change);
        }
        let new = item
            .new
            .as_ref()
            .map(|place| place_in(&self.review.new, place));
        let old = was(item).map(|place| place_in(&self.review.old, place));
        let at = match (new, old) {
            (Some(new), Some(old)) => format!("{new} (was {old})"),
            (Some(new), None) => new,
            (None, Some(old)) => format!("was {old}"),
            (None, None) => return,
        };
        let at = self.styled(Style::Dim, &visible(&at));
        self.line(&format!("           {at}"));
    }

    fn change(&mut self, change: &RustChange) {
        self.detail(
            &format!("in Rust, {}:", change.bump),
            &visible(&change.text),
        );
    }

    fn detail(&mut self, word: &str, text: &str) {
        let word = self.styled(Style::Bold, word);
        self.line(&format!("           {word} {text}"));
    }

    fn rust(&mut self) {
        if !self.review.rust.is_empty() {
            let title = self.styled(Style::Bold, &format!("{CRATE}, by no single change above"));
            self.line(&title);
            for change in &self.review.rust {
                self.change(change);
            }
            self.line("");
        }
        if let Some(reason) = &self.review.unplanned {
            let title = format!(
                "{CRATE} is not judged: no client can be planned from one of the documents"
            );
            let title = self.styled(Style::Bold, &title);
            self.line(&title);
            for line in reason.lines() {
                self.line(&format!("  {}", visible(line)));
            }
            self.line("");
        }
    }

    fn note(&mut self, note: &Note) {
        let Position { line, column } = note.position;
        let level = self.level(Level::Warning);
        let text = format!("{}:{line}:{column}: {}", note.file, note.text);
        self.line(&format!("{level} {}\n", visible(&text)));
    }

    fn end(&mut self) {
        let review = self.review;
        let counts = self.styled(Style::Bold, &summary(review));
        self.line(&counts);
        self.line(&format!("API: {}", review.api));
        self.line(&format!("{CRATE}: {}", crate_bump(review)));
    }

    fn level(&self, level: Level) -> String {
        let style = match level {
            Level::Breaking => Style::Red,
            Level::Warning => Style::Yellow,
            Level::Info => Style::Cyan,
        };
        self.styled(style, &format!("{:<8}", level.to_string()))
    }

    fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Red => "1;31",
            Style::Yellow => "1;33",
            Style::Cyan => "36",
        };
        match self.look {
            Look::Plain => text.to_owned(),
            Look::Coloured => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
