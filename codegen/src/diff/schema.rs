//! Compares what two schemas accept. In: two lists of schemas and a direction. Out: findings, and the pairs below. Knows no
//! operation.

use super::finding::{Both, Finding, identity};
use super::form::{Form, list};
use super::judge::{Answer, Judge, Nodes, Question, Relation, Role};
use super::node::is_true;
use super::number;
use super::report::Direction;
use serde_json::Value;

mod discriminators;
mod flats;
mod formats;
mod limits;
mod objects;
mod properties;
mod requirements;
mod unions;
mod values;

/// How the findings of one pair are made: what they have in common.
pub(super) struct Context<'a> {
    pub(super) direction: Direction,
    pub(super) role: Role,
    /// Where the two schemas stand.
    pub(super) at: Both<'a>,
    pub(super) answer: Answer<'a>,
}

impl<'a> Context<'a> {
    /// A finding of `request-property-NAME` or `response-property-NAME` at these nodes.
    fn finding(&self, name: &str, at: Both<'a>, says: impl Into<String>) -> Finding<'a> {
        let at = (at.0.or(self.at.0), at.1.or(self.at.1));
        Finding::new(&format!("{}-property-{name}", self.direction), at, says)
    }

    /// How a sentence puts a limit: callers keep theirs, answers are promised to.
    fn must(&self) -> &'static str {
        match self.direction {
            Direction::Request => "must",
            Direction::Response => "is promised to",
        }
    }

    /// How a sentence puts a limit that is less of one than before.
    fn need_only(&self) -> &'static str {
        match self.direction {
            Direction::Request => "need only",
            Direction::Response => "is only promised to",
        }
    }

    /// How a sentence puts a limit that is gone.
    fn need_no_longer(&self) -> &'static str {
        match self.direction {
            Direction::Request => "need no longer",
            Direction::Response => "is no longer promised to",
        }
    }

    fn report(&mut self, relation: Relation, finding: Finding<'a>) {
        self.answer.relation = self.answer.relation.and(relation);
        self.answer.findings.push(finding);
    }

    /// A finding about two nodes that it explains.
    fn shift(&mut self, relation: Relation, name: &str, at: Both<'a>, says: impl Into<String>) {
        let finding = self.finding(name, at, says).claim(at);
        self.report(relation, finding);
    }
}

/// What differs between the two sides of a question; what stands below is asked for in `below`.
pub(super) fn compare<'a>(judge: &mut Judge<'a>, question: &Question<'a>) -> Answer<'a> {
    if let Some(answer) = referred(judge, question) {
        return answer;
    }
    let old = Form::of(judge.old, &question.old.0);
    let new = Form::of(judge.new, &question.new.0);
    let written = see(judge, question, &old, &new);
    let at = (
        here(&old, &question.old, &question.new),
        here(&new, &question.new, &question.old),
    );
    let mut context = Context {
        direction: question.direction,
        role: question.role,
        at,
        answer: Answer::default(),
    };
    opaque(&mut context, &old, &new);
    nullable(&mut context, &old, &new);
    unions::compare(judge, &mut context, &old, &new);
    annotations(&mut context, &old, &new);
    let mut answer = context.answer;
    answer.written = written;
    if answer.relation != Relation::EQUAL {
        answer.recomposed = (whole(&question.old.0, &old), whole(&question.new.0, &new));
    }
    answer
}

/// The answer where both sides refer to components, as another pair has done before: that one's, which is looked for once.
fn referred<'a>(judge: &mut Judge<'a>, question: &Question<'a>) -> Option<Answer<'a>> {
    let pair = judge.first_referring(question)?;
    let nodes = question.old.0.iter().chain(&question.new.0).copied();
    nodes.clone().for_each(|node| judge.see(Some(node)));
    Some(Answer {
        below: vec![pair],
        stands_for: Some(pair),
        written: nodes.map(identity).collect(),
        ..Answer::default()
    })
}

/// What is said of a schema is said where it is written, not where it is referred to; unless only one side refers, so that
/// the reference is what changed.
fn here<'a>(form: &Form<'a>, nodes: &Nodes<'a>, others: &Nodes<'a>) -> Option<&'a Value> {
    let first = nodes.0.first().copied();
    match nodes.reference().is_some() == others.reference().is_some() {
        true => form.shared.first().copied().or(first),
        false => first,
    }
}

/// Notes what two schemas are written in.
fn see<'a>(
    judge: &mut Judge<'a>,
    question: &Question<'a>,
    old: &Form<'a>,
    new: &Form<'a>,
) -> Vec<usize> {
    let nodes = whole(&question.old.0, old)
        .into_iter()
        .chain(whole(&question.new.0, new));
    let see = |node: &'a Value| {
        judge.see(Some(node));
        identity(node)
    };
    nodes.map(see).collect()
}

fn whole<'a>(nodes: &[&'a Value], form: &Form<'a>) -> Vec<&'a Value> {
    let alternatives = form.alternatives.iter();
    let inner = alternatives.flat_map(|one| {
        let branches = one.branches.iter().map(|branch| branch.node);
        one.objects.iter().copied().chain(branches)
    });
    let outer = nodes.iter().chain(&form.shared).copied();
    outer.chain(inner).collect()
}

fn opaque<'a>(context: &mut Context<'a>, old: &Form<'a>, new: &Form<'a>) {
    let unknown = |value: &&'a Value, others: &[&'a Value]| {
        !others.iter().any(|other| number::same(value, other))
    };
    let gone = old
        .opaque
        .iter()
        .copied()
        .find(|value| unknown(value, &new.opaque));
    let come = new
        .opaque
        .iter()
        .copied()
        .find(|value| unknown(value, &old.opaque));
    if gone.is_some() || come.is_some() {
        let says = "refers to something else, and what stands there is not known here";
        context.shift(Relation::CHANGED, "reference-changed", (gone, come), says);
    }
}

fn nullable<'a>(context: &mut Context<'a>, old: &Form<'a>, new: &Form<'a>) {
    // Where anything goes on one side, a change of types says it already.
    let settled = |form: &Form<'_>| {
        form.shared
            .iter()
            .any(|object| object.as_object().is_some_and(|it| !it.is_empty()))
    };
    if old.null == new.null || !settled(old) || !settled(new) {
        return;
    }
    let flag = |form: &Form<'a>| form.shared.iter().find_map(|object| object.get("nullable"));
    let (old_flag, new_flag) = (flag(old), flag(new));
    let nulls = |form: &Form<'a>| {
        let lists = form.shared.iter().flat_map(|object| list(object, "enum"));
        lists.filter(|value| value.is_null()).collect::<Vec<_>>()
    };
    let (relation, name, says) = match new.null {
        true => (Relation::WIDENED, "became-nullable", "may be null now"),
        false => (
            Relation::NARROWED,
            "became-not-nullable",
            "may no longer be null",
        ),
    };
    let finding = context
        .finding(name, (old_flag, new_flag), says)
        .claim((old_flag, new_flag))
        .claim_old(nulls(old))
        .claim_new(nulls(new));
    context.report(relation, finding);
}

/// What is said about a value without limiting it.
fn annotations<'a>(context: &mut Context<'a>, old: &Form<'a>, new: &Form<'a>) {
    let find = |form: &Form<'a>, key: &str| form.shared.iter().find_map(|object| object.get(key));
    default(context, (find(old, "default"), find(new, "default")));
    let deprecated = (find(old, "deprecated"), find(new, "deprecated"));
    match (is_true(deprecated.0), is_true(deprecated.1)) {
        (false, true) => context.shift(Relation::EQUAL, "deprecated", deprecated, "is deprecated"),
        (true, false) => context.shift(
            Relation::EQUAL,
            "reactivated",
            deprecated,
            "is no longer deprecated",
        ),
        (true, true) | (false, false) => {}
    }
    discriminators::compare(context, old, new);
}

fn default<'a>(context: &mut Context<'a>, at: Both<'a>) {
    let (name, says) = match at {
        (None, Some(new)) => ("added", format!("has the default {new} now")),
        (Some(old), None) => ("removed", format!("no longer has the default {old}")),
        (Some(old), Some(new)) if !number::same(old, new) => {
            ("changed", format!("has the default {new} instead of {old}"))
        }
        (Some(_), Some(_)) | (None, None) => return,
    };
    match context.role {
        Role::Value => context.shift(Relation::EQUAL, &format!("default-value-{name}"), at, says),
        Role::Parameter => {
            let near = (at.0.or(context.at.0), at.1.or(context.at.1));
            let id = format!("request-parameter-default-value-{name}");
            context.report(Relation::EQUAL, Finding::new(&id, near, says).claim(at));
        }
    }
}
