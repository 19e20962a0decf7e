//! Decides how bodies and answers are written. In: what an operation takes and gives. Out: types and content types. Knows no names.

use super::Planner;
use super::usage::Way;
use crate::api::{self, Schema, Shape};
use crate::krate::{BodyArgument, MediaType, Ty};
use std::collections::BTreeSet;

impl<'a> Planner<'a> {
    pub(super) fn body(&mut self, body: &'a api::Body) -> Option<(BodyArgument, Vec<MediaType>)> {
        if !body.required {
            let help = "write `required: true` in spec/overlay.yaml, or remove the body";
            self.diagnostics.push(
                &body.at,
                "a body that may be left out is not supported yet",
                help,
            );
        }
        let mut media_types = BTreeSet::new();
        let mut schema: Option<&'a Schema> = None;
        for content in &body.contents {
            match media_type(&content.media_type) {
                Some(known) => media_types.insert(known),
                None => {
                    let message = format!(
                        "a body of type `{}` is not supported yet",
                        content.media_type
                    );
                    self.diagnostics.push(
                        &content.at,
                        message,
                        "remove the content type in spec/overlay.yaml",
                    );
                    continue;
                }
            };
            match (schema, &content.schema) {
                (None, Some(first)) => schema = Some(first),
                (Some(first), Some(other)) if !self.same(first, other) => {
                    let help = "one Rust type describes the body; remove the other content types in spec/overlay.yaml";
                    self.diagnostics.push(
                        &content.at,
                        "the body differs between its content types",
                        help,
                    );
                }
                (_, Some(_)) => {}
                (_, None) => self.diagnostics.push(
                    &content.at,
                    "the body has no schema",
                    "add one in spec/overlay.yaml",
                ),
            }
        }
        if body.contents.is_empty() {
            let help = "add its content type and schema, or remove the body";
            self.diagnostics
                .push(&body.at.key("content"), "the body has no content", help);
        }
        let schema = schema?;
        self.supported(schema);
        let ty = self.ty(schema, Way::Sent);
        let is_object = matches!(
            self.usage.followed(schema).shape,
            Shape::Object(_) | Shape::Any
        );
        if !is_object
            && media_types
                .iter()
                .any(|media_type| *media_type != MediaType::Json)
        {
            let help = "a form has named fields; remove the content type in spec/overlay.yaml";
            self.diagnostics.push(
                &body.at,
                "a form can't carry a body that is no object",
                help,
            );
        }
        Some((
            BodyArgument {
                at: body.at.clone(),
                ty,
            },
            media_types.into_iter().collect(),
        ))
    }

    /// Whether two schemas are the same component.
    fn same(&self, first: &'a Schema, other: &'a Schema) -> bool {
        self.usage.followed(first).at == self.usage.followed(other).at
    }

    pub(super) fn output(&mut self, operation: &'a api::Operation) -> Ty {
        let mut output: Option<&'a Schema> = None;
        let mut empty = false;
        for response in operation
            .responses
            .iter()
            .filter(|response| response.status.is_success())
        {
            let mut found = false;
            for content in &response.contents {
                if content.media_type != "application/json" {
                    let message = format!(
                        "an answer of type `{}` is not supported yet",
                        content.media_type
                    );
                    self.diagnostics.push(
                        &content.at,
                        message,
                        "remove the content type in spec/overlay.yaml",
                    );
                    continue;
                }
                let Some(schema) = &content.schema else {
                    self.diagnostics.push(
                        &content.at,
                        "the answer has no schema",
                        "add one in spec/overlay.yaml",
                    );
                    continue;
                };
                found = true;
                if output.is_some_and(|first| !self.same_answer(first, schema)) {
                    let help =
                        "one Rust type describes the answer; make them agree in spec/overlay.yaml";
                    self.diagnostics
                        .push(&content.at, "the answers of success differ", help);
                }
                output.get_or_insert(schema);
            }
            empty |= !found;
        }
        let Some(schema) = output else {
            return Ty::Unit;
        };
        self.supported(schema);
        let ty = self.ty(schema, Way::Received);
        if empty || self.usage.nullable(schema) {
            Ty::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    fn same_answer(&self, first: &'a Schema, other: &'a Schema) -> bool {
        match (&first.shape, &other.shape) {
            (Shape::List(first), Shape::List(other)) => self.same(&first.items, &other.items),
            _ => self.same(first, other),
        }
    }
}

fn media_type(content_type: &str) -> Option<MediaType> {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => Some(MediaType::Json),
        "application/x-www-form-urlencoded" => Some(MediaType::Form),
        "multipart/form-data" => Some(MediaType::Multipart),
        _ => None,
    }
}
