//! Proves that the comparison can fail. In: pages and client, spoilt in one place. Out: exactly the differences that
//! this makes.

use crate::client::Client;
use crate::compare::{Difference, differences};
use crate::corrections::{TABLE, complaints};
use serde_yaml::Value;
use std::collections::BTreeSet;

/// What is done to one node of a page.
enum Spoil {
    Drop,
    Set(&'static str),
    Rename(&'static str),
    /// Takes one text out of a list.
    Without(&'static str),
    /// Puts one text into a list.
    With(&'static str),
}

/// A page, the keys that lead to a node, what is done to it, and what must be reported.
type Mutation = (
    &'static str,
    &'static [&'static str],
    Spoil,
    &'static [&'static str],
);

const LIPSYNC: &str = "lipsyncs_create.yaml";

#[rustfmt::skip]
const PAGES: &[Mutation] = &[
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "text"], Spoil::Drop, &[
        "Lipsync.text received: nothing -> optional Option<String>",
        "Lipsync.text sent: nothing -> setter Patch<String>, max_length 8000",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "colour"], Spoil::Set("{type: string}"), &[
        "Lipsync.colour received: optional Option<String> -> nothing",
        "Lipsync.colour sent: setter Option<String> -> nothing",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "colour"], Spoil::Set("{type: string, readOnly: true}"), &[
        "Lipsync.colour received: optional Option<String> -> nothing",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "colour"], Spoil::Set("{type: string, writeOnly: true}"), &[
        "Lipsync.colour sent: setter Option<String> -> nothing",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "name", "maxLength"], Spoil::Set("256"), &[
        "Lipsync.name sent: setter Patch<String>, max_length 256 -> setter Patch<String>, max_length 255",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "name", "maxLength"], Spoil::Drop, &[
        "Lipsync.name sent: setter Patch<String> -> setter Patch<String>, max_length 255",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "name", "minLength"], Spoil::Set("1"), &[
        "Lipsync.name sent: setter Patch<String>, max_length 255, min_length 1 -> setter Patch<String>, max_length 255",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "name", "nullable"], Spoil::Set("false"), &[
        "Lipsync.name sent: setter Option<String>, max_length 255 -> setter Patch<String>, max_length 255",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "output", "nullable"], Spoil::Drop, &[
        "Lipsync.output received: required String -> optional Option<String>",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "output", "readOnly"], Spoil::Drop, &[
        "Lipsync.output sent: argument Option<String> -> nothing",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "audio", "writeOnly"], Spoil::Drop, &[
        "Lipsync.audio received: optional Option<String> -> nothing",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "audio", "format"], Spoil::Drop, &[
        "Lipsync.audio sent: setter Patch<String> -> setter Patch<String>, format Uri",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "accent", "format"], Spoil::Drop, &[
        "Lipsync.accent received: optional Option<String> -> optional Option<Uuid>",
        "Lipsync.accent sent: setter Patch<String> -> setter Patch<Uuid>",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "duration", "type"], Spoil::Set("number"), &[
        "Lipsync.duration received: required f64 -> required i64",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "caption_offset_x", "pattern"], Spoil::Set("^x$"), &[
        "Lipsync.caption_offset_x sent: setter Option<String>, format Decimal, pattern ^x$ \
         -> setter Option<String>, format Decimal, pattern ^-?\\d{0,1}(?:\\.\\d{0,2})?$",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "properties", "no_music", "deprecated"], Spoil::Set("true"), &[
        "Lipsync.no_music received: optional Option<a schema with `deprecated`> -> optional Option<bool>",
        "Lipsync.no_music sent: setter Option<a schema with `deprecated`> -> setter Option<bool>",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "required"], Spoil::Without("aspect_ratio"), &[
        "Lipsync.aspect_ratio received: optional Option<enum> -> required enum",
        "Lipsync.aspect_ratio sent: setter Option<enum>, one_of 16x9 + 1x1 + 9x16 -> argument enum, one_of 16x9 + 1x1 + 9x16",
    ]),
    (LIPSYNC, &["components", "schemas", "Lipsync", "required"], Spoil::With("no_music"), &[
        "Lipsync.no_music received: required bool -> optional Option<bool>",
        "Lipsync.no_music sent: argument bool -> setter Option<bool>",
    ]),
    (LIPSYNC, &["components", "schemas", "AspectRatioBc4Enum", "enum"], Spoil::Without("1x1"), &[
        "AspectRatioBc4Enum: 16x9 | 9x16 -> 16x9 | 1x1 | 9x16",
        "Lipsync.aspect_ratio sent: argument enum, one_of 16x9 + 9x16 -> argument enum, one_of 16x9 + 1x1 + 9x16",
    ]),
    (LIPSYNC, &["components", "schemas", "AspectRatioBc4Enum", "enum"], Spoil::With("4x5"), &[
        "AspectRatioBc4Enum: 16x9 | 1x1 | 4x5 | 9x16 -> 16x9 | 1x1 | 9x16",
        "Lipsync.aspect_ratio sent: argument enum, one_of 16x9 + 1x1 + 9x16 + 4x5 -> argument enum, one_of 16x9 + 1x1 + 9x16",
    ]),
    (LIPSYNC, &["components", "schemas", "Orphan"], Spoil::Set("{type: object, properties: {}}"), &[
        "Orphan: a schema -> nothing: no operation of its page leads to it",
    ]),
    ("lipsyncs_v2_create.yaml",
        &["components", "schemas", "LipsyncV2CaptionSetting", "properties", "offset", "properties", "y", "default"],
        Spoil::Set("0.5"), &[
        "LipsyncV2CaptionSetting.offset.y sent: setter Option<f64>, default 0.5 -> setter Option<f64>, default 0.4",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/"], Spoil::Rename("/api/lipsyncs"), &[
        "lipsyncs_create: POST /api/lipsyncs -> POST /api/lipsyncs/",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post"], Spoil::Rename("put"), &[
        "lipsyncs_create: PUT /api/lipsyncs/ -> POST /api/lipsyncs/",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post", "callbacks"], Spoil::Set("{}"), &[
        "post /api/lipsyncs/: `callbacks` -> nothing: this test does not know the key",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post", "responses", "201", "headers"], Spoil::Set("{}"), &[
        "post /api/lipsyncs/ 201: `headers` -> nothing: this test does not know the key",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post", "requestBody", "content", "application/json", "encoding"],
        Spoil::Set("{}"), &[
        "post /api/lipsyncs/ body application/json: `encoding` -> nothing: this test does not know the key",
    ]),
    ("personas_paginated.yaml", &["paths", "/api/personas/paginated/", "get", "parameters", "page", "allowEmptyValue"],
        Spoil::Set("true"), &[
        "get /api/personas/paginated/ ? page: `allowEmptyValue` -> nothing: this test does not know the key",
    ]),
    (LIPSYNC, &["components", "parameters"], Spoil::Set("{}"), &[
        "the components: `parameters` -> nothing: this test does not know the key",
    ]),
    (LIPSYNC, &["webhooks"], Spoil::Set("{}"), &[
        "the page: `webhooks` -> nothing: this test does not know the key",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post", "requestBody", "content", "multipart/form-data"], Spoil::Drop, &[
        "lipsyncs_create body: application/json, application/x-www-form-urlencoded, object \
         -> application/json, application/x-www-form-urlencoded, multipart/form-data, object",
    ]),
    (LIPSYNC, &["paths", "/api/lipsyncs/", "post", "security"], Spoil::Set("[X-API-KEY: []]"), &[
        "lipsyncs_create security: X-API-KEY -> X-API-ID and X-API-KEY",
    ]),
    (LIPSYNC, &["components", "securitySchemes", "X-API-ID", "name"], Spoil::Set("X-Id"), &[
        "lipsyncs_create security: X-API-KEY and X-Id -> X-API-ID and X-API-KEY",
    ]),
    ("personas_paginated.yaml", &["paths", "/api/personas/paginated/", "get", "parameters", "page", "required"],
        Spoil::Set("true"), &[
        "personas_paginated_retrieve ? page: query argument i64, minimum 1 -> query setter i64, minimum 1, default 1",
    ]),
    ("personas_paginated.yaml", &["paths", "/api/personas/paginated/", "get", "parameters", "page", "schema", "minimum"],
        Spoil::Set("0"), &[
        "personas_paginated_retrieve ? page: query setter i64, minimum 0, default 1 \
         -> query setter i64, minimum 1, default 1",
    ]),
    ("personas_paginated.yaml", &["paths", "/api/personas/paginated/", "get", "parameters", "page", "in"],
        Spoil::Set("header"), &[
        "personas_paginated_retrieve ? page: header setter i64, minimum 1, default 1 \
         -> query setter i64, minimum 1, default 1",
    ]),
    ("personas_paginated.yaml", &["paths", "/api/personas/paginated/", "get", "parameters"], Spoil::Drop, &[
        "personas_paginated_retrieve ? page: nothing -> query setter i64, minimum 1, default 1",
        "personas_paginated_retrieve ? page_size: nothing -> query setter i64, minimum 1, default 10",
    ]),
    ("remaining_credits_retrieve.yaml", &["paths", "/api/remaining_credits/", "get", "operationId"], Spoil::Set("credits"), &[
        "RemainingCredits: a schema -> nothing: no operation of its page leads to it",
        "credits: GET /api/remaining_credits/ -> nothing",
        "remaining_credits_retrieve: nothing -> an operation",
    ]),
];

/// A generated file, a text in it, what takes its place, and what must be reported.
type Edit = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

#[rustfmt::skip]
const CLIENT: &[Edit] = &[
    ("types/lipsyncs.rs", "Rule::new(\"name\").max_length(255)", "Rule::new(\"name\").max_length(254)", &[
        "Lipsync.name sent: setter Patch<String>, max_length 255 -> setter Patch<String>, max_length 254",
    ]),
    ("types/lipsyncs.rs", "Rule::new(\"audio\").format(Format::Uri),", "", &[
        "Lipsync.audio sent: setter Patch<String>, format Uri -> setter Patch<String>",
    ]),
    ("types/lipsyncs.rs", "object.optional(\"text\", &self.text);", "", &[
        "Lipsync.text sent: setter Patch<String>, max_length 8000 -> nothing",
    ]),
    ("types/lipsyncs.rs", "object.optional(\"text\", &self.text);", "object.optional(\"txt\", &self.text);", &[
        "Lipsync.text sent: setter Patch<String>, max_length 8000 -> nothing",
        "Lipsync.txt sent: nothing -> setter Patch<String>",
    ]),
    ("types/lipsyncs.rs", "object.required(\"aspect_ratio\"", "object.optional(\"aspect_ratio\"", &[
        "Lipsync.aspect_ratio sent: argument enum, one_of 16x9 + 1x1 + 9x16 \
         -> out of reach, or sent otherwise than it is taken: enum, one_of 16x9 + 1x1 + 9x16",
    ]),
    ("types/lipsyncs.rs", "self.no_music = Some(no_music);", "self.no_caption = Some(no_music);", &[
        "Lipsync.no_music sent: setter Option<bool> -> out of reach, or sent otherwise than it is taken: Option<bool>",
    ]),
    ("types/lipsyncs.rs", "preview_audio: fields.optional(\"preview_audio\")?,", "", &[
        "Lipsync.preview_audio received: optional Option<String> -> nothing",
    ]),
    ("types/lipsyncs.rs", "fields.required(\"duration\")?", "fields.optional(\"duration\")?", &[
        "Lipsync.duration received: required i64 -> optional i64",
    ]),
    ("types/lipsyncs.rs", "object.required(\"output\"", "object.optional(\"output\"", &[
        "Lipsync.output kept: whole -> left out when it is null",
    ]),
    ("types/personas.rs", "object.optional(\"age_range\"", "object.required(\"age_range\"", &[
        "Persona.age_range kept: whole -> written when it was absent",
    ]),
    ("types/lipsyncs.rs", "object.required(\"media_job\", &self.media_job);", "", &[
        "Lipsync.media_job kept: whole -> not written",
    ]),
    ("types/lipsyncs.rs", "object.required(\"output\", &self.output);", "object.required(\"output\", &self.preview);", &[
        "Lipsync.output kept: whole -> read into another field",
    ]),
    ("types/lipsyncs.rs", "pub credits_used: f64", "pub credits_used: i64", &[
        "Lipsync.credits_used received: required f64 -> required i64",
    ]),
    ("types/lipsyncs_v2.rs", "Rule::new(\"avatar_id\").max_length(50),",
        "Rule::new(\"avatar_id\").max_length(50), Rule::requires_any(&[&[\"scale\", \"hidden\"], &[\"offset\"]]),", &[
        "LipsyncV2Character sent: nothing -> any scale + hidden | offset",
    ]),
    ("types/lipsyncs_v2.rs", "Rule::new(\"avatar_id\").max_length(50),",
        "Rule::new(\"avatar_id\").max_length(50), Rule::requires_when(\"type\", \"avatar\", &[\"scale\"]),", &[
        "LipsyncV2Character sent: nothing -> when type, avatar, scale",
    ]),
    ("types/lipsyncs_v2.rs", "Rule::new(\"caption_setting\").object(SceneCaptionSetting::rules)",
        "Rule::new(\"caption_setting\").object(SceneVoiceRequest::rules)", &[
        "LipsyncV2VideoInput.caption_setting sent: setter Option<object>, object checked \
         -> setter Option<object>, object checked as `SceneVoiceRequest`",
    ]),
    ("types/shared.rs", "Self::AuroraV1Fast => \"aurora_v1_fast\"", "Self::AuroraV1Fast => \"aurora_fast\"", &[
        "ModelVersion699Enum: aurora_v1 | aurora_v1_fast | standard -> aurora_fast | aurora_v1 | standard",
        "enum ModelVersion: the same values everywhere \
         -> other values in `as_str`, in `From`, in `KNOWN` or among the variants",
    ]),
    ("types/shared.rs", "\"rejected\" => Self::Rejected,", "", &[
        "enum JobStatus: the same values everywhere \
         -> other values in `as_str`, in `From`, in `KNOWN` or among the variants",
    ]),
    ("resources/lipsyncs.rs", "path: \"/api/lipsyncs/preview/\"", "path: \"/api/lipsyncs/preview\"", &[
        "lipsyncs_preview_create: POST /api/lipsyncs/preview/ -> POST /api/lipsyncs/preview",
    ]),
    ("resources/remaining_credits.rs", "id: \"remaining_credits_retrieve\"", "id: \"credits\"", &[
        "RemainingCredits: a schema -> nothing: no operation of its page leads to it",
        "credits: nothing -> an operation",
        "remaining_credits_retrieve: GET /api/remaining_credits/ -> nothing",
    ]),
    ("resources/lipsyncs.rs", "self.content_type(MediaType::Multipart)", "self.content_type(MediaType::Json)", &[
        "lipsyncs_create body: application/json, application/x-www-form-urlencoded, multipart/form-data, object \
         -> application/json, application/x-www-form-urlencoded, multipart/form-data without a setter, object",
    ]),
    ("resources/remaining_credits.rs", "&[&[X_API_ID, X_API_KEY]]", "&[&[X_API_KEY]]", &[
        "remaining_credits_retrieve security: X-API-ID and X-API-KEY -> X-API-KEY",
    ]),
    ("resources/remaining_credits.rs", "Call<RemainingCredits>", "Call<Vec<RemainingCredits>>", &[
        "remaining_credits_retrieve answer: application/json object -> application/json Vec<RemainingCredits>",
    ]),
    ("resources/custom_templates.rs", "template_id: Uuid", "template_id: &str", &[
        "custom_templates_retrieve ? template_id: path argument Uuid -> path argument String",
    ]),
];

#[test]
fn a_spoilt_page_is_reported_and_nothing_else() {
    let (pages, files) = crate::read();
    let client = Client::read(&files).expect("a client that can be read");
    let before = differences(&pages, &client);
    for (page, keys, spoil, expected) in PAGES {
        let mut pages = pages.clone();
        let tree = pages
            .get_mut(*page)
            .unwrap_or_else(|| panic!("no page {page}"));
        assert!(
            applied(tree, keys, spoil),
            "{page} has no {keys:?}: bring this row up to date"
        );
        assert_news(
            &before,
            &differences(&pages, &client),
            expected,
            &format!("{page} {keys:?}"),
        );
    }
}

#[test]
fn a_spoilt_client_is_reported_and_nothing_else() {
    let (pages, files) = crate::read();
    let before = differences(
        &pages,
        &Client::read(&files).expect("a client that can be read"),
    );
    for (file, old, new, expected) in CLIENT {
        let mut files = files.clone();
        let text = files
            .get_mut(*file)
            .unwrap_or_else(|| panic!("no file {file}"));
        assert!(
            text.contains(old),
            "{file} has no `{old}`: bring this row up to date"
        );
        *text = text.replacen(old, new, 1);
        let client = Client::read(&files).expect("a spoilt client that can be read");
        assert_news(
            &before,
            &differences(&pages, &client),
            expected,
            &format!("{file} {old}"),
        );
    }
}

#[test]
fn a_source_of_another_shape_is_not_passed_over() {
    let (_, files) = crate::read();
    for (file, old, new) in [
        (
            "types/lipsyncs.rs",
            "object.optional(\"text\", &self.text);",
            "object.optional(\"text\", &String::new());",
        ),
        (
            "types/lipsyncs.rs",
            "pub struct Lipsync {",
            "pub union Lipsync {",
        ),
        (
            "resources/lipsyncs.rs",
            "Call::new(self.client, &LIST)",
            "Call::new(self.client, &LIST).retry(3)",
        ),
        (
            "resources/lipsyncs.rs",
            "Call::new(self.client, &LIST)",
            "Call::new(self.client, &CREATE)",
        ),
    ] {
        let mut files = files.clone();
        let text = files
            .get_mut(file)
            .unwrap_or_else(|| panic!("no file {file}"));
        assert!(
            text.contains(old),
            "{file} has no `{old}`: bring this row up to date"
        );
        *text = text.replacen(old, new, 1);
        assert!(
            Client::read(&files).is_err(),
            "{file} with `{new}` was read as if nothing were wrong"
        );
    }
}

#[test]
fn the_table_of_corrections_can_neither_rot_nor_hide() {
    let one = |place: &str| Difference {
        place: place.to_owned(),
        published: "a".to_owned(),
        generated: "b".to_owned(),
    };
    let found = BTreeSet::from([one("x"), one("y")]);
    let verdict = |table: &str| -> Vec<String> {
        let complaints = complaints(&found, table).into_iter();
        complaints
            .map(|complaint| {
                complaint
                    .split("\n    ")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(verdict("because of this\nx: a -> b\ny: a -> b"), [""; 0]);
    assert_eq!(verdict("because of this\nx: a -> b"), ["y: a -> b"]);
    assert_eq!(
        verdict("because of this\nx: a -> b\ny: a -> b\nz: a -> b"),
        ["z: a -> b"]
    );
    assert_eq!(
        verdict("because of this\nx: a -> b\ny: a -> c"),
        ["y: a -> b", "y: a -> c"]
    );
    assert_eq!(
        verdict("x: a -> b\nbecause of this\ny: a -> b"),
        ["x: a -> b", "x: a -> b"]
    );
    assert_eq!(
        verdict("because of this\nx: a -> b\ny: a -> b\ny: a -> b"),
        ["y: a -> b"]
    );
}

#[test]
fn every_line_of_the_table_is_needed() {
    let (pages, files) = crate::read();
    let found = differences(
        &pages,
        &Client::read(&files).expect("a client that can be read"),
    );
    for line in TABLE
        .lines()
        .filter(|line| line.contains(" -> ") && !line.starts_with('#'))
    {
        let without = TABLE.replacen(&format!("{line}\n"), "", 1);
        let complaints = complaints(&found, &without);
        assert_eq!(complaints.len(), 1, "{line}: {complaints:?}");
        assert!(complaints[0].starts_with(line), "{line}: {complaints:?}");
    }
}

/// Asserts that exactly these differences are new and that none is gone.
fn assert_news(
    before: &BTreeSet<Difference>,
    after: &BTreeSet<Difference>,
    expected: &[&str],
    what: &str,
) {
    let news: Vec<String> = after
        .difference(before)
        .map(Difference::to_string)
        .collect();
    assert_eq!(news, expected, "{what}");
    let gone: Vec<_> = before.difference(after).collect();
    assert!(gone.is_empty(), "{what}: no longer reported: {gone:?}");
}

/// Whether the node was there, or can be set.
fn applied(tree: &mut Value, keys: &[&str], spoil: &Spoil) -> bool {
    let Some((last, before)) = keys.split_last() else {
        return false;
    };
    let mut node = tree;
    for key in before {
        let next = match node {
            // A list of parameters, which have names.
            Value::Sequence(list) => list
                .iter_mut()
                .find(|item| item.get("name").and_then(Value::as_str) == Some(key)),
            other => other.get_mut(*key),
        };
        let Some(next) = next else { return false };
        node = next;
    }
    let Some(mapping) = node.as_mapping_mut() else {
        return false;
    };
    match spoil {
        Spoil::Drop => mapping.remove(*last).is_some(),
        Spoil::Set(text) => {
            let value: Value = serde_yaml::from_str(text).expect("YAML in this table");
            mapping.insert((*last).into(), value.clone()) != Some(value)
        }
        Spoil::Rename(name) => match mapping.remove(*last) {
            Some(value) => mapping.insert((*name).into(), value).is_none(),
            None => false,
        },
        Spoil::Without(text) => {
            let list = mapping.get_mut(*last).and_then(Value::as_sequence_mut);
            list.is_some_and(|list| {
                let before = list.len();
                list.retain(|value| value.as_str() != Some(text));
                list.len() + 1 == before
            })
        }
        Spoil::With(text) => {
            let list = mapping.get_mut(*last).and_then(Value::as_sequence_mut);
            list.map(|list| list.push((*text).into())).is_some()
        }
    }
}
