//! Chooses how the body is sent.

use creatify_api::types::Cat;
use creatify_api::{Client, Error};

pub async fn call(client: &Client) -> Result<(), Error> {
    client.cats().create(&Cat::new()).multipart().await
}
