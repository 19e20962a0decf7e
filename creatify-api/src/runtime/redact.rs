//! Redaction of server text. In: text as the server sent it. Out: the same without keys, with control
//! characters escaped, cut when it is printed. Depends on no operation and no response.

mod decoded;
mod secrets;

use std::borrow::Cow;
use std::fmt;

pub(crate) use secrets::Secrets;

/// What stands in the place of a key.
const REDACTED: &str = "[redacted]";

/// How many bytes of a text are looked at. What follows is dropped, so that no text can take up the time
/// of whoever prints it.
const MOST_BYTES: usize = 64 * 1024;

/// How many characters of a text are printed.
const LONGEST: usize = 1000;

/// A text that a server chose, or that has a part which one chose: without the keys of any client of
/// this process, and on one line.
///
/// There is no way to the text as it came, so it cannot be printed by mistake. Printing cuts it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct ServerText(String);

impl ServerText {
    /// Redacts, then escapes: an escape in the middle of a key would hide it.
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let (text, rest) = text.split_at(boundary(text, MOST_BYTES));
        let mut safe = escape(&redact(text));
        if !rest.is_empty() {
            safe.push_str("...");
        }
        Self(safe)
    }

    /// A text of this crate or of its caller, in which no server has a say.
    pub(crate) fn ours(text: impl AsRef<str>) -> Self {
        Self(escape(text.as_ref()))
    }

    /// What stands in the place of a text that is not shown.
    pub(crate) fn redacted() -> Self {
        Self(REDACTED.to_owned())
    }

    /// The beginning of a body. Line breaks and indentation are no part of what it says.
    pub(crate) fn excerpt(body: &[u8]) -> Self {
        const LONGEST: usize = 200;
        let start = &body[..body.len().min(MOST_BYTES)];
        let text = String::from_utf8_lossy(start);
        // Redacted before it is taken apart: a key may go over two lines.
        let text = redact(&text);
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = Self(escape(&words.join(" ")));
        Self(line.cut(LONGEST).into_owned())
    }

    /// The whole text, for whoever asks for it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The whole text, for whoever asks for it.
    pub(crate) fn into_string(self) -> String {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// At most so many characters of it in quotes, as part of a longer message.
    pub(crate) fn quoted(&self, most: usize) -> String {
        match self.0.char_indices().nth(most) {
            Some((end, _)) => format!("{:?}...", Self(self.0[..end].to_owned())),
            None => format!("{self:?}"),
        }
    }

    fn cut(&self, most: usize) -> Cow<'_, str> {
        match self.0.char_indices().nth(most) {
            Some(_) => {
                let start = self.0.chars().take(most.saturating_sub(3));
                start.chain("...".chars()).collect::<String>().into()
            }
            None => (&self.0).into(),
        }
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.cut(LONGEST))
    }
}

impl fmt::Debug for ServerText {
    /// In quotes. What is escaped already is not escaped again.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.cut(LONGEST).replace('"', "\\\""))
    }
}

/// A value of the user's own that a server filled, for debugging: as it is, but without keys.
pub(crate) struct Redacted<'a, T>(pub(crate) &'a T);

impl<T: fmt::Debug> fmt::Debug for Redacted<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match formatter.alternate() {
            true => format!("{:#?}", self.0),
            false => format!("{:?}", self.0),
        };
        formatter.write_str(&redact(&text))
    }
}

/// Whether a text can be printed as it is.
pub(crate) fn is_safe(text: &str) -> bool {
    is_free_of_keys(text) && !text.chars().any(is_unsafe)
}

/// Whether a text holds no key.
fn is_free_of_keys(text: &str) -> bool {
    matches!(redact(text), Cow::Borrowed(_))
}

/// An error of a library below, which may repeat what was sent or what came: as it is when all it says
/// is safe to print, else as a text that is.
pub(crate) fn source(source: super::error::Source) -> super::error::Source {
    let mut texts = vec![source.to_string()];
    let mut is_clean = is_free_of_keys(&format!("{source:?} {source:#?}"));
    let mut cause = source.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        is_clean &= is_free_of_keys(&format!("{error:?} {error:#?}"));
        cause = error.source();
    }
    let safe: Vec<ServerText> = texts.iter().map(ServerText::new).collect();
    let is_same = |(text, safe): (&String, &ServerText)| *text == safe.to_string();
    if is_clean && texts.iter().zip(&safe).all(is_same) {
        return source;
    }
    let safe: Vec<String> = safe.iter().map(ToString::to_string).collect();
    safe.join(": ").into()
}

/// The text without the keys of any client of this process, however they are written.
fn redact(text: &str) -> Cow<'_, str> {
    let table = secrets::table();
    if table.is_empty() {
        return text.into();
    }
    let places = decoded::places(text, &table);
    if places.is_empty() {
        return text.into();
    }
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for place in places {
        redacted.push_str(text.get(end..place.start).unwrap_or_default());
        redacted.push_str(REDACTED);
        end = place.end;
    }
    redacted.push_str(text.get(end..).unwrap_or_default());
    redacted.into()
}

/// The text with escapes for what a terminal or a log would obey.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    safe
}

/// Controls, what ends a line, and what changes the direction of text or is not seen. The joiners of
/// scripts and emoji stay.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The last boundary of characters that is not beyond this byte.
fn boundary(text: &str, most: usize) -> usize {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests;
