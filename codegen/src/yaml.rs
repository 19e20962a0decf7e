//! Reads and writes YAML as a tree of JSON. In: text. Out: a tree that lost nothing, or the place of what JSON cannot say.

use crate::diagnostic::{Diagnostics, Spec};
use crate::locate;
use crate::pointer::Pointer;
use serde::Serialize;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// Reads a document. Keys stay in their order; a key such as `200` becomes the text `200`.
///
/// # Errors
/// Broken YAML, and what JSON has no word for: a key that stands twice, tags, `.nan`, numbers above 64 bits, `<<`.
pub fn read(spec: &Spec) -> Result<Value, Diagnostics> {
    let complaint = RefCell::new(None);
    let node = Node {
        place: &Place::Root,
        complaint: &complaint,
    };
    let error = match node.deserialize(serde_yaml::Deserializer::from_str(&spec.text)) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let mut diagnostics = Diagnostics::new(&spec.name);
    let position = locate::of_error(&error);
    let Complaint { at, message, help } = complaint
        .take()
        .unwrap_or_else(|| unreadable(&error.to_string()));
    diagnostics.push_positioned(&at, position, message, help);
    Err(diagnostics)
}

/// Reads JSON, which is YAML too, many times faster. `None` for what is no JSON, or could not be said in it twice; [`read`]
/// has the words for that.
pub fn read_json(text: &str) -> Option<Value> {
    let complaint = RefCell::new(None);
    let node = Node {
        place: &Place::Root,
        complaint: &complaint,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let value = node.deserialize(&mut json).ok()?;
    json.end().ok().map(|()| value)
}

/// Writes a document. Text that an older YAML reader takes for something else (`no`, `1:1`, `2024-01-01`) is quoted.
///
/// # Errors
/// What the emitter cannot write; no tree that [`read`] gives is known to be such.
pub fn write(document: &Value) -> Result<String, serde_yaml::Error> {
    let mark = unused_mark(document);
    let text = serde_yaml::to_string(&Quoted {
        value: document,
        mark,
    })?;
    Ok(text.replace(&quoting_prefix(mark), ""))
}

// The emitter follows YAML 1.2 and leaves `no` bare, which a YAML 1.1 reader takes for false. It has no switch for
// quotes, but it must quote a text that starts with a dash and a space: such a start, with a mark that the document
// nowhere holds, makes it quote, and is taken out again.
fn quoting_prefix(mark: char) -> String {
    format!("- {mark}")
}

fn unused_mark(document: &Value) -> char {
    ('\u{E000}'..='\u{F8FF}')
        .find(|mark| !holds(document, *mark))
        .unwrap_or('\u{E000}')
}

fn holds(value: &Value, mark: char) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains(mark),
        Value::Array(elements) => elements.iter().any(|element| holds(element, mark)),
        Value::Object(members) => members
            .iter()
            .any(|(key, member)| key.contains(mark) || holds(member, mark)),
    }
}

/// Words that YAML 1.1 reads as a boolean, as a merge or as a default value, in any case.
const WORDS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "=", "<<"];

/// Whether a YAML 1.1 reader would take this bare text for something else than text.
fn is_misread(text: &str) -> bool {
    let word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    // Base 60 (`1:1`), digit groups (`1_000`) and dates. Two dots are a version, which nobody misreads.
    let starts_as_number =
        text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let number = |character: char| character.is_ascii_digit() || "_:.+-eEtTzZ ".contains(character);
    word || (starts_as_number && text.chars().all(number) && text.matches('.').count() < 2)
}

struct Quoted<'a> {
    value: &'a Value,
    mark: char,
}

impl Serialize for Quoted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mark = self.mark;
        match self.value {
            Value::String(text) => QuotedText { text, mark }.serialize(serializer),
            Value::Array(elements) => {
                serializer.collect_seq(elements.iter().map(|value| Quoted { value, mark }))
            }
            Value::Object(members) => serializer.collect_map(
                members
                    .iter()
                    .map(|(key, value)| (QuotedText { text: key, mark }, Quoted { value, mark })),
            ),
            scalar @ (Value::Null | Value::Bool(_) | Value::Number(_)) => {
                scalar.serialize(serializer)
            }
        }
    }
}

struct QuotedText<'a> {
    text: &'a str,
    mark: char,
}

impl Serialize for QuotedText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_misread(self.text) {
            serializer.serialize_str(&format!("{}{}", quoting_prefix(self.mark), self.text))
        } else {
            serializer.serialize_str(self.text)
        }
    }
}

/// The way down to a node, kept on the stack: it becomes a pointer only when there is something to complain about.
enum Place<'a> {
    Root,
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> Pointer {
        match self {
            Place::Root => Pointer::root(),
            Place::Key(parent, key) => parent.pointer().key(key),
            Place::Index(parent, index) => parent.pointer().index(*index),
        }
    }
}

struct Complaint {
    at: Pointer,
    message: String,
    help: String,
}

/// Reads one node into a tree.
#[derive(Clone, Copy)]
struct Node<'a> {
    place: &'a Place<'a>,
    complaint: &'a RefCell<Option<Complaint>>,
}

impl Node<'_> {
    fn refuse<E: Error>(self, message: String, help: &str) -> E {
        let complaint = Complaint {
            at: self.place.pointer(),
            message,
            help: help.to_owned(),
        };
        self.complaint.replace(Some(complaint));
        E::custom("a node that cannot be read")
    }

    fn too_large<E: Error>(self, number: impl fmt::Display) -> E {
        self.refuse(
            format!("the number {number} needs more than 64 bits"),
            "write it as text, or make it smaller",
        )
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a mapping, a sequence or a scalar")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = access.next_key_seed(Key {
            members: &members,
            within: self,
        })? {
            let place = Place::Key(self.place, &key);
            let value = access.next_value_seed(Node {
                place: &place,
                complaint: self.complaint,
            })?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        loop {
            let place = Place::Index(self.place, elements.len());
            let seed = Node {
                place: &place,
                complaint: self.complaint,
            };
            match access.next_element_seed(seed)? {
                Some(element) => elements.push(element),
                None => return Ok(Value::Array(elements)),
            }
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(self.refuse(
            "a YAML tag (`!name`) stands here".to_owned(),
            "remove the tag; JSON has nothing like it",
        ))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
        Err(self.too_large(number))
    }

    fn visit_u128<E: Error>(self, number: u128) -> Result<Value, E> {
        Err(self.too_large(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        let refused = || {
            self.refuse(
                format!("`{number}` is no number in JSON"),
                "write a finite number",
            )
        };
        Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(refused)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    // What an empty text gives.
    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
}

/// Reads a key that must not be among the members so far. Any scalar is a key, as it is written.
struct Key<'a> {
    members: &'a Map<String, Value>,
    within: Node<'a>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a scalar as key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        let place = Place::Key(self.within.place, key);
        let node = Node {
            place: &place,
            ..self.within
        };
        if key == "<<" {
            return Err(node.refuse(
                "`<<` (a YAML merge) stands here".to_owned(),
                "write the merged members out",
            ));
        }
        if self.members.contains_key(key) {
            let message = format!("the key `{key}` stands twice in this mapping");
            return Err(node.refuse(message, "remove or rename one of the two"));
        }
        Ok(key.to_owned())
    }
}

/// What the parser says, in words that say what to do.
fn unreadable(error: &str) -> Complaint {
    let (message, help) = if error.contains("limit exceeded") {
        let message = "this nests too deeply, or its aliases repeat too much";
        (
            message.to_owned(),
            "write it flatter, and without aliases of aliases",
        )
    } else if error.contains("more than one document") {
        let message = "there are several documents in this file";
        (message.to_owned(), "keep one; `---` begins another")
    } else {
        let message = format!("this is not readable YAML: {}", without_position(error));
        (
            message,
            "make the file valid YAML; a linter shows the fault in its surroundings",
        )
    };
    Complaint {
        at: Pointer::root(),
        message,
        help: help.to_owned(),
    }
}

/// The parser's message without the position, which the diagnostic shows in its own way.
fn without_position(message: &str) -> &str {
    message.split(" at line ").next().unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Value {
        read(&Spec::new("a.yaml", text)).expect("readable YAML")
    }

    #[track_caller]
    fn is_refused(text: &str, expected: &str) {
        let diagnostics = read(&Spec::new("a.yaml", text))
            .expect_err("a complaint")
            .to_string();
        assert!(diagnostics.starts_with(expected), "{diagnostics}");
    }

    #[test]
    fn what_json_cannot_say_is_refused_with_its_place() {
        is_refused(
            "a:\n  b: 1\n  b: 2\n",
            "a.yaml:3:3: error: the key `b` stands twice in this mapping\n  at: #/a/b\n",
        );
        is_refused(
            "a:\n- .nan\n",
            "a.yaml:2:3: error: `NaN` is no number in JSON\n  at: #/a/0\n",
        );
        is_refused(
            "a: !b c\n",
            "a.yaml:1:4: error: a YAML tag (`!name`) stands here\n  at: #/a\n",
        );
        is_refused(
            "a: {<<: {b: 1}}\n",
            "a.yaml:1:5: error: `<<` (a YAML merge) stands here\n  at: #/a/<<\n",
        );
        is_refused(
            "a: 18446744073709551616\n",
            "a.yaml:1:4: error: the number 18446744073709551616 needs",
        );
        is_refused(
            "a: [1\n",
            "a.yaml:2:1: error: this is not readable YAML: did not find expected ',' or ']'",
        );
    }

    #[test]
    fn keys_become_text_and_keep_their_order() {
        let members = tree("200: z\n010: y\ntrue: x\na: w\n");
        let keys: Vec<_> = members.as_object().expect("a mapping").keys().collect();
        assert_eq!(keys, ["200", "010", "true", "a"]);
    }

    #[test]
    fn every_scalar_survives_writing_and_reading() {
        let text = "{a: 1, b: 1.0, c: -3, d: 1.5e300, e: null, f: true, g: '', h: \"two\\nlines \\n\", i: '1', \
                    j: 'null', k: '- \u{E000}no', l: [], m: {}, n: '# no comment', '200': 'a: b', o: 'it''s'}";
        let before = tree(text);
        assert_eq!(tree(&write(&before).expect("writable")), before);
    }

    #[test]
    fn text_that_older_readers_misread_is_quoted() {
        for bare in [
            "no",
            "On",
            "y",
            "1:1",
            "010",
            "1_000",
            "2024-01-01",
            "1",
            "1.5",
            ".5",
            "=",
            "+1:30",
        ] {
            let written = write(&Value::String(bare.to_owned())).expect("writable");
            assert_eq!(written, format!("'{bare}'\n"));
        }
        for plain in ["16x9", "nobody", "3.0.3", "normal-black", "v1:2"] {
            let written = write(&Value::String(plain.to_owned())).expect("writable");
            assert_eq!(written, format!("{plain}\n"));
        }
        assert_eq!(
            write(&serde_json::json!({"no": "no"})).expect("writable"),
            "'no': 'no'\n"
        );
    }
}
