//! Applies our corrections. In: a document and an OpenAPI Overlay 1.1. Out: the corrected document, and which of its
//! nodes were corrected why. Knows no OpenAPI.
//!
//! On top of the standard: an action says why (`description`), must match something, and may state with `x-was` what it
//! corrects. So a correction cannot outlive its reason: once upstream has healed, the action fails at its place.

mod action;
mod merge;
mod was;

use crate::diagnostic::{Diagnostics, Spec};
use crate::pointer::Pointer;
use crate::yaml;
use action::{Action, Change};
use merge::{Removed, Written};
use serde_json::Value;
use serde_json_path::JsonPath;
use std::collections::BTreeMap;

/// A document with every correction in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The corrected document.
    pub document: Value,
    /// The pointer of each node that an action wrote or created, and the descriptions of these actions.
    pub corrections: BTreeMap<Pointer, Vec<String>>,
}

/// Applies every action of `overlay` in its order, each to the result of the one before.
///
/// # Errors
/// A malformed overlay; an action whose target matches nothing, is not what `x-was` says, or cannot take the change.
pub fn apply(document: Value, overlay: &Spec) -> Result<Applied, Diagnostics> {
    let actions = action::read(&yaml::read(overlay)?, &overlay.name)
        .map_err(|found| found.located(overlay))?;
    let mut applied = Applied {
        document,
        corrections: BTreeMap::new(),
    };
    let mut diagnostics = Diagnostics::new(&overlay.name);
    for action in &actions {
        if let Err(complaint) = applied.act(action) {
            diagnostics.push(&complaint.at, complaint.message, complaint.help);
        }
    }
    diagnostics.located(overlay).or(applied)
}

/// What is wrong with one action.
struct Complaint {
    /// Where in the overlay.
    at: Pointer,
    message: String,
    help: String,
}

impl Complaint {
    fn new(at: Pointer, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
            help: help.into(),
        }
    }
}

impl Applied {
    fn act(&mut self, action: &Action) -> Result<(), Complaint> {
        let targets = self.targets(action)?;
        if let Some(expected) = &action.was {
            for target in &targets {
                self.check_was(action, expected, target)?;
            }
        }
        match &action.change {
            Change::Update(value) => self.merge(action, &targets, value, "update"),
            Change::Copy(path) => {
                let value = self.source(action, path)?;
                self.merge(action, &targets, &value, "copy")
            }
            Change::Remove => {
                self.remove(&targets);
                Ok(())
            }
        }
    }

    fn targets(&self, action: &Action) -> Result<Vec<Pointer>, Complaint> {
        let targets = locate(&self.document, &action.target);
        if targets.is_empty() {
            let message = format!("the target `{}` matches nothing", action.target);
            let help = "upstream has changed: remove the action if it is healed, or point it at the node's new place";
            return Err(Complaint::new(action.at.key("target"), message, help));
        }
        Ok(targets)
    }

    fn source(&self, action: &Action, path: &JsonPath) -> Result<Value, Complaint> {
        let nodes = path.query(&self.document).all();
        if let [node] = nodes[..] {
            return Ok(node.clone());
        }
        let message = format!(
            "the source `{path}` of the copy matches {} nodes, not one",
            nodes.len()
        );
        Err(Complaint::new(
            action.at.key("copy"),
            message,
            "name a single node that exists at this step",
        ))
    }

    fn check_was(
        &self,
        action: &Action,
        expected: &Value,
        target: &Pointer,
    ) -> Result<(), Complaint> {
        let Some(actual) = self.document.pointer(target.as_str()) else {
            return Ok(());
        };
        let Some(difference) = was::difference(expected, actual) else {
            return Ok(());
        };
        let was::Difference {
            at,
            expected,
            actual,
        } = difference;
        let place = if at.is_empty() {
            target.to_string()
        } else {
            format!("{target}{at}")
        };
        let message =
            format!("`x-was` is out of date: `{place}` is {actual}, the action expects {expected}");
        let help = "upstream has changed: remove the action if it is healed, or bring `x-was` and the change up to date";
        Err(Complaint::new(action.at.key("x-was"), message, help))
    }

    fn merge(
        &mut self,
        action: &Action,
        targets: &[Pointer],
        value: &Value,
        key: &str,
    ) -> Result<(), Complaint> {
        let kinds: Vec<_> = targets
            .iter()
            .filter_map(|target| self.document.pointer(target.as_str()))
            .map(merge::kind)
            .collect();
        if kinds.windows(2).any(|pair| pair[0] != pair[1]) {
            let message = format!(
                "the target `{}` matches nodes of different kinds",
                action.target
            );
            let help =
                "the standard asks for all objects, all arrays or all scalars: split the action";
            return Err(Complaint::new(action.at.key("target"), message, help));
        }
        for target in targets {
            let Some(node) = self.document.pointer_mut(target.as_str()) else {
                continue;
            };
            let mut written = Written::default();
            let merged = merge::into(node, value, target, &mut written);
            for pointer in written.pointers {
                note(&mut self.corrections, pointer, &action.description);
            }
            merged.map_err(|clash| {
                let help = "only alike values merge: remove the node in an action before, then write it anew";
                Complaint::new(action.at.key(key), clash.message, help)
            })?;
        }
        Ok(())
    }

    fn remove(&mut self, targets: &[Pointer]) {
        // From the last to the first, so that the removal of an element leaves the places of those before it alone.
        for target in merge::by_index(targets).iter().rev() {
            let removed = merge::remove(&mut self.document, target);
            if removed != Removed::Nothing {
                self.take_corrections(target);
            }
            if let Removed::Element(array, index) = removed {
                for (at, reasons) in self.take_corrections(&array) {
                    self.corrections
                        .insert(merge::after_removal(&at, &array, index), reasons);
                }
            }
        }
    }

    /// Takes out the corrections of a node and of everything below it.
    fn take_corrections(&mut self, node: &Pointer) -> Vec<(Pointer, Vec<String>)> {
        // What stands below has the node's text and a slash in front, so it is one stretch of the sorted map.
        let below = self
            .corrections
            .range(node.key("")..)
            .map(|(at, _)| at)
            .take_while(|at| at.is_within(node));
        let places: Vec<_> = below.cloned().chain([node.clone()]).collect();
        places
            .into_iter()
            .filter_map(|at| self.corrections.remove_entry(&at))
            .collect()
    }
}

fn note(corrections: &mut BTreeMap<Pointer, Vec<String>>, at: Pointer, description: &str) {
    let reasons = corrections.entry(at).or_default();
    if !reasons.iter().any(|reason| reason == description) {
        reasons.push(description.to_owned());
    }
}

/// The places that `path` matches, each once, in the order of the document.
fn locate(document: &Value, path: &JsonPath) -> Vec<Pointer> {
    let mut found: Vec<Pointer> = Vec::new();
    for location in path.query_located(document).locations() {
        if let Some(pointer) = Pointer::parse(&location.to_json_pointer())
            && !found.contains(&pointer)
        {
            found.push(pointer);
        }
    }
    found
}

#[cfg(test)]
mod tests;
