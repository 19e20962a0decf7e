//! Compares the parameters of one operation. In: its nodes on both sides. Out: findings; their schemas go to the judge.

use super::finding::{Both, Finding};
use super::judge::Judge;
use super::node::is_true;
use super::operation::{Half, Pair};
use super::paths::{self, target};
use super::report::Direction;
use super::side::Side;
use super::sunset;
use super::written::{self, Text, Told};
use serde_json::Value;

/// Headers that the standard gives to other parts of the document.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// One parameter of one side.
#[derive(Clone, Copy)]
pub(super) struct Parameter<'a> {
    /// As it stands in the list.
    pub(super) element: &'a Value,
    /// Itself.
    pub(super) node: &'a Value,
    pub(super) place: &'a str,
    name: &'a str,
    /// Whether it stands beside the methods of a path, for all of them.
    is_inherited: bool,
}

pub(super) fn compare<'a>(judge: &mut Judge<'a>, pair: &Pair<'a>) {
    let mut old = parameters(judge.old, pair.old);
    let mut new = parameters(judge.new, pair.new);
    let renamed = paths::renamed(pair.old.0, pair.new.0);
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
    // What a path says to all its operations is one edit of the path.
    let owner = |parameter: &Parameter<'a>, (_, item, operation): Half<'a>| {
        if parameter.is_inherited {
            item
        } else {
            operation
        }
    };
    for before in old {
        removed(judge, before, owner(&before, pair.new));
    }
    for after in new {
        added(judge, after, owner(&after, pair.old));
    }
}

/// Whether two have one name, which has no case in headers.
pub(super) fn same_name(one: &Parameter<'_>, other: &Parameter<'_>) -> bool {
    one.name == other.name || (one.place == "header" && one.name.eq_ignore_ascii_case(other.name))
}

/// Takes out of both lists what belongs together.
pub(super) fn take_pairs<'a>(
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

/// The parameters of an operation: its own, and those of its path that it does not replace.
pub(super) fn parameters<'a>(side: &'a Side, (_, item, operation): Half<'a>) -> Vec<Parameter<'a>> {
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for (owner, is_inherited) in [(operation, false), (item, true)] {
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
                    is_inherited,
                });
            }
        }
    }
    found
}

impl<'a> Parameter<'a> {
    pub(super) fn is_required(&self) -> bool {
        self.place == "path" || is_true(self.node.get("required"))
    }

    pub(super) fn title(&self) -> String {
        format!("The {} parameter `{}`", self.place, self.name)
    }

    pub(super) fn text(&self) -> Text<'a> {
        Text {
            node: self.node,
            place: self.place,
        }
    }
}

fn added<'a>(judge: &mut Judge<'a>, parameter: Parameter<'a>, owner: &'a Value) {
    let (rule, says) = match (parameter.place, parameter.is_required()) {
        ("path", _) => ("new-request-path-parameter", "is new in the path"),
        (_, true) => ("new-required-request-parameter", "is new and must be sent"),
        (_, false) => ("new-optional-request-parameter", "is new, and may be sent"),
    };
    let at = (Some(owner), Some(parameter.node));
    let finding = Finding::new(rule, at, says).about(parameter.title());
    judge.report(finding.claim_new([parameter.element, parameter.node]));
}

fn removed<'a>(judge: &mut Judge<'a>, parameter: Parameter<'a>, owner: &'a Value) {
    let (rule, says) = sunset::gone(
        judge.today,
        [parameter.node],
        [
            "request-parameter-removed",
            "request-parameter-removed-with-deprecation",
            "request-parameter-removed-before-sunset",
        ],
    );
    let at = (Some(parameter.node), Some(owner));
    let finding = Finding::new(rule, at, says).about(parameter.title());
    judge.report(finding.claim_old([parameter.element, parameter.node]));
}

/// A keyword that is true or false, and the rule and the words for either step.
struct Flag {
    key: &'static str,
    set: (&'static str, &'static str),
    unset: (&'static str, &'static str),
}

const FLAGS: [Flag; 3] = [
    Flag {
        key: "deprecated",
        set: ("request-parameter-deprecated", "is deprecated"),
        unset: ("request-parameter-reactivated", "is no longer deprecated"),
    },
    Flag {
        key: "allowEmptyValue",
        set: ("request-parameter-empty-value-allowed", "may be empty now"),
        unset: (
            "request-parameter-empty-value-refused",
            "may no longer be empty",
        ),
    },
    Flag {
        key: "allowReserved",
        set: (
            "request-parameter-allow-reserved-changed",
            "may hold reserved characters as they are",
        ),
        unset: (
            "request-parameter-allow-reserved-changed",
            "must have its reserved characters encoded",
        ),
    },
];

fn both<'a>(judge: &mut Judge<'a>, old: Parameter<'a>, new: Parameter<'a>) {
    let written = paths::chain(judge.old, old.element).into_iter();
    for node in written.chain(paths::chain(judge.new, new.element)) {
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
    for flag in &FLAGS {
        let step = match (
            is_true(old.node.get(flag.key)),
            is_true(new.node.get(flag.key)),
        ) {
            (false, true) => flag.set,
            (true, false) => flag.unset,
            (true, true) | (false, false) => continue,
        };
        report(judge, step.0, key(flag.key), step.1.to_owned());
    }
    let told = Told {
        about: &new.title(),
        rule: "request-parameter-serialization-changed",
        direction: Direction::Request,
    };
    written::compare(judge, old.text(), new.text(), told);
}
