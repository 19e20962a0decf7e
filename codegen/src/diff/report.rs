//! What a comparison found, as data. In: findings. Out: one change per edit, in the order of the documents. Knows no rule.

use super::judge::Judge;
use crate::diagnostic::Position;
use crate::pointer::Pointer;
use std::fmt;

mod gather;

/// How bad a change is for those who call the API today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing that worked stops working.
    Info,
    /// The document cannot tell; a person has to.
    Warning,
    /// Calls that were right are refused, or answers come that were not promised.
    Breaking,
}

/// Which way the changed values travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the caller to the service.
    Request,
    /// From the service to the caller.
    Response,
}

/// Where a change stands in one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The node; the nearest one that exists where the change is an absence.
    pub pointer: Pointer,
    /// Its line and column; of the nearest ancestor that has one.
    pub position: Position,
}

/// What one edit does in the direction in which it is not worst.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// Which way the values travel.
    pub direction: Option<Direction>,
    /// What happened, in one sentence.
    pub text: String,
}

/// One edit, and what it does to callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The id of the rule that reports it.
    pub rule: &'static str,
    /// How bad it is.
    pub level: Level,
    /// Which way the changed values travel; `None` where that has no meaning.
    pub direction: Option<Direction>,
    /// The operations that it reaches (`POST /api/lipsyncs/`), in document order; none where it reaches the whole document
    /// or nothing.
    pub operations: Vec<String>,
    /// Where it stands in the old document, `None` where the old one has nothing like it.
    pub old: Option<Place>,
    /// Where it stands in the new document.
    pub new: Option<Place>,
    /// What happened, in one sentence.
    pub text: String,
    /// What the same edit does in the other direction: never worse than `level`.
    pub also: Vec<Effect>,
}

/// All changes between two documents: the worst first, then in the order of the new document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the old document is called.
    pub old: String,
    /// What the new document is called.
    pub new: String,
    /// The changes.
    pub changes: Vec<Change>,
}

impl Report {
    /// The level of the worst change, `None` when nothing changed.
    pub fn worst(&self) -> Option<Level> {
        self.changes.iter().map(|change| change.level).max()
    }

    /// Whether any change breaks callers.
    pub fn is_breaking(&self) -> bool {
        self.worst() == Some(Level::Breaking)
    }
}

/// Puts what was found into the order and the words in which people read it.
pub(super) fn gather(judge: &Judge<'_>) -> Report {
    gather::report(judge)
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Breaking => "breaking",
            Self::Warning => "warning",
            Self::Info => "info",
        })
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Request => "request",
            Self::Response => "response",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}: {} [{}]", self.level, self.text, self.rule)?;
        for effect in &self.also {
            writeln!(
                formatter,
                "  also {}: {} [{}]",
                effect.level, effect.text, effect.rule
            )?;
        }
        match self.operations.as_slice() {
            [] => {}
            [one] => writeln!(formatter, "  in: {one}")?,
            several => {
                let shown = several.iter().take(4).map(String::as_str);
                let more = several.len().saturating_sub(4);
                let rest = (more > 0).then(|| format!("{more} more"));
                let list: Vec<&str> = shown.chain(rest.as_deref()).collect();
                writeln!(formatter, "  in: {}", list.join(", "))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            write!(formatter, "{change}")?;
            for (name, place) in [(&self.old, &change.old), (&self.new, &change.new)] {
                if let Some(Place { pointer, position }) = place {
                    let Position { line, column } = position;
                    writeln!(formatter, "  {name}:{line}:{column} {pointer}")?;
                }
            }
            writeln!(formatter)?;
        }
        let count = |level| {
            self.changes
                .iter()
                .filter(|change| change.level == level)
                .count()
        };
        writeln!(
            formatter,
            "{} breaking, {} warning, {} info",
            count(Level::Breaking),
            count(Level::Warning),
            count(Level::Info)
        )
    }
}
