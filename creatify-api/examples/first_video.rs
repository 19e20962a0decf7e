//! The README's program: a preview, its video, and a file. Spends credits of the account that the environment names.
//!
//! `cargo run -p creatify-api --example first_video`

use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, Error};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // Reads CREATIFY_API_ID and CREATIFY_API_KEY.
    let client = Client::from_env()?;
    let request = LipsyncRequest::new(AspectRatio::Ratio9x16).text("Hello from Rust!");
    let preview = client.lipsyncs().preview(&request).await?;
    client.lipsyncs().render(preview.id).await?;
    let job = client.lipsyncs().wait(preview.id).await?;
    if let Some(url) = job.output {
        let video = client.download(url).to_file("video.mp4").await?;
        println!("video.mp4 has {} bytes", video.bytes);
    }
    Ok(())
}
