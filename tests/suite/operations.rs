//! Every operation. In: the richest bodies that the types allow. Out: no complaint of the emulator
//! about any of them, and no operation that was left out.

use std::collections::BTreeMap;
use std::time::Duration;

use creatify_api::types::*;
use creatify_api::{Client, Patch, Value};

use crate::fixture::{self, SOME};

#[tokio::test]
async fn every_operation_is_called_and_the_emulator_has_no_complaint() {
    let (emulator, client) = fixture::start().await;
    let state = emulator.state();
    state.set_balance("suite", 10_000.0);
    let previews = [
        lipsyncs(&client).await,
        scenes(&client).await,
        templates(&client).await,
    ];
    speech(&client).await;
    catalogue(&client).await;
    state.advance(Duration::from_secs(3_600));
    let [lipsync, scene, template] = previews;
    let video = client.lipsyncs().render(lipsync).await.expect("a job");
    assert_eq!(video.id, lipsync);
    let video = client.lipsyncs_v2().render(scene).await.expect("a job");
    assert_eq!(video.id, scene);
    let jobs = client.custom_template_jobs();
    let video = jobs.render(template, &template_job()).await.expect("a job");
    assert_eq!(video.id, template);
    let credits = client.remaining_credits().retrieve().await;
    assert!(credits.expect("the credits").remaining_credits > 0.0);

    let violations = state.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    assert_eq!(state.called_operations(), state.all_operations());
}

fn lipsync() -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio1x1)
        .name("Grüße & <b>\"more\"</b>")
        .text("Hello = a + b; ünï 100 %")
        .audio("https://example.com/a%20track.mp3?x=1&y=2")
        .creator(SOME)
        .model_version(ModelVersion::AuroraV1Fast)
        .green_screen(true)
        .transparent_background(false)
        .webhook_url(Patch::Null)
        .accent(SOME)
        .no_caption(false)
        .no_music(true)
        .caption_style(CaptionStyle::ZoomPunch)
        .caption_offset_x("-0.25")
        .caption_offset_y("0.4")
}

async fn lipsyncs(client: &Client) -> creatify_api::Uuid {
    let lipsyncs = client.lipsyncs();
    let all = lipsync();
    // Null cannot be written as a field of a form.
    let fields = lipsync().webhook_url("http://127.0.0.1:9/hook");
    let job = lipsyncs.create(&all).await.expect("as JSON");
    lipsyncs.create(&fields).form().await.expect("as a form");
    lipsyncs
        .create(&fields)
        .multipart()
        .await
        .expect("as parts");
    let form = lipsyncs.preview(&fields).form().await.expect("as a form");
    assert_eq!(form.text, job.text);
    assert_eq!(form.caption_offset_x.as_deref(), Some("-0.25"));
    lipsyncs
        .preview(&fields)
        .multipart()
        .await
        .expect("as parts");
    let preview = lipsyncs.preview(&all).await.expect("as JSON");
    let got = lipsyncs.retrieve(job.id).await.expect("the job");
    assert_eq!((got.id, got.name), (job.id, job.name));
    assert!(lipsyncs.list().await.expect("all").len() >= 6);
    let some = lipsyncs
        .list()
        .ids([job.id, preview.id])
        .await
        .expect("two");
    assert_eq!(some.len(), 2);
    preview.id
}

fn scene() -> SceneRequest {
    let character = SceneCharacterRequest::new(SceneCharacterType::Avatar, SOME.to_string())
        .offset(SceneOffset::new().x(-0.5).y(0.5))
        .scale(2.0)
        .avatar_style(SceneCharacterAvatarStyle::Circle)
        .hidden(false);
    let voice = SceneVoiceRequest::new(SceneVoiceType::Text)
        .input_text("First ‘scene’")
        .voice_id(SOME.to_string())
        .duration(2.5)
        .volume(1.0);
    SceneRequest::new(character, voice)
        .background(background())
        .caption_setting(captions())
        .transition_effect(transition())
        .visual_style(SceneVisualStyle::Vlog)
        .cta(
            SceneCtaRequest::new()
                .cta_logo(logo())
                .cta_caption(cta_caption())
                .cta_background_blur(true)
                .transition_effect(transition()),
        )
}

fn background() -> SceneBackgroundRequest {
    SceneBackgroundRequest::new(SceneBackgroundType::Image, "https://example.com/b.png")
        .fit(SceneBackgroundFit::Contain)
        .effect(SceneBackgroundEffect::ImageThrob)
}

fn transition() -> SceneTransition {
    SceneTransition::new()
        .transition_in(SceneTransitionEffect::Fade)
        .transition_out(Patch::Null)
}

fn captions() -> SceneCaptionSetting {
    SceneCaptionSetting::new()
        .style(CaptionStyle::Neo)
        .offset(SceneCaptionSettingOffset::new().x(0.1).y(-0.1))
        .font_family(CaptionFontFamily::JockeyOne)
        .font_size(64)
        .font_style(CaptionFontStyle::Italic)
        .background_color("#00000066")
        .text_color("#FFFFFFFF")
        .highlight_text_color(Patch::Null)
        .max_width(900)
        .line_height(1.5)
        .text_shadow("1px 1px 2px black")
        .hidden(false)
        .override_visual_style(true)
}

fn cta_caption() -> CtaCaptionRequest {
    CtaCaptionRequest::new("Buy now").caption_setting(
        CtaCaptionSetting::new()
            .style(CaptionStyle::NormalWhite)
            .offset(CtaCaptionSettingOffset::new().x(0.0).y(0.3))
            .font_family(CaptionFontFamily::Poppins)
            .font_size(80)
            .font_style(CaptionFontStyle::Bold)
            .background_color(Patch::Null)
            .text_color("#FFFFFFFF")
            .highlight_text_color("#FF0000FF")
            .max_width(Patch::Null)
            .line_height(1.9)
            .text_shadow(Patch::Null)
            .hidden(false),
    )
}

fn logo() -> CtaLogoRequest {
    CtaLogoRequest::new("https://example.com/logo.png")
        .offset(CtaLogoOffset::new().x(0.0).y(-0.3))
        .scale(0.25)
}

async fn scenes(client: &Client) -> creatify_api::Uuid {
    let silence = SceneVoiceRequest::new(SceneVoiceType::Silence).duration(3.0);
    let character = SceneCharacterRequest::new(SceneCharacterType::Avatar, SOME.to_string());
    let input = MultiAvatarLipsyncInput::new([scene(), SceneRequest::new(character, silence)])
        .aspect_ratio(AspectRatio::Ratio16x9)
        .background_music(BackgroundMusic::new("https://example.com/m.mp3").volume(0.5))
        .cta_end(
            CtaEnd::new()
                .cta_background(background())
                .cta_logo(logo())
                .cta_caption(cta_caption())
                .cta_duration(1.5),
        )
        .webhook_url("http://127.0.0.1:9/hook")
        .name("Two scenes")
        .model_version(ModelVersion::AuroraV1);
    let lipsyncs = client.lipsyncs_v2();
    let job = lipsyncs.create(&input).await.expect("a job");
    assert_eq!(job.video_inputs.len(), 2);
    let preview = lipsyncs.preview(&input).await.expect("a preview");
    let got = lipsyncs.retrieve(job.id).await.expect("the job");
    let spoken = got.video_inputs[0].voice.as_ref().expect("a voice");
    assert_eq!(spoken.input_text.as_deref(), Some("First ‘scene’"));
    assert_eq!(lipsyncs.list().await.expect("all").len(), 2);
    assert_eq!(lipsyncs.list().ids([job.id]).await.expect("one").len(), 1);
    preview.id
}

fn template_job() -> CustomTemplateJobRequest {
    let variables = BTreeMap::from([
        (
            "image".to_owned(),
            serde_json::json!({"url": "https://example.com/i.png"}),
        ),
        ("text".to_owned(), Value::from("Sale")),
    ]);
    CustomTemplateJobRequest::new(SOME, variables)
        .name("Sale")
        .webhook_url("http://127.0.0.1:9/hook")
        .model_version(ModelVersion::Standard)
        .is_hidden(true)
}

async fn templates(client: &Client) -> creatify_api::Uuid {
    let jobs = client.custom_template_jobs();
    let job = jobs.create(&template_job()).await.expect("a job");
    assert_eq!(job.variables.get("text"), Some(&Value::from("Sale")));
    let preview = jobs.preview(&template_job()).await.expect("a preview");
    let later = jobs
        .preview_async(&template_job())
        .await
        .expect("a preview");
    assert_eq!(jobs.retrieve(later.id).await.expect("the job").id, later.id);
    let both = jobs.list().ids([job.id, later.id]).await.expect("two jobs");
    assert_eq!(both.len(), 2);
    assert_eq!(jobs.list().await.expect("all").len(), 3);
    let templates = client.custom_templates();
    let all = templates.list().await.expect("the templates");
    let first = all.first().expect("a template");
    let detail = templates.retrieve(first.template_id).await.expect("one");
    assert_eq!(detail.name, first.name);
    preview.id
}

async fn speech(client: &Client) {
    let speech = client.text_to_speech();
    let request = TextToSpeechRequest::new("Say this.")
        .accent(SOME)
        .webhook_url(Patch::Null);
    let job = speech.create(&request).await.expect("a job");
    assert_eq!(job.script, "Say this.");
    assert_eq!(speech.retrieve(job.id).await.expect("the job").id, job.id);
    let list = speech.list().ids([job.id]).ordering("-created_at");
    assert_eq!(list.await.expect("one job").len(), 1);
}

/// What is there from the start: avatars and voices.
async fn catalogue(client: &Client) {
    let personas = client.personas();
    let all = personas.list().await.expect("the avatars");
    let one = all.first().expect("an avatar");
    assert_eq!(personas.retrieve(one.id).await.expect("one").id, one.id);
    personas
        .list()
        .age_range([PersonaAgeRange::Adult, PersonaAgeRange::Senior])
        .gender([PersonaGender::NonBinary])
        .location([PersonaLocation::Indoor])
        .style([PersonaStyle::Presenter])
        .keyword("smile & wave")
        .suitable_industries("retail")
        .await
        .expect("some avatars");
    let page = personas.paginated().page(1).page_size(2).await;
    let page = page.expect("a page");
    assert!(page.results.len() <= 2);
    assert_eq!(usize::try_from(page.count).expect("a count"), all.len());
    let voices = client.voices();
    let all = voices.list().await.expect("the voices");
    let page = voices.paginated().page(1).page_size(1).await;
    let page = page.expect("a page");
    assert_eq!(page.results.len(), 1);
    assert_eq!(page.results[0].name, all[0].name);
    assert_eq!((page.next.is_some(), page.previous), (all.len() > 1, None));
}
