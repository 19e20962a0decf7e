//! What schema objects that hold at once say, keyword by keyword. In: the objects. Out: what is left of each keyword when
//! all are taken together, with the nodes that say so. Knows one side only.

use super::super::number;
use super::super::report::Direction;
use super::super::side::Side;
use super::list;
use super::types::{self, Types};
use indexmap::IndexMap;
use serde_json::Value;
use std::cmp::Ordering;

/// The tightest of several limits.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Limit<'a> {
    /// The number.
    pub(in super::super) value: &'a Value,
    /// Whether the number itself is outside.
    pub(in super::super) exclusive: bool,
    /// The node of `exclusiveMinimum` or `exclusiveMaximum`.
    pub(in super::super) flag: Option<&'a Value>,
}

/// A property, taken together.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Property<'a> {
    /// The schemas that its value has to satisfy.
    pub(in super::super) nodes: Vec<&'a Value>,
    /// The element of `required` that names it.
    pub(in super::super) required: Option<&'a Value>,
    /// Whether it does not travel in this direction, and the `readOnly` or `writeOnly` that says so.
    pub(in super::super) hidden: Option<&'a Value>,
}

/// What may stand beside the named properties.
#[derive(Debug, Clone)]
pub(in super::super) enum Additional<'a> {
    /// Anything.
    Any,
    /// Values of these schemas.
    Schemas(Vec<&'a Value>),
    /// Nothing.
    Nothing,
}

/// Keywords of numbers, texts, arrays and objects that limit them, by their place in `Flat::limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Reach {
    /// The keyword.
    pub(in super::super) keyword: &'static str,
    /// The part of rule names that means it.
    pub(in super::super) name: &'static str,
    /// Whether it is the upper end.
    pub(in super::super) upper: bool,
    /// What it counts; empty for numbers themselves.
    pub(in super::super) unit: &'static str,
    /// The kind of values that it speaks of.
    pub(in super::super) types: Types,
}

const fn reach(
    words: (&'static str, &'static str, &'static str),
    upper: bool,
    types: Types,
) -> Reach {
    Reach {
        keyword: words.0,
        name: words.1,
        unit: words.2,
        upper,
        types,
    }
}

impl Reach {
    /// All of them.
    pub(in super::super) const ALL: [Self; 8] = [
        reach(("minimum", "min", ""), false, Types::NUMBER),
        reach(("maximum", "max", ""), true, Types::NUMBER),
        reach(
            ("minLength", "min-length", "characters"),
            false,
            Types::STRING,
        ),
        reach(
            ("maxLength", "max-length", "characters"),
            true,
            Types::STRING,
        ),
        reach(("minItems", "min-items", "elements"), false, Types::ARRAY),
        reach(("maxItems", "max-items", "elements"), true, Types::ARRAY),
        reach(
            ("minProperties", "min-properties", "members"),
            false,
            Types::OBJECT,
        ),
        reach(
            ("maxProperties", "max-properties", "members"),
            true,
            Types::OBJECT,
        ),
    ];
}

/// Schema objects, taken together.
#[derive(Debug)]
pub(in super::super) struct Flat<'a> {
    pub(in super::super) types: Types,
    /// The values of `enum`, null aside; `None` where any value is accepted.
    pub(in super::super) values: Option<Vec<&'a Value>>,
    /// The list of values that is shown for them.
    pub(in super::super) values_at: Option<&'a Value>,
    /// Values that are known and may become more: `x-known-values`, `x-extensible-enum`.
    pub(in super::super) known: Option<&'a Value>,
    pub(in super::super) limits: [Option<Limit<'a>>; 8],
    pub(in super::super) formats: Vec<&'a Value>,
    pub(in super::super) patterns: Vec<&'a Value>,
    pub(in super::super) multiples: Vec<&'a Value>,
    pub(in super::super) unique: Option<&'a Value>,
    pub(in super::super) items: Vec<&'a Value>,
    pub(in super::super) properties: IndexMap<&'a str, Property<'a>>,
    pub(in super::super) additional: Additional<'a>,
    pub(in super::super) nots: Vec<&'a Value>,
    /// The object itself, for what is said of it as a whole.
    pub(in super::super) objects: Vec<&'a Value>,
}

impl<'a> Flat<'a> {
    pub(in super::super) fn of(
        side: &'a Side,
        objects: &[&'a Value],
        direction: Direction,
    ) -> Self {
        let every = |key: &str| {
            objects
                .iter()
                .filter_map(|object| object.get(key))
                .collect::<Vec<_>>()
        };
        let types = objects
            .iter()
            .fold(Types::ANY, |types, object| types.and(types::stated(object)));
        let mut flat = Self {
            types,
            values: None,
            values_at: every("enum").first().copied(),
            known: every("x-known-values")
                .into_iter()
                .chain(every("x-extensible-enum"))
                .next(),
            limits: Reach::ALL.map(|reach| limit(objects, reach)),
            formats: distinct(every("format")),
            patterns: distinct(every("pattern")),
            multiples: distinct(every("multipleOf")),
            unique: every("uniqueItems")
                .into_iter()
                .find(|value| **value == Value::Bool(true)),
            items: every("items"),
            properties: IndexMap::new(),
            additional: Additional::Any,
            nots: every("not"),
            objects: objects.to_vec(),
        };
        flat.settle_limits();
        flat.values = flat.enumerated();
        flat.collect_properties(side, direction);
        flat.collect_additional();
        flat.drop_idle();
        flat
    }

    /// Drops what limits nothing beside the other keywords.
    fn drop_idle(&mut self) {
        let required = |one: &Property<'_>| one.required.is_some() && one.hidden.is_none();
        let required = self.properties.values().filter(|one| required(one)).count();
        for (reach, limit) in Reach::ALL.iter().zip(&mut self.limits) {
            let at_most = |count: usize| {
                limit.is_some_and(|limit| {
                    number::compare(limit.value, &Value::from(count))
                        .is_some_and(std::cmp::Ordering::is_le)
                })
            };
            match reach.keyword {
                "minProperties" if at_most(required) => *limit = None,
                "maxItems" if at_most(1) => self.unique = None,
                _ => {}
            }
        }
        let types = self.types;
        self.nots
            .retain(|not| not.get("type").is_none() || types.touches(types::stated(not)));
    }

    fn enumerated(&self) -> Option<Vec<&'a Value>> {
        let lists: Vec<&'a Value> = self
            .objects
            .iter()
            .filter_map(|object| object.get("enum"))
            .collect();
        let (first, rest) = lists.split_first()?;
        let mut values: Vec<&'a Value> = Vec::new();
        for value in first.as_array().into_iter().flatten() {
            let everywhere = rest.iter().all(|list| {
                list.as_array()
                    .into_iter()
                    .flatten()
                    .any(|other| number::same(value, other))
            });
            let fits = self.types.touches(Types::of(value)) && self.permits(value);
            if everywhere && fits && !value.is_null() {
                values.push(value);
            }
        }
        // Both truth values are all that there are.
        let has = |truth: bool| values.iter().any(|value| value.as_bool() == Some(truth));
        let all = self.types == Types::BOOLEAN && has(true) && has(false);
        (!all).then_some(values)
    }

    /// Whether the limits permit a value that an enumeration names.
    pub(in super::super) fn permits(&self, value: &Value) -> bool {
        let length;
        let measured = match value {
            Value::String(text) => {
                length = Value::from(text.chars().count());
                &length
            }
            number @ Value::Number(_) => number,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return true,
        };
        Reach::ALL.iter().zip(&self.limits).all(|(reach, limit)| {
            let Some(limit) = limit.filter(|_| reach.types.touches(Types::of(value))) else {
                return true;
            };
            match number::compare(measured, limit.value) {
                Some(Ordering::Equal) => !limit.exclusive,
                Some(Ordering::Less) => reach.upper,
                Some(Ordering::Greater) => !reach.upper,
                None => true,
            }
        })
    }

    // A limit that limits nothing is none, and an enumeration leaves only its values to be limited.
    fn settle_limits(&mut self) {
        for (reach, limit) in Reach::ALL.iter().zip(&mut self.limits) {
            let counts_from_zero = !reach.unit.is_empty() && !reach.upper;
            let idle = limit.is_some_and(|limit| {
                counts_from_zero && number::same(limit.value, &Value::from(0))
                    || !limit.value.is_number()
            });
            if idle || !self.types.touches(reach.types) {
                *limit = None;
            }
        }
    }

    fn collect_properties(&mut self, side: &'a Side, direction: Direction) {
        let flag = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        for object in &self.objects {
            for (name, node) in object
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                let property = self.properties.entry(name).or_default();
                property.nodes.push(node);
                if property.hidden.is_none() {
                    property.hidden = flagged(side, node, flag, 0);
                }
            }
        }
        for object in &self.objects {
            for name in list(object, "required") {
                if let Some(text) = name.as_str() {
                    self.properties.entry(text).or_default().required = Some(name);
                }
            }
        }
    }

    fn collect_additional(&mut self) {
        let mut schemas = Vec::new();
        for object in self.objects.clone() {
            match object.get("additionalProperties") {
                Some(Value::Bool(false)) => {
                    let own = object.get("properties");
                    // What one closed object does not name, no other can add.
                    self.properties.retain(|name, property| {
                        property.required.is_some()
                            || own.is_some_and(|own| own.get(name).is_some())
                    });
                    self.additional = Additional::Nothing;
                }
                Some(node @ Value::Object(members)) if !members.is_empty() => schemas.push(node),
                _ => {}
            }
        }
        if !schemas.is_empty() && matches!(self.additional, Additional::Any) {
            self.additional = Additional::Schemas(schemas);
        }
    }
}

/// Without those that say the same again.
fn distinct(nodes: Vec<&Value>) -> Vec<&Value> {
    let mut found: Vec<&Value> = Vec::new();
    for node in nodes {
        if !found.iter().any(|other| number::same(node, other)) {
            found.push(node);
        }
    }
    found
}

/// The tightest limit that any of the objects states.
fn limit<'a>(objects: &[&'a Value], reach: Reach) -> Option<Limit<'a>> {
    let key = if reach.upper {
        "exclusiveMaximum"
    } else {
        "exclusiveMinimum"
    };
    let mut tightest: Option<Limit<'a>> = None;
    for object in objects {
        let Some(value) = object.get(reach.keyword) else {
            continue;
        };
        let flag = object.get(key).filter(|_| reach.unit.is_empty());
        let exclusive = flag == Some(&Value::Bool(true));
        let limit = Limit {
            value,
            exclusive,
            flag,
        };
        if tightest.is_none_or(|other| is_tighter(limit, other, reach.upper)) {
            tightest = Some(limit);
        }
    }
    tightest
}

fn is_tighter(limit: Limit<'_>, other: Limit<'_>, upper: bool) -> bool {
    match number::compare(limit.value, other.value) {
        Some(Ordering::Less) => upper,
        Some(Ordering::Greater) => !upper,
        Some(Ordering::Equal) => limit.exclusive && !other.exclusive,
        None => false,
    }
}

/// The node that says `true` for a flag, here or in what is referred to.
fn flagged<'a>(side: &'a Side, node: &'a Value, flag: &str, depth: usize) -> Option<&'a Value> {
    if depth > super::DEEPEST {
        return None;
    }
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        return flagged(side, side.resolve(reference)?, flag, depth + 1);
    }
    node.get(flag)
        .filter(|value| **value == Value::Bool(true))
        .or_else(|| list(node, "allOf").find_map(|member| flagged(side, member, flag, depth + 1)))
}
