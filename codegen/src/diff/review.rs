//! A verdict as people see it: levels and accepted changes of the policy applied. In: a verdict, a policy, the day. Out:
//! what is shown, in every format. Knows no format.

use super::date::Date;
use super::policy::{Entry, Policy};
use super::report::{Change, Direction, Effect, Level, Place};
use super::rust::{Bump, RustChange};
use super::verdict::{self, Verdict};
use super::version::Version;
use crate::diagnostic::Position;

/// Everything that is shown about two documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What the old document is called.
    pub old: String,
    /// What the new document is called.
    pub new: String,
    /// The edits: the worst first, within a level those that break users of the crate, then in the order of the new
    /// document.
    pub items: Vec<Item>,
    /// What changes for users of the crate and belongs to none of the edits.
    pub rust: Vec<RustChange>,
    /// Why nobody knows what changes for users of the crate.
    pub unplanned: Option<String>,
    /// How far the version of the API has to be raised.
    pub api: Bump,
    /// How far the version of the crate has to be raised; `None` when nobody knows.
    pub krate: Option<Bump>,
    /// The crate's version when the document was the old one, where that is known.
    pub released: Option<Version>,
    /// How many findings are not shown because the policy turns their rules off.
    pub hidden: usize,
    /// What is wrong with the list of accepted changes.
    pub notes: Vec<Note>,
}

/// One edit, and all that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The worst that it does to callers.
    pub ruling: Ruling,
    /// What it does to callers besides, in the other direction.
    pub also: Vec<Ruling>,
    /// The operations that it reaches; none where it reaches the whole document or nothing.
    pub operations: Vec<String>,
    /// Where it stands in the old document.
    pub old: Option<Place>,
    /// Where it stands in the new document.
    pub new: Option<Place>,
    /// What it does to users of the crate.
    pub rust: Vec<RustChange>,
}

/// What one rule says about an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The rule's id.
    pub rule: &'static str,
    /// How bad it is, by the rule or by the policy.
    pub level: Level,
    /// Which way the values travel.
    pub direction: Option<Direction>,
    /// What happened, in one sentence.
    pub text: String,
    /// Why and until when it is accepted.
    pub accepted: Option<Acceptance>,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The reason that the policy gives.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Date,
}

/// An entry of the list of accepted changes that has no effect. It counts as a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file of the list.
    pub file: String,
    /// Where the entry stands in it.
    pub position: Position,
    /// What is wrong with it, in one sentence.
    pub text: String,
}

impl Item {
    /// Whether code that uses the crate may no longer compile.
    pub fn breaks_rust(&self) -> bool {
        self.rust.iter().any(|change| change.bump == Bump::Major)
    }

    /// The level of the worst that is not accepted.
    pub fn pending(&self) -> Option<Level> {
        let rulings = std::iter::once(&self.ruling).chain(&self.also);
        let open = rulings.filter(|ruling| ruling.accepted.is_none());
        open.map(|ruling| ruling.level).max()
    }
}

impl Review {
    /// How many edits, and entries of the policy without effect, are at this level or above and not accepted.
    pub fn pending(&self, level: Level) -> usize {
        let items = self
            .items
            .iter()
            .filter(|item| item.pending() >= Some(level));
        let notes = if level <= Level::Warning {
            self.notes.len()
        } else {
            0
        };
        items.count() + notes
    }
}

/// Applies a policy, as it is on the day `today`.
pub fn review(verdict: Verdict, policy: &Policy, today: Date) -> Review {
    let mut used = vec![false; policy.accepted.len()];
    let mut hidden = 0;
    let (changes, unplanned) = match verdict.rust {
        Ok(changes) => (changes, None),
        Err(reason) => (Vec::new(), Some(reason)),
    };
    let mut rust = Vec::new();
    let mut owned: Vec<Vec<RustChange>> = vec![Vec::new(); verdict.wire.changes.len()];
    for change in changes {
        match verdict::owner(&change, &verdict.wire.changes) {
            Some(index) => owned[index].push(change),
            None => rust.push(change),
        }
    }
    let mut items = Vec::new();
    for (change, owned) in verdict.wire.changes.into_iter().zip(owned) {
        let mut applied = Applied {
            policy,
            today,
            used: &mut used,
        };
        match applied.item(change) {
            Ok(item) => items.push(Item {
                rust: owned,
                ..item
            }),
            Err(Hidden) => {
                hidden += 1;
                rust.extend(owned);
            }
        }
    }
    // Stable: besides that the order of the document stays.
    items.sort_by_key(|item| std::cmp::Reverse((item.ruling.level, item.breaks_rust())));
    let rulings = items
        .iter()
        .flat_map(|item| std::iter::once(&item.ruling).chain(&item.also));
    let api = verdict::bump(rulings.map(|ruling| (ruling.rule, ruling.level)));
    Review {
        old: verdict.wire.old,
        new: verdict.wire.new,
        items,
        rust,
        unplanned,
        // Whatever is hidden is a change all the same.
        api: api.max(if hidden > 0 { Bump::Patch } else { Bump::None }),
        krate: verdict.krate,
        released: None,
        hidden,
        notes: notes(policy, &used, today),
    }
}

/// The policy turns off every rule that reports this edit.
struct Hidden;

struct Applied<'a> {
    policy: &'a Policy,
    today: Date,
    /// For each entry of the policy whether it matched anything.
    used: &'a mut [bool],
}

impl Applied<'_> {
    fn item(&mut self, change: Change) -> Result<Item, Hidden> {
        let first = Effect {
            rule: change.rule,
            level: change.level,
            direction: change.direction,
            text: change.text,
        };
        let places = verdict::exact([change.old.as_ref(), change.new.as_ref()], |place| {
            &place.pointer
        });
        let effects = std::iter::once(first).chain(change.also);
        let mut rulings: Vec<Ruling> = effects
            .filter_map(|effect| self.ruling(effect, places))
            .collect();
        // Stable: what was worst stays first among its equals.
        rulings.sort_by_key(|ruling| std::cmp::Reverse(ruling.level));
        let mut rulings = rulings.into_iter();
        Ok(Item {
            ruling: rulings.next().ok_or(Hidden)?,
            also: rulings.collect(),
            operations: change.operations,
            old: change.old,
            new: change.new,
            rust: Vec::new(),
        })
    }

    /// `None` when the policy turns the rule off.
    fn ruling(&mut self, effect: Effect, places: [Option<&Place>; 2]) -> Option<Ruling> {
        let level = match self.policy.levels.get(effect.rule) {
            None => effect.level,
            Some(level) => (*level)?,
        };
        let is_about = |entry: &Entry| {
            let mut places = places.into_iter().flatten();
            entry.rule == effect.rule && places.any(|place| place.pointer == entry.pointer)
        };
        let mut accepted = None;
        for (entry, used) in self.policy.accepted.iter().zip(self.used.iter_mut()) {
            if is_about(entry) {
                *used = true;
                if self.today <= entry.expires {
                    let Entry {
                        reason, expires, ..
                    } = entry;
                    accepted = Some(Acceptance {
                        reason: reason.clone(),
                        expires: *expires,
                    });
                }
            }
        }
        Some(Ruling {
            rule: effect.rule,
            level,
            direction: effect.direction,
            text: effect.text,
            accepted,
        })
    }
}

fn notes(policy: &Policy, used: &[bool], today: Date) -> Vec<Note> {
    let note = |(entry, used): (&Entry, &bool)| {
        let Entry {
            rule,
            pointer,
            expires,
            ..
        } = entry;
        let text = match (used, today <= *expires) {
            (true, true) => return None,
            (true, false) => {
                format!("`{rule}` at `{pointer}` was accepted until {expires}, and no longer is")
            }
            (false, true) => format!(
                "`{rule}` at `{pointer}` is accepted, and nothing like it was found: remove the entry"
            ),
            (false, false) => format!(
                "`{rule}` at `{pointer}` was accepted until {expires}, and nothing like it was found: remove the entry"
            ),
        };
        Some(Note {
            file: policy.file.clone(),
            position: entry.position,
            text,
        })
    };
    policy.accepted.iter().zip(used).filter_map(note).collect()
}
