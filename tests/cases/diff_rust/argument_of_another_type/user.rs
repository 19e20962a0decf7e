//! Calls the method.

use creatify_api::{Client, Error};

pub async fn call(client: &Client) -> Result<(), Error> {
    client.teals().list(3).await
}
