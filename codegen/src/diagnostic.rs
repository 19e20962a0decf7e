//! What is wrong with an input, where, and what to do about it. In: findings of any step. Out: text for people. Knows no document format.

use crate::pointer::Pointer;
use std::fmt;

/// One input of the generator: the text, and the name that complaints show for it (a relative path).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// What complaints call this input, `spec/openapi.yaml` for instance.
    pub name: String,
    /// The YAML or JSON text.
    pub text: String,
}

impl Spec {
    /// An input called `name` with this text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text: String = text.into();
        // Some editors begin a file with a byte order mark, which is no part of the text.
        let text = text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text);
        Self {
            name: name.into(),
            text,
        }
    }
}

/// A line and a column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One complaint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The name of the input.
    pub file: String,
    /// Where in the text; found from the pointer when a step does not know it.
    pub position: Option<Position>,
    /// Which node of the document.
    pub at: Pointer,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(formatter, ":{line}:{column}")?;
        }
        writeln!(formatter, ": error: {}", self.message)?;
        // A name may be of any length.
        let at = self.at.to_string();
        let short: String = at.chars().take(300).collect();
        let rest = if short.len() < at.len() { "…" } else { "" };
        writeln!(formatter, "  at: {short}{rest}")?;
        writeln!(formatter, "  help: {}", self.help)
    }
}

/// All complaints of one run, in the order of their places; never empty when it is an `Err`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    file: String,
    list: Vec<Diagnostic>,
    omitted: usize,
}

/// How many complaints are kept: nobody reads more, and finding the place of each takes a look at the whole text.
const MOST: usize = 200;

impl Diagnostics {
    /// An empty list for complaints about the input called `file`.
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            list: Vec::new(),
            omitted: 0,
        }
    }

    /// Adds a complaint about the node at `at`.
    pub fn push(&mut self, at: &Pointer, message: impl Into<String>, help: impl Into<String>) {
        self.push_positioned(at, None, message, help);
    }

    /// Adds a complaint whose position in the text is known already.
    pub fn push_positioned(
        &mut self,
        at: &Pointer,
        position: Option<Position>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic {
            file: self.file.clone(),
            position,
            at: at.clone(),
            message: message.into(),
            help: help.into(),
        };
        // One fault reached over two references is one complaint.
        if self.list.contains(&diagnostic) {
            return;
        }
        if self.list.len() < MOST {
            self.list.push(diagnostic);
        } else {
            self.omitted += 1;
        }
    }

    /// Takes over the complaints of another list, about the same or another input.
    pub fn append(&mut self, other: Self) {
        self.list.extend(other.list);
        self.omitted += other.omitted;
    }

    /// Whether there is nothing to complain about.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The complaints.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Looks up the position of every complaint about `spec` that has none yet.
    #[must_use]
    pub fn located(mut self, spec: &Spec) -> Self {
        for diagnostic in &mut self.list {
            if diagnostic.position.is_none() && diagnostic.file == spec.name {
                let found = crate::locate::position(&spec.text, &diagnostic.at);
                // Only a text without any node has no position.
                diagnostic.position = found.or(Some(Position { line: 1, column: 1 }));
            }
        }
        self
    }

    /// `value` when there are no complaints, the complaints otherwise.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.list.is_empty() {
            Ok(value)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_by_key(|diagnostic| (&diagnostic.file, diagnostic.position));
        for diagnostic in sorted {
            writeln!(formatter, "{diagnostic}")?;
        }
        let count = self.list.len();
        write!(
            formatter,
            "{count} {}",
            if count == 1 { "error" } else { "errors" }
        )?;
        match self.omitted {
            0 => writeln!(formatter),
            omitted => writeln!(formatter, ", and {omitted} more that are not shown"),
        }
    }
}

impl std::error::Error for Diagnostics {}
