//! Holds the properties of schemas against the fields of structs. In: a schema and the Rust type that stands for it.
//! Out: differences, there and below. Knows no operations.

use crate::client::{Line, Struct};
use crate::compare::Comparison;
use crate::published::{Shape, scalar, shape, texts, truth};
use crate::rust::{Nested, Rule, Type};
use serde_yaml::Value;
use std::collections::BTreeSet;

/// Where a fragment says nothing of what it holds, and the component of another one that says it.
///
/// A row is used for what is received; the fragment's own schema must say nothing there.
const READ_AS: &[(&str, &str)] = &[
    (
        "MultiAvatarLipsyncOutput.video_inputs[]",
        "LipsyncV2VideoInput",
    ),
    (
        "MultiAvatarLipsyncRetrieveOutput.video_inputs[]",
        "LipsyncV2VideoInput",
    ),
];

/// The direction in which a type travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Sent,
    Received,
}

impl<'a> Comparison<'a> {
    /// Compares what stands behind a type whose own line was compared.
    pub(crate) fn descend(&mut self, tree: &'a Value, place: &str, way: Way, ty: &Type) {
        if let ("Option" | "Patch", Some(inner)) = (ty.name.as_str(), ty.of.first()) {
            return self.descend(tree, place, way, inner);
        }
        let mut schema = self.page.follow(tree, place);
        if let Some((_, component)) = READ_AS
            .iter()
            .find(|(at, _)| *at == place && way == Way::Received)
        {
            match (shape(schema.tree), self.page.component(component)) {
                (Shape::Any, Some(tree)) => schema = self.page.follow(tree, component),
                _ => self.same(
                    place,
                    "a schema",
                    format!("read as `{component}`: drop this row of READ_AS"),
                ),
            }
        }
        if !self
            .visited
            .insert((schema.at.clone(), way, ty.name.clone()))
        {
            return;
        }
        match (shape(schema.tree), ty.of.last()) {
            (Shape::List(items), Some(inner)) => {
                self.descend(items, &format!("{}[]", schema.at), way, inner)
            }
            (Shape::Map(Some(values)), Some(inner)) => {
                self.descend(values, &format!("{}{{}}", schema.at), way, inner)
            }
            (Shape::Object(properties), _) => {
                let client = self.client;
                if let Some(found) = client.structs.get(&ty.name) {
                    self.object(&schema.at, schema.tree, properties, way, found);
                }
            }
            (Shape::Enumeration(values), _) => {
                if let Some(found) = self.client.enums.get(&ty.name) {
                    let published: BTreeSet<String> = values.into_iter().collect();
                    let generated: BTreeSet<String> = found.written.values().cloned().collect();
                    self.same(&schema.at, list(&published), list(&generated));
                }
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        at: &str,
        tree: &'a Value,
        properties: &'a serde_yaml::Mapping,
        way: Way,
        found: &'a Struct,
    ) {
        let required = texts(tree.get("required"));
        // A type for both directions is declared for what is sent.
        let sent = found.is_sent;
        let lines: &[Line] = match way {
            Way::Sent => &found.written,
            Way::Received => &found.read,
        };
        let direction = match way {
            Way::Sent => "sent",
            Way::Received => "received",
        };
        if way == Way::Sent {
            let whole = found.rules.iter().filter(|rule| rule.field.is_empty());
            let together: Vec<_> = whole.flat_map(|rule| limits(Some(rule), None)).collect();
            let generated = match together.as_slice() {
                [] => "nothing".to_owned(),
                together => together.join("; "),
            };
            // No keyword of the pages says what members require of each other.
            self.same(&format!("{at} sent"), "nothing", generated);
        }
        let mut carried = BTreeSet::new();
        for (name, schema) in properties {
            let name = scalar(name);
            let kept_back = match way {
                Way::Sent => truth(schema, "readOnly"),
                Way::Received => truth(schema, "writeOnly"),
            };
            if kept_back {
                continue;
            }
            carried.insert(name.clone());
            let place = format!("{at}.{name}");
            let want = self.page.rust(schema);
            let published = self.published_line(schema, required.contains(&name), way, sent);
            let line = lines.iter().find(|line| line.wire == name);
            let generated = line.map_or("nothing".to_owned(), |line| {
                self.field_line(found, line, way, &want)
            });
            let agrees = line.is_some() && published == generated;
            self.same(&format!("{place} {direction}"), published, generated);
            if agrees {
                let is_required = (way == Way::Received).then(|| required.contains(&name));
                self.same(
                    &format!("{place} kept"),
                    "whole",
                    kept(found, &name, is_required),
                );
            }
            if let Some((ty, _)) = line.and_then(|line| found.fields.get(&line.field)) {
                self.descend(schema, &place, way, ty);
            }
        }
        for line in lines.iter().filter(|line| !carried.contains(&line.wire)) {
            let generated = self.field_line(found, line, way, &Type::plain(""));
            self.same(
                &format!("{at}.{} {direction}", line.wire),
                "nothing",
                generated,
            );
        }
        let missing = required
            .iter()
            .filter(|name| !properties.contains_key(name.as_str()));
        for name in missing.cloned().collect::<Vec<_>>() {
            self.same(
                &format!("{at}.{name}"),
                "a required property",
                "nothing: it is not described".to_owned(),
            );
        }
    }

    /// How a property should be in the client.
    fn published_line(&self, schema: &'a Value, required: bool, way: Way, sent: bool) -> String {
        let ty = self.page.rust(schema);
        let nullable = self.page.follow(schema, "").nullable;
        let declared = match (required, nullable, sent) {
            (true, false, _) => ty.to_string(),
            (false, true, true) => format!("Patch<{ty}>"),
            (true, true, true) | (false, false, true) | (_, _, false) => format!("Option<{ty}>"),
        };
        if way == Way::Received {
            let how = if required && !nullable {
                "required"
            } else {
                "optional"
            };
            return format!("{how} {declared}");
        }
        let mut line = vec![format!(
            "{} {declared}",
            if required { "argument" } else { "setter" }
        )];
        line.extend(self.page.limits(schema));
        line.extend(
            schema
                .get("default")
                .filter(|value| !value.is_null())
                .map(default),
        );
        line.join(", ")
    }

    /// How a property is in the client.
    fn field_line(&self, found: &Struct, line: &Line, way: Way, want: &Type) -> String {
        let Some((ty, docs)) = found.fields.get(&line.field) else {
            return format!("`{}`, which is no field", line.field);
        };
        let declared = self.seen(ty, want);
        if way == Way::Received {
            return format!("{} {declared}", line.how);
        }
        let argument = found.arguments.get(&line.field);
        let setter = found.setters.get(&line.field);
        // A setter for an optional field takes the value itself.
        let inner = if ty.name == "Option" {
            ty.of.first()
        } else {
            None
        };
        let how = match (argument, setter, line.how.as_str()) {
            (Some(taken), None, "required") if taken == ty => "argument",
            (None, Some(taken), "optional") if taken == ty || Some(taken) == inner => "setter",
            _ => "out of reach, or sent otherwise than it is taken:",
        };
        let mut text = vec![format!("{how} {declared}")];
        let rule = found.rules.iter().find(|rule| rule.field == line.wire);
        text.extend(limits(rule, Some(ty.innermost())));
        text.extend(documented_default(docs));
        text.join(", ")
    }

    /// A type of the client with `object` and `enum` in place of names where these are wanted.
    pub(crate) fn seen(&self, ty: &Type, want: &Type) -> Type {
        if let ("Option" | "Patch", Some(inner)) = (ty.name.as_str(), ty.of.first())
            && want.name != "Option"
        {
            return Type::of(&ty.name, vec![self.seen(inner, want)]);
        }
        let fits = match want.name.as_str() {
            "object" => self.client.structs.contains_key(&ty.name),
            "enum" => self.client.enums.contains_key(&ty.name),
            _ => false,
        };
        if fits {
            return want.clone();
        }
        let nothing = Type::plain("");
        let of = ty.of.iter().enumerate();
        let of = of.map(|(index, inner)| self.seen(inner, want.of.get(index).unwrap_or(&nothing)));
        Type::of(&ty.name, of.collect())
    }
}

/// Whether a field that is written can be read again, into the same place, and is always written where the document
/// requires it of a response.
fn kept(found: &Struct, wire: &str, is_required: Option<bool>) -> String {
    let written = found.written.iter().find(|line| line.wire == wire);
    let read = found.read.iter().find(|line| line.wire == wire);
    let text = match (written, read) {
        (Some(written), Some(read)) if written.field != read.field => "read into another field",
        (Some(written), Some(_)) => match (is_required, written.how.as_str()) {
            (Some(true), "optional") => "left out when it is null",
            (Some(false), "required") => "written when it was absent",
            (Some(_) | None, _) => "whole",
        },
        (None, _) => "not written",
        (_, None) => "not read",
    };
    text.to_owned()
}

/// The limits of a rule, as the pages' are written.
pub(crate) fn limits(rule: Option<&Rule>, holds: Option<&Type>) -> Vec<String> {
    let Some(rule) = rule else { return Vec::new() };
    let mut texts: Vec<String> = rule
        .limits
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    texts.sort();
    texts.extend(rule.nested.as_ref().map(|nested| match nested {
        Nested::Of(how, name) if holds.is_some_and(|ty| ty.name == *name) => {
            format!("{how} checked")
        }
        Nested::Of(how, name) => format!("{how} checked as `{name}`"),
        Nested::Each(how, rule) => format!("{how} ({})", limits(Some(rule), holds).join(", ")),
    }));
    texts
}

fn list(values: &BTreeSet<String>) -> String {
    values.iter().cloned().collect::<Vec<_>>().join(" | ")
}

/// A default, as it is shown.
pub(crate) fn default(value: &Value) -> String {
    format!("default {}", scalar(value))
}

/// What the documentation of a field says that the service assumes.
pub(crate) fn documented_default(docs: &str) -> Option<String> {
    let (_, rest) = docs.split_once("When left out, the service assumes `")?;
    let (value, _) = rest.split_once('`')?;
    Some(format!("default {value}"))
}
