//! The keys to redact. In: the keys of all clients of this process, while they exist. Out: whether
//! eight bytes are part of one. Reads no text.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many characters of a key tell it from other text. A shorter text is no real key, and taking it out
/// would spoil messages.
pub(super) const LENGTH: usize = 8;

/// So many characters of a key in a row, in lower case: a server may write a key in another case than it
/// came.
pub(super) type Part = [u8; LENGTH];

/// How many clients are remembered after they are gone: their errors and records live on, and may be
/// printed.
const REMEMBERED: usize = 256;

/// One table for the process. Texts are also read where no client is at hand (a stored record, the
/// body of a webhook), and a text that holds the key of another client is no better.
static TABLE: RwLock<Table> = RwLock::new(Table::new());

/// The parts of all keys, and how many clients have each.
#[derive(Debug)]
pub(super) struct Table {
    parts: BTreeMap<Part, usize>,
    gone: VecDeque<Vec<Part>>,
}

impl Table {
    const fn new() -> Self {
        Self {
            parts: BTreeMap::new(),
            gone: VecDeque::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub(super) fn holds(&self, part: &Part) -> bool {
        self.parts.contains_key(part)
    }

    fn add(&mut self, parts: &[Part]) {
        for part in parts {
            *self.parts.entry(*part).or_default() += 1;
        }
    }

    /// Forgets the keys of a client after those of many others.
    fn retire(&mut self, parts: Vec<Part>) {
        self.gone.push_back(parts);
        if self.gone.len() > REMEMBERED {
            for part in self.gone.pop_front().unwrap_or_default() {
                match self.parts.get_mut(&part) {
                    Some(count) if *count > 1 => *count -= 1,
                    Some(_) | None => {
                        self.parts.remove(&part);
                    }
                }
            }
        }
    }
}

/// Keys that are taken out of texts as long as this lives, and for some time after.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    parts: Vec<Part>,
}

impl Secrets {
    /// Adds these keys to what texts are searched for.
    pub(crate) fn new<'a>(keys: impl IntoIterator<Item = &'a str>) -> Arc<Self> {
        let mut parts = Vec::new();
        for key in keys {
            let key = key.to_ascii_lowercase().into_bytes();
            parts.extend(
                key.windows(LENGTH)
                    .filter_map(|part| Part::try_from(part).ok()),
            );
        }
        write().add(&parts);
        Arc::new(Self { parts })
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        if !self.parts.is_empty() {
            write().retire(std::mem::take(&mut self.parts));
        }
    }
}

/// The keys of all clients.
pub(super) fn table() -> RwLockReadGuard<'static, Table> {
    // Nothing panics between the changes of the two collections.
    TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Table> {
    TABLE.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_forgotten_after_those_of_many_others() {
        let mut table = Table::new();
        let (first, second) = (vec![*b"aaaaaaaa"], vec![*b"aaaaaaaa", *b"bbbbbbbb"]);
        table.add(&first);
        table.add(&second);
        table.retire(second);
        for number in 0..REMEMBERED {
            assert!(table.holds(b"bbbbbbbb"), "{number}");
            table.retire(Vec::new());
        }
        assert!(table.holds(b"aaaaaaaa") && !table.holds(b"bbbbbbbb"));
        table.retire(first);
        for _ in 0..REMEMBERED {
            table.retire(Vec::new());
        }
        assert!(table.is_empty() && table.gone.len() == REMEMBERED);
    }
}
