//! What this project accepts. In: `spec/accepted-changes.yaml` as text. Out: levels of rules, and accepted findings with
//! reason and end. Knows no clock and no report.

use super::date::{self, Date};
use super::report::Level;
use super::rules::{self, Rule};
use crate::diagnostic::{Diagnostics, Position, Spec};
use crate::keyword;
use crate::locate;
use crate::pointer::Pointer;
use crate::yaml;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Which findings are accepted, and how bad what a rule reports is here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The file, as reports call it.
    pub file: String,
    /// The accepted findings, in the order of the file.
    pub accepted: Vec<Entry>,
    /// The levels that differ from the catalogue's, by rule; `None` where the rule is off.
    pub levels: BTreeMap<&'static str, Option<Level>>,
}

/// One accepted finding: what one rule says about one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rule's id.
    pub rule: &'static str,
    /// The node, in the old or in the new document.
    pub pointer: Pointer,
    /// Why the change is all right.
    pub reason: String,
    /// The last day on which the entry has an effect.
    pub expires: Date,
    /// Where the entry stands in the file.
    pub position: Position,
}

const ACCEPTED: &str = "accepted";
const LEVELS: &str = "levels";
const FIELDS: [&str; 4] = ["rule", "pointer", "reason", "expires"];
const FIRST: Position = Position { line: 1, column: 1 };

impl Policy {
    /// Reads a policy: `accepted`, a list of `{rule, pointer, reason, expires}`, and `levels`, a mapping of rule ids to
    /// `breaking`, `warning`, `info` or `off`. Both may be left out, and so may everything.
    ///
    /// # Errors
    ///
    /// Unreadable text, unknown keys and rules, and entries without reason or end, each with its place.
    pub fn read(spec: &Spec) -> Result<Self, Diagnostics> {
        let root = yaml::read(spec)?;
        let mut reader = Reader {
            spec,
            diagnostics: Diagnostics::new(&spec.name),
        };
        let policy = reader.policy(&root);
        reader
            .diagnostics
            .or(policy)
            .map_err(|diagnostics| diagnostics.located(spec))
    }
}

/// The known rule whose name is most like this one.
pub fn nearest_rule(id: &str) -> Option<&'static str> {
    let near = rules::rules()
        .iter()
        .map(|rule| (keyword::distance(rule.id, id), rule.id));
    let (distance, nearest) = near.min()?;
    (distance <= 1 + nearest.len() / 4).then_some(nearest)
}

struct Reader<'a> {
    spec: &'a Spec,
    diagnostics: Diagnostics,
}

impl Reader<'_> {
    fn policy(&mut self, root: &Value) -> Policy {
        let at = Pointer::root();
        let mut policy = Policy {
            file: self.spec.name.clone(),
            ..Policy::default()
        };
        // A file of comments is a policy that says nothing.
        if root.is_null() {
            return policy;
        }
        let Some(members) = self.mapping(root, &at, &[ACCEPTED, LEVELS]) else {
            return policy;
        };
        match members.get(ACCEPTED) {
            None | Some(Value::Null) => {}
            Some(Value::Array(entries)) => {
                let entries = entries.iter().enumerate();
                let read = |(index, entry)| self.entry(entry, &at.key(ACCEPTED).index(index));
                policy.accepted = entries.filter_map(read).collect();
            }
            Some(Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                self.refuse(
                    &at.key(ACCEPTED),
                    "this is no list",
                    "write a list of `{rule, pointer, reason, expires}`",
                );
            }
        }
        match members.get(LEVELS) {
            None | Some(Value::Null) => {}
            Some(levels) => policy.levels = self.levels(levels, &at.key(LEVELS)),
        }
        policy
    }

    fn levels(&mut self, levels: &Value, at: &Pointer) -> BTreeMap<&'static str, Option<Level>> {
        let Value::Object(members) = levels else {
            self.refuse(
                at,
                "this is no mapping",
                "write `RULE: breaking`, `warning`, `info` or `off`",
            );
            return BTreeMap::new();
        };
        let mut found = BTreeMap::new();
        for (id, level) in members {
            let here = at.key(id);
            let level = match level.as_str() {
                Some("breaking") => Some(Some(Level::Breaking)),
                Some("warning") => Some(Some(Level::Warning)),
                Some("info") => Some(Some(Level::Info)),
                Some("off") => Some(None),
                Some(_) | None => None,
            };
            let rule = self.rule(id, &here);
            if level.is_none() {
                self.refuse(
                    &here,
                    "this is no level",
                    "levels are `breaking`, `warning`, `info` and `off`",
                );
            }
            if let (Some(rule), Some(level)) = (rule, level)
                && found.insert(rule.id, level).is_some()
            {
                self.refuse(
                    &here,
                    &format!("the rule `{}` has a level already", rule.id),
                    "remove one of its names",
                );
            }
        }
        found
    }

    fn entry(&mut self, entry: &Value, at: &Pointer) -> Option<Entry> {
        let members = self.mapping(entry, at, &FIELDS)?;
        let rule = self.text(members, "rule", at);
        let rule = rule.and_then(|id| self.rule(&id, &at.key("rule")));
        let pointer = self.text(members, "pointer", at).and_then(|text| {
            let pointer = Pointer::parse(&text);
            if pointer.is_none() {
                self.refuse(
                    &at.key("pointer"),
                    "this is no JSON pointer",
                    "write it as reports show it: `#/paths/~1api~1…`",
                );
            }
            pointer
        });
        let reason = self.text(members, "reason", at);
        let expires = self.text(members, "expires", at).and_then(|text| {
            let date = date::day(&text);
            if date.is_none() {
                self.refuse(
                    &at.key("expires"),
                    "this is no day",
                    "write a day that exists, as `YYYY-MM-DD`",
                );
            }
            date
        });
        Some(Entry {
            rule: rule?.id,
            pointer: pointer?,
            reason: reason?,
            expires: expires?,
            position: locate::position(&self.spec.text, at).unwrap_or(FIRST),
        })
    }

    fn rule(&mut self, id: &str, at: &Pointer) -> Option<&'static Rule> {
        let found = rules::find(id);
        if found.is_none() {
            let help = match nearest_rule(id) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "`cargo xtask diff --rules` lists all".to_owned(),
            };
            let shown: String = id.chars().take(80).collect();
            self.refuse(at, &format!("there is no rule `{shown}`"), &help);
        }
        found
    }

    fn text(&mut self, members: &Map<String, Value>, key: &str, at: &Pointer) -> Option<String> {
        match members.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            Some(Value::String(_)) => {
                self.refuse(
                    &at.key(key),
                    &format!("`{key}` is empty"),
                    "say something, to whoever reads it in a year",
                );
                None
            }
            Some(_) => {
                self.refuse(
                    &at.key(key),
                    &format!("`{key}` is no text"),
                    "quote it, if it is one",
                );
                None
            }
            None => {
                let help = "an accepted change needs `rule`, `pointer`, `reason` and `expires`";
                self.refuse(at, &format!("there is no `{key}`"), help);
                None
            }
        }
    }

    fn mapping<'v>(
        &mut self,
        value: &'v Value,
        at: &Pointer,
        keys: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let help = format!("known keys are `{}`", keys.join("`, `"));
        let Value::Object(members) = value else {
            self.refuse(at, "this is no mapping", &help);
            return None;
        };
        for key in members.keys().filter(|key| !keys.contains(&key.as_str())) {
            let shown: String = key.chars().take(80).collect();
            self.refuse(&at.key(key), &format!("unknown key `{shown}`"), &help);
        }
        Some(members)
    }

    fn refuse(&mut self, at: &Pointer, message: &str, help: &str) {
        self.diagnostics.push(at, message, help);
    }
}
