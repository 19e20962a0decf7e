//! Chooses an avatar and a voice from the lists of the account, and makes a video with them.

use creatify_api::types::{AspectRatio, LipsyncRequest, PersonaGender, VoiceGender};
use creatify_api::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Reads CREATIFY_API_ID and CREATIFY_API_KEY.
    let client = Client::from_env()?;

    // `preview_video_9_16` of an avatar is the address of a short video of it, to look at before choosing.
    let avatars = client
        .personas()
        .list()
        .gender([PersonaGender::Female])
        .await?;
    let Some(avatar) = avatars.iter().find(|avatar| avatar.is_active) else {
        println!("no avatar fits");
        return Ok(());
    };

    // A voice speaks with accents; a request names the accent.
    let voices = client.voices().list().await?;
    let accent = voices
        .iter()
        .filter(|voice| voice.gender == Some(VoiceGender::Female))
        .find_map(|voice| voice.accents.first());
    let Some(accent) = accent else {
        println!("no voice fits");
        return Ok(());
    };
    println!("{} speaks with {}", avatar.creator_name, accent.accent_name);

    let request = LipsyncRequest::new(AspectRatio::Ratio9x16)
        .text("Hello from Rust!")
        .creator(avatar.id)
        .accent(accent.id);
    let job = client.lipsyncs().create(&request).await?;
    let job = client.lipsyncs().wait(job.id).await?;
    println!("{}", job.output.unwrap_or_default());
    Ok(())
}
