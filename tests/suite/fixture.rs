//! An emulator and clients of it. In: names of accounts. Out: both, ready to be used.

use std::time::Duration;

use creatify_api::types::{AspectRatio, LipsyncRequest};
use creatify_api::{Client, Credentials, RetryPolicy, Uuid};
use creatify_emulator::{Emulator, Options};

/// The id of any avatar, voice or template.
pub(crate) const SOME: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

/// An emulator whose clock stands still and that takes any id, and a client of it.
pub(crate) async fn start() -> (Emulator, Client) {
    start_with(Options::stepped().strict().any_id()).await
}

/// The same with other options.
pub(crate) async fn start_with(options: Options) -> (Emulator, Client) {
    let emulator = Emulator::start(options).await.expect("an emulator");
    let client = client(&emulator, "suite");
    (emulator, client)
}

/// A client with the keys of an account.
pub(crate) fn client(emulator: &Emulator, api_id: &str) -> Client {
    Client::builder()
        .credentials(Credentials::new(api_id, "key-of-the-suite"))
        .base_url(emulator.base_url())
        .timeout(Duration::from_secs(20))
        // What one attempt does: retries would hide the faults. `tests/runtime` shows them.
        .retry(RetryPolicy::off())
        .build()
        .expect("a client")
}

/// A video of a few seconds.
pub(crate) fn request(text: &str) -> LipsyncRequest {
    LipsyncRequest::new(AspectRatio::Ratio9x16).text(text)
}
