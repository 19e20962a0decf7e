//! Compares the media types of two bodies. In: nodes that have `content`. Out: findings; schemas go to the judge.
//!
//! Of the keys that fit a body, the most special one applies. So a key that went says nothing as long as another one
//! still covers it, and what was said there is compared with what is said by the one that applies now.

use super::super::finding::{Both, Finding};
use super::super::judge::{Judge, Nodes, Question, Relation, Role};
use super::super::media::Media;
use super::super::report::Direction;
use serde_json::Value;

/// One member of `content`.
struct Entry<'a> {
    key: &'a str,
    media: Media,
    node: &'a Value,
    /// The entry of the other side with the same name, by its place.
    same: Option<usize>,
    /// The entry of the other side that applies to bodies of this name, where none has it.
    cover: Option<usize>,
    /// Whether a finding says what became of it.
    told: bool,
}

/// Compares the media types of two bodies.
pub(in super::super) fn compare<'a>(
    judge: &mut Judge<'a>,
    nodes: (&'a Value, &'a Value),
    about: &str,
    direction: Direction,
) {
    let at = (nodes.0.get("content"), nodes.1.get("content"));
    let (mut old, mut new) = (entries(at.0), entries(at.1));
    pair(&mut old, &mut new, |one, other| one == other);
    pair(&mut old, &mut new, Media::is_alike);
    cover(&mut old, &new);
    cover(&mut new, &old);
    let at = (at.0.or(Some(nodes.0)), at.1.or(Some(nodes.1)));
    let mut exchange = Exchange {
        at,
        about,
        direction,
        old,
        new,
    };
    exchange.named(judge);
    exchange.covered(judge);
    exchange.narrowed(judge);
    exchange.built(judge);
    exchange.lone(judge);
}

/// The members in an order that does not depend on how they are written.
fn entries(content: Option<&Value>) -> Vec<Entry<'_>> {
    let members = content.and_then(Value::as_object).into_iter().flatten();
    let mut entries: Vec<Entry<'_>> = members
        .map(|(key, node)| Entry {
            key,
            media: Media::read(key),
            node,
            same: None,
            cover: None,
            told: false,
        })
        .collect();
    entries.sort_by(|one, other| (&one.media, one.key).cmp(&(&other.media, other.key)));
    entries
}

fn pair(old: &mut [Entry<'_>], new: &mut [Entry<'_>], like: impl Fn(&Media, &Media) -> bool) {
    for (index, before) in old.iter_mut().enumerate() {
        let open = before.same.is_none();
        let found = new
            .iter()
            .position(|after| after.same.is_none() && like(&before.media, &after.media));
        if let Some(found) = found.filter(|_| open) {
            before.same = Some(found);
            new[found].same = Some(index);
        }
    }
}

fn cover(ones: &mut [Entry<'_>], others: &[Entry<'_>]) {
    for one in ones.iter_mut().filter(|one| one.same.is_none()) {
        let fitting = others
            .iter()
            .enumerate()
            .filter(|(_, other)| one.media.is_within(&other.media));
        one.cover = fitting
            .max_by_key(|(_, other)| other.media.precision())
            .map(|(index, _)| index);
    }
}

impl Entry<'_> {
    /// Whether bodies of this name are described on the other side too.
    fn is_known(&self) -> bool {
        self.same.is_some() || self.cover.is_some()
    }
}

struct Exchange<'a, 't> {
    at: Both<'a>,
    about: &'t str,
    direction: Direction,
    old: Vec<Entry<'a>>,
    new: Vec<Entry<'a>>,
}

impl<'a> Exchange<'a, '_> {
    fn finding(&self, name: &str, at: Both<'a>, says: String) -> Finding<'a> {
        let prefix = match self.direction {
            Direction::Request => "request-body",
            Direction::Response => "response",
        };
        let shown = (at.0.or(self.at.0), at.1.or(self.at.1));
        Finding::new(&format!("{prefix}-{name}"), shown, says).about(self.about)
    }

    /// A finding about an entry that stands in the place of another.
    fn replaced(&self, name: &str, (old, new): (usize, usize)) -> Finding<'a> {
        let (old, new) = (&self.old[old], &self.new[new]);
        let says = format!("is written as `{}` instead of `{}`", new.key, old.key);
        // They stand under different keys: what differs below them is reported on its own.
        let claim = |entry: &Entry<'a>| entry.same.is_none().then_some(entry.node);
        let claims = (claim(old), claim(new));
        self.finding(name, (Some(old.node), Some(new.node)), says)
            .claim(claims)
    }

    /// Those with the same name.
    fn named(&mut self, judge: &mut Judge<'a>) {
        for index in 0..self.old.len() {
            let Some(other) = self.old[index].same else {
                continue;
            };
            let (old, new) = (&self.old[index], &self.new[other]);
            if old.media != new.media {
                let at = (Some(old.node), Some(new.node));
                let finding = self.replaced("media-type-name-changed", (index, other));
                judge.report(finding.claim(at));
            }
            self.both(judge, (index, other));
        }
    }

    /// Those that another one of the other side covers.
    fn covered(&mut self, judge: &mut Judge<'a>) {
        for index in 0..self.old.len() {
            let Some(other) = self.old[index].cover else {
                continue;
            };
            if !self.new[other].is_known() {
                judge.report(self.replaced("media-type-name-generalized", (index, other)));
                self.new[other].told = true;
            }
            let same = self.both(judge, (index, other));
            self.explain(judge, &self.old[index], same);
        }
        for index in 0..self.new.len() {
            let Some(other) = self.new[index].cover else {
                continue;
            };
            if !self.old[other].is_known() {
                judge.report(self.replaced("media-type-name-specialized", (other, index)));
                self.old[other].told = true;
            }
            let same = self.both(judge, (other, index));
            self.explain(judge, &self.new[index], same);
        }
    }

    /// A key that another one covers is no finding of its own where the schemas say what changed.
    fn explain(&self, judge: &mut Judge<'a>, entry: &Entry<'a>, same: bool) {
        if !same {
            judge.explained.push((Some(entry.node), None));
        }
    }

    /// Ranges that are gone while a part of them is still there.
    fn narrowed(&mut self, judge: &mut Judge<'a>) {
        for index in 0..self.old.len() {
            let old = &self.old[index];
            let part = (0..self.new.len())
                .filter(|other| self.new[*other].media.is_within(&old.media))
                .max_by_key(|other| self.new[*other].media.precision());
            if let Some(part) = part.filter(|_| !old.is_known() && !old.told) {
                judge.report(self.replaced("media-type-name-specialized", (index, part)));
                self.old[index].told = true;
            }
        }
    }

    /// Formats in the place of those that they are built on, and the other way round.
    fn built(&mut self, judge: &mut Judge<'a>) {
        for index in 0..self.old.len() {
            let other = (0..self.new.len()).find(|other| {
                let (old, new) = (&self.old[index], &self.new[*other]);
                let open = |entry: &Entry<'_>| !entry.is_known() && !entry.told;
                let built = old.media.is_built_on(&new.media) || new.media.is_built_on(&old.media);
                built && open(old) && open(new)
            });
            if let Some(other) = other {
                let general = self.old[index].media.is_built_on(&self.new[other].media);
                let name = match general {
                    true => "media-type-name-generalized",
                    false => "media-type-name-specialized",
                };
                judge.report(self.replaced(name, (index, other)));
                self.both(judge, (index, other));
                self.old[index].told = true;
                self.new[other].told = true;
            }
        }
    }

    /// Those of which the other side knows nothing.
    fn lone(&self, judge: &mut Judge<'a>) {
        let open = |entry: &&Entry<'a>| !entry.is_known() && !entry.told;
        for entry in self.old.iter().filter(open) {
            let says = format!("is no longer written as `{}`", entry.key);
            let at = (Some(entry.node), None);
            judge.report(self.finding("media-type-removed", at, says).claim(at));
        }
        for entry in self.new.iter().filter(open) {
            let says = format!("can be written as `{}` too", entry.key);
            let at = (None, Some(entry.node));
            judge.report(self.finding("media-type-added", at, says).claim(at));
        }
    }

    /// Compares what two entries say; gives whether their schemas accept the same.
    fn both(&self, judge: &mut Judge<'a>, (old, new): (usize, usize)) -> bool {
        let (old, new) = (&self.old[old], &self.new[new]);
        judge.see(Some(old.node));
        judge.see(Some(new.node));
        let direction = self.direction;
        let at = (old.node.get("schema"), new.node.get("schema"));
        let same = match at {
            (None, None) => true,
            (None, Some(_)) => {
                let says = format!("has a schema for `{}` now", new.key);
                judge.report(self.finding("media-type-schema-added", at, says).claim(at));
                false
            }
            (Some(_), None) => {
                let says = format!("no longer has a schema for `{}`", new.key);
                let finding = self.finding("media-type-schema-removed", at, says);
                judge.report(finding.claim(at));
                false
            }
            (Some(old), Some(new)) => {
                let question = Question {
                    old: Nodes(vec![old]),
                    new: Nodes(vec![new]),
                    direction,
                    role: Role::Value,
                };
                judge.schemas(question.clone());
                let pair = judge.pair(question);
                judge.relation(pair) == Relation::EQUAL
            }
        };
        let encoding = (old.node.get("encoding"), new.node.get("encoding"));
        if encoding.0 != encoding.1 && direction == Direction::Request {
            let says = format!("has its parts written in another way in `{}`", new.key);
            let finding = self.finding("encoding-changed", encoding, says);
            judge.report(finding.claim(encoding));
        }
        same
    }
}
