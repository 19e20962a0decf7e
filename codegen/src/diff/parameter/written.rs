//! Compares how the value of one parameter is written. In: the parameter on both sides. Out: findings; schemas go to the judge.

use super::super::finding::Finding;
use super::super::judge::{Judge, Nodes, Question, Role};
use super::super::media::Media;
use super::super::paths::target;
use super::super::report::Direction;
use super::super::side::Side;
use super::{Parameter, is_true};
use serde_json::Value;

/// What a value consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parts {
    None,
    Elements,
    Members,
}

/// How a value becomes text: the style, and whether its parts travel apart. Only lists and objects have parts.
pub(super) fn styles<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
    let style = |parameter: Parameter<'a>| {
        let default = if ["query", "cookie"].contains(&parameter.place) {
            "form"
        } else {
            "simple"
        };
        parameter
            .node
            .get("style")
            .and_then(Value::as_str)
            .unwrap_or(default)
    };
    let explode = |parameter: Parameter<'a>| {
        let default = style(parameter) == "form";
        parameter
            .node
            .get("explode")
            .and_then(Value::as_bool)
            .unwrap_or(default)
    };
    let (before, after) = ((style(old), explode(old)), (style(new), explode(new)));
    let parts = parts(judge.old, old.node).max(parts(judge.new, new.node));
    let both = |styles: &[&str]| {
        [before.0, after.0]
            .iter()
            .all(|style| styles.contains(style))
    };
    let matters = match parts {
        // A single text looks the same in all styles but `label` and `matrix`, which add a prefix.
        Parts::None => !both(&[
            "form",
            "simple",
            "spaceDelimited",
            "pipeDelimited",
            "deepObject",
        ]),
        // Its elements stand between commas, exploded or not.
        Parts::Elements => !both(&["simple"]),
        Parts::Members => true,
    };
    let title = new.title();
    if before != after && matters && old.place == new.place {
        let keys = |name: &str| (old.node.get(name), new.node.get(name));
        let words = |(style, explode): (&str, bool)| {
            format!(
                "`{style}`, {}",
                if explode { "exploded" } else { "not exploded" }
            )
        };
        let says = format!(
            "is written in style {} (was {})",
            words(after),
            words(before)
        );
        let at = (Some(old.node), Some(new.node));
        let finding =
            Finding::new("request-parameter-serialization-changed", at, says).about(title.clone());
        judge.report(finding.claim(keys("style")).claim(keys("explode")));
    }
    let at = (old.node.get("allowReserved"), new.node.get("allowReserved"));
    if is_true(old.node, "allowReserved") != is_true(new.node, "allowReserved") {
        let says = match is_true(new.node, "allowReserved") {
            true => "may hold reserved characters as they are",
            false => "must have its reserved characters encoded",
        };
        let shown = (at.0.or(Some(old.node)), at.1.or(Some(new.node)));
        judge.report(
            Finding::new("request-parameter-allow-reserved-changed", shown, says)
                .about(title)
                .claim(at),
        );
    }
}

/// What a parameter's value consists of at most, as far as its own schema says.
fn parts(side: &Side, parameter: &Value) -> Parts {
    let Some(schema) = parameter.get("schema") else {
        return Parts::None;
    };
    let schema = target(side, schema);
    let has = |key: &str| schema.get(key).is_some();
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => Parts::Members,
        Some("array") => Parts::Elements,
        Some(_) => Parts::None,
        None if ["properties", "allOf", "oneOf", "anyOf"]
            .into_iter()
            .any(has) =>
        {
            Parts::Members
        }
        None if has("items") => Parts::Elements,
        None => Parts::None,
    }
}

/// The media type of a parameter, which has one at most, and what is said of it.
fn content(parameter: Parameter<'_>) -> Option<(&str, &Value)> {
    let members = parameter.node.get("content")?.as_object()?;
    let mut members = members.iter();
    members.next().map(|(name, media)| (name.as_str(), media))
}

fn schema(parameter: Parameter<'_>) -> Option<&Value> {
    let own = parameter.node.get("schema");
    own.or_else(|| content(parameter)?.1.get("schema"))
}

/// Whether a value is written with the same letters as JSON and in a style: numbers and booleans are, a text has quotes.
fn is_bare(side: &Side, parameter: Parameter<'_>) -> bool {
    let is_json = |name: &str| Media::read(name) == Media::read("application/json");
    let kind = schema(parameter).and_then(|schema| target(side, schema).get("type"));
    let style = parameter.node.get("style").and_then(Value::as_str);
    content(parameter).is_none_or(|(name, _)| is_json(name))
        && !matches!(style, Some("label" | "matrix"))
        && matches!(
            kind.and_then(Value::as_str),
            Some("integer" | "number" | "boolean")
        )
}

/// Compares what a parameter is written as, and what it accepts.
pub(super) fn schemas<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
    let media = |parameter: Parameter<'a>| content(parameter).map(|(name, _)| Media::read(name));
    let bare = is_bare(judge.old, old) && is_bare(judge.new, new);
    if media(old) != media(new) && !bare {
        let words = |parameter: Parameter<'a>| match content(parameter) {
            Some((name, _)) => format!("as `{name}`"),
            None => "in a style".to_owned(),
        };
        let says = format!("is written {} (was {})", words(new), words(old));
        let key = |name: &str| (old.node.get(name), new.node.get(name));
        let at = key("content");
        let shown = (at.0.or(Some(old.node)), at.1.or(Some(new.node)));
        let finding =
            Finding::new("request-parameter-serialization-changed", shown, says).about(new.title());
        let mut finding = finding.claim(at);
        // The keys that only one of the two ways of writing has.
        for name in ["schema", "style", "explode"] {
            let at = key(name);
            if at.0.is_some() != at.1.is_some() {
                finding = finding.claim(at);
            }
        }
        judge.report(finding);
    }
    let nodes = |schema: Option<&'a Value>| Nodes(schema.into_iter().collect());
    judge.schemas(Question {
        old: nodes(schema(old)),
        new: nodes(schema(new)),
        direction: Direction::Request,
        role: Role::Parameter,
    });
}
