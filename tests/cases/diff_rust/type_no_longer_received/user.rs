//! Receives the type, and reads it from stored JSON.

use creatify_api::types::Pike;
use creatify_api::{Client, Error};

pub async fn received(client: &Client, text: &str) -> Result<Option<Pike>, Error> {
    match serde_json::from_str(text) {
        Ok(stored) => Ok(Some(stored)),
        Err(_) => client.pikes().retrieve().await.map(Some),
    }
}
