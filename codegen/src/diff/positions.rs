//! Finds the lines and columns of many nodes in one reading. In: text and pointers. Out: a position for each. Knows no meaning.
//!
//! Both readers hand out keys as slices of the text where they can, so that where a key stands is known from the slice.
//! A node without such a slice (a key with escapes, a number in a list) stands where its parent does.

use crate::diagnostic::Position;
use crate::pointer::Pointer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

/// The position of each pointer, in their order.
pub(super) fn find(text: &str, pointers: &[Pointer]) -> Vec<Position> {
    let mut wanted = Wanted::default();
    for (index, pointer) in pointers.iter().enumerate() {
        wanted.insert(&pointer.segments(), index);
    }
    let offsets: Vec<Cell<usize>> = vec![Cell::new(0); pointers.len()];
    let walk = Walk {
        text,
        wanted: &wanted,
        offsets: &offsets,
        inherited: 0,
        element: true,
    };
    // The text was read before; what cannot be read again leaves the positions that were found.
    let json = text.trim_start().starts_with('{');
    let done = json
        && walk
            .deserialize(&mut serde_json::Deserializer::from_str(text))
            .is_ok();
    if !done {
        let _ = walk.deserialize(serde_yaml::Deserializer::from_str(text));
    }
    let offsets: Vec<usize> = offsets.iter().map(Cell::get).collect();
    lines(text, &offsets)
}

fn lines(text: &str, offsets: &[usize]) -> Vec<Position> {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|index| offsets[*index]);
    let mut found = vec![Position { line: 1, column: 1 }; offsets.len()];
    let (mut line, mut start, mut at) = (1, 0, 0);
    for index in order {
        let offset = offsets[index];
        for (place, _) in text[at..offset].match_indices('\n') {
            line += 1;
            start = at + place + 1;
        }
        at = offset;
        found[index] = Position {
            line,
            column: text[start..offset].chars().count() + 1,
        };
    }
    found
}

/// The nodes whose positions are wanted, as a tree.
#[derive(Debug, Default)]
struct Wanted {
    here: Vec<usize>,
    below: BTreeMap<String, Wanted>,
}

impl Wanted {
    fn insert(&mut self, segments: &[String], index: usize) {
        match segments.split_first() {
            None => self.here.push(index),
            Some((first, rest)) => self
                .below
                .entry(first.clone())
                .or_default()
                .insert(rest, index),
        }
    }

    /// Gives a node, and all that is not found below it, this place.
    fn place(&self, offsets: &[Cell<usize>], offset: usize) {
        self.here
            .iter()
            .for_each(|index| offsets[*index].set(offset));
        self.below
            .values()
            .for_each(|wanted| wanted.place(offsets, offset));
    }
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    text: &'a str,
    wanted: &'a Wanted,
    offsets: &'a [Cell<usize>],
    /// Where the node above stands.
    inherited: usize,
    /// Whether the node is an element of a list, so that no key says where it stands.
    element: bool,
}

impl<'a> Walk<'a> {
    /// Where a slice of the text begins, its quote included.
    fn offset(&self, slice: &str) -> Option<usize> {
        let offset = slice
            .as_ptr()
            .addr()
            .checked_sub(self.text.as_ptr().addr())?;
        let before = self.text.get(..offset)?;
        Some(match before.ends_with(['"', '\'']) {
            true => offset - 1,
            false => offset,
        })
    }

    fn below(self, wanted: &'a Wanted, offset: Option<usize>) -> Self {
        let inherited = offset.unwrap_or(self.inherited);
        wanted.place(self.offsets, inherited);
        Self {
            wanted,
            inherited,
            element: offset.is_none(),
            ..self
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.wanted.below.is_empty() && self.wanted.here.is_empty() {
            true => IgnoredAny::deserialize(deserializer).map(drop),
            false => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a node")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let none = Wanted::default();
        let mut first = true;
        while let Some(key) = map.next_key_seed(Key(self))? {
            // An element of a list stands where its first key does.
            if let (true, true, Some(offset)) = (first, self.element, key.offset) {
                self.wanted.place(self.offsets, offset);
            }
            first = false;
            match self.wanted.below.get(&key.name) {
                Some(wanted) => map.next_value_seed(self.below(wanted, key.offset))?,
                None => map.next_value_seed(Walk {
                    wanted: &none,
                    ..self
                })?,
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let none = Wanted::default();
        for index in 0_usize.. {
            let wanted = self.wanted.below.get(&index.to_string());
            let walk = match wanted {
                Some(wanted) => self.below(wanted, None),
                None => Walk {
                    wanted: &none,
                    ..self
                },
            };
            if sequence.next_element_seed(walk)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        if let (true, Some(offset)) = (self.element, self.offset(text)) {
            self.wanted.place(self.offsets, offset);
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A key, and where it stands when it is a slice of the text.
struct Found {
    name: String,
    offset: Option<usize>,
}

struct Key<'a>(Walk<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Found, E> {
        Ok(Found {
            name: key.to_owned(),
            offset: self.0.offset(key),
        })
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Found, E> {
        Ok(Found {
            name: key.to_owned(),
            offset: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "paths:\n  /a/:\n    post:\n      responses:\n        200:\n          'tags':\n          - one\n          - k: v\n          - 7\n";
    const JSON: &str = "{\n  \"paths\": {\n    \"/a/\": {\"tags\": [\"one\", {\"k\": 1}, 7], \"\\u0062\": {\"c\": 2}}\n  }\n}\n";

    #[track_caller]
    fn stand_at(text: &str, expected: &[(&str, usize, usize)]) {
        let pointers: Vec<Pointer> = expected
            .iter()
            .filter_map(|(pointer, ..)| Pointer::parse(pointer))
            .collect();
        let found = find(text, &pointers);
        let expected: Vec<Position> = expected
            .iter()
            .map(|(_, line, column)| Position {
                line: *line,
                column: *column,
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn keys_and_elements_of_yaml_are_found_in_one_reading() {
        stand_at(
            YAML,
            &[
                ("/paths", 1, 1),
                ("/paths/~1a~1/post", 3, 5),
                ("/paths/~1a~1/post/responses/200", 5, 9),
                ("/paths/~1a~1/post/responses/200/tags", 6, 11),
                ("/paths/~1a~1/post/responses/200/tags/0", 7, 13),
                ("/paths/~1a~1/post/responses/200/tags/1", 8, 13),
                ("/paths/~1a~1/post/responses/200/tags/1/k", 8, 13),
                ("/paths/~1a~1/post/responses/404", 4, 7),
            ],
        );
    }

    #[test]
    fn json_has_positions_too() {
        stand_at(
            JSON,
            &[
                ("/paths/~1a~1", 3, 5),
                ("/paths/~1a~1/tags/0", 3, 22),
                ("/paths/~1a~1/tags/1/k", 3, 30),
                ("/paths/~1a~1/b/c", 3, 54),
            ],
        );
    }

    #[test]
    fn both_finders_agree() {
        for pointer in [
            "/paths/~1a~1/post/responses/200/tags/1",
            "/paths/~1a~1/post",
            "/paths",
        ] {
            let pointer = Pointer::parse(pointer).expect("a pointer");
            assert_eq!(
                crate::locate::position(YAML, &pointer),
                find(YAML, &[pointer]).first().copied()
            );
        }
    }
}
