//! Compares request bodies, and the media types of any body. In: nodes of both sides. Out: findings; schemas go to the judge.

use super::finding::{Both, Finding};
use super::judge::{Judge, Nodes, Question, Role};
use super::paths::target;
use super::report::Direction;
use serde_json::Value;

pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: &'a Value, new: &'a Value) {
    let at = (old.get("requestBody"), new.get("requestBody"));
    let about = "The request body";
    let required = |body: &Value| body.get("required") == Some(&Value::Bool(true));
    match at {
        (None, None) => {}
        (None, Some(element)) => {
            let body = target(judge.new, element);
            let (rule, says) = match required(body) {
                true => ("request-body-added-required", "is new and must be sent"),
                false => ("request-body-added-optional", "is new, and may be sent"),
            };
            let finding = Finding::new(rule, (Some(old), Some(body)), says).about(about);
            judge.report(finding.claim_new([element, body]));
        }
        (Some(element), None) => {
            let body = target(judge.old, element);
            let finding = Finding::new("request-body-removed", (Some(body), Some(new)), "is gone")
                .about(about);
            judge.report(finding.claim_old([element, body]));
        }
        (Some(before), Some(after)) => {
            let (old, new) = (target(judge.old, before), target(judge.new, after));
            for node in [before, after, old, new] {
                judge.meet(node);
            }
            let keys = (old.get("required"), new.get("required"));
            let shown = (keys.0.or(Some(old)), keys.1.or(Some(new)));
            let step = match (required(old), required(new)) {
                (false, true) => Some(("request-body-became-required", "must be sent now")),
                (true, false) => Some(("request-body-became-optional", "need no longer be sent")),
                (true, true) | (false, false) => None,
            };
            if let Some((rule, says)) = step {
                judge.report(Finding::new(rule, shown, says).about(about).claim(keys));
            }
            contents(judge, (old, new), about, Direction::Request);
        }
    }
}

/// One media type of a body.
#[derive(Clone, Copy)]
struct Media<'a> {
    name: &'a str,
    node: &'a Value,
}

/// Compares the media types of two bodies.
pub(super) fn contents<'a>(
    judge: &mut Judge<'a>,
    nodes: (&'a Value, &'a Value),
    about: &str,
    direction: Direction,
) {
    let at = (nodes.0.get("content"), nodes.1.get("content"));
    let members = |content: Option<&'a Value>| {
        let media = content.and_then(Value::as_object).into_iter().flatten();
        media
            .map(|(name, node)| Media { name, node })
            .collect::<Vec<_>>()
    };
    let shown = (at.0.or(Some(nodes.0)), at.1.or(Some(nodes.1)));
    let mut exchange = Exchange {
        at: shown,
        about,
        direction,
    };
    let (mut old, mut new) = (members(at.0), members(at.1));
    exchange.pairs(judge, (&mut old, &mut new), |one, other| {
        one.eq_ignore_ascii_case(other)
    });
    exchange.pairs(judge, (&mut old, &mut new), |one, other| {
        essence(one) == essence(other)
    });
    exchange.pairs(judge, (&mut old, &mut new), |one, other| {
        is_within(one, other) || is_within(other, one)
    });
    for before in old {
        exchange.report(
            judge,
            "media-type-removed",
            (Some(before.node), None),
            format!("is no longer written as `{}`", before.name),
        );
    }
    for after in new {
        exchange.report(
            judge,
            "media-type-added",
            (None, Some(after.node)),
            format!("can be written as `{}` too", after.name),
        );
    }
}

/// The name without its parameters.
fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or(name)
        .trim()
        .to_ascii_lowercase()
}

/// Whether every value of the first media type is one of the second.
fn is_within(one: &str, other: &str) -> bool {
    let (one, other) = (essence(one), essence(other));
    let (Some((kind, subtype)), Some((outer, range))) =
        (one.split_once('/'), other.split_once('/'))
    else {
        return false;
    };
    if outer == "*" || (kind == outer && range == "*") {
        return true;
    }
    kind == outer
        && subtype
            .rsplit_once('+')
            .is_some_and(|(_, suffix)| suffix == range)
}

struct Exchange<'a, 't> {
    at: Both<'a>,
    about: &'t str,
    direction: Direction,
}

impl<'a> Exchange<'a, '_> {
    fn report(&self, judge: &mut Judge<'a>, name: &str, at: Both<'a>, says: String) {
        let prefix = match self.direction {
            Direction::Request => "request-body",
            Direction::Response => "response",
        };
        let shown = (at.0.or(self.at.0), at.1.or(self.at.1));
        let finding = Finding::new(&format!("{prefix}-{name}"), shown, says).about(self.about);
        judge.report(finding.claim(at));
    }

    fn pairs(
        &mut self,
        judge: &mut Judge<'a>,
        (old, new): (&mut Vec<Media<'a>>, &mut Vec<Media<'a>>),
        like: impl Fn(&str, &str) -> bool,
    ) {
        old.retain(
            |before| match new.iter().position(|after| like(before.name, after.name)) {
                Some(index) => {
                    let after = new.remove(index);
                    self.names(judge, *before, after);
                    self.both(judge, *before, after);
                    false
                }
                None => true,
            },
        );
    }

    fn names(&self, judge: &mut Judge<'a>, old: Media<'a>, new: Media<'a>) {
        if old.name.eq_ignore_ascii_case(new.name) {
            return;
        }
        let name = match (is_within(old.name, new.name), is_within(new.name, old.name)) {
            _ if essence(old.name) == essence(new.name) => "media-type-name-changed",
            (true, _) => "media-type-name-generalized",
            (false, _) => "media-type-name-specialized",
        };
        let says = format!("is written as `{}` instead of `{}`", new.name, old.name);
        // The two stand under different keys: what differs below them is reported on its own.
        let at = (Some(old.node), Some(new.node));
        self.report(judge, name, at, says);
    }

    fn both(&self, judge: &mut Judge<'a>, old: Media<'a>, new: Media<'a>) {
        judge.see(Some(old.node));
        judge.see(Some(new.node));
        let direction = self.direction;
        let at = (old.node.get("schema"), new.node.get("schema"));
        match at {
            (None, None) => {}
            (None, Some(_)) => self.report(
                judge,
                "media-type-schema-added",
                at,
                format!("has a schema for `{}` now", new.name),
            ),
            (Some(_), None) => self.report(
                judge,
                "media-type-schema-removed",
                at,
                format!("no longer has a schema for `{}`", new.name),
            ),
            (Some(old), Some(new)) => {
                let (old, new) = (Nodes(vec![old]), Nodes(vec![new]));
                judge.schemas(Question {
                    old,
                    new,
                    direction,
                    role: Role::Value,
                });
            }
        }
        let encoding = (old.node.get("encoding"), new.node.get("encoding"));
        if encoding.0 != encoding.1 && direction == Direction::Request {
            self.report(
                judge,
                "encoding-changed",
                encoding,
                format!("has its parts written in another way in `{}`", new.name),
            );
        }
    }
}
