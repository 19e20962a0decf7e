//! Calls the method.

use creatify_api::{Client, Error};

pub async fn call(client: &Client) -> Result<creatify_api::types::Eagle, Error> {
    client.eagles().create().await
}
