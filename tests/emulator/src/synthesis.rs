//! Synthesis of example values. In: a schema, a place, a seed. Out: a value that is valid and the same
//! in every run. Knows no operations.

use serde_json::{Map, Value, json};

use super::clock::{self, SECOND};
use super::rng;
use super::spec::Schemas;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Synthesis<'a> {
    pub(crate) schemas: &'a Schemas,
    pub(crate) seed: u64,
    /// Where the emulator serves files from.
    pub(crate) media: &'a str,
}

/// Deeper than any schema that is not recursive.
const DEPTH: usize = 8;

const NAMES: [&str; 12] = [
    "Ada", "Ben", "Chloe", "Dario", "Elif", "Finn", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Leo",
];

/// Texts to try where a pattern is asked for.
const SAMPLES: [&str; 12] = [
    "0.1",
    "0",
    "1",
    "a",
    "A",
    "abc",
    "ABC",
    "en",
    "#00000066",
    "9x16",
    "2025-09-01",
    "user@example.com",
];

impl Synthesis<'_> {
    /// A value for a place; the place also names it: its last part is the member's name.
    pub(crate) fn value(&self, schema: &Value, place: &str) -> Value {
        self.node(schema, place, 0)
    }

    fn node(&self, schema: &Value, place: &str, depth: usize) -> Value {
        let flat = self.schemas.flat(schema);
        let random = rng::number(self.seed, place);
        if let Some(values) = flat["enum"].as_array().filter(|values| !values.is_empty()) {
            return values[random as usize % values.len()].clone();
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(branch) = flat[key].as_array().and_then(|all| all.first()) {
                return self.node(branch, place, depth + 1);
            }
        }
        let kind = match flat["type"].as_str() {
            Some(kind) => kind,
            None if flat.get("properties").is_some() => "object",
            None => "",
        };
        match kind {
            "boolean" => flat
                .get("default")
                .cloned()
                .unwrap_or(Value::Bool(!random.is_multiple_of(4))),
            "integer" => number(&flat, random, 1.0),
            "number" => number(&flat, random, 0.25),
            "string" => Value::String(self.text(&flat, place, random)),
            "array" => self.array(&flat, place, depth),
            "object" => self.object(&flat, place, depth),
            // Anything goes: both forms were seen in live responses.
            _ if random.is_multiple_of(2) => json!(["e-commerce", "software"]),
            _ => json!("e-commerce"),
        }
    }

    fn array(&self, flat: &Value, place: &str, depth: usize) -> Value {
        let least = flat["minItems"].as_u64().unwrap_or(0);
        let most = flat["maxItems"].as_u64().unwrap_or(u64::MAX);
        let count = if depth >= DEPTH {
            least
        } else {
            2.clamp(least, most.max(least))
        };
        let items = (0..count)
            .map(|index| self.node(&flat["items"], &format!("{place}/{index}"), depth + 1));
        Value::Array(items.collect())
    }

    fn object(&self, flat: &Value, place: &str, depth: usize) -> Value {
        let mut object = Map::new();
        let required = flat["required"].as_array();
        for (name, property) in flat["properties"].as_object().into_iter().flatten() {
            let needed = required.is_some_and(|all| all.iter().any(|known| known == name));
            if property["writeOnly"] == true || (depth >= DEPTH && !needed) {
                continue;
            }
            let place = format!("{place}/{name}");
            // A reason is given for what went wrong, and here nothing did.
            let absent = property["nullable"] == true
                && (name.ends_with("reason")
                    || rng::random_bool(self.seed, &format!("{place}?"), 0.15));
            let value = match absent {
                true => Value::Null,
                false => self.node(property, &place, depth + 1),
            };
            object.insert(name.clone(), value);
        }
        if let Some(more @ Value::Object(_)) = flat.get("additionalProperties") {
            for name in ["headline", "product"] {
                if depth < DEPTH {
                    let value = self.node(more, &format!("{place}/{name}"), depth + 1);
                    object.insert(name.to_owned(), value);
                }
            }
        }
        Value::Object(object)
    }

    fn text(&self, flat: &Value, place: &str, random: u64) -> String {
        let name = place.rsplit('/').next().unwrap_or_default();
        match flat["format"].as_str() {
            Some("uuid") => return rng::id(self.seed, place).to_string(),
            Some("date-time") => {
                return clock::rfc3339((1_750_000_000 + (random % 1_000_000) as i64) * SECOND);
            }
            Some("date") => {
                return clock::rfc3339((1_750_000_000 + (random % 1_000_000) as i64) * SECOND)
                    [..10]
                    .to_owned();
            }
            Some("email") => return "user@example.com".to_owned(),
            Some("decimal") => return "0.1".to_owned(),
            Some("uri") => return self.address(place, name),
            Some(_) | None => {}
        }
        if let Some(pattern) = flat["pattern"].as_str() {
            return sample(pattern);
        }
        if let Some(known) = flat["x-known-values"]
            .as_array()
            .filter(|known| !known.is_empty())
        {
            let value = &known[random as usize % known.len()];
            return value.as_str().unwrap_or_default().to_owned();
        }
        let description = flat["description"].as_str().unwrap_or_default();
        if description.starts_with("URL") || description.starts_with("Link") {
            return self.address(place, name);
        }
        let text = match name {
            "aspect_ratio" => "9x16".to_owned(),
            _ if name == "name" || name.ends_with("_name") => {
                NAMES[random as usize % NAMES.len()].to_owned()
            }
            _ if name.ends_with("status") => "done".to_owned(),
            _ => format!("{} {}", name.replace('_', " "), random % 100),
        };
        let least = flat["minLength"].as_u64().unwrap_or(0) as usize;
        let most = flat["maxLength"]
            .as_u64()
            .map_or(usize::MAX, |most| most as usize);
        let padding = least.saturating_sub(text.chars().count());
        text.chars()
            .chain(std::iter::repeat_n('.', padding))
            .take(most)
            .collect()
    }

    /// The address of a file that the emulator serves.
    fn address(&self, place: &str, name: &str) -> String {
        let extension = match name.contains("image") || name.contains("thumbnail") {
            true => "svg",
            false => "mp4",
        };
        let id = rng::checksummed(self.seed, place);
        format!("{}/{id}/{name}.{extension}", self.media)
    }
}

fn number(flat: &Value, random: u64, step: f64) -> Value {
    let step = flat["multipleOf"].as_f64().unwrap_or(step);
    let least = flat["minimum"].as_f64();
    let most = flat["maximum"].as_f64();
    let start = match (least, most) {
        (Some(least), _) => (least / step).ceil() * step,
        (None, Some(most)) => (most / step).floor() * step - 10.0 * step,
        (None, None) => 0.0,
    };
    let mut value = start + step * (1 + random % 10) as f64;
    if most.is_some_and(|most| value > most) {
        value = start;
    }
    match value.fract() == 0.0 {
        true => json!(value as i64),
        false => json!(value),
    }
}

/// A text that fits a pattern, as far as the samples go.
fn sample(pattern: &str) -> String {
    let schema = json!({"pattern": pattern});
    let fits = |text: &&&str| jsonschema::is_valid(&schema, &json!(text));
    let found = SAMPLES.iter().find(fits).copied();
    found.unwrap_or_default().to_owned()
}
