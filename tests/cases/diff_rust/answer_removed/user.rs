//! Calls the method.

use creatify_api::{Client, Error};

pub async fn call(client: &Client) -> Result<i64, Error> {
    client.auks().list().await
}
