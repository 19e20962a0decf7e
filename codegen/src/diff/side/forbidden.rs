//! Whether a document leaves open what it means. In: a tree. Out: complaints about what the standard forbids for that reason.
//! Knows no meaning.
//!
//! Two operations of one `operationId` are forbidden too. Many documents have them, and nothing is compared by these names.

use super::super::node::{elements, members};
use super::super::paths::{METHODS, nameless};
use crate::diagnostic::Diagnostics;
use crate::pointer::Pointer;
use serde_json::Value;
use std::collections::BTreeMap;

/// The components that references stand for, and whose references may lead in a circle. A schema may hold itself.
const REFERABLE: [&str; 5] = [
    "parameters",
    "headers",
    "requestBodies",
    "responses",
    "callbacks",
];

pub(super) fn document(root: &Value, diagnostics: &mut Diagnostics) {
    let mut check = Check { root, diagnostics };
    let at = Pointer::root();
    check.security(root, &at);
    for section in REFERABLE {
        let all = root.pointer(&format!("/components/{section}"));
        for (name, component) in members(all) {
            check.circle(component, &at.key("components").key(section).key(name));
        }
    }
    for (name, callback) in members(root.pointer("/components/callbacks")) {
        check.callback(callback, &at.key("components").key("callbacks").key(name));
    }
    let mut known: BTreeMap<(String, &str), &str> = BTreeMap::new();
    for (template, item) in members(root.get("paths")) {
        let at = at.key("paths").key(template);
        check.item(item, &at);
        for method in METHODS
            .into_iter()
            .filter(|method| item.get(method).is_some())
        {
            if let Some(other) = known.insert((nameless(template), method), template) {
                let message = format!("`{template}` and `{other}` are the same address");
                let help = "remove one of the two; the names of parameters tell no addresses apart";
                check.diagnostics.push(&at.key(method), message, help);
            }
        }
    }
}

struct Check<'a> {
    root: &'a Value,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Check<'a> {
    fn next(&self, node: &Value) -> Option<&'a Value> {
        let reference = node.get("$ref")?.as_str()?;
        super::resolve(self.root, reference)
    }

    /// A path, of a document or of a callback.
    fn item(&mut self, item: &'a Value, at: &Pointer) {
        self.circle(item, at);
        self.parameters(item, at);
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let at = at.key(method);
            self.parameters(operation, &at);
            self.security(operation, &at);
            for (name, callback) in members(operation.get("callbacks")) {
                self.callback(callback, &at.key("callbacks").key(name));
            }
        }
    }

    fn callback(&mut self, callback: &'a Value, at: &Pointer) {
        for (address, item) in members(Some(callback)) {
            if !address.starts_with("x-") && address != "$ref" {
                self.item(item, &at.key(address));
            }
        }
    }

    /// A node that only refers to itself, in one step or in several.
    fn circle(&mut self, node: &Value, at: &Pointer) {
        // No circle is longer than what the comparison follows.
        let mut found = self.next(node);
        for _ in 0..32 {
            match found {
                None => return,
                Some(other) if std::ptr::eq(other, node) => {
                    let message = "this only refers to itself";
                    let help =
                        "write out what is meant at one of the places that refer to each other";
                    return self.diagnostics.push(&at.key("$ref"), message, help);
                }
                Some(other) => found = self.next(other),
            }
        }
    }

    /// One parameter twice in a list: it is told from others by its place and its name.
    fn parameters(&mut self, owner: &'a Value, at: &Pointer) {
        let mut known = Vec::new();
        for (index, element) in elements(owner.get("parameters")).enumerate() {
            let mut node = element;
            for _ in 0..32 {
                node = self.next(node).unwrap_or(node);
            }
            let text = |key: &str| node.get(key).and_then(Value::as_str);
            let (Some(place), Some(name)) = (text("in"), text("name")) else {
                continue;
            };
            if known.contains(&(place, name)) {
                let message = format!("the {place} parameter `{name}` stands twice in this list");
                let at = at.key("parameters").index(index);
                self.diagnostics.push(&at, message, "remove one of the two");
            }
            known.push((place, name));
        }
    }

    /// A requirement that names no scheme: nobody knows what has to be sent.
    fn security(&mut self, owner: &Value, at: &Pointer) {
        let schemes = self.root.pointer("/components/securitySchemes");
        for (index, requirement) in elements(owner.get("security")).enumerate() {
            for (name, _) in members(Some(requirement)) {
                if schemes.and_then(|schemes| schemes.get(name)).is_none() {
                    let at = at.key("security").index(index).key(name);
                    let message = format!("there is no security scheme `{name}`");
                    let help =
                        "add it to `securitySchemes` of the components, or name one that is there";
                    self.diagnostics.push(&at, message, help);
                }
            }
        }
    }
}
