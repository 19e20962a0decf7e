//! Holds a lifecycle against the operations and properties that it names. In: what was written. Out: what it means, or complaints. Knows no raw value.

use super::{Written, name};
use crate::api::{
    Api, JobList, Lifecycle, Location, Method, Operation, Parameter, Property, Resource, Schema,
    Shape,
};
use crate::diagnostic::Diagnostics;
use crate::pointer::Pointer;
use crate::resolve::answer::{self, followed, is_text};
use crate::wire::WireName;

/// What one operation says of a job.
struct Record<'a> {
    operation: &'a WireName,
    properties: Vec<&'a Property>,
}

impl<'a> Record<'a> {
    fn property(&self, name: &str) -> Option<&'a Property> {
        self.properties
            .iter()
            .copied()
            .find(|property| property.name.as_str() == name)
    }
}

/// What a property of a job must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Uuid,
    Moment,
    Number,
    Text,
}

struct Checker<'a, 'd> {
    api: &'a Api,
    resource: &'a Resource,
    at: &'a Pointer,
    diagnostics: &'d mut Diagnostics,
}

/// The meaning of a lifecycle; nothing when its jobs could not be waited for.
pub(super) fn lifecycle(
    written: Written,
    api: &Api,
    resource: &Resource,
    diagnostics: &mut Diagnostics,
) -> Option<Lifecycle> {
    let mut checker = Checker {
        api,
        resource,
        at: &written.at,
        diagnostics,
    };
    let poll = checker.operation(&written.poll, &written.at.key("poll"));
    let list = written
        .list
        .as_ref()
        .and_then(|list| checker.operation(list, &written.at.key("list")));
    let records = checker.records(&written, poll, list);
    checker.properties(&written, &records);
    let poll = poll?;
    checker.takes_one_id(poll);
    let list = list.and_then(|list| checker.list(list));
    let record = records.first()?;
    let running = checker.running(&written, record);
    let starts = name::starts(&written, api, resource, poll);
    checker.name_can_be_given(&written, record, &starts.named_by);
    let Written {
        at,
        status,
        terminal,
        poll,
        list: _,
        output,
        reason,
        preview,
        credits,
        created,
        name,
        started_by,
    } = written;
    Some(Lifecycle {
        at,
        status,
        running,
        terminal,
        poll,
        list,
        output,
        reason,
        preview,
        credits,
        created,
        name,
        started_by,
        about_existing: starts.about_existing,
        named_by: starts.named_by,
    })
}

impl<'a> Checker<'a, '_> {
    fn operation(&mut self, id: &WireName, at: &Pointer) -> Option<&'a Operation> {
        let found = self
            .resource
            .operations
            .iter()
            .find(|operation| operation.id == *id);
        if found.is_none() {
            let message = format!(
                "the resource `{}` has no operation `{id}`",
                self.resource.tag
            );
            self.diagnostics
                .push(at, message, "correct the operationId");
        }
        found
    }

    /// What each operation says of a job, `poll` first.
    fn records(
        &mut self,
        written: &'a Written,
        poll: Option<&'a Operation>,
        list: Option<&'a Operation>,
    ) -> Vec<Record<'a>> {
        let mut records = Vec::new();
        if let Some(poll) = poll {
            records.extend(self.record(poll, answer::answered(poll), "poll"));
        }
        if let Some(list) = list {
            let item = answer::answered(list).and_then(|list| answer::items(self.api, list));
            records.extend(self.record(list, item, "list"));
        }
        for (index, id) in written.started_by.iter().enumerate() {
            let at = written.at.key("started_by").index(index);
            if let Some(start) = self.operation(id, &at) {
                records.extend(self.record(start, answer::answered(start), "started_by"));
            }
        }
        records
    }

    fn record(
        &mut self,
        operation: &'a Operation,
        job: Option<&'a Schema>,
        member: &str,
    ) -> Option<Record<'a>> {
        let job = job.filter(|job| !job.nullable && !followed(self.api, job).nullable);
        let properties = job.and_then(|job| answer::properties(self.api, job));
        if properties.is_none() {
            let what = if member == "list" {
                "a list of jobs"
            } else {
                "a job"
            };
            let message = format!("`{}` does not answer {what}", operation.id);
            let help =
                "a job is an object with properties, a list of jobs an array of such objects";
            self.diagnostics.push(&self.at.key(member), message, help);
        }
        Some(Record {
            operation: &operation.id,
            properties: properties?,
        })
    }

    fn properties(&mut self, written: &Written, records: &[Record<'a>]) {
        let named = [
            ("status", Some(&written.status), Kind::Any),
            ("output", Some(&written.output), Kind::Any),
            ("reason", written.reason.as_ref(), Kind::Any),
            ("preview", written.preview.as_ref(), Kind::Any),
            ("credits", written.credits.as_ref(), Kind::Number),
            ("created", written.created.as_ref(), Kind::Moment),
            ("name", written.name.as_ref(), Kind::Text),
        ];
        for (member, name, kind) in named {
            if let Some(name) = name {
                let help = "correct the name here, or the property in spec/overlay.yaml";
                self.property(&self.at.key(member), (name.as_str(), kind), records, help);
            }
        }
        let help = "a job is known by its `id`, a text of `format: uuid`";
        self.property(self.at, ("id", Kind::Uuid), records, help);
    }

    fn property(
        &mut self,
        at: &Pointer,
        (name, kind): (&str, Kind),
        records: &[Record<'a>],
        help: &str,
    ) {
        let lacking: Vec<_> = records
            .iter()
            .filter(|record| record.property(name).is_none())
            .collect();
        if !lacking.is_empty() {
            let message = format!("the answer of {} has no property `{name}`", names(&lacking));
            self.diagnostics.push(at, message, help);
        }
        let other: Vec<_> = records
            .iter()
            .filter(|record| {
                record
                    .property(name)
                    .is_some_and(|property| !self.is_of(&property.schema, kind))
            })
            .collect();
        if !other.is_empty() {
            let message = format!(
                "the property `{name}` in the answer of {} is {}",
                names(&other),
                match kind {
                    Kind::Any => "not what it should be",
                    Kind::Uuid => "no text of `format: uuid`",
                    Kind::Moment => "no text of `format: date-time`",
                    Kind::Number => "no number",
                    Kind::Text => "no text",
                }
            );
            self.diagnostics.push(at, message, help);
        }
    }

    fn is_of(&self, schema: &Schema, kind: Kind) -> bool {
        match kind {
            Kind::Any => true,
            Kind::Uuid => is_text(self.api, schema, "uuid"),
            Kind::Moment => is_text(self.api, schema, "date-time"),
            Kind::Text => matches!(followed(self.api, schema).shape, Shape::Text(_)),
            Kind::Number => matches!(
                followed(self.api, schema).shape,
                Shape::Integer(_) | Shape::Number(_)
            ),
        }
    }

    /// The states in which a job does not stay.
    fn running(&mut self, written: &Written, record: &Record<'a>) -> Vec<WireName> {
        let Some(status) = record.property(written.status.as_str()) else {
            // There is a complaint already.
            return Vec::new();
        };
        let Shape::Enumeration(states) = &followed(self.api, &status.schema).shape else {
            let help = "give the property an `enum` or `x-known-values` in spec/overlay.yaml";
            self.diagnostics.push(
                &self.at.key("status"),
                "the states of the status property are not listed",
                help,
            );
            return Vec::new();
        };
        let states = || states.values.iter().map(|state| &state.value);
        for (state, _) in &written.terminal {
            if !states().any(|known| known == state) {
                let message = format!("`{state}` is not among the values of `{}`", written.status);
                let at = self.at.key("terminal").key(state.as_str());
                self.diagnostics.push(&at, message, "correct the state");
            }
        }
        let is_terminal = |state: &WireName| written.terminal.iter().any(|(last, _)| last == state);
        states()
            .filter(|state| !is_terminal(state))
            .cloned()
            .collect()
    }

    /// Complains when the name of a job is one that no caller can give.
    fn name_can_be_given(&mut self, written: &Written, record: &Record<'a>, by: &[WireName]) {
        let Some(name) = &written.name else { return };
        if by.is_empty() && record.property(name.as_str()).is_some() {
            let message = format!("no operation that makes a job takes a text `{name}`");
            let help = "it is the name that a caller gives a job: take `name` out where no request can write one";
            self.diagnostics.push(&self.at.key("name"), message, help);
        }
    }

    fn takes_one_id(&mut self, poll: &'a Operation) {
        let at = self.at.key("poll");
        let mut in_path = in_place(poll, Location::Path);
        let id = (in_path.next(), in_path.next());
        if !matches!(id, (Some(id), None) if is_text(self.api, &id.schema, "uuid")) {
            let message = format!("the path of `{}` does not hold exactly one UUID", poll.id);
            let help = "a job is polled by its id: one path parameter of `format: uuid`";
            self.diagnostics.push(&at, message, help);
        }
        self.takes_nothing_else(poll, &at);
    }

    /// Waiting repeats the operation with nothing but ids in hand.
    fn takes_nothing_else(&mut self, operation: &Operation, at: &Pointer) {
        if operation.method != Method::Get {
            let message = format!(
                "`{}` is no GET, so it can't be repeated at will",
                operation.id
            );
            let help = "name an operation that only reads";
            self.diagnostics.push(at, message, help);
        }
        let poll = self.at.key("poll") == *at;
        let needed = operation.parameters.iter().find(|parameter| {
            parameter.required && !(poll && parameter.location == Location::Path)
        });
        let what = match (needed, &operation.body) {
            (Some(parameter), _) => format!("the parameter `{}`", parameter.name),
            (None, Some(_)) => "a body".to_owned(),
            (None, None) => return,
        };
        let message = format!("`{}` needs {what}, which no job has", operation.id);
        self.diagnostics
            .push(at, message, "name an operation that needs no more than ids");
    }

    /// The operation that reads many jobs.
    fn list(&mut self, list: &'a Operation) -> Option<JobList> {
        let at = self.at.key("list");
        self.takes_nothing_else(list, &at);
        let api = self.api;
        let takes_ids = |parameter: &&Parameter| {
            let items = answer::items(api, &parameter.schema);
            !parameter.required && items.is_some_and(|item| is_text(api, item, "uuid"))
        };
        let mut ids = in_place(list, Location::Query).filter(takes_ids);
        let (Some(ids), None) = (ids.next(), ids.next()) else {
            let message = format!("`{}` can't be asked for jobs by their ids", list.id);
            let help = "it needs one optional query parameter that is a list of UUIDs; or take `list` out of the lifecycle";
            self.diagnostics.push(&at, message, help);
            return None;
        };
        let most = match &followed(api, &ids.schema).shape {
            Shape::List(list) => list.max_items.filter(|most| *most > 0),
            _ => None,
        };
        let most = most.map(|most| u32::try_from(most).unwrap_or(u32::MAX));
        if most.is_none() {
            let message = format!("how many ids `{}` takes is not said", ids.name);
            let help = "write `maxItems` into its schema in spec/overlay.yaml";
            self.diagnostics.push(&ids.schema.at, message, help);
        }
        Some(JobList {
            operation: list.id.clone(),
            ids: ids.name.clone(),
            most: most?,
        })
    }
}

fn in_place(operation: &Operation, location: Location) -> impl Iterator<Item = &Parameter> {
    operation
        .parameters
        .iter()
        .filter(move |parameter| parameter.location == location)
}

/// `a`, `b`
fn names(records: &[&Record<'_>]) -> String {
    let names = records
        .iter()
        .map(|record| format!("`{}`", record.operation));
    names.collect::<Vec<_>>().join(", ")
}
