//! Makes a video of two scenes: captions in a look of their own, an image behind the avatar, and a transition between.

use creatify_api::types::{
    AspectRatio, CaptionStyle, MultiAvatarLipsyncInput, SceneBackgroundFit, SceneBackgroundRequest,
    SceneBackgroundType, SceneCaptionSetting, SceneCaptionSettingOffset, SceneCharacterRequest,
    SceneCharacterType, SceneRequest, SceneTransition, SceneTransitionEffect, SceneVoiceRequest,
    SceneVoiceType,
};
use creatify_api::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Reads CREATIFY_API_ID and CREATIFY_API_KEY.
    let client = Client::from_env()?;
    let avatars = client.personas().list().await?;
    let Some(avatar) = avatars.first() else {
        println!("the account has no avatar");
        return Ok(());
    };
    let scene = |text: &str| {
        SceneRequest::new(
            SceneCharacterRequest::new(SceneCharacterType::Avatar, avatar.id),
            SceneVoiceRequest::new(SceneVoiceType::Text).input_text(text),
        )
    };

    // White captions of 60 pixels, the spoken word in yellow, and an offset other than the default of 0.4.
    let captions = SceneCaptionSetting::new()
        .style(CaptionStyle::NormalWhite)
        .font_size(60)
        .highlight_text_color("#FFD400FF")
        .offset(SceneCaptionSettingOffset::new().y(0.3));
    let beach =
        SceneBackgroundRequest::new(SceneBackgroundType::Image, "https://example.com/beach.jpg");
    let fade = SceneTransition::new().transition_out(SceneTransitionEffect::Fade);

    let request = MultiAvatarLipsyncInput::new([
        scene("Hello from Rust!")
            .caption_setting(captions)
            .transition_effect(fade),
        // A scene without captions says so.
        scene("See you at the beach.")
            .background(beach.fit(SceneBackgroundFit::Crop))
            .caption_setting(SceneCaptionSetting::new().hidden(true)),
    ])
    .aspect_ratio(AspectRatio::Ratio9x16)
    .name("two scenes");

    // The preview costs a fraction of the video. Rendering it costs what is left.
    let preview = client.lipsyncs_v2().preview(&request).await?;
    println!("preview: {}", preview.preview.unwrap_or_default());
    client.lipsyncs_v2().render(preview.id).await?;
    let job = client.lipsyncs_v2().wait(preview.id).await?;
    println!("video: {}", job.output.unwrap_or_default());
    Ok(())
}
