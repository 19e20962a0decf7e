//! Compares the parameters of one operation. In: its nodes on both sides. Out: findings; their schemas go to the judge.

use super::finding::{Both, Finding};
use super::judge::{Judge, Nodes, Question, Role};
use super::operation::{Half, Pair};
use super::paths::target;
use super::report::Direction;
use super::side::Side;
use super::sunset;
use serde_json::Value;

/// Headers that the standard gives to other parts of the document.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// One parameter of one side.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    /// As it stands in the list.
    element: &'a Value,
    /// Itself.
    node: &'a Value,
    place: &'a str,
    name: &'a str,
}

pub(super) fn compare<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let mut old = parameters(judge.old, pair.old);
    let mut new = parameters(judge.new, pair.new);
    let renamed = renamed(pair.old.0, pair.new.0);
    let mut pairs = Vec::new();
    take_pairs(&mut old, &mut new, &mut pairs, |one, other| {
        // Where a path parameter stands is what a caller sees; its name never travels.
        let at_same_place = match one.place {
            "path" if renamed.iter().any(|(name, _)| *name == one.name) => {
                renamed.contains(&(one.name, other.name))
            }
            _ => same_name(one, other),
        };
        one.place == other.place && at_same_place
    });
    // The same name at another place: it has moved.
    take_pairs(&mut old, &mut new, &mut pairs, |one, other| {
        one.name == other.name
    });
    for (before, after) in pairs {
        both(judge, before, after);
    }
    for before in old {
        removed(judge, before, pair.new.2);
    }
    for after in new {
        added(judge, after, pair.old.2);
    }
}

fn same_name(one: &Parameter<'_>, other: &Parameter<'_>) -> bool {
    one.name == other.name || (one.place == "header" && one.name.eq_ignore_ascii_case(other.name))
}

fn take_pairs<'a>(
    old: &mut Vec<Parameter<'a>>,
    new: &mut Vec<Parameter<'a>>,
    pairs: &mut Vec<(Parameter<'a>, Parameter<'a>)>,
    like: impl Fn(&Parameter<'a>, &Parameter<'a>) -> bool,
) {
    old.retain(
        |before| match new.iter().position(|after| like(before, after)) {
            Some(index) => {
                pairs.push((*before, new.remove(index)));
                false
            }
            None => true,
        },
    );
}

/// The names that stand at the same place of both templates.
fn renamed<'a>(old: &'a str, new: &'a str) -> Vec<(&'a str, &'a str)> {
    let names = |template: &'a str| {
        template
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
    };
    names(old).zip(names(new)).collect()
}

/// The parameters of an operation: its own, and those of its path that it does not replace.
fn parameters<'a>(side: &'a Side, (_, item, operation): Half<'a>) -> Vec<Parameter<'a>> {
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for owner in [operation, item] {
        for element in owner
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let node = target(side, element);
            let text = |key: &str| node.get(key).and_then(Value::as_str);
            let (Some(place), Some(name)) = (text("in"), text("name")) else {
                continue;
            };
            let ignored = place == "header"
                && IGNORED_HEADERS
                    .iter()
                    .any(|header| name.eq_ignore_ascii_case(header));
            let known = found
                .iter()
                .any(|other| other.place == place && other.name == name);
            if !ignored && !known {
                found.push(Parameter {
                    element,
                    node,
                    place,
                    name,
                });
            }
        }
    }
    found
}

fn is_true(node: &Value, key: &str) -> bool {
    node.get(key) == Some(&Value::Bool(true))
}

impl Parameter<'_> {
    fn is_required(&self) -> bool {
        self.place == "path" || is_true(self.node, "required")
    }

    fn title(&self) -> String {
        format!("The {} parameter `{}`", self.place, self.name)
    }
}

fn added<'a>(judge: &mut Judge<'a>, parameter: Parameter<'a>, operation: &'a Value) {
    let (rule, says) = match (parameter.place, parameter.is_required()) {
        ("path", _) => ("new-request-path-parameter", "is new in the path"),
        (_, true) => ("new-required-request-parameter", "is new and must be sent"),
        (_, false) => ("new-optional-request-parameter", "is new, and may be sent"),
    };
    let at = (Some(operation), Some(parameter.node));
    let finding = Finding::new(rule, at, says).about(parameter.title());
    judge.report(finding.claim_new([parameter.element, parameter.node]));
}

fn removed<'a>(judge: &mut Judge<'a>, parameter: Parameter<'a>, operation: &'a Value) {
    let (rule, says) = sunset::gone(
        judge.today,
        [parameter.node],
        [
            "request-parameter-removed",
            "request-parameter-removed-with-deprecation",
            "request-parameter-removed-before-sunset",
        ],
    );
    let at = (Some(parameter.node), Some(operation));
    let finding = Finding::new(rule, at, says).about(parameter.title());
    judge.report(finding.claim_old([parameter.element, parameter.node]));
}

fn both<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
    for node in [old.element, old.node, new.element, new.node] {
        judge.meet(node);
    }
    let key = |name: &str| (old.node.get(name), new.node.get(name));
    let nodes = (Some(old.node), Some(new.node));
    let near = |at: Both<'a>| (at.0.or(nodes.0), at.1.or(nodes.1));
    let report = |judge: &mut Judge<'a>, rule: &str, at: Both<'a>, says: String| {
        judge.report(
            Finding::new(rule, near(at), says)
                .about(new.title())
                .claim(at),
        );
    };
    if old.place != new.place {
        report(
            judge,
            "request-parameter-in-changed",
            key("in"),
            format!("travels in the {} instead of the {}", new.place, old.place),
        );
    }
    // The name in the path never travels; that the path is written in another way is a finding already.
    if old.place == new.place && new.place == "path" {
        judge
            .explained
            .push((old.node.get("name"), new.node.get("name")));
    }
    match (old.is_required(), new.is_required()) {
        (false, true) => report(
            judge,
            "request-parameter-became-required",
            key("required"),
            "must be sent now".to_owned(),
        ),
        (true, false) => report(
            judge,
            "request-parameter-became-optional",
            key("required"),
            "need no longer be sent".to_owned(),
        ),
        (true, true) | (false, false) => {}
    }
    match (
        is_true(old.node, "deprecated"),
        is_true(new.node, "deprecated"),
    ) {
        (false, true) => report(
            judge,
            "request-parameter-deprecated",
            key("deprecated"),
            "is deprecated".to_owned(),
        ),
        (true, false) => report(
            judge,
            "request-parameter-reactivated",
            key("deprecated"),
            "is no longer deprecated".to_owned(),
        ),
        (true, true) | (false, false) => {}
    }
    match (
        is_true(old.node, "allowEmptyValue"),
        is_true(new.node, "allowEmptyValue"),
    ) {
        (false, true) => report(
            judge,
            "request-parameter-empty-value-allowed",
            key("allowEmptyValue"),
            "may be empty now".to_owned(),
        ),
        (true, false) => report(
            judge,
            "request-parameter-empty-value-refused",
            key("allowEmptyValue"),
            "may no longer be empty".to_owned(),
        ),
        (true, true) | (false, false) => {}
    }
    serialization(judge, old, new);
    schema(judge, old, new);
}

/// How a value becomes text: the style, and whether its parts travel apart. Only lists and objects have parts.
fn serialization<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
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
    let composed = is_composed(judge.old, old.node) || is_composed(judge.new, new.node);
    // A single text looks the same in `form`, `simple` and exploded or not; `label` and `matrix` add a prefix.
    let prefixed = |style: &str| ["label", "matrix"].contains(&style);
    let matters = composed || prefixed(before.0) || prefixed(after.0);
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

/// Whether a parameter's value is a list or an object, as far as its own schema says.
fn is_composed(side: &Side, parameter: &Value) -> bool {
    let Some(schema) = parameter.get("schema") else {
        return false;
    };
    let schema = target(side, schema);
    let kind = schema.get("type").and_then(Value::as_str);
    let has = |key: &str| schema.get(key).is_some();
    kind.map_or(
        has("items") || has("properties") || has("allOf") || has("oneOf") || has("anyOf"),
        |kind| ["array", "object"].contains(&kind),
    )
}

fn schema<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
    // `content` has exactly one member.
    let content = |parameter: Parameter<'a>| {
        let mut media = parameter
            .node
            .get("content")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        media.next()
    };
    let (before, after) = (content(old), content(new));
    if before.map(|media| media.0) != after.map(|media| media.0) {
        let says = match after {
            Some((name, _)) => format!("is written as `{name}` now"),
            None => "is no longer written as a media type".to_owned(),
        };
        let at = (old.node.get("content"), new.node.get("content"));
        let shown = (at.0.or(Some(old.node)), at.1.or(Some(new.node)));
        let finding =
            Finding::new("request-parameter-serialization-changed", shown, says).about(new.title());
        judge.report(finding.claim(at));
    }
    let schema = |parameter: Parameter<'a>, media: Option<(&'a String, &'a Value)>| {
        parameter
            .node
            .get("schema")
            .or_else(|| media.and_then(|(_, media)| media.get("schema")))
    };
    let nodes = |schema: Option<&'a Value>| Nodes(schema.into_iter().collect());
    judge.schemas(Question {
        old: nodes(schema(old, before)),
        new: nodes(schema(new, after)),
        direction: Direction::Request,
        role: Role::Parameter,
    });
}
