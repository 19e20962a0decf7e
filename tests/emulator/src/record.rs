//! Records as the document describes them. In: a record, its request, a moment. Out: JSON with the
//! members of a schema. Knows the meaning of the members that every resource has.

use serde_json::{Map, Value, json};

use super::account;
use super::check::Check;
use super::clock::{self, Moment};
use super::job::{Outcome, Phase, Record, Stage, Statuses};
use super::rng;
use super::synthesis::Synthesis;
use super::translate::Direction;

/// The members of an object schema, and where each gets its value.
#[derive(Debug)]
pub(crate) struct Shape {
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    name: String,
    source: Source,
    /// What it is when its source has nothing; none when it is then left out.
    fallback: Option<Value>,
    json_type: JsonType,
    /// What the response lets through of what was sent: it can be less than the request takes.
    check: Option<Check>,
}

/// The JSON types into which a value may have to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonType {
    Text,
    Integer,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Id,
    Created,
    Updated,
    Status,
    Progress,
    Credits,
    Seconds,
    Output,
    Reason,
    Preview,
    Editor,
    MediaJob,
    Thumbnail,
    Audio,
    Words,
    /// The member of the same name that was sent.
    Request,
}

/// Members that mean the same wherever they occur; `x-lifecycle` names the others.
const COMMON_MEMBERS: [(&str, Source); 11] = [
    ("id", Source::Id),
    ("created_at", Source::Created),
    ("updated_at", Source::Updated),
    ("progress", Source::Progress),
    ("credits_used", Source::Credits),
    ("duration", Source::Seconds),
    ("editor_url", Source::Editor),
    ("media_job", Source::MediaJob),
    ("video_thumbnail", Source::Thumbnail),
    ("audio_url", Source::Audio),
    ("word_alignments", Source::Words),
];

impl Shape {
    /// Reads a flattened schema.
    pub(crate) fn read(
        flat: &Value,
        statuses: Option<&Statuses>,
        synthesis: Synthesis<'_>,
        place: &str,
    ) -> Result<Self, String> {
        let required = flat["required"].as_array();
        let mut members = Vec::new();
        for (name, written) in flat["properties"].as_object().into_iter().flatten() {
            if written["writeOnly"] == true {
                continue;
            }
            let schemas = synthesis.schemas;
            let property = schemas.flat(written);
            let needed = required.is_some_and(|all| all.iter().any(|known| known == name));
            let fallback = if property["nullable"] == true {
                Some(Value::Null)
            } else if property["format"] == "uri" && needed {
                // The service has an empty text where it has no address yet.
                Some(json!(""))
            } else if let Some(default) = property.get("default") {
                Some(default.clone())
            } else if needed && property["type"] == "boolean" {
                Some(Value::Bool(false))
            } else {
                needed.then(|| synthesis.value(&property, &format!("{place}/{name}")))
            };
            let json_type = match property["type"].as_str() {
                Some("string") => JsonType::Text,
                Some("integer") => JsonType::Integer,
                Some(_) | None => JsonType::Other,
            };
            let source = source(name, statuses);
            let check = match source {
                Source::Request => Some(Check::compile(schemas, written, Direction::Response)?),
                _ => None,
            };
            members.push(Member {
                name: name.clone(),
                source,
                fallback,
                json_type,
                check,
            });
        }
        Ok(Self { members })
    }
}

fn source(name: &str, statuses: Option<&Statuses>) -> Source {
    if let Some(Statuses { lifecycle, .. }) = statuses {
        let named = |member: &Option<String>| member.as_deref() == Some(name);
        if lifecycle.status == name {
            return Source::Status;
        } else if named(&lifecycle.output) {
            return Source::Output;
        } else if named(&lifecycle.reason) {
            return Source::Reason;
        } else if named(&lifecycle.preview) {
            return Source::Preview;
        }
    }
    let common = COMMON_MEMBERS.iter().find(|(known, _)| *known == name);
    common.map_or(Source::Request, |(_, source)| *source)
}

/// A record at a moment.
#[derive(Debug)]
pub(crate) struct View<'a> {
    pub(crate) record: &'a Record,
    pub(crate) statuses: Option<&'a Statuses>,
    pub(crate) now: Moment,
    pub(crate) base_url: &'a str,
}

impl<'a> View<'a> {
    /// The record with the members of a shape.
    pub(crate) fn show(&self, shape: &Shape) -> Value {
        let request = serde_json::from_str::<Map<String, Value>>(&self.record.request);
        let request = request.unwrap_or_default();
        let mut object = Map::new();
        for member in &shape.members {
            let value = match member.source {
                Source::Request => request.get(&member.name).cloned(),
                source => self.value(source, &request),
            };
            let value = value.filter(|value| !value.is_null());
            let value = value.map(|value| coerce(value, member.json_type));
            let value = value.filter(|value| {
                let check = member.check.as_ref();
                check.is_none_or(|check| check.accepts(value))
            });
            if let Some(value) = value.or_else(|| member.fallback.clone()) {
                object.insert(member.name.clone(), value);
            }
        }
        Value::Object(object)
    }

    fn value(&self, source: Source, request: &Map<String, Value>) -> Option<Value> {
        let record = self.record;
        match source {
            Source::Id => Some(json!(record.id.to_string())),
            Source::Created => Some(json!(clock::rfc3339(record.created))),
            Source::Updated => Some(json!(clock::rfc3339(self.changed()))),
            Source::Status => self.status().map(Value::from),
            Source::Progress => Some(json!(self.progress())),
            Source::Credits => Some(account::number(record.thousandths)),
            Source::Seconds => Some(json!(record.seconds)),
            Source::Output => self.has_output().then(|| self.file("output.mp4")),
            Source::Reason => self.reason().map(Value::from),
            Source::Preview => self.has_preview().then(|| self.file("preview.mp4")),
            Source::Editor => self
                .has_preview()
                .then(|| json!(format!("{}/?job={}", self.base_url, record.id))),
            Source::MediaJob => Some(json!(rng::id(0, &record.id.to_string()).to_string())),
            Source::Thumbnail => self.has_output().then(|| self.file("thumbnail.svg")),
            Source::Audio => request.get("audio").cloned(),
            Source::Words => Some(self.words(request)),
            Source::Request => None,
        }
    }

    fn file(&self, name: &str) -> Value {
        json!(format!(
            "{}/_emulator/media/{}/{name}",
            self.base_url, self.record.id
        ))
    }

    fn snapshot(&self) -> Option<super::job::Snapshot> {
        let open = self.statuses?.open.len();
        Some(self.record.run?.snapshot(self.now, open))
    }

    pub(crate) fn status(&self) -> Option<&'a str> {
        Some(self.statuses?.name(self.snapshot()?.phase))
    }

    pub(crate) fn progress(&self) -> u8 {
        self.snapshot().map_or(100, |snapshot| snapshot.progress)
    }

    fn changed(&self) -> Moment {
        let since = self
            .snapshot()
            .map_or(self.record.changed, |snapshot| snapshot.since);
        since.max(self.record.changed)
    }

    fn is_done(&self) -> bool {
        let done = Phase::Ended(Outcome::Done);
        self.snapshot()
            .is_none_or(|snapshot| snapshot.phase == done)
    }

    pub(crate) fn has_output(&self) -> bool {
        let stage = self.record.run.map(|run| run.stage);
        matches!(stage, Some(Stage::Create | Stage::Render)) && self.is_done()
    }

    pub(crate) fn has_preview(&self) -> bool {
        let stage = self.record.run.map(|run| run.stage);
        let made = matches!(stage, Some(Stage::Preview | Stage::PreviewAsync)) && self.is_done();
        self.record.previewed || made
    }

    fn reason(&self) -> Option<&'static str> {
        match self.snapshot()?.phase {
            Phase::Ended(outcome) => reason(outcome),
            Phase::Open(_) => None,
        }
    }

    /// When each word is spoken: evenly, over the whole length.
    fn words(&self, request: &Map<String, Value>) -> Value {
        if !self.has_output() {
            return json!([]);
        }
        let speech = super::job::speech(request);
        let words: Vec<_> = speech.split_whitespace().collect();
        let length = f64::from(self.record.seconds) / words.len().max(1) as f64;
        let timed = words.iter().enumerate();
        timed
            .map(|(index, word)| json!({"start": index as f64 * length, "duration": length, "text": word}))
            .collect()
    }
}

/// What a job says that did not end well.
pub(crate) fn reason(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Done => None,
        Outcome::Failed => Some("The video could not be rendered."),
        Outcome::Rejected => Some("The content was refused by moderation."),
    }
}

fn coerce(value: Value, json_type: JsonType) -> Value {
    match (json_type, &value) {
        (JsonType::Text, Value::Number(number)) => json!(number.to_string()),
        (JsonType::Integer, Value::Number(number)) if !number.is_i64() && !number.is_u64() => {
            json!(number.as_f64().unwrap_or_default().ceil() as i64)
        }
        (JsonType::Text | JsonType::Integer | JsonType::Other, _) => value,
    }
}
