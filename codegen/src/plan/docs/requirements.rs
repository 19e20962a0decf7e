//! Documents what the fields of a request require of each other. In: requirements. Out: sentences. Knows no tokens.

use super::{code, enumerated};
use crate::api;
use crate::krate::{BodyArgument, Ident, Item, Paragraph, Requirement, Struct, Ty, TypeModule};
use crate::plan::rules;
use crate::wire::WireName;

/// What an object must hold.
pub(super) fn of_object(requirements: &[api::Requirement]) -> Option<Paragraph> {
    let requirements = requirements.iter().map(rules::requirement);
    let sentences: Vec<String> = requirements.map(|one| sentence(&one, "")).collect();
    paragraph(&sentences)
}

/// What a body must hold, with what it holds.
pub(in crate::plan) fn of_body(body: &BodyArgument, types: &[TypeModule]) -> Option<Paragraph> {
    let mut walk = Walk {
        types,
        open: Vec::new(),
        sentences: Vec::new(),
    };
    walk.ty(&body.ty, "");
    paragraph(&walk.sentences)
}

fn paragraph(sentences: &[String]) -> Option<Paragraph> {
    let text = format!(
        "Checked before sending: {}. A blank text counts as none.",
        sentences.join("; ")
    );
    (!sentences.is_empty()).then_some(Paragraph::Ours(text))
}

fn sentence(requirement: &Requirement, place: &str) -> String {
    match requirement {
        Requirement::Any(groups) => {
            let groups: Vec<String> = groups.iter().map(|group| names(group, place)).collect();
            format!("{} must be set", groups.join(" or "))
        }
        Requirement::When {
            field,
            equals,
            then,
        } => format!(
            "{} must be set when {} is {}",
            names(then, place),
            code(&format!("{place}{field}")),
            code(equals.as_str())
        ),
    }
}

fn names(names: &[WireName], place: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{place}{name}")).collect();
    enumerated(&names)
}

/// The way through a body.
struct Walk<'a> {
    types: &'a [TypeModule],
    /// The types around this place: one that holds itself is told once.
    open: Vec<&'a Ident>,
    sentences: Vec<String>,
}

impl<'a> Walk<'a> {
    fn ty(&mut self, ty: &Ty, place: &str) {
        match ty {
            Ty::Named(name) => self.named(name, place),
            Ty::List(inner) => self.ty(inner, &format!("{}[].", place.trim_end_matches('.'))),
            Ty::Map(inner) => self.ty(inner, &format!("{}{{}}.", place.trim_end_matches('.'))),
            Ty::Nullable(inner) | Ty::Boxed(inner) => self.ty(inner, place),
            Ty::Unit
            | Ty::Boolean
            | Ty::Integer
            | Ty::Float
            | Ty::Text
            | Ty::Uuid
            | Ty::Timestamp
            | Ty::Json => {}
        }
    }

    fn named(&mut self, name: &Ident, place: &str) {
        let items = self.types.iter().flat_map(|module| &module.items);
        let mut found = items.rev().filter_map(|item| match item {
            Item::Struct(structure) if structure.name == *name => Some(structure),
            Item::Struct(_) | Item::Enum(_) => None,
        });
        let Some(structure) = found.next().filter(|one| !self.open.contains(&&one.name)) else {
            return;
        };
        let Struct {
            requirements,
            fields,
            name,
            ..
        } = structure;
        self.sentences
            .extend(requirements.iter().map(|one| sentence(one, place)));
        self.open.push(name);
        for field in fields {
            self.ty(&field.ty, &format!("{place}{}.", field.wire));
        }
        self.open.pop();
    }
}
