//! The state of one comparison. In: pairs of nodes that mean the same place. Out: findings by operation. Knows no rule.
//!
//! A pair of schemas is judged once, whatever refers to it. Its findings belong to every operation from which the pair
//! can be reached; a pair that nothing reaches was only asked whether one schema accepts less than another.

use super::date::Date;
use super::finding::{Both, Finding, identity};
use super::report::Direction;
use super::schema;
use super::side::Side;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

mod unchanged;

use unchanged::Unchanged;

/// How the new set of values lies to the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Relation {
    /// Something that was accepted no longer is.
    pub(super) narrowed: bool,
    /// Something is accepted that was not.
    pub(super) widened: bool,
    /// A member that need not be there came. Callers get on with either, and yet the two are not the same.
    pub(super) gained: bool,
    /// A member that need not be there went.
    pub(super) lost: bool,
}

impl Relation {
    pub(super) const EQUAL: Self = Self {
        narrowed: false,
        widened: false,
        gained: false,
        lost: false,
    };
    pub(super) const NARROWED: Self = Self {
        narrowed: true,
        ..Self::EQUAL
    };
    pub(super) const WIDENED: Self = Self {
        widened: true,
        ..Self::EQUAL
    };
    pub(super) const CHANGED: Self = Self {
        narrowed: true,
        widened: true,
        ..Self::EQUAL
    };
    pub(super) const GAINED: Self = Self {
        gained: true,
        ..Self::EQUAL
    };
    pub(super) const LOST: Self = Self {
        lost: true,
        ..Self::EQUAL
    };

    /// Whether neither set can stand for the other.
    pub(super) fn is_apart(self) -> bool {
        (self.narrowed && self.widened) || (self.gained && self.lost)
    }

    /// Both at once.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            narrowed: self.narrowed || other.narrowed,
            widened: self.widened || other.widened,
            gained: self.gained || other.gained,
            lost: self.lost || other.lost,
        }
    }

    /// The relation of what the two sets leave out.
    pub(super) fn inverted(self) -> Self {
        Self {
            narrowed: self.widened,
            widened: self.narrowed,
            gained: self.lost,
            lost: self.gained,
        }
    }
}

/// What is special about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Nothing.
    Value,
    /// It is a parameter: one that is left out has its default.
    Parameter,
}

/// Schemas whose common meaning is compared, one list for each side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question<'a> {
    pub(super) old: Nodes<'a>,
    pub(super) new: Nodes<'a>,
    pub(super) direction: Direction,
    pub(super) role: Role,
}

/// Schemas that a value has to satisfy all at once, told apart by where they stand.
#[derive(Debug, Clone)]
pub(super) struct Nodes<'a>(pub(super) Vec<&'a Value>);

impl<'a> Nodes<'a> {
    /// The reference that stands for all of them.
    pub(super) fn reference(&self) -> Option<&'a str> {
        match self.0.as_slice() {
            [node] => node.get("$ref").and_then(Value::as_str),
            _ => None,
        }
    }

    fn identities(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|node| identity(node))
    }
}

impl PartialEq for Nodes<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.identities().eq(other.identities())
    }
}

impl Eq for Nodes<'_> {}

impl std::hash::Hash for Nodes<'_> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.identities().for_each(|node| node.hash(state));
    }
}

/// The number of a pair.
pub(super) type PairId = usize;

/// What is known of a pair of schemas.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) question: Question<'a>,
    pub(super) answer: Option<Answer<'a>>,
}

/// What a pair of schemas itself says, leaving aside what stands below it.
#[derive(Debug, Default)]
pub(super) struct Answer<'a> {
    pub(super) relation: Relation,
    pub(super) findings: Vec<Finding<'a>>,
    pub(super) below: Vec<PairId>,
    /// The pair that says all, where this one refers to the same components.
    pub(super) stands_for: Option<PairId>,
    /// Nodes whose way of composing changed: how they are written says nothing more.
    pub(super) recomposed: (Vec<&'a Value>, Vec<&'a Value>),
    /// What the two schemas are written in, over all references: the identities of these nodes.
    pub(super) written: Vec<usize>,
}

/// What was found at one operation, or at none.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    /// `POST /a/`; empty for what belongs to no operation.
    pub(super) operation: String,
    pub(super) findings: Vec<Finding<'a>>,
    pub(super) pairs: Vec<PairId>,
}

/// One comparison.
pub(super) struct Judge<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    /// The last one is filled at the moment; the first belongs to no operation.
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) pairs: Vec<Pair<'a>>,
    /// Nodes whose meaning was looked at, on either side.
    pub(super) seen: HashSet<usize>,
    /// Nodes beside schemas that operations use, by the numbers of these.
    pub(super) used: HashMap<usize, BTreeSet<usize>>,
    /// The day of the comparison, where somebody named it.
    pub(super) today: Option<Date>,
    /// Whether a path matched under another spelling, by the new one.
    pub(super) renamed_paths: HashMap<&'a str, &'a str>,
    /// Nodes whose difference needs no finding: another one says it.
    pub(super) explained: Vec<Both<'a>>,
    known: HashMap<Question<'a>, PairId>,
    /// The first pair of references to the same two components.
    referring: HashMap<(&'a str, &'a str, Direction, Role), PairId>,
    unchanged: Unchanged,
    depth: usize,
}

/// How deep unions may nest in each other, over all references, before the inner ones are taken as they are written.
const DEEPEST: usize = 24;

impl<'a> Judge<'a> {
    pub(super) fn new(old: &'a Side, new: &'a Side) -> Self {
        Self {
            old,
            new,
            scopes: vec![Scope::default()],
            pairs: Vec::new(),
            seen: HashSet::new(),
            used: HashMap::new(),
            today: None,
            renamed_paths: HashMap::new(),
            explained: Vec::new(),
            known: HashMap::new(),
            referring: HashMap::new(),
            unchanged: Unchanged::of(old, new),
            depth: 0,
        }
    }

    /// What is found from now on belongs to this operation; the empty name is no operation.
    pub(super) fn enter(&mut self, operation: String) {
        self.scopes.push(Scope {
            operation,
            ..Scope::default()
        });
    }

    /// Reports a finding.
    pub(super) fn report(&mut self, finding: Finding<'a>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.findings.push(finding);
        }
    }

    /// Notes that the meaning of a node is judged, so that a difference which nobody reports is one of spelling.
    pub(super) fn see(&mut self, node: Option<&'a Value>) {
        self.seen.extend(node.map(identity));
    }

    /// Notes the same of a node that the operation at hand uses, and others may use too.
    pub(super) fn meet(&mut self, node: &'a Value) {
        self.see(Some(node));
        let operation = self.scopes.len().saturating_sub(1);
        self.used
            .entry(identity(node))
            .or_default()
            .insert(operation);
    }

    /// Whether two nodes are the same, with all that they refer to.
    pub(super) fn is_unchanged(&self, old: &Value, new: &Value) -> bool {
        self.unchanged.covers(old, new)
    }

    /// Compares what two schemas accept, and reports it.
    pub(super) fn schemas(&mut self, question: Question<'a>) {
        let pair = self.pair(question);
        self.answer_all(pair);
        if let Some(scope) = self.scopes.last_mut() {
            scope.pairs.push(pair);
        }
    }

    /// The pair of this question, not yet answered.
    pub(super) fn pair(&mut self, question: Question<'a>) -> PairId {
        if let Some(pair) = self.known.get(&question) {
            return *pair;
        }
        let pair = self.pairs.len();
        self.known.insert(question.clone(), pair);
        self.pairs.push(Pair {
            question,
            answer: None,
        });
        pair
    }

    /// The pair whose references have led to the same components before these did; `None` for the first.
    pub(super) fn first_referring(&mut self, question: &Question<'a>) -> Option<PairId> {
        let (old, new) = (question.old.reference()?, question.new.reference()?);
        let pair = self.pair(question.clone());
        let key = (old, new, question.direction, question.role);
        let first = *self.referring.entry(key).or_insert(pair);
        (first != pair).then_some(first)
    }

    /// How the new set of a pair lies to the old one, with all that stands below. A pair whose answer is being looked for
    /// counts as equal: the greatest solution is the meaning of a recursive schema.
    pub(super) fn relation(&mut self, pair: PairId) -> Relation {
        if self.depth >= DEEPEST {
            return Relation::CHANGED;
        }
        self.depth += 1;
        self.answer_all(pair);
        self.depth -= 1;
        let mut relation = Relation::EQUAL;
        for reached in self.reached(&[pair]) {
            if let Some(answer) = &self.pairs[reached].answer {
                relation = relation.and(answer.relation);
            }
        }
        relation
    }

    /// The pairs that can be reached from these, themselves included, nearest first.
    pub(super) fn reached(&self, from: &[PairId]) -> Vec<PairId> {
        let mut reached = Vec::new();
        let mut known = HashSet::new();
        let mut open: VecDeque<PairId> = from.iter().copied().collect();
        while let Some(pair) = open.pop_front() {
            if known.insert(pair) {
                reached.push(pair);
                let below = self.pairs[pair].answer.as_ref();
                open.extend(below.iter().flat_map(|answer| &answer.below));
            }
        }
        reached
    }

    // A list of what is open in place of recursion: references may chain up without end.
    fn answer_all(&mut self, pair: PairId) {
        let mut open = vec![pair];
        while let Some(pair) = open.pop() {
            if self.pairs[pair].answer.is_some() {
                continue;
            }
            let question = self.pairs[pair].question.clone();
            self.pairs[pair].answer = Some(Answer::default());
            if let ([old], [new]) = (question.old.0.as_slice(), question.new.0.as_slice())
                && self.is_unchanged(old, new)
            {
                continue;
            }
            let answer = schema::compare(self, &question);
            open.extend(&answer.below);
            self.pairs[pair].answer = Some(answer);
        }
    }
}
