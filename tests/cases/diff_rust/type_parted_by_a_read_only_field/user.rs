//! Sends what it has received.

use creatify_api::types::Owl;
use creatify_api::{Client, Error};

pub async fn again(client: &Client, owl: Owl) -> Result<Owl, Error> {
    client.owls().create(&owl).await
}
