//! Ids of avatars, accents and templates. In: those that the lists give, and others. Out: that the
//! first make videos, and that the others are refused and cost nothing.

use std::collections::BTreeMap;

use creatify_api::types::*;
use creatify_api::{Client, Error, Uuid};
use creatify_emulator::Options;
use serde_json::json;

use crate::fixture::{self, SOME, request};

/// One of each, as the lists give them.
struct Known {
    avatar: Uuid,
    accent: Uuid,
    template: Uuid,
}

async fn known(client: &Client) -> Known {
    let avatars = client.personas().list().await.expect("the avatars");
    let voices = client.voices().list().await.expect("the voices");
    let templates = client.custom_templates().list().await;
    let templates = templates.expect("the templates");
    Known {
        avatar: avatars.last().expect("an avatar").id,
        accent: voices[0].accents.last().expect("an accent").id,
        template: templates.last().expect("a template").template_id,
    }
}

fn scenes(avatar: &str, accent: &str) -> MultiAvatarLipsyncInput {
    let character = SceneCharacterRequest::new(SceneCharacterType::Avatar, avatar);
    let voice = SceneVoiceRequest::new(SceneVoiceType::Text).input_text("Hello");
    MultiAvatarLipsyncInput::new([SceneRequest::new(character, voice.voice_id(accent))])
}

fn variables(avatar: &str) -> BTreeMap<String, serde_json::Value> {
    let presenter = json!({"type": "avatar", "properties": {"avatar_id": avatar}});
    // Names of variables are the caller's, and mean nothing.
    let names = json!("no avatar");
    BTreeMap::from([
        ("presenter".to_owned(), presenter),
        ("avatar_id".to_owned(), names),
    ])
}

#[tokio::test]
async fn ids_that_the_lists_give_make_videos() {
    let (emulator, client) = fixture::start_with(Options::stepped().strict()).await;
    let Known {
        avatar,
        accent,
        template,
    } = known(&client).await;
    let lipsync = request("Hello").creator(avatar).accent(accent);
    client.lipsyncs().create(&lipsync).await.expect("a job");
    let scenes = scenes(&avatar.to_string().to_uppercase(), &accent.to_string());
    client.lipsyncs_v2().create(&scenes).await.expect("a job");
    let speech = TextToSpeechRequest::new("Hello").accent(accent);
    client
        .text_to_speech()
        .create(&speech)
        .await
        .expect("a job");
    let job = CustomTemplateJobRequest::new(template, variables(&avatar.to_string()));
    let jobs = client.custom_template_jobs();
    jobs.create(&job).await.expect("a job");
    let violations = emulator.state().violations();
    assert!(violations.is_empty(), "{violations:#?}");
    assert_eq!(emulator.state().ledger().len(), 4);
}

#[tokio::test]
async fn other_ids_are_refused_and_not_charged() {
    let (emulator, client) = fixture::start_with(Options::stepped().strict()).await;
    let Known {
        avatar,
        accent,
        template,
    } = known(&client).await;
    let (v1, v2) = (client.lipsyncs(), client.lipsyncs_v2());
    let nobody = SOME.to_string();
    let mut errors = Vec::new();
    // An accent is no avatar, and the other way round.
    for creator in [SOME, accent] {
        let request = request("Hello").creator(creator);
        errors.push(v1.create(&request).await.expect_err("no avatar"));
        errors.push(v1.preview(&request).await.expect_err("no avatar"));
    }
    for accent in [SOME, avatar] {
        let speech = TextToSpeechRequest::new("Hello").accent(accent);
        errors.push(
            v1.create(&request("a").accent(accent))
                .await
                .expect_err("no accent"),
        );
        let speech = client.text_to_speech().create(&speech).await;
        errors.push(speech.expect_err("no accent"));
    }
    for scenes in [
        scenes(&nobody, &accent.to_string()),
        scenes(&avatar.to_string(), &nobody),
    ] {
        errors.push(v2.create(&scenes).await.expect_err("no such id"));
        errors.push(v2.preview(&scenes).await.expect_err("no such id"));
    }
    for (template, avatar) in [(SOME, avatar), (template, SOME)] {
        let job = CustomTemplateJobRequest::new(template, variables(&avatar.to_string()));
        let job = client.custom_template_jobs().create(&job).await;
        errors.push(job.expect_err("no such id"));
    }
    let status = |error: &Error| error.status().expect("an answer").as_u16();
    assert!(
        errors.iter().all(|error| status(error) == 400),
        "{errors:?}"
    );
    let text = String::from_utf8_lossy(errors[0].body().expect("a body"));
    let says = format!("{{\"creator\":[\"Invalid pk \\\"{SOME}\\\" - object does not exist.");
    assert!(text.starts_with(&says), "{text}");
    let state = emulator.state();
    let pointers: Vec<_> = state
        .violations()
        .into_iter()
        .map(|one| one.pointer)
        .collect();
    let expected = [
        "/body/creator",
        "/body/creator",
        "/body/creator",
        "/body/creator",
        "/body/accent",
        "/body/accent",
        "/body/accent",
        "/body/accent",
        "/body/video_inputs/0/character/avatar_id",
        "/body/video_inputs/0/character/avatar_id",
        "/body/video_inputs/0/voice/voice_id",
        "/body/video_inputs/0/voice/voice_id",
        "/body/template_id",
        "/body/variables/presenter/properties/avatar_id",
    ];
    assert_eq!(pointers, expected);
    assert!(state.ledger().is_empty(), "what is refused costs nothing");
}
