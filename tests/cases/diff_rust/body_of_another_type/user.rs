//! Sends the body.

use creatify_api::types::Ape;
use creatify_api::{Client, Error};

pub async fn call(client: &Client, body: &Ape) -> Result<(), Error> {
    client.apes().create(body).await
}
