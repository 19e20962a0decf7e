//! What the service would ignore, and what names records. In: the body of a request, its schema as
//! written. Out: the body without what is ignored, with the places, and the members that may name a
//! record. Knows no operations.

use serde_json::{Map, Value};

use super::check::{Finding, member};
use super::spec::Schemas;

/// How far schemas are followed into each other.
const DEPTH: usize = 64;

/// A text in a body, which may be the id of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    /// The name of the member.
    pub(crate) name: String,
    /// The JSON pointer of the member.
    pub(crate) pointer: String,
    pub(crate) value: String,
    /// Whether a schema names the member.
    pub(crate) known: bool,
}

/// What was found in a body.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What was taken out: members that no schema knows, and `readOnly` ones.
    pub(crate) ignored: Vec<Finding>,
    /// Members with a name of their own: not those of maps, whose names the caller chooses.
    pub(crate) texts: Vec<Text>,
}

/// Takes out of a body what the service would ignore.
pub(crate) fn strip(schemas: &Schemas, written: &Value, body: &mut Value) -> Found {
    let mut walk = Walk {
        schemas,
        found: Found::default(),
    };
    walk.value(&[written], body, "/body", 0);
    walk.found
}

struct Walk<'a> {
    schemas: &'a Schemas,
    found: Found,
}

impl<'a> Walk<'a> {
    fn value(&mut self, holding: &[&'a Value], value: &mut Value, place: &str, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let mut parts = Vec::new();
        for schema in holding {
            self.collect(schema, &mut parts);
        }
        match value {
            Value::Array(items) => {
                let inner: Vec<_> = parts.iter().filter_map(|part| part.get("items")).collect();
                for (index, item) in items.iter_mut().enumerate() {
                    self.value(&inner, item, &format!("{place}/{index}"), depth + 1);
                }
            }
            Value::Object(members) => self.object(&parts, members, place, depth),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn object(
        &mut self,
        parts: &[&'a Value],
        members: &mut Map<String, Value>,
        place: &str,
        depth: usize,
    ) {
        let object = Object::of(parts);
        members.retain(|name, value| {
            let here = member(place, name);
            let known: Vec<_> = object.properties(name).collect();
            if known.is_empty() && !object.is_open {
                // What the document forbids is refused, and not ignored.
                if !object.is_closed {
                    let reason = "is not a known member: the service ignores it";
                    self.found.ignored.push(Finding::new(here, reason));
                    return false;
                }
            } else if !known.is_empty() && known.iter().all(|schema| self.is_read_only(schema)) {
                let reason = "is read-only: the service ignores it";
                self.found.ignored.push(Finding::new(here, reason));
                return false;
            }
            // In what is described as a map the names are the caller's.
            if let (Value::String(text), true) = (&*value, !known.is_empty() || !object.is_map) {
                self.found.texts.push(Text {
                    name: name.clone(),
                    pointer: here.clone(),
                    value: text.clone(),
                    known: !known.is_empty(),
                });
            }
            let inner = if known.is_empty() {
                &object.others
            } else {
                &known
            };
            self.value(inner, value, &here, depth + 1);
            true
        });
    }

    /// The schemas without references and compositions; those of a union stand side by side.
    fn collect(&self, schema: &'a Value, parts: &mut Vec<&'a Value>) {
        if parts.len() > DEPTH || parts.iter().any(|known| std::ptr::eq(*known, schema)) {
            return;
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if let Some(target) = self.schemas.0.get(name) {
                self.collect(target, parts);
            }
            return;
        }
        parts.push(schema);
        for key in ["allOf", "anyOf", "oneOf"] {
            for part in schema[key].as_array().into_iter().flatten() {
                self.collect(part, parts);
            }
        }
    }

    fn is_read_only(&self, schema: &Value) -> bool {
        schema["readOnly"] == true || self.schemas.flat(schema)["readOnly"] == true
    }
}

/// What some schemas say about the members of an object.
struct Object<'a> {
    parts: Vec<&'a Value>,
    /// The schemas of members that are not named.
    others: Vec<&'a Value>,
    /// Whether there may be such members.
    is_open: bool,
    /// Whether the document forbids them.
    is_closed: bool,
    /// Whether it is described as a map.
    is_map: bool,
}

impl<'a> Object<'a> {
    fn of(parts: &[&'a Value]) -> Self {
        let is_composed = |part: &Value| {
            ["allOf", "anyOf", "oneOf"]
                .iter()
                .any(|key| part[*key].is_array())
        };
        let has_properties = parts.iter().any(|part| part["properties"].is_object());
        let additional = || parts.iter().map(|part| &part["additionalProperties"]);
        let others: Vec<_> = additional().filter(|one| one.is_object()).collect();
        // A schema that says nothing of members takes any.
        let anything = |part: &&Value| {
            let says = part
                .as_object()
                .is_some_and(|part| part.contains_key("type"));
            !says && !is_composed(part) && !part["properties"].is_object()
        };
        let is_map = !others.is_empty() || additional().any(|one| *one == true);
        Self {
            is_open: is_map || !has_properties || parts.iter().any(anything),
            is_closed: additional().any(|one| *one == false),
            is_map,
            others,
            parts: parts.to_vec(),
        }
    }

    fn properties(&self, name: &str) -> impl Iterator<Item = &'a Value> {
        let parts = self.parts.iter();
        parts.filter_map(move |part| part["properties"].get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, strip};
    use crate::spec::Schemas;
    use serde_json::{Value, json};

    fn schemas() -> Schemas {
        let schemas = json!({
            "Scene": {
                "type": "object",
                "properties": {"voice": {"type": "object", "properties": {"id": {"type": "string"}}}},
            },
            "Node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/components/schemas/Node"}},
            },
        });
        Schemas(schemas.as_object().cloned().unwrap_or_default())
    }

    fn ignored(written: Value, mut body: Value) -> (Vec<String>, Value, Vec<Text>) {
        let found = strip(&schemas(), &written, &mut body);
        let ignored = found.ignored.into_iter().map(|finding| finding.pointer);
        let mut ignored: Vec<_> = ignored.collect();
        ignored.sort();
        (ignored, body, found.texts)
    }

    #[test]
    fn unknown_and_read_only_members_are_taken_out_at_every_depth() {
        let scenes = json!({"type": "array", "items": {"$ref": "#/components/schemas/Scene"}});
        let written = json!({
            "properties": {"scenes": scenes, "id": {"type": "string", "readOnly": true}},
        });
        let body =
            json!({"id": 1, "x/y": 2, "scenes": [{}, {"a": 1, "voice": {"id": "v", "b": 2}}]});
        let (places, body, _) = ignored(written, body);
        assert_eq!(
            places,
            [
                "/body/id",
                "/body/scenes/1/a",
                "/body/scenes/1/voice/b",
                "/body/x~1y"
            ]
        );
        assert_eq!(body, json!({"scenes": [{}, {"voice": {"id": "v"}}]}));
    }

    #[test]
    fn what_may_hold_anything_keeps_it() {
        for written in [
            json!({}),
            json!({"type": "object"}),
            json!({"type": "object", "additionalProperties": {}}),
            json!({"properties": {}, "additionalProperties": true}),
            // Forbidden is more than ignored: it is refused elsewhere.
            json!({"properties": {}, "additionalProperties": false}),
            json!({"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}),
            json!({"allOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}),
            json!({"properties": {"a": {}}, "anyOf": [{}, {"properties": {}}]}),
        ] {
            let (places, ..) = ignored(written.clone(), json!({"a": 1, "b": {"c": 2}}));
            assert_eq!(places, Vec::<String>::new(), "{written}");
        }
        let node = json!({"$ref": "#/components/schemas/Node"});
        let (places, ..) = ignored(node, json!({"next": {"next": {"last": 1}}}));
        assert_eq!(places, ["/body/next/next/last"]);
    }

    #[test]
    fn texts_have_names_but_for_those_of_maps() {
        let written = json!({
            "properties": {
                "creator": {"type": "string"},
                "variables": {"type": "object", "additionalProperties": {}},
            },
        });
        let body = json!({"creator": "a", "variables": {"creator": "b", "me": {"avatar_id": "c"}}});
        let (_, _, texts) = ignored(written, body);
        let texts: Vec<_> = texts.iter().map(|text| text.pointer.as_str()).collect();
        assert_eq!(texts, ["/body/creator", "/body/variables/me/avatar_id"]);
    }
}
