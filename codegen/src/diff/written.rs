//! Compares how one value becomes text, and what it may be: that of a parameter or of a header. In: it on both sides. Out:
//! findings; schemas go to the judge. Knows no list of parameters.

use super::finding::Finding;
use super::form::{Flat, Form, Types};
use super::judge::{Judge, Nodes, Question, Role};
use super::media::Media;
use super::report::Direction;
use super::side::Side;
use serde_json::Value;

/// Something that travels as a text: a parameter, or a header.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) node: &'a Value,
    /// `query`, `path`, `header` or `cookie`.
    pub(super) place: &'a str,
}

/// How findings about it are told.
#[derive(Clone, Copy)]
pub(super) struct Told<'t> {
    pub(super) about: &'t str,
    /// The rule by which another way of writing is judged.
    pub(super) rule: &'t str,
    pub(super) direction: Direction,
}

/// What a value consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parts {
    None,
    Elements,
    Members,
}

/// Compares what a value is written as, and what it accepts.
pub(super) fn compare<'a>(judge: &mut Judge<'a>, old: Text<'a>, new: Text<'a>, told: Told<'_>) {
    let media = (old.media(), new.media());
    let plain = old.is_plain(judge.old, told.direction) && new.is_plain(judge.new, told.direction);
    let finding = match (&media.0, &media.1) {
        (None, None) => styles(judge, old, new, told),
        (before, after) if before == after || plain => None,
        (Some(_), _) | (_, Some(_)) => Some(ways(old, new, told)),
    };
    if let Some(finding) = finding {
        judge.report(finding);
    }
    // The texts of numbers are texts, but not as JSON writes them.
    let is_text = |media: &Option<Media>| media.as_ref().is_none_or(is_plain_text);
    let role = match told.direction {
        Direction::Request if is_text(&media.0) && is_text(&media.1) => Role::Parameter,
        Direction::Request | Direction::Response => Role::Value,
    };
    judge.schemas(Question {
        old: Nodes(old.schema().into_iter().collect()),
        new: Nodes(new.schema().into_iter().collect()),
        direction: told.direction,
        role,
    });
}

/// Whether parts travel in another way: the style, and whether they travel apart. Only lists and objects have parts.
fn styles<'a>(
    judge: &Judge<'a>,
    old: Text<'a>,
    new: Text<'a>,
    told: Told<'_>,
) -> Option<Finding<'a>> {
    let (before, after) = (old.style(), new.style());
    let parts = (
        old.parts(judge.old, told.direction),
        new.parts(judge.new, told.direction),
    );
    let both = |styles: &[&str]| {
        [before.0, after.0]
            .iter()
            .all(|style| styles.contains(style))
    };
    let matters = match parts.0.max(parts.1) {
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
    if before == after || !matters || old.place != new.place {
        return None;
    }
    let words = |(style, explode): (&str, bool)| match explode {
        true => format!("`{style}`, exploded"),
        false => format!("`{style}`, not exploded"),
    };
    let says = format!(
        "is written in style {} (was {})",
        words(after),
        words(before)
    );
    let key = |name: &str| (old.node.get(name), new.node.get(name));
    let finding = Finding::new(told.rule, (Some(old.node), Some(new.node)), says);
    let finding = finding.about(told.about);
    Some(finding.claim(key("style")).claim(key("explode")))
}

/// The finding that one media type took the place of another, or of a style.
fn ways<'a>(old: Text<'a>, new: Text<'a>, told: Told<'_>) -> Finding<'a> {
    let words = |text: Text<'a>| match text.content() {
        Some((name, _)) => format!("as `{name}`"),
        None => "in a style".to_owned(),
    };
    let says = format!("is written {} (was {})", words(new), words(old));
    let key = |name: &str| (old.node.get(name), new.node.get(name));
    let at = key("content");
    let shown = (at.0.or(Some(old.node)), at.1.or(Some(new.node)));
    let finding = Finding::new(told.rule, shown, says).about(told.about);
    // The keys that only one of the two ways of writing has.
    let lone = ["schema", "style", "explode"].map(key);
    let lone = lone
        .into_iter()
        .filter(|at| at.0.is_some() != at.1.is_some());
    lone.fold(finding.claim(at), Finding::claim)
}

fn is_plain_text(media: &Media) -> bool {
    media.is_within(&Media::read("text/plain"))
}

impl<'a> Text<'a> {
    /// The style, and whether parts travel apart.
    fn style(self) -> (&'a str, bool) {
        let default = match self.place {
            "query" | "cookie" => "form",
            _ => "simple",
        };
        let style = self.node.get("style").and_then(Value::as_str);
        let style = style.unwrap_or(default);
        let explode = self.node.get("explode").and_then(Value::as_bool);
        (style, explode.unwrap_or(style == "form"))
    }

    /// The media type, of which there is one at most, and what is said of it.
    fn content(self) -> Option<(&'a str, &'a Value)> {
        let mut members = self.node.get("content")?.as_object()?.iter();
        members.next().map(|(name, media)| (name.as_str(), media))
    }

    fn media(self) -> Option<Media> {
        self.content().map(|(name, _)| Media::read(name))
    }

    fn schema(self) -> Option<&'a Value> {
        let own = self.node.get("schema");
        own.or_else(|| self.content()?.1.get("schema"))
    }

    /// The kinds of values that it may have.
    fn types(self, side: &'a Side, direction: Direction) -> Types {
        let Some(schema) = self.schema() else {
            return Types::ANY;
        };
        let form = Form::of(side, &[schema]);
        let kinds = form.alternatives.iter().map(|one| {
            let flat = Flat::of(side, &one.objects, direction);
            flat.types
        });
        kinds.reduce(Types::or).unwrap_or(Types::ANY)
    }

    /// What it consists of at most; what may be anything is taken for a single text.
    fn parts(self, side: &'a Side, direction: Direction) -> Parts {
        match self.types(side, direction) {
            Types::ANY => Parts::None,
            types if types.touches(Types::OBJECT) => Parts::Members,
            types if types.touches(Types::ARRAY) => Parts::Elements,
            _ => Parts::None,
        }
    }

    /// Whether it is written with the same letters in a style and as plain text: no list and no object; and a text has quotes
    /// in JSON.
    fn is_plain(self, side: &'a Side, direction: Direction) -> bool {
        let bare = Types::NUMBER.or(Types::BOOLEAN);
        let single = bare.or(Types::STRING);
        let types = self.types(side, direction);
        match self.media() {
            None => single.contains(types) && !matches!(self.style().0, "label" | "matrix"),
            Some(media) if is_plain_text(&media) => single.contains(types),
            Some(media) => media == Media::read("application/json") && bare.contains(types),
        }
    }
}
