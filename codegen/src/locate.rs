//! Finds the line and column of a node. In: YAML text and a pointer. Out: its position. Runs only when something is wrong.
//!
//! The YAML parser reports positions in its errors only, so this walks down the pointer and fails on purpose at its
//! target: on the key of a mapping's member, on the value of a sequence's element.

use crate::diagnostic::Position;
use crate::pointer::Pointer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fmt;

/// The position of the node at `pointer`, or of its nearest ancestor that exists.
pub fn position(text: &str, pointer: &Pointer) -> Option<Position> {
    let segments = pointer.segments();
    (0..=segments.len())
        .rev()
        .find_map(|length| exact(text, &segments[..length]))
}

fn exact(text: &str, path: &[String]) -> Option<Position> {
    let reached = Cell::new(false);
    let walk = Walk {
        path,
        reached: &reached,
    };
    let error = walk
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .err()?;
    reached.get().then(|| of_error(&error)).flatten()
}

/// Where the YAML parser says that it failed.
pub fn of_error(error: &serde_yaml::Error) -> Option<Position> {
    error.location().map(|location| Position {
        line: location.line(),
        column: location.column(),
    })
}

#[derive(Clone, Copy)]
struct Walk<'a> {
    path: &'a [String],
    reached: &'a Cell<bool>,
}

impl Walk<'_> {
    fn stop<E: Error>(self) -> E {
        self.reached.set(true);
        E::custom("the node that was looked for")
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a node on the way")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            return Err(self.stop());
        };
        let key = Key {
            name: first,
            fail: rest.is_empty().then_some(self),
        };
        while let Some(matches) = map.next_key_seed(key)? {
            if matches {
                return map.next_value_seed(Walk { path: rest, ..self });
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.path.split_first() else {
            return Err(self.stop());
        };
        let Ok(index) = first.parse::<usize>() else {
            return Ok(());
        };
        for _ in 0..index {
            if sequence.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        sequence.next_element_seed(Walk { path: rest, ..self })?;
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.scalar()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.scalar()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.scalar()
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar()
    }
}

impl Walk<'_> {
    fn scalar<E: Error>(self) -> Result<(), E> {
        if self.path.is_empty() {
            Err(self.stop())
        } else {
            Ok(())
        }
    }
}

/// Reads a mapping's key: whether it is `name`; fails when it is and `fail` is set.
#[derive(Clone, Copy)]
struct Key<'a> {
    name: &'a str,
    fail: Option<Walk<'a>>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<bool, E> {
        match self.fail {
            Some(walk) if key == self.name => Err(walk.stop()),
            _ => Ok(key == self.name),
        }
    }

    // Keys such as the status code 200 are written as numbers.
    fn visit_u64<E: Error>(self, key: u64) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_i64<E: Error>(self, key: i64) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_bool<E: Error>(self, key: bool) -> Result<bool, E> {
        self.visit_str(&key.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "paths:\n  /a/:\n    post:\n      responses:\n        200:\n          tags:\n          - one\n          - k: v\n";

    #[track_caller]
    fn stands_at(pointer: &str, line: usize, column: usize) {
        let pointer = Pointer::parse(pointer).expect("a pointer");
        assert_eq!(
            position(TEXT, &pointer),
            Some(Position { line, column }),
            "{pointer}"
        );
    }

    #[test]
    fn keys_elements_and_numeric_keys_are_found() {
        stands_at("#/paths", 1, 1);
        stands_at("#/paths/~1a~1/post", 3, 5);
        stands_at("#/paths/~1a~1/post/responses/200", 5, 9);
        stands_at("#/paths/~1a~1/post/responses/200/tags/0", 7, 13);
        stands_at("#/paths/~1a~1/post/responses/200/tags/1/k", 8, 13);
    }

    #[test]
    fn a_missing_node_is_placed_at_its_nearest_ancestor() {
        stands_at("#/paths/~1a~1/post/requestBody/content", 3, 5);
    }
}
