//! Decides whether all texts of one expression are texts of another. In: two trees. Out: yes, no, or too much to say. Knows no
//! syntax.

use super::parse::{LAST, Set, Tree};
use std::collections::{BTreeSet, HashSet};

/// More states than this are not built.
const MOST_STATES: usize = 4_000;

/// More pairs of states than this are not looked at.
const MOST_PAIRS: usize = 20_000;

/// States with steps: on a character of a set, or without one.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    steps: Vec<Vec<(Set, usize)>>,
    free: Vec<Vec<usize>>,
    end: usize,
}

impl Automaton {
    /// The automaton of an expression; nothing where it has too many states.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        let mut automaton = Self::default();
        let start = automaton.state()?;
        automaton.end = automaton.add(tree, start)?;
        Some(automaton)
    }

    fn state(&mut self) -> Option<usize> {
        self.steps.push(Vec::new());
        self.free.push(Vec::new());
        (self.steps.len() <= MOST_STATES).then(|| self.steps.len() - 1)
    }

    /// Adds an expression that begins in a state; gives the state in which it ends.
    fn add(&mut self, tree: &Tree, start: usize) -> Option<usize> {
        match tree {
            Tree::One(set) => {
                let end = self.state()?;
                self.steps[start].push((set.clone(), end));
                Some(end)
            }
            Tree::Sequence(parts) => parts
                .iter()
                .try_fold(start, |state, part| self.add(part, state)),
            Tree::Choice(parts) => {
                let end = self.state()?;
                for part in parts {
                    let last = self.add(part, start)?;
                    self.free[last].push(end);
                }
                Some(end)
            }
            Tree::Repeat(inner, least, most) => self.repeat(inner, (*least, *most), start),
        }
    }

    fn repeat(
        &mut self,
        inner: &Tree,
        (least, most): (u32, Option<u32>),
        start: usize,
    ) -> Option<usize> {
        let mut state = start;
        for _ in 0..least {
            state = self.add(inner, state)?;
        }
        let end = self.state()?;
        match most {
            None => {
                // A state of its own, so that going round touches nothing that was before.
                let round = self.state()?;
                self.free[state].push(round);
                let last = self.add(inner, round)?;
                self.free[last].push(round);
                self.free[round].push(end);
            }
            Some(most) => {
                for _ in least..most {
                    self.free[state].push(end);
                    state = self.add(inner, state)?;
                }
                self.free[state].push(end);
            }
        }
        Some(end)
    }

    /// All states that can be reached without a character.
    fn closure(&self, states: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = states.iter().copied().collect();
        let mut found = states;
        while let Some(state) = open.pop() {
            for next in &self.free[state] {
                if found.insert(*next) {
                    open.push(*next);
                }
            }
        }
        found
    }

    fn after(&self, states: &BTreeSet<usize>, character: u32) -> BTreeSet<usize> {
        let steps = states.iter().flat_map(|state| &self.steps[*state]);
        let holds = |set: &Set| {
            set.iter()
                .any(|(first, last)| (*first..=*last).contains(&character))
        };
        let next = steps.filter(|(set, _)| holds(set)).map(|(_, next)| *next);
        self.closure(next.collect())
    }

    /// The first characters of all ranges: between them nothing changes.
    fn borders(&self) -> impl Iterator<Item = u32> {
        let sets = self.steps.iter().flatten().map(|(set, _)| set);
        sets.flatten().flat_map(|(first, last)| [*first, last + 1])
    }
}

/// Whether every text of the inner automaton is one of the outer; nothing when that takes too long to find out.
pub(super) fn includes(outer: &Automaton, inner: &Automaton) -> Option<bool> {
    let mut characters: BTreeSet<u32> = outer.borders().chain(inner.borders()).collect();
    characters.insert(0);
    characters.retain(|character| *character <= LAST);
    let start = |automaton: &Automaton| automaton.closure(BTreeSet::from([0]));
    let mut open = vec![(start(inner), start(outer))];
    let mut known = HashSet::from([open[0].clone()]);
    let mut work = 0;
    while let Some((one, other)) = open.pop() {
        if one.contains(&inner.end) && !other.contains(&outer.end) {
            return Some(false);
        }
        for character in &characters {
            work += 1 + one.len() + other.len();
            if known.len() > MOST_PAIRS || work > 100 * MOST_PAIRS {
                return None;
            }
            let next = (
                inner.after(&one, *character),
                outer.after(&other, *character),
            );
            if !next.0.is_empty() && known.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    Some(true)
}
