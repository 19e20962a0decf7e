//! Makes documentation safe for rustdoc. In: paragraphs. Out: lines and `#[doc]` attributes.
//!
//! Text of the document can say nothing but text: no HTML, no link that leads nowhere, no code block that would be
//! compiled, no character that turns lines around.

use super::example;
use crate::krate::{Docs, Paragraph};
use proc_macro2::TokenStream;
use quote::quote;

/// One `#[doc]` attribute per line.
pub(super) fn attributes(docs: &Docs) -> TokenStream {
    let lines = lines(docs).into_iter().map(|line| {
        if line.is_empty() {
            line
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// The lines of some documentation, paragraphs apart.
pub(super) fn lines(docs: &Docs) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for paragraph in &docs.0 {
        let text = match paragraph {
            Paragraph::Prose(text) => prose(text),
            Paragraph::Ours(text) | Paragraph::Uses(text) => wrapped(&visible(text)),
            Paragraph::Example(_) => Vec::new(),
        };
        // What is a list or a heading cannot go on with a sentence.
        let goes_on_plainly = goes_on && text.first().is_some_and(|line| begins_plainly(line));
        if !lines.is_empty() && !goes_on_plainly {
            lines.push(String::new());
        }
        goes_on = matches!(paragraph, Paragraph::Uses(_));
        lines.extend(text);
        match paragraph {
            Paragraph::Prose(_) | Paragraph::Ours(_) | Paragraph::Uses(_) => {}
            Paragraph::Example(code) => {
                lines.push("```no_run".to_owned());
                lines.extend(example::lines(code));
                lines.push("```".to_owned());
            }
        }
    }
    lines
}

/// Prose as safe Markdown.
fn prose(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.trim().lines() {
        let line = visible(line);
        let trimmed = line.trim();
        match (&fence, fence_of(trimmed)) {
            (None, Some(opened)) => {
                // Whatever language it names, it is no Rust to be compiled.
                lines.push(format!("{opened}text"));
                fence = Some(opened);
            }
            (Some(opened), Some(closing))
                if closing.starts_with(opened.as_str()) && trimmed == closing =>
            {
                lines.push(opened.clone());
                fence = None;
            }
            (Some(_), _) => lines.push(line.trim_end().to_owned()),
            (None, None) => lines.extend(wrapped(&prose_line(&line))),
        }
    }
    lines.extend(fence);
    lines
}

fn fence_of(trimmed: &str) -> Option<String> {
    let mark = trimmed
        .chars()
        .next()
        .filter(|first| *first == '`' || *first == '~')?;
    let fence: String = trimmed
        .chars()
        .take_while(|character| *character == mark)
        .collect();
    // A line such as ```` ```a``` ```` is inline code, not a fence.
    let rest = &trimmed[fence.len()..];
    (fence.len() >= 3 && !rest.contains('`')).then_some(fence)
}

/// Control characters become spaces; characters that reverse the reading direction vanish.
fn visible(line: &str) -> String {
    let shown = line.chars().filter(
        |character| !matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
    );
    shown
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

fn prose_line(line: &str) -> String {
    let text = line.trim();
    // Four spaces would make a code block, which rustdoc would compile.
    let indent = (line.len() - line.trim_start().len()).min(3);
    let mut safe = " ".repeat(indent);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '`' => code_span(rest, &mut safe),
            '[' => bracket(rest, &mut safe),
            ']' | '<' => {
                safe.push('\\');
                safe.push(first);
                1
            }
            'h' if rest.starts_with("http://") || rest.starts_with("https://") => {
                address(rest, &mut safe)
            }
            other => {
                safe.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    safe
}

/// The widest line of documentation.
const WIDTH: usize = 96;

/// Breaks a long line between words, never inside inline code or a link and never so that Markdown reads it anew.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut in_code = false;
    for (index, word) in line.split(' ').enumerate() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        let breaks = last + 1 + word.chars().count() > WIDTH
            && !in_code
            && !line.starts_with('|')
            && begins_plainly(word);
        match lines.last_mut() {
            Some(current) if index == 0 || !breaks => {
                if index > 0 {
                    current.push(' ');
                }
                current.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        in_code ^= word.matches('`').count() % 2 == 1;
    }
    lines
}

/// Whether a line that begins with this word is prose: no list, heading, quote, table or code.
fn begins_plainly(word: &str) -> bool {
    let numbered = word.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let is_numbered = numbered.len() < word.len() && numbered.starts_with(['.', ')']);
    !word.is_empty()
        && !is_numbered
        && !word.starts_with(['#', '-', '+', '*', '>', '=', '|', '~', '_', ':'])
        && !word.starts_with("```")
}

/// Copies inline code as it is; a backtick without partner is escaped.
fn code_span(rest: &str, safe: &mut String) -> usize {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let (opening, after) = rest.split_at(ticks);
    let closed = after.match_indices(opening).find(|(at, _)| {
        let (before, behind) = (&after[..*at], &after[at + ticks..]);
        !before.ends_with('`') && !behind.starts_with('`')
    });
    match closed {
        Some((at, _)) => {
            let end = ticks + at + ticks;
            safe.push_str(&rest[..end]);
            end
        }
        None => {
            safe.push_str(&"\\`".repeat(ticks));
            ticks
        }
    }
}

/// Keeps a link to the web; any other bracket would be a link to an item of the crate.
fn bracket(rest: &str, safe: &mut String) -> usize {
    let link = rest.find("](http").and_then(|middle| {
        let label = &rest[1..middle];
        let end = middle + rest[middle..].find(')')?;
        let target = &rest[middle + 2..end];
        let plain = |text: &str, refused: &[char]| !text.contains(refused);
        (plain(label, &['[', ']', '<', '`']) && plain(target, &[' ', '<', '>', '(', '`']))
            .then_some(end + 1)
    });
    match link {
        Some(end) => {
            safe.push_str(&rest[..end]);
            end
        }
        None => {
            safe.push_str("\\[");
            1
        }
    }
}

/// Puts a bare address in angle brackets; the full stop after it stays outside.
fn address(rest: &str, safe: &mut String) -> usize {
    let end =
        rest.find(|character: char| character.is_whitespace() || "<>\"'`[]()|".contains(character));
    let address =
        rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    safe.push_str(&format!("<{address}>"));
    address.len()
}

/// The mark of what should no longer be used.
pub(super) fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(prose(text).join("\n"), expected);
    }

    #[test]
    fn text_stays_text() {
        becomes(
            "a <b>bold</b> [claim] */",
            "a \\<b>bold\\</b> \\[claim\\] */",
        );
        becomes(
            "see https://example.com/a_b. Then",
            "see <https://example.com/a_b>. Then",
        );
        becomes(
            "see [the guide](https://example.com/a) now",
            "see [the guide](https://example.com/a) now",
        );
        becomes("[text](javascript:alert)", "\\[text\\](javascript:alert)");
        becomes("`a[0]<b>` and ` alone", "`a[0]<b>` and \\` alone");
        becomes("\"quoted\" \u{202e}reversed\u{7}", "\"quoted\" reversed");
    }

    #[test]
    fn a_long_line_is_broken_where_markdown_does_not_mind() {
        let words = "word ".repeat(18);
        becomes(
            &format!("{words}- dash and more `inline code that goes on` end"),
            &format!("{words}- dash\nand more `inline code that goes on` end"),
        );
        becomes(&format!("| {words}{words}|"), &format!("| {words}{words}|"));
    }

    #[test]
    fn no_code_block_of_the_document_is_compiled() {
        becomes("```rust\nfn main() {}\n```", "```text\nfn main() {}\n```");
        becomes("~~~\nfn main() {}", "~~~text\nfn main() {}\n~~~");
        becomes("text\n\n        indented()", "text\n\n   indented()");
        becomes("````\n```\n````", "````text\n```\n````");
    }
}
