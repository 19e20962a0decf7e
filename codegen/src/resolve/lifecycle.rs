//! Reads how the jobs of a resource live. In: a tag's `x-lifecycle`. Out: its meaning, or complaints. Knows no Rust names.

mod check;
mod name;

use super::{Resolver, shortened};
use crate::api::{Api, Lifecycle, Outcome};
use crate::pointer::Pointer;
use crate::wire::WireName;
use serde_json::Value;

/// The members that name one thing.
const NAMES: [&str; 9] = [
    "status", "poll", "list", "output", "reason", "preview", "credits", "created", "name",
];

/// A lifecycle as it stands in the document.
struct Written {
    at: Pointer,
    status: WireName,
    terminal: Vec<(WireName, Outcome)>,
    poll: WireName,
    list: Option<WireName>,
    output: WireName,
    reason: Option<WireName>,
    preview: Option<WireName>,
    credits: Option<WireName>,
    created: Option<WireName>,
    name: Option<WireName>,
    started_by: Vec<WireName>,
}

impl Resolver<'_> {
    /// Gives each resource the lifecycle that its tag states.
    pub(super) fn lifecycles(&mut self, api: &mut Api) {
        let tags = Pointer::root().key("tags");
        let document = self.document;
        for (index, tag) in document.tags.iter().enumerate() {
            let Some(raw) = tag.extensions.get("x-lifecycle") else {
                continue;
            };
            let at = tags.index(index).key("x-lifecycle");
            let place = api
                .resources
                .iter()
                .position(|resource| resource.tag.0 == tag.name);
            let Some(place) = place else {
                let message = format!("no operation has the tag `{}`", shortened(&tag.name));
                let help = "correct the name of the tag, or remove its lifecycle";
                self.diagnostics.push(&at, message, help);
                continue;
            };
            api.resources[place].lifecycle = self.lifecycle(raw, &at, api, place);
        }
    }

    fn lifecycle(
        &mut self,
        raw: &Value,
        at: &Pointer,
        api: &Api,
        resource: usize,
    ) -> Option<Lifecycle> {
        let written = self.written(raw, at)?;
        check::lifecycle(
            written,
            api,
            &api.resources[resource],
            &mut self.diagnostics,
        )
    }

    fn written(&mut self, raw: &Value, at: &Pointer) -> Option<Written> {
        for (key, value) in raw.as_object().into_iter().flatten() {
            self.member(key, value, &at.key(key));
        }
        let name = |key: &str| {
            raw.get(key)
                .and_then(Value::as_str)
                .map(|name| WireName(name.to_owned()))
        };
        let terminal = self.terminal(raw.get("terminal"), &at.key("terminal"));
        let (Some(status), Some(poll), Some(output)) =
            (name("status"), name("poll"), name("output"))
        else {
            let help = "name the status property, the operation that polls and the property with the result";
            self.diagnostics
                .push(at, "a lifecycle needs `status`, `poll` and `output`", help);
            return None;
        };
        Some(Written {
            at: at.clone(),
            status,
            terminal,
            poll,
            list: name("list"),
            output,
            reason: name("reason"),
            preview: name("preview"),
            credits: name("credits"),
            created: name("created"),
            name: name("name"),
            started_by: texts(raw.get("started_by")).unwrap_or_default(),
        })
    }

    /// Complains about a member that is none, and about one that is not of its type.
    fn member(&mut self, key: &str, value: &Value, at: &Pointer) {
        if NAMES.contains(&key) {
            if !value.is_string() {
                let message = format!("`{key}` is {}, not a name", shortened(&value.to_string()));
                let help = "write the name of one property or operation";
                self.diagnostics.push(at, message, help);
            }
        } else if key == "started_by" {
            if texts(Some(value)).is_none() {
                let help = "write the operationIds of the operations that start a job";
                self.diagnostics
                    .push(at, "`started_by` is not a list of names", help);
            }
        } else if key != "terminal" {
            let message = format!("`{}` is no member of a lifecycle", shortened(key));
            let help = format!(
                "a lifecycle has the members {}, terminal, started_by",
                NAMES.join(", ")
            );
            self.diagnostics.push(at, message, help);
        }
    }

    fn terminal(&mut self, raw: Option<&Value>, at: &Pointer) -> Vec<(WireName, Outcome)> {
        let mut terminal = Vec::new();
        for (state, outcome) in raw.and_then(Value::as_object).into_iter().flatten() {
            match outcome.as_str() {
                Some("success") => terminal.push((WireName(state.clone()), Outcome::Success)),
                Some("failure") => terminal.push((WireName(state.clone()), Outcome::Failure)),
                _ => self.diagnostics.push(
                    &at.key(state),
                    format!("the state `{state}` ends in {outcome}"),
                    "a job ends in `success` or `failure`",
                ),
            }
        }
        if terminal.is_empty() {
            self.diagnostics.push(
                at,
                "no state ends a job",
                "write the last states: `{done: success, failed: failure}`",
            );
        }
        terminal
    }
}

fn texts(raw: Option<&Value>) -> Option<Vec<WireName>> {
    let items = raw?.as_array()?.iter();
    items
        .map(|item| item.as_str().map(|text| WireName(text.to_owned())))
        .collect()
}
