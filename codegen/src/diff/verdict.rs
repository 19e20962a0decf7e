//! What a change of the document does, on the wire and in Rust. In: two documents. Out: both verdicts, and how far each
//! version has to be raised. Knows no policy.

use super::date::Date;
use super::report::{Change, Direction, Level, Report};
use super::rules::{self, Mirror, Rule};
use super::rust::{self, Bump, RustChange};
use super::side::Side;
use super::{compare_on, positions};
use crate::diagnostic::{Diagnostic, Diagnostics, Position};
use crate::krate::Crate;
use crate::pointer::Pointer;
use crate::{document, plan, resolve};

/// Both verdicts about two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What happens to callers.
    pub wire: Report,
    /// What happens to users of the crate; or why nobody knows: the complaints of the generator about the side that it
    /// cannot plan.
    pub rust: Result<Vec<RustChange>, String>,
    /// How far the version of the API has to be raised, by [`bump`].
    pub api: Bump,
    /// How far the version of the crate has to be raised; `None` when nobody knows.
    pub krate: Option<Bump>,
}

/// Compares two documents on the day `today`, and the clients that are planned from them.
pub fn judge(old: &Side, new: &Side, today: Date) -> Verdict {
    let wire = compare_on(old, new, today);
    let planned = if old.root == new.root {
        // Equal documents give equal clients, also where none can be planned.
        Ok((Vec::new(), Bump::None))
    } else {
        planned(old, new)
    };
    let (rust, krate) = match planned {
        Ok((changes, bump)) => (Ok(changes), Some(bump)),
        Err(reason) => (Err(reason), None),
    };
    let api = bump(
        wire.changes
            .iter()
            .map(|change| (change.rule, change.level)),
    );
    Verdict {
        wire,
        rust,
        api,
        krate,
    }
}

/// How far an API's version has to be raised when these rules report something, each at this level.
///
/// Major for whatever breaks callers; minor for what gives them more to use, deprecates something (Semantic Versioning, 7),
/// or needs a person's look; else patch.
pub fn bump<'r>(rulings: impl Iterator<Item = (&'r str, Level)>) -> Bump {
    let one = |(id, level): (&str, Level)| match level {
        Level::Breaking => Bump::Major,
        Level::Warning => Bump::Minor,
        Level::Info if is_addition(id) || id.contains("deprecated") => Bump::Minor,
        Level::Info => Bump::Patch,
    };
    rulings.map(one).max().unwrap_or(Bump::None)
}

/// What is called an addition and gives callers nothing to use.
const UNUSABLE: [&str; 7] = [
    "api-schema-",
    "api-tag-",
    "component-",
    "default-value-",
    "discriminator-",
    "oauth-scope-",
    "operation-id-",
];

/// Whether a rule that does not break callers reports something that they can use from now on.
pub(super) fn is_addition(id: &str) -> bool {
    let Some(rule) = rules::find(id) else {
        return false;
    };
    let accepts_more = rule.direction == Some(Direction::Request) && mirror_breaks(rule);
    let adds = id.starts_with("new-") || id.ends_with("-added") || id.ends_with("-added-optional");
    let usable = !UNUSABLE.iter().any(|part| id.contains(part));
    // In a request it would have to be sent.
    let is_promised = id == "response-required-property-added";
    accepts_more || is_promised || (adds && usable && !mirror_breaks(rule))
}

/// Whether the same edit would break callers if the values travelled the other way: then it widens or narrows what may
/// travel.
fn mirror_breaks(rule: &Rule) -> bool {
    match rule.mirror {
        Mirror::Of(id) => rules::find(id).is_some_and(|mirror| mirror.level > Level::Info),
        Mirror::Waived(_) => false,
    }
}

fn planned(old: &Side, new: &Side) -> Result<(Vec<RustChange>, Bump), String> {
    let (old, new) = (plan(old)?, plan(new)?);
    let mut changes = rust::compare(&old, &new);
    // What users do not see has been said by the wire verdict.
    changes.retain(|change| change.bump > Bump::None);
    let worst = changes.iter().map(|change| change.bump).max();
    Ok((changes, worst.unwrap_or(Bump::None)))
}

fn plan(side: &Side) -> Result<Crate, String> {
    let planned = || -> Result<Crate, Diagnostics> {
        let document = document::from_tree(&side.name, &side.root)?;
        plan::krate(&resolve::api(&document)?, &side.name)
    };
    planned().map_err(|diagnostics| reason(side, &diagnostics))
}

/// How many complaints say why a client cannot be planned.
const SHOWN: usize = 3;

/// The first complaints, one a line. Places are found in one reading: a document that cannot be planned may be a large one.
fn reason(side: &Side, diagnostics: &Diagnostics) -> String {
    let first: Vec<&Diagnostic> = diagnostics.iter().take(SHOWN).collect();
    let pointers: Vec<Pointer> = first
        .iter()
        .map(|diagnostic| diagnostic.at.clone())
        .collect();
    let positions = positions::find(&side.text, &pointers);
    let line = |(diagnostic, found): (&&Diagnostic, &Position)| {
        let Position { line, column } = diagnostic.position.unwrap_or(*found);
        format!(
            "{}:{line}:{column}: {}",
            diagnostic.file, diagnostic.message
        )
    };
    let mut lines: Vec<String> = first.iter().zip(&positions).map(line).collect();
    if diagnostics.iter().nth(SHOWN).is_some() {
        lines.push("and more".to_owned());
    }
    lines.join("\n")
}

/// Which change on the wire a change in Rust belongs to: the one whose node is the same, or the nearest above or below.
pub(super) fn owner(change: &RustChange, wire: &[Change]) -> Option<usize> {
    let near = |(index, candidate): (usize, &Change)| {
        distance(change, candidate).map(|distance| (distance, index))
    };
    wire.iter()
        .enumerate()
        .filter_map(near)
        .min()
        .map(|(_, index)| index)
}

fn distance(change: &RustChange, wire: &Change) -> Option<usize> {
    let wire = [&wire.old, &wire.new].map(|place| place.as_ref().map(|place| &place.pointer));
    let wire = exact(wire, |pointer| pointer);
    let rust = exact([change.old.as_ref(), change.new.as_ref()], |pointer| {
        pointer
    });
    let apart = |(rust, wire): (Option<&Pointer>, Option<&Pointer>)| {
        let (rust, wire) = (rust?, wire?);
        let related = rust.is_within(wire) || wire.is_within(rust);
        // The root, a path list or a component list is above everything, and says nothing.
        (related && depth(wire).min(depth(rust)) > 1).then(|| depth(rust).abs_diff(depth(wire)))
    };
    rust.into_iter().zip(wire).filter_map(apart).min()
}

/// The sides that are the edit itself. Where something is new or gone, one document has only the node that lacks it, and
/// shares that with every other edit of the kind.
pub(super) fn exact<T>(sides: [Option<T>; 2], pointer: impl Fn(&T) -> &Pointer) -> [Option<T>; 2] {
    let deep = |side: &T| depth(pointer(side));
    let deepest = sides.iter().flatten().map(deep).max();
    sides.map(|side| side.filter(|side| Some(deep(side)) == deepest))
}

fn depth(pointer: &Pointer) -> usize {
    pointer.as_str().matches('/').count()
}

#[cfg(test)]
mod tests;
