//! What a schema accepts, however it is written. In: schemas that hold at once. Out: alternatives without `$ref`, `allOf`,
//! `oneOf` and `anyOf`. Knows one side only.

use super::finding::identity;
use super::paths::target;
use super::side::Side;
use serde_json::Value;
use std::collections::HashSet;

mod flat;
mod types;

pub(super) use flat::{Additional, Flat, Limit, Property, Reach};
pub(super) use types::Types;

/// More alternatives than this are not multiplied out.
const MOST_ALTERNATIVES: usize = 256;

/// More than this are not told apart, though nothing has to be multiplied.
const LONGEST_UNION: usize = 4096;

/// How far references, `allOf` and unions are followed on the spot.
const DEEPEST: usize = 64;

/// A schema as a choice between alternatives.
#[derive(Debug)]
pub(super) struct Form<'a> {
    /// Whether null is accepted.
    pub(super) null: bool,
    /// The alternatives beside null; one where there is no union.
    pub(super) alternatives: Vec<Alternative<'a>>,
    /// The `oneOf` and `anyOf` lists that made the alternatives, and bases that others extend.
    pub(super) unions: Vec<&'a Value>,
    /// Whether one of them lets a value match one alternative only.
    pub(super) exclusive: bool,
    /// The schema objects that hold in every alternative.
    pub(super) shared: Vec<&'a Value>,
    /// References that could not be followed, and unions too large to multiply out.
    pub(super) opaque: Vec<&'a Value>,
}

/// One alternative: schema objects that hold at once.
#[derive(Debug, Clone)]
pub(super) struct Alternative<'a> {
    /// The branches of unions that make it, the outermost first; empty without a union.
    pub(super) branches: Vec<Branch<'a>>,
    /// All schema objects that hold in it, the shared ones too.
    pub(super) objects: Vec<&'a Value>,
}

/// One element of a union.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch<'a> {
    pub(super) node: &'a Value,
    /// The schema whose keyword lists it.
    pub(super) owner: &'a Value,
}

impl<'a> Form<'a> {
    pub(super) fn of(side: &'a Side, nodes: &[&'a Value]) -> Self {
        let mut base = Base::default();
        for node in nodes {
            base.flatten(side, node, Way::default());
        }
        let null = nodes.iter().all(|node| accepts_null(side, node, 0));
        let mut grown = Grown::default();
        let start = Alternative {
            branches: Vec::new(),
            objects: base.objects.clone(),
        };
        grown.grow(side, start, base.unions.clone(), &mut Vec::new());
        let mut opaque = base.opaque;
        opaque.append(&mut grown.opaque);
        // A member that only says null is no alternative of its own.
        let mut alternatives = grown.found;
        alternatives.retain(|one| {
            one.branches.is_empty() || !one.objects.iter().any(|object| is_null_only(object))
        });
        Self {
            null,
            exclusive: grown.exclusive,
            unions: grown.unions,
            shared: base.objects,
            alternatives,
            opaque,
        }
    }
}

/// Schema objects that hold at once, and the unions among them.
#[derive(Debug, Default)]
struct Base<'a> {
    objects: Vec<&'a Value>,
    unions: Vec<Union<'a>>,
    opaque: Vec<&'a Value>,
    known: HashSet<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Union<'a> {
    exclusive: bool,
    list: &'a Value,
    /// The schema whose keyword it is.
    owner: &'a Value,
    /// Whether the branches are what extends the owner, which names none of them.
    family: bool,
}

/// How a schema was come to.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    depth: usize,
    /// Over a reference.
    referred: bool,
    /// As something that a component is composed of: itself, and none of what extends it.
    composed: bool,
}

impl Way {
    fn followed(self) -> Self {
        Self {
            depth: self.depth + 1,
            referred: true,
            ..self
        }
    }

    fn into_member(self) -> Self {
        Self {
            depth: self.depth + 1,
            composed: self.composed || self.referred,
            ..self
        }
    }
}

impl<'a> Base<'a> {
    fn flatten(&mut self, side: &'a Side, node: &'a Value, way: Way) {
        if !self.known.insert(identity(node)) {
            return;
        }
        if way.depth > DEEPEST {
            self.opaque.push(node);
            return;
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            match side.resolve(reference) {
                Some(target) => {
                    self.flatten(side, target, way.followed());
                    let family = side.families.variants(reference);
                    if let Some(list) = family.filter(|_| !way.composed) {
                        self.unions.push(Union {
                            exclusive: true,
                            list,
                            owner: target,
                            family: true,
                        });
                    }
                }
                None => self.opaque.push(node),
            }
            return;
        }
        self.objects.push(node);
        for member in list(node, "allOf") {
            self.flatten(side, member, way.into_member());
        }
        for (key, exclusive) in [("oneOf", true), ("anyOf", false)] {
            match node.get(key) {
                // One alternative is none, unless a value has to name it.
                Some(Value::Array(branches))
                    if branches.len() == 1 && node.get("discriminator").is_none() =>
                {
                    let depth = way.depth + 1;
                    self.flatten(side, &branches[0], Way { depth, ..way });
                }
                Some(list @ Value::Array(branches)) if !branches.is_empty() => {
                    self.unions.push(Union {
                        exclusive,
                        list,
                        owner: node,
                        family: false,
                    });
                }
                _ => {}
            }
        }
    }
}

/// The alternatives found so far.
#[derive(Debug, Default)]
struct Grown<'a> {
    found: Vec<Alternative<'a>>,
    unions: Vec<&'a Value>,
    opaque: Vec<&'a Value>,
    exclusive: bool,
}

impl<'a> Grown<'a> {
    /// Adds every alternative that begins with `start` and takes one branch of each union.
    fn grow(
        &mut self,
        side: &'a Side,
        start: Alternative<'a>,
        mut unions: Vec<Union<'a>>,
        path: &mut Vec<usize>,
    ) {
        let Some(union) = unions.pop() else {
            self.found.push(start);
            return;
        };
        // What extends a base is listed nowhere.
        let shown = if union.family {
            union.owner
        } else {
            union.list
        };
        if !self.unions.iter().any(|known| std::ptr::eq(*known, shown)) {
            self.unions.push(shown);
        }
        self.exclusive |= union.exclusive;
        let branches = union.list.as_array().map(Vec::as_slice).unwrap_or_default();
        let lone = unions.is_empty() && path.is_empty();
        let most = if lone {
            LONGEST_UNION
        } else {
            MOST_ALTERNATIVES
        };
        let full = self.found.len() + branches.len() > most;
        // One that is too large is compared as it is written.
        if full || path.len() > DEEPEST {
            self.opaque.push(union.list);
            self.grow(side, start, unions, path);
            return;
        }
        path.push(identity(union.owner));
        for branch in branches {
            // A schema that is its own alternative accepts nothing more by that.
            if path.contains(&identity(target(side, branch))) {
                continue;
            }
            let mut base = Base::default();
            base.known
                .extend(start.objects.iter().map(|object| identity(object)));
            let way = Way {
                composed: union.family,
                ..Way::default()
            };
            base.flatten(side, branch, way);
            self.opaque.append(&mut base.opaque);
            let mut next = start.clone();
            next.branches.push(Branch {
                node: branch,
                owner: union.owner,
            });
            next.objects.append(&mut base.objects);
            let mut rest = unions.clone();
            rest.append(&mut base.unions);
            self.grow(side, next, rest, path);
        }
        path.pop();
    }
}

/// The elements of a list keyword.
pub(super) fn list<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    node.get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Whether a schema accepts null. An outer `nullable: true` holds for what stands in its `allOf`, as writers mean it.
fn accepts_null(side: &Side, node: &Value, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
        return side
            .resolve(reference)
            .is_none_or(|target| accepts_null(side, target, depth + 1));
    }
    if node.get("nullable") == Some(&Value::Bool(true)) {
        return true;
    }
    if node.get("type").is_some() {
        return false;
    }
    let named = node
        .get("enum")
        .is_none_or(|_| list(node, "enum").any(Value::is_null));
    let inner = |member| accepts_null(side, member, depth + 1);
    let any = |key: &str| node.get(key).is_none_or(|_| list(node, key).any(inner));
    named
        && types::inferred(node).is_none()
        && list(node, "allOf").all(inner)
        && any("oneOf")
        && any("anyOf")
}

fn is_null_only(object: &Value) -> bool {
    let mut values = list(object, "enum").peekable();
    values.peek().is_some() && values.all(Value::is_null)
}
